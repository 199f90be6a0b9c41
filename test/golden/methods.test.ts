import { describe, expect, it } from 'vitest';
import { augment } from '../../src/augment/index.ts';
import { randomKey } from '../../src/base/random.ts';
import { mapTree, type Tree } from '../../src/base/tree.ts';
import {
  adversarialLosses,
  cycleConsistencyLoss,
  identityEmbeddingLoss,
  imageGradientLoss,
  patchCrossEntropy,
  realGradientPenalty,
  totalVariationLoss,
} from '../../src/losses/index.ts';
import { type PatchDiscriminatorParameters, patchDiscriminator } from '../../src/models/index.ts';
import { fansOf } from '../../src/nn/initializers.ts';
import { evaluate } from '../../src/nn/testing/evaluate.ts';
import { gradients } from '../../src/tensor/gradient.ts';
import { type HostTensor, hostTensor } from '../../src/tensor/host-tensor.ts';
import { square } from '../../src/tensor/operators/elementwise.ts';
import { sum } from '../../src/tensor/operators/reduce.ts';
import { reshape } from '../../src/tensor/operators/reshape.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import { trainConfig } from '../../src/train/config.ts';
import { regularize } from '../../src/train/regularize.ts';
import { deviation, pseudoRandom, readFixture } from './fixture.ts';

const fixture = readFixture('methods');

/** As in `PATCH_SHAPES` of `methods.py`. */
const layers = {
  trunk: [
    { kernel: 4, stride: 2, filters: 8 },
    { kernel: 3, stride: 1, filters: 12 },
  ],
  logitsKernel: 3,
};

const variants = {
  plain: {},
  spectral: { spectralNorm: true },
  instance: { normalization: 'instance' },
} as const;

/** Weights and biases in the order of `PATCH_SHAPES`; the norms keep scale 1 and shift 0. */
function goldenParameters(fresh: Tree<HostTensor>): Tree<HostTensor> {
  let seed = 500;
  return mapTree<HostTensor, HostTensor>(fresh, (leaf, name) => {
    if (name.startsWith('norms')) return leaf;
    const { shape } = leaf;
    if (shape.length === 1) return pseudoRandom(seed++, shape, 0.1);
    const { fanIn, fanOut } = fansOf(shape);
    return pseudoRandom(seed++, shape, Math.sqrt(6 / (fanIn + fanOut)));
  });
}

describe('the gradient penalty equals PyTorch’s double backward', () => {
  it.each(Object.entries(variants))('%s', async (name, options) => {
    const network = patchDiscriminator({ channels: 3, layers, ...options });
    const penalty = (p: PatchDiscriminatorParameters<Tensor>, x: Tensor) => {
      const value = realGradientPenalty([network.apply(p, x)], x, 'mean');
      const weights = [p.trunk[0].weight, p.trunk[1].weight, p.logits.weight];
      const [first, second, logits] = gradients(value, weights);
      return { value, 'trunk.0.weight': first, 'trunk.1.weight': second, 'logits.weight': logits };
    };
    const parameters = goldenParameters(network.init(randomKey(0)));
    const result = await evaluate(penalty, parameters, pseudoRandom(41, [2, 3, 20, 22]));
    for (const [key, value] of Object.entries(result)) {
      const off = deviation(value, fixture.get(`penalty.${name}.${key}`));
      expect(off, key).toBeLessThan(2e-4);
    }
  });
});

it('the losses equal PyTorch’s', async () => {
  const result = await evaluate(
    (refined: Tensor, real: Tensor, x: Tensor, y: Tensor) => {
      const { 'least-squares': leastSquares, hinge } = adversarialLosses;
      const colours = (luminance: number, chrominance: number) => {
        const shares = { pixels: 0, luminance, chrominance };
        return regularize(x, y, trainConfig({ regularization: { ...shares, norm: 'l1' } })).total;
      };
      return {
        'leastSquares.refined': leastSquares.discriminator(refined, 'refined', 'mean'),
        'leastSquares.real': leastSquares.discriminator(real, 'real', 'mean'),
        'leastSquares.refiner': leastSquares.refiner(refined, 'mean'),
        'hinge.refined': hinge.discriminator(refined, 'refined', 'mean'),
        'hinge.real': hinge.discriminator(real, 'real', 'mean'),
        'hinge.refiner': hinge.refiner(refined, 'mean'),
        smoothed: patchCrossEntropy(real, 'real', 'mean', { smoothing: 0.1 }),
        luminance: colours(1, 0),
        chrominance: colours(0, 1),
        gradients: imageGradientLoss(x, y, { of: 'luminance', norm: 'l1', reduction: 'mean' }),
        variation: totalVariationLoss(y, 'mean'),
        identity: identityEmbeddingLoss(x, y, (z) => reshape(z, [2, -1])),
        cycle: cycleConsistencyLoss(x, y, 'mean'),
      };
    },
    pseudoRandom(11, [3, 2, 4, 5], 4),
    pseudoRandom(12, [2, 2, 4, 5], 4),
    pseudoRandom(13, [2, 3, 6, 7]),
    pseudoRandom(14, [2, 3, 6, 7]),
  );
  for (const [name, value] of Object.entries(result)) {
    expect(deviation(value, fixture.get(`losses.${name}`)), name).toBeLessThan(2e-6);
  }
});

it('augmentation and its gradient equal PyTorch’s', async () => {
  const between = (seed: number, low: number, high: number) => {
    const { shape, data } = pseudoRandom(seed, [4, 1, 1, 1]);
    return hostTensor(
      shape,
      data.map((u) => ((u + 1) / 2) * (high - low) + low),
    );
  };
  const marked = (shape: readonly number[], size: number, start: number, end: number) =>
    hostTensor(
      shape,
      Float32Array.from({ length: 4 * size }, (_, i) =>
        i % size >= start && i % size < end ? 1 : 0,
      ),
    );
  const numbers = {
    colour: {
      brightness: between(62, -0.5, 0.5),
      saturation: between(63, 0, 2),
      contrast: between(64, 0.5, 1.5),
    },
    translation: {
      rows: hostTensor([4, 1, 1], Float32Array.of(1, -2, 0, 3)),
      columns: hostTensor([4, 1, 1], Float32Array.of(-1, 0, 2, 4)),
    },
    cutout: { rows: marked([4, 1, 8, 1], 8, 2, 6), columns: marked([4, 1, 1, 10], 10, 0, 5) },
  };
  const { images, gradient } = await evaluate(
    (n: Parameters<typeof augment>[0], x: Tensor) => {
      const images = augment(n, x);
      return { images, gradient: gradients(sum(square(images)), [x])[0] };
    },
    numbers,
    pseudoRandom(61, [4, 3, 8, 10]),
  );
  expect(deviation(images, fixture.get('augmentation.images'))).toBeLessThan(1e-6);
  expect(deviation(gradient, fixture.get('augmentation.gradient'))).toBeLessThan(2e-6);
});
