import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { CommandContext } from '../../src/cli/command.ts';
import { exists } from '../../src/files/exists.ts';
import { makeFolder } from '../../src/files/make-folder.ts';
import { collapseOf } from './collapse.ts';
import type { ImageSets } from './image-sets.ts';
import { type MeasureOptions, measureRun } from './measure-run.ts';
import type { Places, Protocol } from './protocol.ts';
import { recipeOf, resolveRun } from './resolve-run.ts';
import { type Run, runName } from './row.ts';
import { type RowResult, writeRowResult } from './row-result.ts';
import { isShown, sheetName, writeSheet } from './sheet.ts';
import { trainRun } from './train-run.ts';
import { measureUsefulness } from './usefulness.ts';

/** What all runs are made with. */
export interface Workshop {
  readonly places: Places;
  readonly protocol: Protocol;
  /** Of the program: of the package, and of the repository where there is one. */
  readonly version: string;
  readonly commit: string | null;
  readonly context: CommandContext;
  /** Of a training; 0: one a core. */
  readonly threads?: number;
}

/** The same with the images of one run. */
export interface EquippedWorkshop extends Workshop {
  readonly sets: ImageSets;
}

/** The folder that holds the files of a run. */
const folderOf = (run: Run, { sets }: EquippedWorkshop) => join(sets.folder, 'runs', runName(run));

function measureOptions(run: Run, workshop: EquippedWorkshop): MeasureOptions {
  const { sets, protocol, places } = workshop;
  const folder = folderOf(run, workshop);
  return {
    model: join(folder, 'run'),
    refined: join(folder, 'refined'),
    report: join(folder, 'report'),
    channels: run.channels,
    ...{ sets, protocol, places },
  };
}

/**
 * Makes one run: trains, refines, measures, draws the sheet, and writes its file last of all. What
 * an interrupted call left is thrown away: half of a budget is none.
 *
 * @throws {UserError} where this version cannot make the run.
 */
export async function makeRun(
  run: Run,
  workshop: EquippedWorkshop,
  { usefulness }: { readonly usefulness: boolean },
): Promise<RowResult> {
  const { protocol, sets, places, context, version, commit } = workshop;
  const { row, channels, seed } = run;
  const { config: resolved, changed } = resolveRun(run, protocol.size);
  const config = { ...resolved, threads: workshop.threads || availableParallelism() };
  const folder = folderOf(run, workshop);
  await rm(folder, { recursive: true, force: true });
  await makeFolder(folder);
  const options = measureOptions(run, workshop);
  const trained = await trainRun(
    {
      ...{ synthetic: sets.renders, real: sets.photographs, run: options.model },
      ...{ config, preset: row.preset, changed, minutes: row.minutes },
    },
    context,
  );
  // A run is not resumed, and the history in its checkpoints takes a hundred times the refiner's
  // room.
  await rm(join(options.model, 'checkpoints'), { recursive: true, force: true });
  const isThere = trained.training.outcome !== 'diverged';
  const measures = isThere ? await measureRun(options, context) : null;
  const result: RowResult = {
    ...{ row: row.name, preset: row.preset, changes: [...row.set], channels, seed },
    ...(row.renders && { renders: row.renders }),
    ...{ minutes: row.minutes, recipe: recipeOf(config), ...trained, version, commit },
    threads: config.threads,
    date: new Date().toISOString().slice(0, 16),
    data: sets.hash,
    images: sets.counts,
    measures,
    collapse: collapseOf(measures),
    usefulness: usefulness && isThere ? await measureUsefulness(options, context) : null,
  };
  if (isThere && isShown(run)) await drawSheet(run, workshop);
  await writeRowResult(join(places.results, 'rows'), run, result);
  return result;
}

async function drawSheet(run: Run, workshop: EquippedWorkshop): Promise<void> {
  const { sets, places } = workshop;
  const { row, channels, seed } = run;
  const form = channels === 3 ? 'colour' : 'grey';
  await writeSheet(
    join(places.results, 'sheets', sheetName(run)),
    { renders: sets.evaluatedRenders, refined: measureOptions(run, workshop).refined },
    { title: `${row.name}, ${form}, seed ${seed}, ${row.minutes} minutes`, channels },
  );
}

/**
 * Adds the usefulness to a finished run whose refiner is still there; undefined where it is not.
 */
export async function addUsefulness(
  run: Run,
  earlier: RowResult,
  workshop: EquippedWorkshop,
): Promise<RowResult | undefined> {
  const options = measureOptions(run, workshop);
  if (!(await exists(join(options.model, 'refiner.onnx')))) return undefined;
  const usefulness = await measureUsefulness(options, workshop.context);
  const result = { ...earlier, usefulness };
  await writeRowResult(join(workshop.places.results, 'rows'), run, result);
  return result;
}
