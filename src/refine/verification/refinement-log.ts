import { join } from 'node:path';
import { writeFileAtomically } from '../../files/atomic-file.ts';
import { readJsonLines } from '../../files/jsonl.ts';

export const refinementLogName = 'refinement.jsonl';

/** A line of `refinement.jsonl`; later lines of an image replace earlier ones. */
export interface RefinementLine {
  readonly file_name: string;
  readonly skipped?: unknown;
  /** Of verification; absent where the image was not verified. */
  readonly verdict?: unknown;
}

/** All lines; an image has several where it was refined or verified again. */
export async function readRefinementLines(output: string): Promise<readonly RefinementLine[]> {
  const lines = await readJsonLines(join(output, refinementLogName));
  return lines.flatMap(({ value }) => {
    const line = value as Partial<RefinementLine> | null;
    return typeof line?.file_name === 'string' ? [line as RefinementLine] : [];
  });
}

/** The last line of each image. */
export function lastOfEach(lines: readonly RefinementLine[]): Map<string, RefinementLine> {
  return new Map(lines.map((line) => [line.file_name, line]));
}

/** The last line of each image of a folder. */
export async function readRefinementLog(output: string): Promise<Map<string, RefinementLine>> {
  return lastOfEach(await readRefinementLines(output));
}

/** Leaves one line an image, in the order of `images`, and gives them. */
export async function compactRefinementLog(
  output: string,
  images: readonly string[],
): Promise<readonly RefinementLine[]> {
  const last = await readRefinementLog(output);
  const kept = images.map((name) => last.get(name)).filter((line) => line !== undefined);
  const text = kept.map((line) => `${JSON.stringify(line)}\n`).join('');
  await writeFileAtomically(join(output, refinementLogName), text);
  return kept;
}
