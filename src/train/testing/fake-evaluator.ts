import type { CreateRefinerEvaluator, RefinerMeasures } from '../refiner-evaluator.ts';
import type { ValidationImages } from '../validation-images.ts';

export interface FakeEvaluatorOptions {
  /** What is measured, by the number of the call (from 0) or by what was refined. */
  readonly measure: (call: number, refined: readonly Uint8Array[]) => RefinerMeasures;
  /** Pixels; absent where no face is found. */
  readonly noiseFloor?: number;
  /** Called as a measurement begins. */
  readonly onMeasure?: (call: number) => void;
}

/** Measures without networks: two grey renders, and whatever the test wants to have measured. */
export function fakeEvaluator({ measure, noiseFloor, onMeasure }: FakeEvaluatorOptions) {
  const seen: { images?: ValidationImages; calls: number; open: number } = { calls: 0, open: 0 };
  const create: CreateRefinerEvaluator = async ({ images, size, channels }) => {
    seen.images = images;
    seen.open += 1;
    const length = channels * size[0] * size[1];
    return {
      renders: [60, 100, 140].map((level) => new Uint8Array(length).fill(level)),
      realismOfRenders: 1,
      ...(noiseFloor !== undefined && { noiseFloor }),
      warnings: [],
      measure: async (refined, signal) => {
        onMeasure?.(seen.calls);
        signal?.throwIfAborted();
        return measure(seen.calls++, refined);
      },
      dispose: async () => {
        seen.open -= 1;
      },
    };
  };
  return { seen, create };
}

/** Measures that depend on nothing but the refined images: how far their mean is from a level. */
export function measureBrightness(_call: number, refined: readonly Uint8Array[]): RefinerMeasures {
  const values = refined.flatMap((image) => [...image]);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  // Rises and falls as training goes on, so that the best refiner is not simply the last.
  return { realism: Math.sin(50 * mean), drift: Math.abs(Math.cos(31 * mean)) };
}
