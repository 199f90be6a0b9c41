import { describe, expect, it } from 'vitest';
import type { Tree } from '../base/tree.ts';
import { evaluate, type OnHost, scalarOf } from '../nn/testing/evaluate.ts';
import { compile } from '../tensor/compile.ts';
import { type HostTensor, hostScalar, hostTensor, specsOf } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TrainConfigInput, trainConfig } from './config.ts';
import { type Fakes, judge } from './judge.ts';
import {
  type DiscriminatorImages,
  type DiscriminatorParameters,
  discriminatorStep,
  type RefinerParameters,
} from './step.ts';
import {
  affine,
  firstColumn,
  flatImages,
  moves,
  scoring,
  stubPlayers,
} from './testing/stub-players.ts';

const softplus = (x: number) => Math.log1p(Math.exp(x));
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** A photograph, a render, and what the refiners made: all different. */
const [real, synthetic, refined, rendered] = [0.5, -0.25, 0.2, -0.1];
const ofPhotographs = (value: number) => 2 * value + 0.1;
const ofRenders = (value: number) => -1.5 * value - 0.3;
const networks = { real: scoring(2, 0.1), synthetic: scoring(-1.5, -0.3) };

interface Game {
  readonly parameters: DiscriminatorParameters<HostTensor>;
  readonly fakes: { readonly real: HostTensor; readonly synthetic?: HostTensor };
  readonly images: DiscriminatorImages<HostTensor>;
}

const images = { real: flatImages(real), synthetic: flatImages(synthetic) };
const oneSide: Game = {
  parameters: { real: networks.real },
  fakes: { real: flatImages(refined) },
  images,
};
const twoSides: Game = {
  parameters: networks,
  fakes: { real: flatImages(refined), synthetic: flatImages(rendered) },
  images,
};

function judged(values: TrainConfigInput) {
  const config = trainConfig({ channels: 3, ...values });
  return (
    parameters: DiscriminatorParameters<Tensor>,
    fakes: Fakes,
    given: DiscriminatorImages<Tensor>,
  ) => {
    const [loss, metrics] = judge(stubPlayers, config, parameters, {
      fakes,
      fresh: fakes.real,
      images: given,
    });
    return { loss, metrics };
  };
}

type Traced = (...args: readonly Tree<Tensor>[]) => {
  readonly loss: Tensor;
  readonly metrics: Readonly<Record<string, Tensor>>;
};

async function valuesOf(values: TrainConfigInput, { parameters, fakes, images }: Game = oneSide) {
  const result = await evaluate(
    judged(values) as unknown as Traced,
    parameters as never,
    fakes as never,
    images as never,
  );
  const metrics = Object.entries(result.metrics).map(([name, each]) => [name, scalarOf(each)]);
  return {
    loss: scalarOf(result.loss),
    metrics: Object.fromEntries(metrics) as Record<string, number>,
  };
}

const both = { weight: 10, direction: 'both' } as const;

