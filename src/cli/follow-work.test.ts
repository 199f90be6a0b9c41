import { expect, it } from 'vitest';
import type { RefineEvent, RefineOutcome } from '../refine/refine.ts';
import type { TrainEvent, TrainOutcome } from '../train/train.ts';
import { createProgress } from './progress.ts';
import { followRefinement } from './refine.ts';
import { selectionText } from './selection-text.ts';
import { followTraining } from './train.ts';

/** A context and all that it has written. */
function recording() {
  let text = '';
  const write = (more: string) => {
    text += more;
  };
  const progress = createProgress({ write, isTerminal: false, columns: () => 80, now: () => 0 });
  return { context: { progress, log: progress.log }, text: () => text };
}

async function* training(index: number, total: number): AsyncGenerator<TrainEvent, TrainOutcome> {
  yield { kind: 'start', index, total, nodeCounts: {} } as unknown as TrainEvent;
  return { outcome: 'finished' } as TrainOutcome;
}

async function* refinement(done: number): AsyncGenerator<RefineEvent, RefineOutcome> {
  yield { kind: 'start', model: {}, total: 20, done } as RefineEvent;
  return { outcome: 'finished' } as RefineOutcome;
}

it('leaves out a number of steps that time cuts short', async () => {
  const counted = recording();
  await followTraining(training(3, 90), counted.context);
  expect(counted.text()).toContain('Training  3/90 steps');
  const timed = recording();
  await followTraining(training(3, 90), timed.context, { isTimed: true });
  expect(timed.text()).toContain('Training  3 steps');
});

const record = {
  ...{ step: 40, realism: 0.012345, realismOfRenders: 0.02, seconds: 3 },
  ...{ drift: 0.3, noiseFloor: 0.4, driftLimit: 0.4 },
};

it('says what was measured of a refiner, and which one it is about', async () => {
  const { context, text } = recording();
  async function* measuring(): AsyncGenerator<TrainEvent, TrainOutcome> {
    yield { kind: 'validation', renders: 20, photographs: 30 };
    yield { kind: 'selection', record, isBest: true };
    yield { kind: 'selection', record: { ...record, step: 50 }, isBest: false };
    return { outcome: 'finished' } as TrainOutcome;
  }
  await followTraining(measuring(), context);
  const measures =
    'distance to the photographs 0.0123 (renders 0.02), landmark drift 0.3 of at most 0.4 pixels';
  expect(text()).toBe(
    [
      'Looking at 20 renders and 30 photographs that no step trains on.',
      `Iteration 40: ${measures}; the best so far`,
      `Iteration 50: ${measures}`,
      '',
    ].join('\n'),
  );
  async function* refining(): AsyncGenerator<RefineEvent, RefineOutcome> {
    yield { kind: 'start', model: { selected: record }, total: 20, done: 20 } as RefineEvent;
    return { outcome: 'finished' } as RefineOutcome;
  }
  const refined = recording();
  await followRefinement(refining(), refined.context);
  expect(refined.text()).toContain(
    `The refiner of iteration 40, which the run selected: ${measures}.`,
  );
});

it.each([
  [
    'realism',
    /^The refiner of iteration 40 is exported, the most realistic of 3 measured: distance/,
  ],
  [
    'least-drift',
    /^No refiner kept the landmarks within the limit\. .* least of 3 measured: .*driftLimit\.$/,
  ],
] as const)('says of a refiner selected by %s why', (reason, text) => {
  const counts = { candidates: 3, withinLimit: 1 };
  expect(selectionText({ step: 40, reason, measured: record, ...counts })).toMatch(text);
});

it('shows no progress where nothing is left to do', async () => {
  const none = recording();
  await followTraining(training(90, 90), none.context);
  await followRefinement(refinement(20), none.context);
  expect(none.text()).toBe('20 of 20 images were refined earlier.\n');
});
