/** Distances in one feature space, each between equally many images. */
export interface RealismDistances {
  /** The renders to the photographs. */
  readonly synthetic: number;
  /** The refined images to the photographs. */
  readonly refined: number;
  /** One half of the photographs to the other: as near as a perfect refiner comes. */
  readonly real: number;
}

/**
 * The share of the distance between renders and photographs that refinement took away,
 * (d(synthetic, real) − d(refined, real)) / (d(synthetic, real) − d(real half, real half)): 0 where
 * nothing changed, 1 as near as two halves of the photographs are, negative where refinement led
 * away.
 *
 * @returns undefined where the renders are as near to the photographs as those are to each other
 */
export function gapClosed({ synthetic, refined, real }: RealismDistances): number | undefined {
  const gap = synthetic - real;
  return gap > 0 ? (synthetic - refined) / gap : undefined;
}
