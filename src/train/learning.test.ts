import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../files/testing/folders.ts';
import { hostTensor } from '../tensor/host-tensor.ts';
import type { TrainConfigInput } from './config.ts';
import { initialCounters } from './counters.ts';
import { createEngine } from './engine.ts';
import { createGame } from './game.ts';
import { progressPoint, totalSteps } from './progress-point.ts';
import { tinyConfig, tinyFolders } from './testing/tiny-run.ts';
import { openTrainingImages } from './training-images.ts';

const mean = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

/** Trains on dark renders and bright photographs; the metrics of all steps, and what came out. */
async function learn(values: TrainConfigInput) {
  const folders = await tinyFolders(await temporaryFolder());
  const config = tinyConfig({ history: { capacity: 16 }, average: { decay: 0 }, ...values });
  const images = await openTrainingImages({ ...folders, config });
  const engine = await createEngine(config, { threads: 1 });
  const game = createGame({ config, engine, images, counters: initialCounters(config) });
  const { images: synthetic } = await images.synthetic.batch(0);
  const copy = hostTensor(synthetic.shape, synthetic.data.slice());
  const fresh = mean((await engine.refine(copy, 'current')).data);
  const metrics: Readonly<Record<string, number>>[] = [];
  for (let index = 0; index < totalSteps(config); index++) {
    metrics.push(await game.play(progressPoint(index, config)));
  }
  const refined = await engine.refine(copy, 'current');
  const { images: real } = await images.real.batch(0);
  const brightness = {
    fresh,
    synthetic: mean(copy.data),
    refined: mean(refined.data),
    real: mean(real.data),
  };
  await engine.dispose();
  return { metrics, brightness };
}

const fast = { learningRate: { refiner: 1e-3, discriminator: 1e-3 } };

/** A refiner that needs no pre-training and little time. */
const identityAtFirst = {
  ...fast,
  refiner: { architecture: 'pixel-shuffle', features: 16, blocks: 1 },
  pretraining: { refinerSteps: 0, discriminatorSteps: 10 },
} satisfies TrainConfigInput;

describe('training', () => {
  it('brings the refiner to the identity, and the discriminator to tell renders from photographs', async () => {
    const { metrics, brightness } = await learn({
      ...fast,
      steps: 1,
      pretraining: { refinerSteps: 30, discriminatorSteps: 30 },
    });
    const [refiner, discriminator] = [metrics.slice(0, 30), metrics.slice(30, 60)];
    const regularization = refiner.map((line) => line.selfRegularization);
    expect(mean(regularization.slice(-5))).toBeLessThan(0.3 * regularization[0]);
    const accuracy = discriminator.map((line) => (line.accuracyReal + line.accuracyRefined) / 2);
    expect(accuracy[0]).toBeLessThan(0.8);
    expect(mean(accuracy.slice(-5))).toBeGreaterThan(0.95);
    const { synthetic, real, refined } = brightness;
    expect(Math.abs(refined - synthetic)).toBeLessThan(0.3 * (real - synthetic));
  });

  it.each([
    ['SimGAN', {}],
    [
      'the control without history and regularizer',
      {
        discriminator: { architecture: 'simgan-eyes-global' },
        history: { capacity: 0 },
        regularization: { weight: 0 },
      },
    ],
  ] satisfies [string, TrainConfigInput][])(
    'moves renders toward photographs as %s',
    async (_, values) => {
      const { brightness } = await learn({
        ...fast,
        steps: 40,
        pretraining: { refinerSteps: 20, discriminatorSteps: 15 },
        regularization: { weight: 0.1 },
        ...values,
      });
      const { synthetic, refined, real } = brightness;
      expect(real - synthetic).toBeGreaterThan(0.5);
      expect((refined - synthetic) / (real - synthetic)).toBeGreaterThan(0.4);
    },
  );

  it('does not move them where the regularizer outweighs the game', async () => {
    const { brightness } = await learn({
      ...fast,
      steps: 15,
      pretraining: { refinerSteps: 30, discriminatorSteps: 10 },
      regularization: { weight: 1000 },
    });
    const { synthetic, refined, real } = brightness;
    expect(Math.abs(refined - synthetic) / (real - synthetic)).toBeLessThan(0.2);
  });

  it.each([
    [
      'CycleGAN, which nothing but the cycle holds',
      {
        batchSize: 2,
        steps: 30,
        refiner: { architecture: 'resnet-generator', features: 16, blocks: 1 },
        optimizer: { name: 'adam', beta1: 0.5 },
        adversarial: { loss: 'least-squares' },
        cycle: { weight: 5, direction: 'both' },
        regularization: { weight: 0 },
      },
    ],
    [
      'hinge with augmentation, gradient penalty and several terms',
      {
        size: 28,
        optimizer: { name: 'adam', beta1: 0.5 },
        learningRate: { refiner: 5e-4, discriminator: 1e-3 },
        discriminator: { architecture: 'patch' },
        adversarial: { loss: 'hinge', augmentation: ['translation'], gradientPenalty: 0.1 },
        regularization: { weight: 2, pixels: 0.3, imageGradients: 0.7, totalVariation: 0.1 },
      },
    ],
  ] satisfies [string, TrainConfigInput][])(
    'moves renders toward photographs as %s',
    async (_, values) => {
      const { brightness } = await learn({ ...identityAtFirst, steps: 30, ...values });
      const { fresh, synthetic, refined, real } = brightness;
      const moved = (refined - synthetic) / (real - synthetic);
      const before = (fresh - synthetic) / (real - synthetic);
      expect(Math.abs(moved - 1)).toBeLessThan(Math.abs(before - 1));
      expect(moved).toBeGreaterThan(0.4);
      expect(moved).toBeLessThan(1.6);
    },
  );

  it('learns to undo what the refiner does', async () => {
    const { metrics } = await learn({
      ...identityAtFirst,
      refiner: { architecture: 'simgan-eyes' },
      batchSize: 2,
      steps: 20,
      regularization: { weight: 0.5 },
      cycle: { weight: 2 },
    });
    const cycle = metrics.flatMap(({ cycleForward }) => cycleForward ?? []);
    expect(cycle.length).toBe(20);
    expect(mean(cycle.slice(-5))).toBeLessThan(0.5 * mean(cycle.slice(0, 5)));
  });
});
