import type { SourceSummary } from '../data/image-source.ts';
import type { Device } from '../runtime/device.ts';
import type { TrainConfig } from './config.ts';
import type { Engine } from './engine.ts';
import type { Equalizer } from './equalizer.ts';
import type { MetricsLine } from './metrics-log.ts';
import type { NoticeEvent, Notices } from './notices.ts';
import type { Phase } from './progress-point.ts';
import type { CreateRefinerEvaluator } from './refiner-evaluator.ts';
import type { SelectionOutcome, SelectionRecord } from './selection-record.ts';

export interface TrainOptions {
  /** Folder with rendered images. */
  readonly synthetic: string;
  /** Folder with photographs. */
  readonly real: string;
  /** Folder of the run. */
  readonly run: string;
  readonly config: TrainConfig;
  /** Name of the preset, and the dotted keys that differ from it, for `config.json`. */
  readonly preset: string;
  readonly changed?: readonly string[];
  readonly resume?: boolean;
  readonly device?: Device;
  /**
   * Stops after so many minutes of this process, saved; a learning rate that falls after a share of
   * the run has fallen by then. In a resumed run it stands where the minutes played and those given
   * put it.
   */
  readonly minutes?: number;
  /** Aborted, the run saves and ends as interrupted. */
  readonly signal?: AbortSignal;
  /** Measures refiners where `selection.every` asks for it. */
  readonly createEvaluator?: CreateRefinerEvaluator;
}

/** What happens in a run, in order. */
export type TrainEvent =
  | {
      readonly kind: 'start';
      readonly index: number;
      readonly total: number;
      readonly nodeCounts: Engine['nodeCounts'];
    }
  | { readonly kind: 'warning'; readonly message: string }
  | {
      readonly kind: 'step';
      readonly index: number;
      readonly phase: Phase;
      readonly metrics: MetricsLine;
      /** Until the given minutes are over. */
      readonly secondsLeft?: number | undefined;
    }
  | NoticeEvent
  /** The filter before the refiner is measured. */
  | { readonly kind: 'equalizer'; readonly gains: Equalizer['gains'] }
  /** The images that refiners are measured on are looked at. */
  | { readonly kind: 'validation'; readonly renders: number; readonly photographs: number }
  | {
      readonly kind: 'selection';
      readonly record: SelectionRecord;
      /** Whether this refiner is the one to export from now on. */
      readonly isBest: boolean;
    }
  | { readonly kind: 'sample'; readonly path: string }
  | { readonly kind: 'checkpoint'; readonly path: string };

/** How a run ended. */
export interface TrainOutcome extends Notices {
  readonly outcome: 'finished' | 'interrupted' | 'out-of-time';
  /** Adversarial iterations done. */
  readonly steps: number;
  /** Of this process; a resumed run counts anew. */
  readonly minutes: number;
  /** Which refiner is exported; absent where it is always the last one. */
  readonly selection?: SelectionOutcome;
  readonly images: { readonly synthetic: SourceSummary; readonly real: SourceSummary };
  /** Of the last step. */
  readonly metrics: MetricsLine | undefined;
}

/** `run.json`: the outcome, or the error that ended the run. */
export type RunRecord =
  | TrainOutcome
  | (Omit<TrainOutcome, 'outcome'> & { readonly outcome: 'failed'; readonly message: string });
