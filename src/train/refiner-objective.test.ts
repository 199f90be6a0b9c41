import { describe, expect, it } from 'vitest';
import { mapTree } from '../base/tree.ts';
import { evaluate, type OnHost, scalarOf } from '../nn/testing/evaluate.ts';
import { gradients } from '../tensor/gradient.ts';
import { type HostTensor, hostScalar } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TrainConfigInput, trainConfig } from './config.ts';
import { refinerObjective } from './refiner-objective.ts';
import type { DiscriminatorParameters, RefinerImages, RefinerParameters } from './step.ts';
import {
  affine,
  firstColumn,
  flatImages,
  moves,
  scoring,
  stubPlayers,
} from './testing/stub-players.ts';

const translated: TrainConfigInput['adversarial'] = {
  loss: 'hinge',
  augmentation: ['translation'],
};
const softplus = (x: number) => Math.log1p(Math.exp(x));
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

const [x, y] = [-0.25, 0.5];
/** R(x) = 1.5 x + 0.1, F(y) = 0.5 y − 0.3: they do not undo each other, in neither order. */
const R = (value: number) => 1.5 * value + 0.1;
const F = (value: number) => 0.5 * value - 0.3;
const parameters = { refiner: affine(1.5, 0.1), inverse: affine(0.5, -0.3) };
/** The scores that both discriminators give: other lines, so that none can stand for the other. */
const ofPhotographs = (value: number) => 2 * value + 0.1;
const ofRenders = (value: number) => -1.5 * value + 0.4;
const discriminators = { real: scoring(2, 0.1), synthetic: scoring(-1.5, 0.4) };

const onePair = { synthetic: flatImages(x), real: flatImages(y) };

/** The loss, all metrics, and the loss's gradient by parameter, for images of one value. */
async function pay(
  values: TrainConfigInput,
  images: Partial<RefinerImages<HostTensor>> = {},
  networks: RefinerParameters<HostTensor> = parameters,
) {
  const config = trainConfig({ channels: 3, ...values });
  const both = values.cycle?.direction === 'both';
  const { inverse, ...alone } = networks;
  const result = (await evaluate(
    (
      p: RefinerParameters<Tensor>,
      d: DiscriminatorParameters<Tensor>,
      given: RefinerImages<Tensor>,
    ) => {
      const [loss, metrics] = refinerObjective(stubPlayers, config)(p, d, given);
      const by = (part: typeof p.refiner | undefined) =>
        part === undefined
          ? {}
          : mapTree<Tensor, Tensor>(part, (leaf) => gradients(loss, [leaf])[0]);
      return { loss, metrics, refiner: by(p.refiner), inverse: by(p.inverse) };
    },
    (values.cycle?.weight ? networks : alone) as never,
    (both ? discriminators : { real: discriminators.real }) as never,
    {
      synthetic: onePair.synthetic,
      ...(both && { real: onePair.real }),
      weight: hostScalar(0.5),
      ...images,
    } as never,
  )) as OnHost<{
    loss: Tensor;
    metrics: Record<string, Tensor>;
    refiner: Record<string, Tensor>;
    inverse: Record<string, Tensor>;
  }>;
  const numbers = (tree: Record<string, HostTensor>) =>
    Object.fromEntries(Object.entries(tree).map(([name, tensor]) => [name, scalarOf(tensor)]));
  return {
    loss: scalarOf(result.loss),
    metrics: numbers(result.metrics),
    refiner: numbers(result.refiner),
    inverse: numbers(result.inverse),
  };
}

const change = Math.abs(R(x) - x);
const score = ofPhotographs(R(x));

describe("the refiner's objective", () => {
  it.each([
    ['log', softplus(-score)],
    ['least-squares', (score - 1) ** 2],
    ['hinge', -score],
  ] as const)('is the %s loss through the discriminator plus λ × change', async (loss, paid) => {
    for (const [reduction, pixels] of [
      ['mean', 1],
      ['sum', 16],
    ] as const) {
      const { metrics, ...rest } = await pay({ adversarial: { loss }, reduction });
      expect(rest.loss).toBeCloseTo(pixels * (paid + 0.5 * change), 4);
      expect(Object.keys(metrics).sort()).toEqual([
        'meanAbsoluteChange',
        'refinerAdversarial',
        'refinerLoss',
        'selfRegularization',
      ]);
      expect(metrics.refinerLoss).toBe(rest.loss);
      expect(metrics.refinerAdversarial).toBeCloseTo(pixels * paid, 4);
      expect(metrics.selfRegularization).toBeCloseTo(pixels * change, 4);
      expect(metrics.meanAbsoluteChange).toBeCloseTo(change, 5);
    }
  });

  it('takes λ from what it is fed, not from the configuration', async () => {
    const fed = await pay({ regularization: { weight: 7 } }, { weight: hostScalar(2) });
    expect(fed.loss).toBeCloseTo(softplus(-score) + 2 * change, 5);
  });

  it('logs the change without λ, but does not pay for it', async () => {
    const { loss, metrics } = await pay({ regularization: { weight: 0 } });
    expect(loss).toBeCloseTo(softplus(-score), 5);
    expect(metrics.selfRegularization).toBeCloseTo(change, 5);
  });

  it('weighs the terms of the regularizer before λ', async () => {
    const regularization = { pixels: 0.25, luminance: 2 };
    const { loss, metrics } = await pay({ regularization });
    expect(metrics.pixelDifference).toBeCloseTo(change, 5);
    expect(metrics.luminanceDifference).toBeCloseTo(change, 5);
    expect(loss).toBeCloseTo(softplus(-score) + 0.5 * (0.25 + 2) * change, 5);
  });

  it('does not smooth labels: the refiner wants to be taken for a photograph', async () => {
    const smoothed = await pay({ adversarial: { realSmoothing: 0.2 } });
    expect(smoothed.loss).toBe((await pay({})).loss);
  });

  it('shows the discriminator augmented images, and the regularizer the others', async () => {
    const images = {
      synthetic: firstColumn(2),
      augmentation: [moves(1, 2)],
    };

    const { metrics } = await pay({ channels: 1, adversarial: translated }, images);
    // Of four columns 2 and 3 are bright, R(1) = 1.6, and the others are R(0) = 0.1.
    const bright = (2 / 4 + 3 / 4) / 2;
    const expected = bright * ofPhotographs(R(1)) + (1 - bright) * ofPhotographs(R(0));
    expect(metrics.refinerAdversarial).toBeCloseTo(-expected, 5);
    expect(metrics.selfRegularization).toBeCloseTo((1 / 4) * 0.6 + (3 / 4) * 0.1, 5);
  });
});