describe('the discriminators’ loss', () => {
  const [fakeScore, realScore] = [ofPhotographs(refined), ofPhotographs(real)];

  it.each([
    ['log', softplus(fakeScore), softplus(-realScore)],
    ['least-squares', fakeScore ** 2 / 2, (realScore - 1) ** 2 / 2],
    ['hinge', 1 + fakeScore, 0],
  ] as const)('is the %s loss of refined images and photographs', async (loss, fake, right) => {
    for (const [reduction, pixels] of [
      ['mean', 1],
      ['sum', 16],
    ] as const) {
      const paid = await valuesOf({ adversarial: { loss }, reduction });
      expect(paid.metrics.discriminatorRefined).toBeCloseTo(pixels * fake, 4);
      expect(paid.metrics.discriminatorReal).toBeCloseTo(pixels * right, 4);
      expect(paid.loss).toBeCloseTo(pixels * (fake + right), 4);
    }
  });

  it.each([
    // Scores 0.3 and 0.7: both taken for photographs, but for least squares with targets 0 and 1.
    ['log', [0, 1]],
    ['hinge', [0, 1]],
    ['least-squares', [1, 1]],
  ] as const)('counts the verdicts of %s from where it parts the classes', async (loss, shares) => {
    const game: Game = {
      ...oneSide,
      fakes: { real: flatImages(0.1) },
      images: { ...images, real: flatImages(0.3) },
    };
    const { metrics } = await valuesOf({ adversarial: { loss } }, game);
    expect([metrics.accuracyRefined, metrics.accuracyReal]).toEqual(shares);
    const swapped = {
      ...game,
      fakes: { real: flatImages(0.3) },
      images: { ...images, real: flatImages(0.1) },
    };
    const wrong = await valuesOf({ adversarial: { loss } }, swapped);
    expect([wrong.metrics.accuracyRefined, wrong.metrics.accuracyReal]).toEqual(
      loss === 'least-squares' ? [0, 0] : shares,
    );
  });

  it('smooths the labels of photographs alone', async () => {
    const { metrics } = await valuesOf({ adversarial: { realSmoothing: 0.2 } });
    expect(metrics.discriminatorRefined).toBeCloseTo(softplus(fakeScore), 5);
    const smoothed = 0.8 * softplus(-realScore) + 0.2 * softplus(realScore);
    expect(metrics.discriminatorReal).toBeCloseTo(smoothed, 5);
  });

  it('adds γ × the gradient penalty on photographs alone', async () => {
    const curved = { ...oneSide, parameters: { real: scoring(2, 0.1, 3) } };
    const [without, penalized] = [
      await valuesOf({}, curved),
      await valuesOf({ adversarial: { gradientPenalty: 4 } }, curved),
    ];
    // ∂D/∂y of each of 3·4·4 values: the mean over pixels and channels of 2 m + 3 m².
    const slope = (2 + 6 * real) / 48;
    expect(penalized.metrics.gradientPenalty).toBeCloseTo(0.5 * 48 * slope ** 2, 5);
    expect(penalized.loss - without.loss).toBeCloseTo(4 * 0.5 * 48 * slope ** 2, 4);
    expect(without.metrics).not.toHaveProperty('gradientPenalty');
  });

  it('shows augmented images, refined and real, each with its own numbers', async () => {
    const game: Game = {
      parameters: oneSide.parameters,
      fakes: { real: firstColumn(2) },
      images: {
        synthetic: firstColumn(2),
        real: firstColumn(2),
        augmentation: [moves(1, 2, 0, 1)],
      },
    };
    const adversarial: TrainConfigInput['adversarial'] = {
      loss: 'least-squares',
      augmentation: ['translation'],
    };
    const { metrics } = await valuesOf({ channels: 1, adversarial }, game);
    const [on, off] = [ofPhotographs(1), ofPhotographs(0)];
    const mixed = (bright: number, target: number) =>
      (bright * (on - target) ** 2 + (1 - bright) * (off - target) ** 2) / 2;
    // Bright columns of four: 2 and 3 of refined images, 1 and 2 of photographs.
    expect(metrics.discriminatorRefined).toBeCloseTo(mixed(5 / 8, 0), 5);
    expect(metrics.discriminatorReal).toBeCloseTo(mixed(3 / 8, 1), 5);
  });

  it('takes the gradient penalty at photographs as the discriminator sees them, augmented', async () => {
    const game: Game = {
      parameters: { real: scoring(2, 0.1, 3) },
      fakes: { real: firstColumn(2) },
      images: {
        synthetic: firstColumn(2),
        real: firstColumn(2),
        augmentation: [moves(1, 2, 0, 1)],
      },
    };
    const penaltyOf = async (augmentation: 'translation'[]) => {
      const adversarial = { gradientPenalty: 1, augmentation };
      const { metrics } = await valuesOf({ channels: 1, adversarial }, game);
      return metrics.gradientPenalty;
    };
    // The slope is (2 + 6 m) / 16 in each of 16 pixels; of these 4 and 8 are bright, 6 on average.
    expect(await penaltyOf(['translation'])).toBeCloseTo(0.5 * (6 * 0.5 ** 2 + 10 * 0.125 ** 2), 5);
  });

  it('computes no penalty and no augmentation that is off', () => {
    const nodes = (adversarial: TrainConfigInput['adversarial']) => {
      const { parameters, fakes } = oneSide;
      const specs = [parameters, fakes, images].map((tree) => specsOf(tree as never));
      return compile(judged({ adversarial }) as never, specs).nodeCount;
    };
    const plain = nodes({});
    expect(nodes({ gradientPenalty: 0, realSmoothing: 0, augmentation: [] })).toBe(plain);
    expect(nodes({ gradientPenalty: 1 })).toBeGreaterThan(plain);
  });
});

