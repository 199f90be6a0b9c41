import { describe, expect, it } from 'vitest';
import { trainConfig } from '../../src/train/config.ts';
import { runsOf } from './plan.ts';
import { obstacle, recipeDifferences, recipeOf, resolveRun } from './resolve-run.ts';
import type { Row, Run } from './row.ts';
import { rows } from './rows/index.ts';

const base = rows.find(({ name }) => name === 'base')!;
const runOf = (row: Row): Run => ({ row, channels: 3, seed: 1 });

describe('the rows', () => {
  it('have different names that are file names', () => {
    const names = rows.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z0-9-]+$/.test(name))).toEqual([]);
  });

  it('can all run, but for those that say what they need', () => {
    const hindered = rows
      .filter(({ needs }) => needs === undefined)
      .flatMap(runsOf)
      .flatMap((run) => obstacle(run, 64) ?? []);
    expect(hindered).toEqual([]);
  });

  it('change something of their preset, where they say so', () => {
    const idle = rows
      .filter(({ set, needs }) => set.length > 0 && needs === undefined)
      .filter((row) => {
        const { changed } = resolveRun(runOf(row), 64);
        return !row.set.some((text) => changed.includes(text.slice(0, text.indexOf('='))));
      });
    expect(idle.map(({ name }) => name)).toEqual([]);
  });
});

describe('resolveRun', () => {
  it('takes over form and seed, and leaves the end to the time', () => {
    const { config, changed } = resolveRun({ row: base, channels: 1, seed: 7 }, 64);
    expect(config).toMatchObject({ channels: 1, seed: 7, size: [64, 64], steps: 1_000_000 });
    expect(config.regularization.weight).toBe(0.75);
    expect(changed).toEqual(expect.arrayContaining(['channels', 'seed', 'steps']));
  });

  it('says which key or preset is not there', () => {
    const withKey = { ...base, set: ['regularization.magic=1'], needs: 'regularization.magic' };
    expect(obstacle(runOf(withKey), 64)).toMatch(
      /row base.*"?regularization\.magic"?.*needs regularization\.magic/s,
    );
    expect(obstacle(runOf({ ...base, preset: 'magic' }), 64)).toMatch(/preset magic for row base/);
  });

  it('leaves the fall of a learning rate to the time too', () => {
    const row = rows.find(({ name }) => name === 'cyclegan')!;
    const { config } = resolveRun(runOf(row), 64);
    expect(config).toMatchObject({ steps: 1_000_000, learningRate: { after: '50%' } });
  });

  it('keeps the iterations that a row gives', () => {
    const { config } = resolveRun(runOf({ ...base, set: [...base.set, 'steps=7'] }), 64);
    expect(config.steps).toBe(7);
  });
});

describe('recipeOf', () => {
  it('has what is not the default and does not depend on seed and time', () => {
    const recipe = recipeOf(trainConfig({ batchSize: 8, seed: 9, steps: 5 }));
    expect(recipe).toEqual({ batchSize: 8 });
    expect(recipeDifferences(recipe, recipe)).toEqual([]);
    expect(recipeDifferences(recipe, { batchSize: 4, channels: 1 })).toEqual([
      'batchSize',
      'channels',
    ]);
  });
});
