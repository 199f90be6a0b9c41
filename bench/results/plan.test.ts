import { describe, expect, it } from 'vitest';
import { inSensibleOrder, minutesOf, nextRun, runsOf } from './plan.ts';
import { type Row, rowsOf, runName } from './row.ts';

const simgan = rowsOf({ group: 'simgan', preset: 'gan', minutes: 6, channels: [3, 1] });
const contest = rowsOf({ group: 'contest', preset: 'gan', minutes: 20, channels: [3] });
const time = rowsOf({ group: 'time', preset: 'gan', minutes: 120, channels: [3], seeds: [1] });
const a: Row = simgan({ name: 'a', question: '' });
const b: Row = contest({ name: 'b', question: '' });
const c: Row = time({ name: 'c', question: '' });
const d: Row = contest({ name: 'd', question: '', minutes: 120, seeds: [1] });

describe('runsOf', () => {
  it('has every seed in colour and the first in grey', () => {
    expect(runsOf(a).map(runName)).toEqual(['a-3-1', 'a-3-2', 'a-1-1']);
  });
});

describe('inSensibleOrder', () => {
  it('answers every question once before it repeats one, and takes the long runs last', () => {
    const order = inSensibleOrder([d, c, b, a].flatMap(runsOf)).map(runName);
    expect(order).toEqual(['a-3-1', 'b-3-1', 'a-1-1', 'a-3-2', 'b-3-2', 'd-3-1', 'c-3-1']);
  });
});

describe('nextRun', () => {
  const runs = [b, a].flatMap(runsOf);

  it('is the first that fits into the time', () => {
    expect(nextRun(runs, 60)).toBe(runs[0]);
    expect(minutesOf(runs[0])).toBeGreaterThan(20);
    expect(runName(nextRun(runs, 15)!)).toBe('a-3-1');
  });

  it('counts the networks of the usefulness, and no training of a run that is finished', () => {
    const [run] = runs;
    const minutes = (trains: boolean, usefulness: boolean) =>
      minutesOf(run, { trains, usefulness });
    expect(minutes(true, true)).toBe(minutes(true, false) + minutes(false, true));
    expect(minutes(false, true)).toBeGreaterThan(10);
    const next = (left: number) =>
      nextRun([run], left, (each) => minutesOf(each, { trains: true, usefulness: true }));
    expect(next(minutes(true, true) - 1)).toBeUndefined();
    expect(next(minutes(true, true))).toBe(run);
  });

  it('is none where none fits', () => {
    expect(nextRun(runs, 6)).toBeUndefined();
    expect(nextRun([], 60)).toBeUndefined();
  });
});
