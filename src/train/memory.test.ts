import { expect, it } from 'vitest';
import { temporaryFolder } from '../files/testing/folders.ts';
import { medianSlope, residentMemory } from '../testing/resident-memory.ts';
import { playRun, tinyConfig, tinyFolders } from './testing/tiny-run.ts';

/** Most steps move the discriminator only, which takes a quarter of the time of a whole iteration. */
const [discriminatorSteps, steps] = [1800, 200];
const settled = 300;
const every = 20;

/**
 * Bytes a step. A forgotten batch of two images is 6 KiB, a forgotten set of parameters 1 MiB;
 * the allocators' ups and downs reach 2 MiB over all steps, 1 KiB a step.
 */
const largestSlope = 4096;

it(`leaves the resident memory flat over ${discriminatorSteps + steps} steps`, async () => {
  const folders = await tinyFolders(await temporaryFolder());
  const config = tinyConfig({
    size: 16,
    batchSize: 2,
    steps,
    pretraining: { discriminatorSteps },
    refinerStepsPerIteration: 1,
    // Saving takes up to 40 MiB for a moment, which would hide what the steps do.
    checkpoints: { every: 10_000 },
  });
  const points: [number, number][] = [];
  await playRun({ ...folders, config }, (event) => {
    if (event.kind !== 'step' || event.index < settled || event.index % every !== 0) return;
    points.push([event.index, residentMemory()]);
  });
  expect(points.length).toBeGreaterThan(60);
  // Of each phase for itself: the second begins with memory that the first did not need.
  const [first, second] = [
    points.filter(([index]) => index <= discriminatorSteps),
    points.filter(([index]) => index >= discriminatorSteps + 50),
  ];
  expect(medianSlope(first)).toBeLessThan(largestSlope);
  expect(medianSlope(second)).toBeLessThan(largestSlope);
}, 300_000);
