import { expect, it } from 'vitest';
import type { RefineEvent, RefineOutcome } from '../refine/refine.ts';
import type { TrainEvent, TrainOutcome } from '../train/train.ts';
import { createProgress } from './progress.ts';
import { followRefinement } from './refine.ts';
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

it('shows no progress where nothing is left to do', async () => {
  const none = recording();
  await followTraining(training(90, 90), none.context);
  await followRefinement(refinement(20), none.context);
  expect(none.text()).toBe('20 of 20 images were refined earlier.\n');
});
