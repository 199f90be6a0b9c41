import { createReadStream } from 'node:fs';
import { open, truncate } from 'node:fs/promises';
import { UserError } from '../base/user-error.ts';
import { openAppendLog } from '../files/append-log.ts';
import { explainingRunErrors } from './run-file-error.ts';

/**
 * A step's line in `metrics.jsonl`: numbers by name, its phase, and a notice where there is one.
 */
export type MetricsLine = Readonly<Record<string, number | string>>;

/** The log of a run, open for appending. */
export interface MetricsLog {
  append(line: MetricsLine): Promise<void>;
  /** Makes sure that a checkpoint never survives a crash that its lines do not. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The lines of a `metrics.jsonl`, one at a time because a long run has a million, with the offset
 * in bytes at which each ends. A torn last line is left out; a missing file has none.
 *
 * @throws {UserError} where a line is no JSON object, naming file and line.
 */
export async function* readMetrics(
  path: string,
): AsyncGenerator<{ readonly line: MetricsLine; readonly end: number }> {
  let rest: Buffer = Buffer.alloc(0);
  let end = 0;
  let number = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let start = 0;
      for (let at = rest.indexOf(10); at >= 0; at = rest.indexOf(10, start)) {
        const text = rest.toString('utf8', start, at);
        end += at + 1 - start;
        start = at + 1;
        yield { line: parseLine(text, path, ++number), end };
      }
      rest = rest.subarray(start);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function parseLine(text: string, path: string, number: number): MetricsLine {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as MetricsLine;
  } catch {
    // Said below.
  }
  throw new UserError(
    `Expected one JSON object a line in ${path}, got "${text.slice(0, 60)}" in line ${number}. Mend that line, or begin a new run.`,
  );
}

/**
 * Opens a log that keeps its lines as long as `belongs` says so, byte for byte, each handed to
 * `onKept`; what follows them is cut, as the steps after a checkpoint are played again.
 *
 * @returns The log, and how many lines it kept.
 * @throws {UserError} where the log cannot be read or written.
 */
export async function openMetricsLog(
  path: string,
  belongs: (line: MetricsLine) => boolean,
  onKept: (line: MetricsLine) => void,
): Promise<{ readonly log: MetricsLog; readonly kept: number }> {
  let kept = 0;
  let length = 0;
  for await (const { line, end } of readMetrics(path)) {
    if (!belongs(line)) break;
    onKept(line);
    kept += 1;
    length = end;
  }
  const log = await explainingRunErrors(path, async () => {
    await (await open(path, 'a')).close();
    await truncate(path, length);
    return openAppendLog(path);
  });
  return {
    log: {
      append: (line) => explainingRunErrors(path, () => log.append(line)),
      sync: () => explainingRunErrors(path, log.sync),
      close: log.close,
    },
    kept,
  };
}
