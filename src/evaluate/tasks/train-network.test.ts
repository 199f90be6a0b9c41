import { expect, test } from 'vitest';
import { randomKey, split, uniform } from '../../base/random.ts';
import { landmarkNetwork } from './landmark-network.ts';
import { smallNetwork } from './small-network.ts';
import { type TrainNetworkOptions, trainNetwork } from './train-network.ts';
import { taskInputSize } from './trainable-network.ts';

const pixels = 3 * taskInputSize ** 2;

/** A bright square somewhere on dark ground; its centre is what there is to learn. */
function squares(seed: number, count: number) {
  const images = new Float32Array(count * pixels).fill(-1);
  const centres = new Float32Array(count * 2);
  for (let i = 0; i < count; i++) {
    const [u, v] = uniform(split(randomKey(seed), i), 2);
    const [left, top] = [Math.floor(8 + 40 * u), Math.floor(8 + 40 * v)];
    centres.set([(left + 4) / taskInputSize, (top + 4) / taskInputSize], 2 * i);
    for (let c = 0; c < 3; c++) {
      for (let y = top; y < top + 8; y++) {
        const row = i * pixels + (c * taskInputSize + y) * taskInputSize;
        images.fill(1, row + left, row + left + 8);
      }
    }
  }
  return { images, centres };
}

/** Trains a network to say where the square is; gives its mean error in fractions of the image. */
async function errorOf(
  options: Pick<TrainNetworkOptions<never>, 'network' | 'steps' | 'learningRate'>,
) {
  const trained = await trainNetwork({
    ...{ ...options, key: randomKey(1), outputs: 2, loss: 'absolute', batchSize: 16 },
    batch: (step) => {
      const { images, centres } = squares(step, 16);
      return { images, targets: centres.map((v) => v - 0.5) };
    },
  });
  const { images, centres } = squares(9999, 20);
  const layers = await trained.predict(images);
  await trained.dispose();
  const errors = layers.output.map(([x, y], i) =>
    Math.hypot(x + 0.5 - centres[2 * i], y + 0.5 - centres[2 * i + 1]),
  );
  expect(errors).toHaveLength(20);
  return { error: errors.reduce((sum, e) => sum + e, 0) / 20, loss: trained.finalLoss, layers };
}

test('learns where a square is', async () => {
  const { error, loss, layers } = await errorOf({ network: smallNetwork, steps: 150 });
  expect(error).toBeLessThan(0.08);
  expect(loss).toBeLessThan(0.06);
  expect((layers as { hidden?: Float32Array[] }).hidden?.[0]).toHaveLength(128);
});

test('learns it to a fraction of a pixel from a heat map', async () => {
  const { error, layers } = await errorOf({
    network: landmarkNetwork,
    steps: 120,
    learningRate: 1e-2,
  });
  expect(error).toBeLessThan(0.5 / taskInputSize);
  expect(Object.keys(layers)).toEqual(['output']);
});

test('learns two classes, the same with the same key', async () => {
  const train = () =>
    trainNetwork({
      network: smallNetwork,
      key: randomKey(2),
      outputs: 2,
      loss: 'cross-entropy',
      batchSize: 16,
      steps: 30,
      batch: (step) => {
        const { images, centres } = squares(step, 16);
        const targets = Float32Array.from({ length: 32 }, (_, i) => {
          const isRight = centres[2 * (i >> 1)] > 0.5;
          return (i % 2 === 1) === isRight ? 1 : 0;
        });
        return { images, targets };
      },
    });
  const [first, second] = [await train(), await train()];
  expect(first.finalLoss).toBe(second.finalLoss);
  const { images, centres } = squares(8888, 32);
  const { output } = await first.predict(images);
  const right = output.filter(([no, yes], i) => yes > no === centres[2 * i] > 0.5);
  expect(right.length).toBeGreaterThan(28);
  await Promise.all([first.dispose(), second.dispose()]);
});
