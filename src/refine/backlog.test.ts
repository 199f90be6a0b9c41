import { expect, test } from 'vitest';
import { createBacklog } from './backlog.ts';

test('it shrinks as actions end, and settles when all have', async () => {
  const backlog = createBacklog();
  const ends: (() => void)[] = [];
  let ended = 0;
  for (let i = 0; i < 3; i++) {
    const action = new Promise<void>((resolve) => ends.push(resolve));
    const count = () => {
      ended += 1;
    };
    backlog.add(action.then(count));
  }
  await backlog.shrinkTo(3);
  expect(ended).toBe(0);
  ends[1]();
  await backlog.shrinkTo(2);
  expect(ended).toBe(1);
  ends[0]();
  ends[2]();
  await backlog.settle();
  expect(ended).toBe(3);
});

test('a failure comes out at once and stays; settling does not throw it', async () => {
  const backlog = createBacklog();
  backlog.add(new Promise(() => {}));
  backlog.add(Promise.reject(new Error('full disk')));
  await expect(backlog.shrinkTo(0)).rejects.toThrow('full disk');
  await expect(backlog.shrinkTo(9)).rejects.toThrow('full disk');
  const failed = createBacklog();
  failed.add(Promise.reject(new Error('full disk')));
  await failed.settle();
  await expect(failed.shrinkTo(0)).rejects.toThrow('full disk');
});
