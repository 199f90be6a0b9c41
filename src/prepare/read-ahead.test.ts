import { expect, it } from 'vitest';
import { cropNames } from './crop-names.ts';
import { readAhead } from './read-ahead.ts';

it('keeps the order and reads no further ahead than it should', async () => {
  let reading = 0;
  let most = 0;
  const read = async (item: number) => {
    most = Math.max(most, ++reading);
    await new Promise((resolve) => setImmediate(resolve));
    reading--;
    return item * item;
  };
  const values: number[] = [];
  for await (const { value } of readAhead([1, 2, 3, 4, 5, 6, 7], read, 3)) values.push(value);
  expect(values).toEqual([1, 4, 9, 16, 25, 36, 49]);
  expect(most).toBe(3);
});

it('throws what reading an item threw, when it is that item’s turn', async () => {
  const seen: number[] = [];
  const read = async (item: number) => {
    if (item === 2) throw new Error('no');
    return item;
  };
  const all = async () => {
    for await (const { value } of readAhead([1, 2, 3], read)) seen.push(value);
  };
  await expect(all()).rejects.toThrow('no');
  expect(seen).toEqual([1]);
});

it('names crops after photographs, with the extension where two would collide', () => {
  const nameOf = cropNames(['a.jpg', 'b/c.jpg', 'b/c.png']);
  expect(nameOf('a.jpg', 0)).toBe('a-1.png');
  expect(nameOf('b/c.jpg', 0)).toBe('b/c.jpg-1.png');
  expect(nameOf('b/c.png', 1)).toBe('b/c.png-2.png');
});
