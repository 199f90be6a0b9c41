import { expect, it } from 'vitest';
import { temporaryFolder } from '../files/testing/folders.ts';
import { medianSlope, residentMemory } from '../testing/resident-memory.ts';
import { playRun, tinyConfig, tinyFolders } from './testing/tiny-run.ts';

/** Most steps move the discriminator only, which takes a quarter of the time of an iteration. */
const [discriminatorSteps, steps] = [2750, 250];
/**
 * Steps after which the first phase is watched: until then allocators rise by 2 to 3 KiB a step and
 * level off.
 */
const warmUp = 1300;

/**
 * Bytes a step. A forgotten batch of two images is 6 KiB, a forgotten set of parameters 1 MiB. The
 * allocators' ups and downs reach 2 MiB in either phase: 1.4 KiB a step over 1,450 steps, but 14
 * KiB over 150, so the second phase is watched for forgotten parameters only.
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
      if (step > warmUp && step % 25 === 0) pretraining.push([step, residentMemory()]);
    } else if (step > 100 && step % 5 === 0) game.push([step, residentMemory()]);
  });
  expect([pretraining.length, game.length]).toEqual([58, 30]);
  expect(medianSlope(pretraining)).toBeLessThan(largestSlope.pretraining);
  expect(medianSlope(game)).toBeLessThan(largestSlope.game);
}, 300_000);
