import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readJsonFile } from './json-file.ts';
import { jsonErrorOffset } from './json-syntax.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lifelike-json-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function read(content: string): Promise<unknown> {
  const path = join(directory, 'config.json');
  await writeFile(path, content);
  return readJsonFile(path);
}

describe('readJsonFile', () => {
  it('reads JSON, also after a byte order mark', async () => {
    expect(await read('\uFEFF{"a": [1, null, "\\u00e9"]}')).toEqual({ a: [1, null, 'é'] });
  });

  it.each([
    ['{\n  "a": 1,\n}', '"}" in line 3, column 1'],
    ['{\n  "a" 1\n}', '"1" in line 2, column 7'],
    ['{\n  // note\n}', '"// note" in line 2, column 3'],
    ["{'a': 1}", '"\'a\': 1}" in line 1, column 2'],
    ['{"a": 1', 'the end of the file in line 1, column 8'],
    ['', 'the end of the file in line 1, column 1'],
    ['{"a": tru}', '"tru}" in line 1, column 7'],
    ['[1 2]', '"2]" in line 1, column 4'],
    ['{} {}', '"{}" in line 1, column 4'],
    ['{"a": NaN}', '"NaN}" in line 1, column 7'],
    ['{"a": "x\ny"}', '""x" in line 1, column 7'],
    ['[1,]', '"]" in line 1, column 4'],
  ])('names line and column in %j', async (content, place) => {
    await expect(read(content)).rejects.toThrow(`config.json, got ${place}.`);
  });

  it('says when the file is missing or a folder', async () => {
    const path = join(directory, 'nowhere.json');
    await expect(readJsonFile(path)).rejects.toThrow(`at ${path}, got no such file. Check`);
    await expect(readJsonFile(directory)).rejects.toThrow(`at ${directory}, got a folder. Check`);
  });
});

describe('jsonErrorOffset', () => {
  it.each(['{"a": {"b": [-1.5e+3, "\\"\\\\", true, false, null, {}, []]}}', ' 1 ', '"\u007f"'])(
    'accepts what JSON.parse accepts: %s',
    (text) => {
      expect(() => JSON.parse(text)).not.toThrow();
      expect(jsonErrorOffset(text)).toBe(text.length);
    },
  );
});
