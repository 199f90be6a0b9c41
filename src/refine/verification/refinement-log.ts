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

/** The last line of each image. */
export async function readRefinementLog(output: string): Promise<Map<string, RefinementLine>> {
  const lines = new Map<string, RefinementLine>();
  for (const { value } of await readJsonLines(join(output, refinementLogName))) {
    const line = value as Partial<RefinementLine> | null;
    if (typeof line?.file_name === 'string') lines.set(line.file_name, line as RefinementLine);
  }
  return lines;
}

/** Leaves one line an image, in the order of `images`, and gives those of refined images. */
export async function compactRefinementLog(
  output: string,
  images: readonly string[],
): Promise<Map<string, RefinementLine>> {
  const last = await readRefinementLog(output);
  const kept = images.map((name) => last.get(name)).filter((line) => line !== undefined);
  const text = kept.map((line) => `${JSON.stringify(line)}\n`).join('');
  await writeFileAtomically(join(output, refinementLogName), text);
  const refined = kept.filter(({ skipped }) => skipped === undefined);
  return new Map(refined.map((line) => [line.file_name, line]));
}
