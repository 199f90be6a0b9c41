import type { TrainConfig } from './config.ts';
import { driftFactor } from './drift-target.ts';
import type { Engine } from './engine.ts';
import { refineImages } from './refine-images.ts';
import type { CreateRefinerEvaluator, RefinerEvaluator } from './refiner-evaluator.ts';
import { bestFile, openSelectionFolder } from './selection-folder.ts';
import {
  isRegular,
  type SelectionOutcome,
  type SelectionRecord,
  selectionOutcome,
} from './selection-record.ts';
import { noDriftToHold, type ValidationImages } from './validation-images.ts';

/** Decides which refiner of a run is exported. */
export interface Selection {
  /** Measures what does not depend on a refiner; gives what a user should know of it. */
  prepare(): Promise<readonly string[]>;
  /** Whether the refiner as it is after so many iterations is to be measured. */
  isDue(step: number, options: { readonly isLast: boolean }): boolean;
  /** Measures the refiner as it is; `isBest` says whether it is the one to export from now on. */
  measure(step: number): Promise<{ readonly record: SelectionRecord; readonly isBest: boolean }>;
  /** What was measured after so many iterations, if it was. */
  recordAt(step: number): SelectionRecord | undefined;
  /** What λ is multiplied by to hold the measured drift, see {@link driftFactor}. */
  weightFactor(): number;
  /** What a measurement takes, as far as is known: time to keep for the last one. */
  readonly secondsNeeded: number;
  /** The selected refiner; absent before the first measurement. */
  read(): Promise<Uint8Array | undefined>;
  /** Removes refiners that a run resumed at one of these iterations would not need. */
  prune(steps: readonly number[]): Promise<void>;
  outcome(step: number): SelectionOutcome;
  close(): Promise<void>;
}

export interface SelectionOptions {
  readonly config: TrainConfig;
  readonly images: ValidationImages;
  readonly engine: Engine;
  /** Folder of the run. */
  readonly run: string;
  /** Adversarial iterations that the run has had; measurements of later ones are forgotten. */
  readonly step: number;
  readonly createEvaluator: CreateRefinerEvaluator;
  /** The refiner as it is, as an ONNX file. */
  readonly exportRefiner: () => Uint8Array;
  /** Aborted, a measurement under way ends with an `AbortError`. */
  readonly signal?: AbortSignal | undefined;
}

/** The selection of a run, with what earlier parts of it measured. */
export async function openSelection(options: SelectionOptions): Promise<Selection> {
  const { config, images, engine, run, signal, createEvaluator } = options;
  const { size, channels } = config;
  const { every, driftLimit } = config.selection;
  const folder = await openSelectionFolder(run, options.step);
  let evaluator: RefinerEvaluator | undefined;
  const evaluate = async () => {
    evaluator ??= await createEvaluator({ images, size, channels, signal });
    return evaluator;
  };
  const recordAt = (step: number) => folder.records.find((record) => record.step === step);
  return {
    prepare: async () => {
      const { warnings, noiseFloor } = await evaluate();
      if (noiseFloor || config.regularization.driftTarget === 0) return warnings;
      return [...warnings, noDriftToHold];
    },
    isDue: (step, { isLast }) =>
      step > 0 && (isLast || isRegular({ step }, every)) && recordAt(step) === undefined,
    measure: async (step) => {
      const { renders, realismOfRenders, noiseFloor, measure } = await evaluate();
      const began = performance.now();
      const measures = await measure(await refineImages(engine, config, renders), signal);
      const record: SelectionRecord = {
        step,
        realism: measures.realism,
        realismOfRenders,
        ...(measures.drift !== undefined && { drift: measures.drift }),
        ...(noiseFloor !== undefined && { noiseFloor, driftLimit: driftLimit * noiseFloor }),
        seconds: (performance.now() - began) / 1000,
      };
      await folder.add(record, options.exportRefiner);
      return { record, isBest: folder.best() === record };
    },
    recordAt,
    weightFactor: () => driftFactor(folder.records, config),
    get secondsNeeded() {
      return folder.records.at(-1)?.seconds ?? 0;
    },
    read: folder.read,
    prune: folder.prune,
    outcome: (step) => {
      const best = folder.best();
      const file = best && { file: bestFile(best.step) };
      return { ...selectionOutcome(folder.records, best, step), ...file };
    },
    close: async () => {
      await Promise.allSettled([evaluator?.dispose(), folder.close()]);
    },
  };
}
