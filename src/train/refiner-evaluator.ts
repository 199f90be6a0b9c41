import type { ValidationImages } from './validation-images.ts';

/** What is measured of a refiner on the validation images. */
export interface RefinerMeasures {
  /**
   * Distance of the refined renders to the photographs: the smaller, the more they look like
   * photographs. Unbiased, so it may be negative.
   */
  readonly realism: number;
  /**
   * Mean movement of the found landmarks in pixels; absent where no face is found in the renders.
   */
  readonly drift?: number;
}

/** Measures refiners on fixed validation images. */
export interface RefinerEvaluator {
  /** The renders to refine, bytes `[channels, height, width]`. */
  readonly renders: readonly Uint8Array[];
  /** `realism` of the renders as they are. */
  readonly realismOfRenders: number;
  /** Drift that is found although nothing moves, in pixels; absent where no face is found. */
  readonly noiseFloor?: number;
  /** What a user should know of the validation images. */
  readonly warnings: readonly string[];
  /** @param refined the renders, refined, in the same order and form */
  measure(refined: readonly Uint8Array[], signal?: AbortSignal): Promise<RefinerMeasures>;
  dispose(): Promise<void>;
}

/**
 * Measures all that does not depend on a refiner. Given to `train` from outside: measuring stands
 * above training.
 */
export type CreateRefinerEvaluator = (options: {
  readonly images: ValidationImages;
  /** `[height, width]` in pixels. */
  readonly size: readonly [number, number];
  readonly channels: 1 | 3;
  readonly signal?: AbortSignal | undefined;
}) => Promise<RefinerEvaluator>;
