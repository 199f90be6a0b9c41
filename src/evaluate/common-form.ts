import { BrokenImageError, decodeImage } from '../data/decode.ts';
import type { ImageForm } from '../refine/verification/load-image.ts';
import type { EvaluateConfig } from './config.ts';
import type { Pair } from './pairs.ts';

/** Refined images that are looked at to learn the size and whether the set is grey. */
const looked = 32;

/**
 * The form in which the sets are compared: the commonest size of the refined images, so that a
 * photograph's higher resolution does not count, and luma where all that are looked at are grey.
 */
export async function commonForm(
  pairs: readonly Pair[],
  config: EvaluateConfig,
): Promise<Required<ImageForm>> {
  const sizes = new Map<string, { height: number; width: number; count: number }>();
  let grey = true;
  const step = Math.max(1, Math.floor(pairs.length / looked));
  for (let i = 0; i < pairs.length; i += step) {
    try {
      const { height, width, notes } = await decodeImage(pairs[i].refined, { channels: 3 });
      const key = `${height}x${width}`;
      sizes.set(key, { height, width, count: (sizes.get(key)?.count ?? 0) + 1 });
      grey &&= notes.includes('grey');
    } catch (error) {
      if (!(error instanceof BrokenImageError)) throw error;
    }
  }
  const [commonest] = [...sizes.values()].toSorted((p, q) => q.count - p.count);
  const { height, width } = commonest ?? { height: 64, width: 64 };
  const auto = grey && commonest !== undefined ? 1 : 3;
  return { size: { height, width }, channels: config.channels === 'auto' ? auto : config.channels };
}
