import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDataset } from '../../src/data/dataset.ts';
import { put, putFlatImages } from '../../src/data/testing/images.ts';
import { temporaryFolder } from '../../src/files/testing/folders.ts';
import { identityOf, isForTraining, splitPhotographs } from './split-photographs.ts';

describe('isForTraining', () => {
  it('gives every person the same side for ever', () => {
    // SHA-256 of "abc" begins with ba7816bf: 0.728…
    expect(isForTraining('abc', 0.7284)).toBe(true);
    expect(isForTraining('abc', 0.7283)).toBe(false);
  });

  it('takes about the share of the people, and more of them with a larger share', () => {
    const people = Array.from({ length: 20_000 }, (_, i) => `A${String(i).padStart(6, '0')}`);
    const chosen = people.filter((name) => isForTraining(name, 0.6));
    expect(chosen.length / people.length).toBeGreaterThan(0.58);
    expect(chosen.length / people.length).toBeLessThan(0.62);
    expect(chosen.every((name) => isForTraining(name, 0.7))).toBe(true);
  });
});

describe('identityOf', () => {
  it('is who the set says, else the photograph, so that all its crops stay together', () => {
    expect(identityOf({ file_name: 'a-1.png', source: 'x/a.jpg', identity: 7 })).toBe('7');
    expect(identityOf({ file_name: 'a-1.png', source: 'x/a.jpg' })).toBe('a');
    expect(identityOf({ file_name: 'a-2.png', source: 'x/a.jpg' })).toBe('a');
    expect(identityOf({ file_name: 'b.png' })).toBe('b');
  });
});

describe('splitPhotographs', () => {
  it('puts every image with its line into exactly one of two sets, once', async () => {
    const folder = await temporaryFolder();
    const prepared = join(folder, 'prepared');
    await putFlatImages(prepared, 24);
    const lines = Array.from({ length: 24 }, (_, i) =>
      JSON.stringify({ file_name: `${String(i).padStart(3, '0')}.png`, identity: `p${i >> 1}` }),
    );
    await put(prepared, 'metadata.jsonl', lines.map((line) => `${line}\n`).join(''));
    const split = await splitPhotographs(prepared, join(folder, 'split'), 0.6);
    const [training, heldOut] = await Promise.all(
      [split.training, split.heldOut].map((each) => openDataset(each)),
    );
    expect([...training.images, ...heldOut.images].sort()).toEqual(
      (await openDataset(prepared)).images,
    );
    expect(training.images.length).toBeGreaterThan(0);
    expect(heldOut.images.length).toBeGreaterThan(0);
    for (const { images, metadata } of [training, heldOut]) {
      expect(metadata.size).toBe(images.length);
      // Two photographs a person, beside each other in the list.
      const numbers = images.map((name) => Number.parseInt(name, 10));
      expect(numbers.every((n) => numbers.includes(n ^ 1))).toBe(true);
    }
    const text = await readFile(join(split.heldOut, 'metadata.jsonl'), 'utf8');
    expect(lines).toEqual(expect.arrayContaining(text.trim().split('\n')));
    await put(prepared, 'metadata.jsonl', '');
    await splitPhotographs(prepared, join(folder, 'split'), 0.6);
    expect((await openDataset(split.training)).images).toEqual(training.images);
  });
});
