import { describe, expect, it } from 'vitest';
import { normal, randomKey } from '../base/random.ts';
import { createStagnationMonitor, type StagnationSample } from './stagnation.ts';

type Series = (step: number) => number;

interface Curves {
  readonly change?: Series;
  readonly loss?: Series;
  readonly accuracy?: Series;
  readonly seed?: number;
  /** Relative standard deviation. */
  readonly scatter?: number;
  /** The distance to the photographs, measured every so many iterations. */
  readonly realism?: Series;
  readonly every?: number;
  /** What of the last iteration's deviation stays, 0 … 1. */
  readonly memory?: number;
}

const window = 200;

/**
 * Noise about a series, one deviation of it an iteration, alike from one to the next by `memory`.
 */
function noisy(
  series: Series,
  seed: number,
  { scatter = 0.05, memory = 0 }: Curves,
  count: number,
) {
  const z = normal(randomKey(seed), count);
  let deviation = 0;
  return Array.from(z, (value, i) => {
    deviation = memory * deviation + Math.sqrt(1 - memory ** 2) * value;
    return series(i) * (1 + scatter * deviation);
  });
}

/** The iterations at which a series of `count` gives a notice. */
function notices(count: number, curves: Curves): number[] {
  const { change = () => 0.05, loss = () => 0.7, accuracy = () => 0.6 } = curves;
  const { seed = 1, every = 50 } = curves;
  const changes = noisy(change, 3 * seed, curves, count);
  const losses = noisy(loss, 3 * seed + 1, curves, count);
  const accuracies = noisy(accuracy, 3 * seed + 2, curves, count);
  const monitor = createStagnationMonitor(window);
  return changes.flatMap((meanAbsoluteChange, i) => {
    const sample: StagnationSample = {
      step: i + 1,
      meanAbsoluteChange,
      refinerAdversarial: losses[i],
      accuracyRefined: accuracies[i],
      ...(curves.realism && i % every === 0 && { realism: curves.realism(i) }),
    };
    const notice = monitor.add(sample);
    return notice ? [notice.step] : [];
  });
}

const seeds = [1, 2, 3, 4, 5];

describe('the stagnation monitor', () => {
  it.each(seeds)('gives one notice on flat noise (seed %i)', (seed) => {
    const steps = notices(3000, { seed });
    expect(steps.length).toBe(1);
    expect(steps[0]).toBeGreaterThanOrEqual(1.5 * window - 1);
    expect(steps[0]).toBeLessThan(5 * window);
  });

  it.each(seeds)('gives one where noise lasts for some iterations (seed %i)', (seed) => {
    expect(notices(3000, { seed, memory: 0.8 }).length).toBe(1);
  });

  it.each([
    ['a slowly growing change', { change: (i) => 0.02 * 1.001 ** i }],
    ['a slowly falling change', { change: (i) => 0.2 * 0.999 ** i }],
    ['a falling loss', { loss: (i) => 2 - i / 1000 }],
    ['a falling accuracy', { accuracy: (i) => 0.9 - i / 2500 }],
    ['a falling measured distance', { realism: (i) => 0.008 * 0.9997 ** i }],
  ] satisfies [string, Curves][])('is silent on %s', (_, curves) => {
    for (const seed of seeds) expect(notices(1500, { ...curves, seed })).toEqual([]);
  });

  it.each([
    ['rising loss', { loss: (i) => 0.7 + i / 3000 }],
    ['rising accuracy', { accuracy: (i) => 0.5 + i / 8000 }],
    ['measured distance that only swings', { realism: (i) => 0.008 + 0.001 * Math.sin(i) }],
  ] satisfies [string, Curves][])(
    'takes a %s for no movement toward the photographs',
    (_, curves) => {
      for (const seed of seeds) expect(notices(1500, { ...curves, seed }).length).toBe(1);
    },
  );

  it('waits for ten measurements that come no nearer, however seldom they are made', () => {
    const untilNearer = (iterations: number): Curves => ({
      realism: (i) => 0.008 * 0.97 ** Math.floor(i / iterations),
      every: 200,
    });
    for (const seed of seeds) {
      const begun = (steps: readonly number[]) => steps.filter((step) => step > 1000);
      expect(begun(notices(6000, { ...untilNearer(2000), seed }))).toEqual([]);
      const [first] = begun(notices(6000, { ...untilNearer(3000), seed }));
      expect(first).toBeGreaterThan(5000);
      expect(first).toBeLessThan(5000 + 2 * window);
    }
  });

  it('gives another notice after the run has moved', () => {
    const change = (i: number) => (i < 1000 ? 0.05 : i < 1800 ? 0.05 + (i - 1000) / 4000 : 0.25);
    for (const seed of seeds) {
      const steps = notices(3500, { change, seed });
      expect(steps.length).toBe(2);
      expect(steps[0]).toBeLessThan(1000);
      expect(steps[1]).toBeGreaterThan(1800);
    }
  });

  it('is silent before a window and a half has passed', () => {
    expect(notices(1.5 * window - 2, {})).toEqual([]);
  });

  it('says what it saw', () => {
    const monitor = createStagnationMonitor(20);
    const messages = Array.from({ length: 40 }, (_, i) =>
      monitor.add({
        step: i + 1,
        meanAbsoluteChange: 0.05,
        refinerAdversarial: 0.7,
        accuracyRefined: 0.6,
      }),
    ).flatMap((notice) => (notice ? [notice.message] : []));
    expect(messages.length).toBe(1);
    expect(messages[0]).toMatch(
      /^Stagnation at iteration 29: .*mean absolute change 0\.0500, adversarial loss 0\.700, .* 60 % /,
    );
  });
});
