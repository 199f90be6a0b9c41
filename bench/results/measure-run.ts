import { join } from 'node:path';
import type { CommandContext } from '../../src/cli/command.ts';
import { countingBar } from '../../src/cli/counting-bar.ts';
import { followRefinement } from '../../src/cli/refine.ts';
import { openDataset } from '../../src/data/dataset.ts';
import { evaluateConfigSchema } from '../../src/evaluate/config.ts';
import type { RealismEntry, ReportJson } from '../../src/evaluate/report/report-json.ts';
import { writeReport } from '../../src/evaluate/write-report.ts';
import { refineConfig } from '../../src/refine/config.ts';
import { refine } from '../../src/refine/refine.ts';
import { spreadOf } from './collapse.ts';
import type { ImageSets } from './image-sets.ts';
import type { Places, Protocol } from './protocol.ts';
import type { Channels } from './row.ts';
import type { Distances, Measures } from './row-result.ts';

/** A trained refiner, and where its images and their report go. */
export interface MeasureOptions {
  readonly model: string;
  readonly refined: string;
  readonly report: string;
  readonly channels: Channels;
  readonly sets: ImageSets;
  readonly protocol: Protocol;
  readonly places: Places;
}

/** Refines a folder of renders; gives the mean absolute change. */
export async function refineRenders(
  { model, input, output }: { readonly [name in 'model' | 'input' | 'output']: string },
  context: CommandContext,
): Promise<number> {
  const { signal } = context;
  const config = refineConfig();
  const outcome = await followRefinement(refine({ model, input, output, config, signal }), context);
  signal.throwIfAborted();
  return outcome.meanAbsoluteChange ?? 0;
}

/** Refines renders that were not trained on and measures them against held-out photographs. */
export async function measureRun(
  options: MeasureOptions,
  context: CommandContext,
): Promise<Measures> {
  const { model, refined, sets } = options;
  const began = performance.now();
  const input = sets.evaluatedRenders;
  const change = await refineRenders({ model, input, output: refined }, context);
  const report = await evaluateRun(options, context);
  const spread = await relativeSpread(input, refined);
  return {
    seconds: Math.round((performance.now() - began) / 1000),
    ...fromReport(report),
    meanAbsoluteChange: significant(change),
    spread: significant(spread),
  };
}

function evaluateRun(options: MeasureOptions, context: CommandContext): Promise<ReportJson> {
  const { refined, channels, sets, protocol, places, report: out } = options;
  const { maximumImages, noiseFloorImages } = protocol;
  const cache = join(places.work, 'features');
  const synthetic = sets.evaluatedRenders;
  const real = sets.heldOutPhotographs;
  return writeReport({
    ...{ synthetic, refined, real, out },
    config: evaluateConfigSchema.parse({
      ...{ channels, maximumImages, cache },
      verification: { noiseFloorImages },
    }),
    signal: context.signal,
    onStage: (label, unit, total) => countingBar(context.progress, label, { unit, total }),
    command: `lifelike evaluate --synthetic ${synthetic} --refined ${refined} --real ${real} --out ${out} --set channels=${channels} --set maximumImages=${maximumImages}`,
  });
}

async function relativeSpread(input: string, refined: string): Promise<number> {
  const { images } = await openDataset(refined);
  const spread = (folder: string) => spreadOf(images.map((name) => join(folder, name)));
  return (await spread(refined)) / Math.max(await spread(input), 1e-6);
}

const space = 'inception-mixed5';

function twoSampleOf({
  classifierTwoSample: found,
}: Pick<ReportJson, 'classifierTwoSample'>): Measures['twoSample'] {
  if (found === null) return null;
  return {
    renders: significant(found.synthetic.accuracy),
    refined: significant(found.refined.accuracy),
    photographs: significant(found.real.accuracy),
  };
}

/** What a row keeps of a report. */
export function fromReport(
  report: Pick<ReportJson, 'realism' | 'labels' | 'classifierTwoSample'>,
): Omit<Measures, 'seconds' | 'meanAbsoluteChange' | 'spread'> {
  const { realism, labels } = report;
  const { accepted, rejected, unverifiable, facesLost, complexionShiftDegrees: shift } = labels;
  const images = Math.max(1, accepted + rejected + unverifiable);
  const { mean: drift, noiseFloor } = labels.landmarkDriftPixels;
  const { mean: cosine } = labels.identityCosine;
  const share = (count: number) => significant(count / images);
  const [largest] = (shift?.groups ?? []).toSorted((a, b) => Math.abs(b.mean) - Math.abs(a.mean));
  return {
    kid: distancesOf(realism[`kid-${space}`]),
    fd: distancesOf(realism[`fd-${space}`]),
    twoSample: twoSampleOf(report),
    landmarkDriftPixels: {
      mean: drift === null ? null : significant(drift),
      noiseFloor: significant(noiseFloor),
    },
    identityCosine: cosine === null ? null : significant(cosine),
    accepted: share(accepted),
    rejected: share(rejected),
    unverifiable: share(unverifiable),
    facesLost: share(facesLost),
    complexionShiftDegrees: {
      mean: shift === undefined ? null : significant(shift.mean),
      largestGroup: largest
        ? { name: `${largest.complexion}, ${largest.yaw}`, mean: significant(largest.mean) }
        : null,
    },
  };
}

interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

function distancesOf({ synthetic, refined, real, ...entry }: RealismEntry): Distances {
  const { gapClosed, gapClosedInterval: interval } = entry;
  const short = ({ value, low, high }: Estimate): Estimate => ({
    value: significant(value),
    low: significant(low),
    high: significant(high),
  });
  return {
    renders: short(synthetic),
    refined: short(refined),
    photographs: short(real),
    gapClosed:
      gapClosed === null || interval === null ? null : short({ value: gapClosed, ...interval }),
  };
}

/** As many digits as a row's file has. */
export function significant(value: number): number {
  return Number(value.toPrecision(4));
}
