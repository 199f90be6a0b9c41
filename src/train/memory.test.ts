import { expect, it } from 'vitest';
import { temporaryFolder } from '../files/testing/folders.ts';
import { medianSlope, residentMemory } from '../testing/resident-memory.ts';
import { playRun, tinyConfig, tinyFolders } from './testing/tiny-run.ts';

/** Most steps move the discriminator only, which takes a quarter of the time of an iteration. */
const [discriminatorSteps, steps] = [1750, 250];

/**
 * Bytes a step. A forgotten batch of two images is 6 KiB, a forgotten set of parameters 1 MiB. The
 * allocators' ups and downs reach 2 MiB in either phase, and now and then 6 in a few hundred steps: what is
 * forgotten is forgotten in every step, so the flatter half of the steps tells. Over the 150 of the second
 * phase 2 MiB are 14 KiB a step, so it is watched for forgotten parameters only.
 */
const largestSlope = { pretraining: 4096, game: 65_536 };

it(`leaves the resident memory flat over ${discriminatorSteps + steps} steps`, async () => {
  const folders = await tinyFolders(await temporaryFolder());
  const config = tinyConfig({
    size: 16,
    batchSize: 2,
    steps,
    pretraining: { discriminatorSteps },
    refinerStepsPerIteration: 1,
    // Saving and drawing take up to 40 MiB for a moment, which would hide what the steps do.
    checkpoints: { every: 10_000 },
    samples: { every: 10_000 },
  });
  const pretraining: [number, number][] = [];
  const game: [number, number][] = [];
  await playRun({ ...folders, config }, (event) => {
    if (event.kind !== 'step') return;
    const step = Number(event.metrics.step);
    if (event.phase === 'discriminator-pretraining') {
      if (step > 300 && step % 25 === 0) pretraining.push([step, residentMemory()]);
    } else if (step > 100 && step % 5 === 0) game.push([step, residentMemory()]);
  });
  expect([pretraining.length, game.length]).toEqual([58, 30]);
  const halves = [pretraining.slice(0, 29), pretraining.slice(29)].map(medianSlope);
  expect(Math.min(...halves)).toBeLessThan(largestSlope.pretraining);
  expect(medianSlope(game)).toBeLessThan(largestSlope.game);
}, 300_000);
