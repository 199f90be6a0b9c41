import { join } from 'node:path';
import { randomKey } from '../base/random.ts';
import type { ChartPanel } from '../files/chart-panel.ts';
import { writeLineChart } from '../files/line-chart.ts';
import { compile } from '../tensor/compile.ts';
import { spec, specsOf } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { hasTwoDirections, type TrainConfig } from './config.ts';
import { readMetrics } from './metrics-log.ts';
import { isWeightAdapted } from './regularization-config.ts';
import { explainingRunErrors } from './run-file-error.ts';
import { readSelectionRecords } from './selection-folder.ts';
import { selectionPanels } from './selection-panels.ts';
import type { Players } from './step.ts';

/** Writes a run's `loss-curves.png` from its `metrics.jsonl`. */
export interface CurveWriter {
  write(): Promise<void>;
  /** Writes where that has not taken more than a fiftieth of the time: long logs take long. */
  writeNowAndThen(): Promise<void>;
}

/** The writer of a run's curves. */
export function createCurveWriter(
  run: string,
  preset: string,
  config: TrainConfig,
  players: Players,
): CurveWriter {
  const chance = chanceLevel(config, players);
  const began = performance.now();
  let spent = 0;
  const write = async () => {
    const start = performance.now();
    await writeLossCurves(run, { preset, config, chance });
    spent += performance.now() - start;
  };
  return {
    write,
    writeNowAndThen: async () => {
      if (spent * 50 <= performance.now() - began) await write();
    },
  };
}

/** What the curves cannot see in the log. */
export interface CurveContext {
  readonly preset: string;
  readonly config: TrainConfig;
  /** The loss of a discriminator that knows nothing, in the reduction of the configuration. */
  readonly chance: number;
}

/**
 * The loss of a discriminator that gives refined and real the same score: ln 2 a patch for the log
 * loss, ¼ for least squares, 1 for hinge; the mean over the scales.
 */
export function chanceLevel(config: TrainConfig, players: Players): number {
  const perPatch = { log: Math.LN2, 'least-squares': 0.25, hinge: 1 }[config.adversarial.loss];
  if (config.reduction === 'mean') return perPatch;
  const parameters = players.discriminator.init(randomKey(config.seed));
  const { outputs } = compile(
    (traced, images) => players.discriminator.apply(traced, images as Tensor),
    [specsOf(parameters), spec([1, config.channels, ...config.size])],
  );
  const patches = outputs.map(({ shape }) => shape[2] * shape[3]);
  return (perPatch * patches.reduce((sum, count) => sum + count, 0)) / patches.length;
}

/**
 * Draws `loss-curves.png` from the `metrics.jsonl` beside it: both players' losses with the level
 * of chance, the terms of the refiner's loss, the change of the image, the discriminator's
 * accuracy, gradient norms, what `selection.jsonl` says of held-out images, and pre-training apart.
 *
 * @throws {UserError} where the log is damaged or the picture cannot be written.
 */
export async function writeLossCurves(run: string, context: CurveContext): Promise<string> {
  const game = createColumns('step', [
    'refinerAdversarial',
    'discriminatorRefined',
    'discriminatorReal',
    'selfRegularization',
    'regularizationWeight',
    'cycleForward',
    'cycleBackward',
    'identityMapping',
    'inverseAdversarial',
    'inverseDiscriminatorRefined',
    'inverseDiscriminatorReal',
    'partsAdversarial',
    'partsRefined',
    'partsReal',
    'meanAbsoluteChange',
    'accuracyReal',
    'accuracyRefined',
    'refinerGradientNorm',
    'discriminatorGradientNorm',
  ]);
  const before = createColumns('index', ['meanAbsoluteChange', 'accuracyReal', 'accuracyRefined']);
  let index = 0;
  for await (const { line } of readMetrics(join(run, 'metrics.jsonl'))) {
    index += 1;
    if (line.phase === 'adversarial') game.add(line);
    else before.add({ ...line, index });
  }
  const measured = selectionPanels(await readSelectionRecords(run));
  const panels = [...gamePanels(game, context), ...measured, ...pretrainingPanels(before)];
  const path = join(run, 'loss-curves.png');
  await explainingRunErrors(path, () => writeLineChart(path, { title: titleOf(context), panels }));
  return path;
}

function titleOf({ preset, config }: CurveContext): string {
  const { size, channels, regularization, reduction, batchSize } = config;
  const form = `${size.join('×')} ${channels === 1 ? 'grey' : 'colour'}, batch ${batchSize}`;
  const adapted = isWeightAdapted(regularization) ? ' at first' : '';
  return `${preset}: ${form}, λ ${regularization.weight}${adapted} (losses reduced by ${reduction})`;
}