describe("the refiner's objective with a cycle from renders", () => {
  it('adds μ × what the inverse refiner cannot bring back', async () => {
    const cycle = Math.abs(F(R(x)) - x);
    for (const [reduction, pixels] of [
      ['mean', 1],
      ['sum', 16],
    ] as const) {
      const { loss, metrics } = await pay({ reduction, cycle: { weight: 10 } });
      expect(metrics.cycleForward).toBeCloseTo(pixels * cycle, 4);
      expect(loss).toBeCloseTo(pixels * (softplus(-score) + 0.5 * change + 10 * cycle), 3);
      expect(metrics).not.toHaveProperty('cycleBackward');
      expect(metrics).not.toHaveProperty('inverseAdversarial');
    }
  });

  it('holds the image by the cycle alone where λ is 0', async () => {
    const { loss, metrics } = await pay({ regularization: { weight: 0 }, cycle: { weight: 10 } });
    expect(loss).toBeCloseTo(softplus(-score) + 10 * Math.abs(F(R(x)) - x), 4);
    expect(metrics.selfRegularization).toBeCloseTo(change, 5);
  });

  it('teaches both refiners', async () => {
    const { refiner, inverse } = await pay({ cycle: { weight: 10 } });
    const direction = Math.sign(F(R(x)) - x);
    expect(inverse.shift).toBeCloseTo(10 * direction, 4);
    expect(inverse.scale).toBeCloseTo(10 * direction * R(x), 4);
    const adversarial = -sigmoid(-score) * 2;
    const held = 0.5 * Math.sign(R(x) - x);
    expect(refiner.shift).toBeCloseTo(adversarial + held + 10 * direction * 0.5, 4);
    expect(refiner.scale).toBeCloseTo(refiner.shift * x, 4);
  });
});

describe("the refiner's objective with a cycle from both sides", () => {
  const forward = Math.abs(F(R(x)) - x);
  const backward = Math.abs(R(F(y)) - y);
  const inverseAdversarial = softplus(-ofRenders(F(y)));
  const both = (identityWeight: number): TrainConfigInput => ({
    cycle: { weight: 10, direction: 'both', identityWeight },
  });

  it('adds the cycle from photographs and the second discriminator’s verdict', async () => {
    const { loss, metrics } = await pay(both(0));
    expect(metrics.refinerAdversarial).toBeCloseTo(softplus(-score), 5);
    expect(metrics.inverseAdversarial).toBeCloseTo(inverseAdversarial, 5);
    expect(metrics.cycleForward).toBeCloseTo(forward, 5);
    expect(metrics.cycleBackward).toBeCloseTo(backward, 5);
    expect(metrics).not.toHaveProperty('identityMapping');
    const game = softplus(-score) + inverseAdversarial;
    expect(loss).toBeCloseTo(game + 0.5 * change + 10 * (forward + backward), 4);
  });

  it('adds ν × what each refiner does to images that are already right', async () => {
    const [without, withIdentity] = [await pay(both(0)), await pay(both(3))];
    const identity = Math.abs(R(y) - y) + Math.abs(F(x) - x);
    expect(withIdentity.metrics.identityMapping).toBeCloseTo(identity, 5);
    expect(withIdentity.loss - without.loss).toBeCloseTo(3 * identity, 4);
  });

  it('teaches the inverse refiner through its discriminator and both cycles', async () => {
    const { inverse } = await pay(both(3));
    const game = sigmoid(-ofRenders(F(y))) * 1.5;
    const cycles = Math.sign(F(R(x)) - x) + 1.5 * Math.sign(R(F(y)) - y);
    expect(inverse.shift).toBeCloseTo(game + 10 * cycles + 3 * Math.sign(F(x) - x), 4);
  });

  it('moves the images of each side by their own numbers', async () => {
    const images = {
      synthetic: firstColumn(2),
      real: firstColumn(2),
      augmentation: [moves(1, 1), moves(0, 0)],
    };

    const { metrics } = await pay({ channels: 1, adversarial: translated, ...both(0) }, images);
    const mixed = (bright: number, of: (value: number) => number) =>
      -(bright * of(1) + (1 - bright) * of(0));
    const expected = [
      mixed(2 / 4, (value) => ofPhotographs(R(value))),
      mixed(1 / 4, (value) => ofRenders(F(value))),
    ];
    expect(metrics.refinerAdversarial).toBeCloseTo(expected[0], 5);
    expect(metrics.inverseAdversarial).toBeCloseTo(expected[1], 5);
    const cycle = (1 / 4) * Math.abs(F(R(1)) - 1) + (3 / 4) * Math.abs(F(R(0)));
    expect(metrics.cycleForward).toBeCloseTo(cycle, 5);
  });
});