describe('the discriminators’ loss in two directions', () => {
  it('shows photographs and refined images to one, renders and rendered ones to the other', async () => {
    const { loss, metrics } = await valuesOf({ cycle: both }, twoSides);
    const expected = {
      discriminatorRefined: softplus(ofPhotographs(refined)),
      discriminatorReal: softplus(-ofPhotographs(real)),
      inverseDiscriminatorRefined: softplus(ofRenders(rendered)),
      inverseDiscriminatorReal: softplus(-ofRenders(synthetic)),
    };
    for (const [name, value] of Object.entries(expected)) {
      expect([name, metrics[name]]).toEqual([name, expect.closeTo(value, 5)]);
    }
    expect(loss).toBeCloseTo(
      Object.values(expected).reduce((sum, value) => sum + value),
      5,
    );
    // ofRenders is −0.15 for what was rendered from photographs and 0.075 for renders.
    expect([metrics.inverseAccuracyRefined, metrics.inverseAccuracyReal]).toEqual([1, 1]);
  });

  it('penalizes each on what is real for it', async () => {
    const game = {
      ...twoSides,
      parameters: { real: scoring(2, 0, 3), synthetic: scoring(1, 0, 5) },
    };
    const { metrics } = await valuesOf({ cycle: both, adversarial: { gradientPenalty: 1 } }, game);
    expect(metrics.gradientPenalty).toBeCloseTo((0.5 * (2 + 6 * real) ** 2) / 48, 5);
    expect(metrics.inverseGradientPenalty).toBeCloseTo((0.5 * (1 + 10 * synthetic) ** 2) / 48, 5);
  });
});

describe('the discriminators’ step in two directions', () => {
  /** Pairs as channels: three of a refined image, three of a rendered one. */
  function pairs(first: number, second: number): HostTensor {
    const images = hostTensor([1, 6, 4, 4]);
    images.data.fill(first, 0, 48);
    images.data.fill(second, 48);
    return images;
  }

  it('moves both against what the refiners make now and what the history holds', async () => {
    const config = trainConfig({
      channels: 3,
      batchSize: 2,
      history: { capacity: 4 },
      cycle: both,
    });
    const step = discriminatorStep(stubPlayers, config);
    const state = {
      parameters: { real: scoring(2, 0.1), synthetic: scoring(-1.5, -0.3) },
      optimizer: stubPlayers.discriminatorOptimizer.init(networks as never),
    };
    const refiners = { refiner: affine(1.5, 0.1), inverse: affine(0.5, -0.3) };
    const scalars = stubPlayers.discriminatorOptimizer.scalars(1, 0.25) as Record<string, number>;
    const result = (await evaluate(
      (s: never, r: never, numbers: never, given: never) => step(s, r, numbers, given) as never,
      state as never,
      refiners as RefinerParameters<HostTensor> as never,
      Object.fromEntries(Object.entries(scalars).map(([name, v]) => [name, hostScalar(v)])),
      { ...images, history: pairs(0.7, -0.8) } as never,
    )) as OnHost<{
      state: {
        parameters: {
          real: Record<string, Tensor>;
          synthetic: Record<string, Tensor>;
        };
      };
      refined: Tensor;
    }>;
    const [R, F] = [1.5 * synthetic + 0.1, 0.5 * real - 0.3];
    expect(result.refined.shape).toEqual([1, 6, 4, 4]);
    expect(result.refined.data[0]).toBeCloseTo(R, 5);
    expect(result.refined.data[95]).toBeCloseTo(F, 5);
    // d/dbias: the mean of σ(score) over both fakes, minus σ(−score) of what is real.
    const slope = (of: (v: number) => number, fakes: readonly number[], right: number) =>
      fakes.reduce((sum, v) => sum + sigmoid(of(v)) / 2, 0) - sigmoid(-of(right));
    const moved = {
      real: 0.1 - 0.25 * slope(ofPhotographs, [R, 0.7], real),
      synthetic: -0.3 - 0.25 * slope(ofRenders, [F, -0.8], synthetic),
    };
    const { parameters } = result.state;
    expect(scalarOf(parameters.real.bias)).toBeCloseTo(moved.real, 5);
    expect(scalarOf(parameters.synthetic.bias)).toBeCloseTo(moved.synthetic, 5);
  });
});