function gamePanels({ x, of }: Columns, { config, chance }: CurveContext): ChartPanel[] {
  const { reduction, regularization, adversarial } = config;
  const { target } = regularization;
  const shared = { x, xLabel: 'iteration', smoothing: Math.max(1, Math.round(x.length / 40)) };
  const patches = `loss (${reduction} over patches)`;
  // The refiner's own hinge loss has no level of chance: it is the score itself.
  const level = adversarial.loss === 'hinge' ? 'chance, discriminator' : 'chance';
  const adversarialPanel = (title: string, refiner: string, prefix: string): ChartPanel => ({
    ...shared,
    title,
    yLabel: patches,
    series: {
      refiner: of(refiner),
      'discriminator, refined': of(`${prefix}Refined`),
      'discriminator, real': of(`${prefix}Real`),
    },
    // Parts have other numbers of patches.
    ...((prefix !== 'parts' || reduction === 'mean') && { references: { [level]: chance } }),
  });
  const inverse = hasTwoDirections(config)
    ? [
        adversarialPanel(
          'Adversarial losses from photographs to renders',
          'inverseAdversarial',
          'inverseDiscriminator',
        ),
      ]
    : [];
  const parts = config.parts.discriminator
    ? [adversarialPanel('Adversarial losses of the parts', 'partsAdversarial', 'parts')]
    : [];
  return [
    adversarialPanel('Adversarial losses', 'refinerAdversarial', 'discriminator'),
    ...parts,
    ...inverse,
    {
      ...shared,
      title: "Terms of the refiner's loss",
      yLabel: `loss (${reduction} over patches or pixels)`,
      series: termsOfRefiner({ x, of }, config),
    },
    {
      ...shared,
      title: 'Mean absolute change of the image',
      yLabel: 'change (values −1 to 1)',
      series: { change: of('meanAbsoluteChange') },
      references: { 'the render as it was': 0, ...(target > 0 && { target }) },
    },
    {
      ...shared,
      title: 'Discriminator accuracy',
      yLabel: 'share of patches',
      series: { real: of('accuracyReal'), refined: of('accuracyRefined') },
      references: { chance: 0.5 },
    },
    {
      ...shared,
      title: 'Gradient norms',
      yLabel: 'norm over all tensors',
      scale: 'log',
      series: {
        refiner: of('refinerGradientNorm'),
        discriminator: of('discriminatorGradientNorm'),
      },
    },
  ];
}

/** Each term with its weight, so that they can be compared; those that are off are left out. */
function termsOfRefiner({ of }: Columns, config: TrainConfig) {
  const { regularization, cycle, parts } = config;
  const { weight } = regularization;
  const isAdapted = isWeightAdapted(regularization);
  const weights = of('regularizationWeight');
  const times = (factor: number, ...names: readonly string[]) =>
    of(names[0]).map((_, i) => names.reduce((sum, name) => sum + factor * of(name)[i], 0));
  const both = cycle.direction === 'both';
  return {
    adversarial: of('refinerAdversarial'),
    ...(parts.discriminator && { 'adversarial, parts': of('partsAdversarial') }),
    ...(hasTwoDirections(config) && { 'adversarial, inverse': of('inverseAdversarial') }),
    ...(weight > 0 && {
      [isAdapted ? 'adapted λ × regularization' : `λ ${weight} × regularization`]: of(
        'selfRegularization',
      ).map((value, i) => value * (Number.isNaN(weights[i]) ? weight : weights[i])),
    }),
    ...(cycle.weight > 0 && {
      [`${cycle.weight} × cycle`]: times(
        cycle.weight,
        ...(both ? ['cycleForward', 'cycleBackward'] : ['cycleForward']),
      ),
    }),
    ...(cycle.identityWeight > 0 && {
      [`${cycle.identityWeight} × identity`]: times(cycle.identityWeight, 'identityMapping'),
    }),
  };
}

function pretrainingPanels({ x, of }: Columns): ChartPanel[] {
  if (x.length === 0) return [];
  return [
    {
      title: 'Pre-training: refiner, then discriminator',
      xLabel: 'step',
      yLabel: 'change, share of patches',
      x,
      series: {
        'change of the image': of('meanAbsoluteChange'),
        'accuracy, real': of('accuracyReal'),
        'accuracy, refined': of('accuracyRefined'),
      },
    },
  ];
}

interface Columns {
  readonly x: readonly number[];
  of(name: string): readonly number[];
}

/** Values by name, a line each; NaN where a line has none. */
function createColumns(xName: string, names: readonly string[]) {
  const columns = new Map([xName, ...names].map((name) => [name, [] as number[]]));
  const of = (name: string): readonly number[] => columns.get(name) ?? [];
  return {
    x: of(xName),
    of,
    add: (line: Readonly<Record<string, number | string>>) => {
      for (const [name, values] of columns) values.push(Number(line[name] ?? Number.NaN));
    },
  };
}
