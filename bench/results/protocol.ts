/** What all rows have in common: images, their split, and how the result is measured. */
export interface Protocol {
  /** Pixels a side of all images. */
  readonly size: number;
  /** Renders that refiners are trained on: number, and seed of `lifelike render`. */
  readonly renders: { readonly count: number; readonly seed: number };
  /** Renders of another seed that are refined and measured. */
  readonly evaluatedRenders: { readonly count: number; readonly seed: number };
  /** Share of the people on the photographs whose photographs are trained on. */
  readonly trainingShare: number;
  /** Images a side whose realism is measured. */
  readonly maximumImages: number;
  /** Images of the noise floor of the landmark network. */
  readonly noiseFloorImages: number;
  /** Of the usefulness task. */
  readonly usefulness: { readonly steps: number; readonly seeds: number };
}

/** The protocol of `docs/results.md`. */
export const standardProtocol: Protocol = {
  size: 64,
  renders: { count: 2000, seed: 1 },
  evaluatedRenders: { count: 500, seed: 2 },
  trainingShare: 0.6,
  maximumImages: 500,
  noiseFloorImages: 48,
  usefulness: { steps: 1800, seeds: 2 },
};

/** Where a runner finds and leaves things. */
export interface Places {
  /** Photographs of faces. */
  readonly photographs: string;
  /** Labelled photographs for the usefulness task: portraits with `.tem` files; absent without. */
  readonly portraits?: string | undefined;
  /** Renders, prepared photographs and runs. */
  readonly work: string;
  /** `docs/results`: `rows` and `sheets`. */
  readonly results: string;
}
