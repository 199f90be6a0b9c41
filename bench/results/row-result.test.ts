import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/user-error.ts';
import { put } from '../../src/data/testing/images.ts';
import { temporaryFolder } from '../../src/files/testing/folders.ts';
import { recipeOf, resolveRun } from './resolve-run.ts';
import type { Run } from './row.ts';
import { readRowResults, writeRowResult } from './row-result.ts';
import { rows } from './rows/index.ts';
import { listOf, statusOf } from './status.ts';
import { madeUpResult } from './testing/made-up-result.ts';

const [row] = rows;
const run: Run = { row, channels: 3, seed: 2 };

describe('the files of finished runs', () => {
  it('come back as they were written', async () => {
    const folder = await temporaryFolder();
    const diverged = madeUpResult(
      { ...run, seed: 3 },
      { measures: null, collapse: 'diverged', commit: null },
    );
    await writeRowResult(folder, run, madeUpResult(run));
    await writeRowResult(folder, { ...run, seed: 3 }, diverged);
    const results = await readRowResults(folder);
    expect([...results.keys()]).toEqual([`${row.name}-3-2`, `${row.name}-3-3`]);
    expect(results.get(`${row.name}-3-2`)).toEqual(madeUpResult(run));
    expect(results.get(`${row.name}-3-3`)).toEqual(diverged);
  });

  it('are none where there is no folder, and refused in another form', async () => {
    const folder = await temporaryFolder();
    expect((await readRowResults(join(folder, 'absent'))).size).toBe(0);
    await put(folder, 'a-3-1.json', JSON.stringify({ ...madeUpResult(run), seed: 'one' }));
    await expect(readRowResults(folder)).rejects.toThrow(UserError);
    await expect(readRowResults(folder)).rejects.toThrow(/a-3-1\.json.*"seed"/);
  });
});

describe('statusOf', () => {
  const recipe = recipeOf(resolveRun(run, 64).config);
  const name = `${row.name}-3-2`;

  it('is done where the recipe is the one that ran', () => {
    const result = madeUpResult(run, { recipe });
    expect(statusOf(run, new Map([[name, result]]), 64)).toEqual({ state: 'done', result });
    expect(statusOf(run, new Map(), 64)).toEqual({ state: 'missing' });
  });

  it('is outdated where recipe or minutes changed since', () => {
    const result = madeUpResult(run, { recipe: { ...recipe, batchSize: 4 }, minutes: 1 });
    const status = statusOf(run, new Map([[name, result]]), 64);
    expect(status).toMatchObject({ state: 'outdated', keys: ['minutes', 'batchSize'] });
  });

  it('is outdated where other renders were drawn', () => {
    const bald = { ...run, row: { ...row, renders: { hair: { none: 1 } } } };
    const results = new Map([[name, madeUpResult(run, { recipe })]]);
    expect(statusOf(bald, results, 64)).toMatchObject({
      state: 'outdated',
      keys: ['renders.hair.none'],
    });
    const both = { hair: { none: 1 }, eyes: { closed: 0 } };
    const turned = { eyes: { closed: 0 }, hair: { none: 1 } };
    results.set(name, madeUpResult(run, { recipe, renders: both }));
    const sameBald = { ...run, row: { ...row, renders: turned } };
    expect(statusOf(sameBald, results, 64).state).toBe('done');
  });

  it('is impossible where a key is not there, and the list says so', () => {
    const future = { ...run, row: { ...row, set: ['magic=1'], needs: 'magic' } };
    expect(statusOf(future, new Map(), 64).state).toBe('impossible');
    const list = listOf([future, run], new Map(), 64);
    expect(list).toMatch(/cannot run yet: needs magic\n/);
    expect(list).toMatch(/0 of 2 are done; the 1 missing ones take about 0\.\d hours/);
  });
});
