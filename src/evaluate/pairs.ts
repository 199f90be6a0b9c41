import { join } from 'node:path';
import { UserError } from '../base/user-error.ts';
import type { Dataset } from '../data/dataset.ts';
import { rejectedFolder, rejectedImages } from '../refine/verification/separate-rejected.ts';

/** A render and its refined image. */
export interface Pair {
  /** Relative to both folders. */
  readonly name: string;
  readonly input: string;
  readonly refined: string;
  /** Whether `refine --verify` had put it into `rejected/`. */
  readonly setAside: boolean;
}

/**
 * Renders and refined images of the same relative name, those in the refined set's `rejected/`
 * included, in the order of their names.
 *
 * @throws {UserError} where no name is in both.
 */
export async function findPairs(synthetic: Dataset, refined: Dataset): Promise<readonly Pair[]> {
  const setAside = new Set(await rejectedImages(refined.directory));
  const kept = new Set(refined.images);
  const pairs = synthetic.images.flatMap((name): Pair[] => {
    const input = join(synthetic.directory, name);
    if (kept.has(name)) {
      return [{ name, input, refined: join(refined.directory, name), setAside: false }];
    }
    if (!setAside.has(name)) return [];
    const path = join(refined.directory, rejectedFolder, name);
    return [{ name, input, refined: path, setAside: true }];
  });
  if (pairs.some((pair) => !pair.setAside)) return pairs;
  throw new UserError(
    `Expected refined images with the names of their renders, got no common name in ${synthetic.directory} ("${synthetic.images[0]}") and ${refined.directory} ("${refined.images[0]}"). Give the folder that lifelike refine wrote from these renders.`,
  );
}
