import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openAppendLog } from './append-log.ts';
import { readJsonLines } from './jsonl.ts';
import { temporaryFolder } from './testing/folders.ts';

test('lines of overlapping calls come out whole and in order', async () => {
  const path = join(await temporaryFolder(), 'log.jsonl');
  const log = await openAppendLog(path);
  await Promise.all(Array.from({ length: 50 }, (_, i) => log.append({ i })));
  await log.close();
  const values = (await readJsonLines(path)).map(({ value }) => value);
  expect(values).toEqual(Array.from({ length: 50 }, (_, i) => ({ i })));
});

test.each([
  ['a torn line', '{"i":0}\n{"i":', '{"i":0}\n'],
  ['nothing but a torn line', '{"i"', ''],
  ['a torn line longer than a block', `{"i":0}\n{"text":"${'x'.repeat(200_000)}`, '{"i":0}\n'],
  ['whole lines', '{"i":0}\n', '{"i":0}\n'],
])('%s before the new one does no harm', async (_, before, kept) => {
  const path = join(await temporaryFolder(), 'log.jsonl');
  await writeFile(path, before);
  const log = await openAppendLog(path);
  await log.append({ i: 1 });
  await log.close();
  expect(await readFile(path, 'utf8')).toBe(`${kept}{"i":1}\n`);
});
