import { readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../base/user-error.ts';
import { type AppendLog, openAppendLog } from '../files/append-log.ts';
import { writeFileAtomically } from '../files/atomic-file.ts';
import { readJsonLines } from '../files/jsonl.ts';
import { makeFolder } from '../files/make-folder.ts';
import { explainingRunErrors } from './run-file-error.ts';
import { bestRecord, type SelectionRecord, selectionRecordSchema } from './selection-record.ts';

const logName = 'selection.jsonl';
const folderName = 'checkpoints/best';

/** Where a run keeps the refiner of an iteration that was the best one, below its folder. */
export function bestFile(step: number): string {
  return `${folderName}/${String(step).padStart(6, '0')}.onnx`;
}

/**
 * What was measured of a run's refiners, and the best of them: `selection.jsonl` has a line a
 * measurement, `checkpoints/best/` the refiners that a resumed run may need.
 */
export interface SelectionFolder {
  readonly records: readonly SelectionRecord[];
  best(): SelectionRecord | undefined;
  /**
   * Writes the refiner first where it is the best so far, so that a best record has its refiner.
   */
  add(record: SelectionRecord, refiner: () => Uint8Array): Promise<void>;
  /** The refiner of the best record. */
  read(): Promise<Uint8Array | undefined>;
  /** Removes refiners that were the best neither at one of these steps, nor are now. */
  prune(steps: readonly number[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Reads the measurements of a run; a torn last line is left out.
 *
 * @throws {UserError} where a line is no measurement, naming file and line.
 */
export async function readSelectionRecords(run: string): Promise<readonly SelectionRecord[]> {
  const path = join(run, logName);
  return (await readJsonLines(path)).map(({ text, value }, i) => {
    const { data } = selectionRecordSchema.safeParse(value);
    if (data !== undefined) return data;
    throw new UserError(
      `Expected a measurement of a refiner in ${path}, got "${text.slice(0, 60)}" in line ${i + 1}. Remove that line.`,
    );
  });
}

/**
 * Opens the measurements up to an iteration; later ones are cut, as those steps are played again.
 */
export async function openSelectionFolder(run: string, step: number): Promise<SelectionFolder> {
  const path = join(run, logName);
  const all = await readSelectionRecords(run);
  const records = all.filter((record) => record.step <= step);
  if (records.length < all.length) {
    const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
    await explainingRunErrors(path, () => writeFileAtomically(path, text));
  }
  const log: AppendLog = await explainingRunErrors(path, () => openAppendLog(path));
  const steps = new Set(await listSteps(run));
  const best = (until = Number.POSITIVE_INFINITY) =>
    bestRecord(records.filter((record) => record.step <= until && steps.has(record.step)));
  return {
    records,
    best: () => best(),
    add: async (record, refiner) => {
      const file = join(run, bestFile(record.step));
      const before = best();
      if (before === undefined || bestRecord([before, record]) === record) {
        await makeFolder(join(run, folderName));
        await explainingRunErrors(file, () => writeFileAtomically(file, refiner()));
        steps.add(record.step);
      }
      await explainingRunErrors(path, async () => {
        await log.append(record);
        // No checkpoint may survive a crash that a measurement before it does not.
        await log.sync();
      });
      records.push(record);
    },
    read: async () => {
      const found = best();
      return found && readFile(join(run, bestFile(found.step)));
    },
    prune: async (kept) => {
      const needed = new Set([best(), ...kept.map(best)].map((record) => record?.step));
      for (const step of steps) {
        if (needed.has(step)) continue;
        await unlink(join(run, bestFile(step)));
        steps.delete(step);
      }
    },
    close: log.close,
  };
}

async function listSteps(run: string): Promise<number[]> {
  const names = await readdir(join(run, folderName)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.flatMap((name) => (/^\d+\.onnx$/.test(name) ? [Number.parseInt(name, 10)] : []));
}

/** What was measured of this refiner, where it is one that the run has selected. */
export async function findSelected(
  run: string,
  refiner: Uint8Array,
): Promise<SelectionRecord | undefined> {
  const steps = new Set<number>();
  for (const step of await listSteps(run)) {
    const bytes = await readFile(join(run, bestFile(step)));
    if (Buffer.compare(bytes, refiner) === 0) steps.add(step);
  }
  return bestRecord((await readSelectionRecords(run)).filter(({ step }) => steps.has(step)));
}
