import type { ClassifierRealism } from '../classifier/classifier-realism.ts';
import type { EvaluateConfig } from '../config.ts';
import type { Evaluation } from '../evaluate-sets.ts';
import type { LabelSummary, MeanEstimate } from '../labels/summarize-labels.ts';
import type { Estimate, RealismEstimates } from '../realism/estimates.ts';
import type { SpaceRealism } from '../realism/measure-spaces.ts';
import type { NeighbourRealism } from '../realism/neighbour-realism.ts';
import type { TaskResult } from '../tasks/compare-arms.ts';

/** One distance in one feature space. */
export interface RealismEntry {
  readonly synthetic: Estimate & { readonly standardError?: number };
  readonly refined: Estimate & { readonly standardError?: number };
  /** One half of the photographs against the other. */
  readonly real: Estimate & { readonly standardError?: number };
  /** Null where the renders are as near to the photographs as those are to each other. */
  readonly gapClosed: number | null;
  readonly gapClosedInterval: { readonly low: number; readonly high: number } | null;
  /** Images a side. */
  readonly images: number;
  readonly comparableWith: string;
}

/** A mean over no images. */
interface Absent {
  readonly mean: null;
}

/** The content of `report.json`. */
export interface ReportJson {
  readonly version: 1;
  readonly verdict: string;
  readonly sets: {
    readonly synthetic: string;
    readonly refined: string;
    readonly real: string;
    readonly pairs: number;
    readonly size: readonly [height: number, width: number];
    readonly channels: 1 | 3;
  };
  readonly realism: Readonly<Record<string, RealismEntry>>;
  /** Precision, recall, density and coverage by feature space. */
  readonly neighbours: Readonly<Record<string, NeighbourRealism>>;
  /**
   * Accuracy of small networks that tell each set from the photographs, and one half of those from
   * the other, under cross-validation; 0.5 cannot be told apart. Null where it was not measured.
   */
  readonly classifierTwoSample: (ClassifierRealism & { readonly comparableWith: string }) | null;
  readonly labels: Omit<LabelSummary, 'landmarkDriftPixels' | 'identityCosine'> & {
    /** Null where no face was found. */
    readonly landmarkDriftPixels: (MeanEstimate | Absent) & { readonly noiseFloor: number };
    readonly identityCosine: MeanEstimate | Absent;
    readonly thresholds: Evaluation['thresholds'];
    readonly rejections: readonly { readonly name: string; readonly reasons: readonly string[] }[];
  };
  /** Usefulness for training, where it was asked for. */
  readonly task?: TaskResult;
  readonly broken: Evaluation['broken'];
  readonly warnings: readonly string[];
  readonly config: EvaluateConfig;
  readonly command: string;
}

/** How an evaluation was asked for. */
export interface Request {
  readonly config: EvaluateConfig;
  /** The command that does the same again. */
  readonly command: string;
}

const classifierComparable =
  'Only with as many images, as many steps and the same channels: 0.5 means that this small network sees no difference in 64 × 64 pixels, not that there is none.';

/** Rejections that are listed with their reasons; all are in `images.jsonl`. */
const listedRejections = 1000;

/** The report of an evaluation as plain values. */
export function reportJson(
  evaluation: Evaluation,
  { config, command }: Request,
  verdict: string,
): ReportJson {
  const { folders, form, pairs, records } = evaluation;
  const rejected = records.filter((record) => record.verdict === 'rejected');
  return {
    version: 1,
    verdict,
    sets: {
      synthetic: folders.synthetic,
      refined: folders.refined,
      real: folders.real,
      pairs: pairs.length,
      size: [form.size.height, form.size.width],
      channels: form.channels,
    },
    realism: Object.fromEntries(evaluation.realism.flatMap(entriesOf)),
    neighbours: Object.fromEntries(
      evaluation.realism.map(({ space, neighbours }) => [space.name, neighbours]),
    ),
    classifierTwoSample: evaluation.classifier
      ? { ...evaluation.classifier, comparableWith: classifierComparable }
      : null,
    labels: {
      ...evaluation.labels,
      landmarkDriftPixels: evaluation.labels.landmarkDriftPixels ?? {
        mean: null,
        noiseFloor: evaluation.noiseFloor.meanPixels,
      },
      identityCosine: evaluation.labels.identityCosine ?? { mean: null },
      thresholds: evaluation.thresholds,
      rejections: rejected
        .slice(0, listedRejections)
        .map(({ name, reasons }) => ({ name, reasons })),
    },
    ...(evaluation.task && { task: evaluation.task }),
    broken: evaluation.broken,
    warnings: evaluation.warnings,
    config,
    command,
  };
}

function entriesOf({ space, kernel, frechet, images }: SpaceRealism): [string, RealismEntry][] {
  const { comparableWith } = space;
  const common = (estimates: RealismEstimates) => ({
    gapClosed: estimates.gapClosed?.value ?? null,
    gapClosedInterval: estimates.gapClosed
      ? { low: estimates.gapClosed.low, high: estimates.gapClosed.high }
      : null,
    comparableWith,
  });
  const withError = (set: 'synthetic' | 'refined' | 'real') => ({
    ...kernel[set],
    standardError: kernel.standardErrors[set],
  });
  return [
    [
      space.metrics.kernel,
      {
        synthetic: withError('synthetic'),
        refined: withError('refined'),
        real: withError('real'),
        ...common(kernel),
        images: Math.min(images.pairs, images.real),
      },
    ],
    [
      space.metrics.frechet,
      {
        synthetic: frechet.synthetic,
        refined: frechet.refined,
        real: frechet.real,
        ...common(frechet),
        images: frechet.images,
        comparableWith: `${comparableWith} And only between sets of ${frechet.images} images a side.`,
      },
    ],
  ];
}
