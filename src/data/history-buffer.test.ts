import { expect, test } from 'vitest';
import { randomKey, split } from '../base/random.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { createHistoryBuffer, type HistoryBuffer, restoreHistoryBuffer } from './history-buffer.ts';

const key = randomKey(3);

/** Images [1, 1, 2], one for each label, filled with it. */
function images(...labels: readonly number[]): HostTensor {
  return hostTensor(
    [labels.length, 1, 1, 2],
    Float32Array.from(labels.flatMap((label) => [label, label])),
  );
}

function labelsOf({ data }: HostTensor): number[] {
  return [...data.filter((_, i) => i % 2 === 0)];
}

function bufferOf(capacity: number): HistoryBuffer {
  return createHistoryBuffer({ capacity, imageShape: [1, 1, 2] });
}

test('it fills up in order, then replaces different images at random', () => {
  const buffer = bufferOf(5);
  buffer.replace(key, images(1, 2));
  buffer.replace(key, images(3, 4));
  expect(buffer.size).toBe(4);
  expect(labelsOf(buffer.state().images)).toEqual([1, 2, 3, 4]);
  buffer.replace(key, images(5, 6));
  const labels = labelsOf(buffer.state().images);
  expect(buffer.size).toBe(5);
  expect(labels[4]).toBe(5);
  expect(labels.filter((label) => label <= 4).length).toBe(3);
  expect(labels).toContain(6);
});

test('replacement reaches every place', () => {
  const buffer = bufferOf(8);
  buffer.replace(key, images(1, 1, 1, 1, 1, 1, 1, 1));
  for (let step = 0; step < 40; step++) buffer.replace(split(key, step), images(2, 2));
  expect(labelsOf(buffer.state().images)).toEqual([2, 2, 2, 2, 2, 2, 2, 2]);
});

test('a sample holds different images, each about equally often', () => {
  const buffer = bufferOf(6);
  buffer.replace(key, images(0, 1, 2, 3, 4, 5));
  const counts = [0, 0, 0, 0, 0, 0];
  for (let step = 0; step < 2000; step++) {
    const labels = labelsOf(buffer.sample(split(key, step), 3));
    expect(new Set(labels).size).toBe(3);
    for (const label of labels) counts[label] += 1;
  }
  // 1,000 expected each, standard deviation 22.
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(110);
  expect(() => buffer.sample(key, 7)).toThrow(/at most 6/);
});

test('a batch larger than the buffer leaves its rest out', () => {
  const buffer = bufferOf(3);
  buffer.replace(key, images(1, 2, 3, 4, 5, 6, 7, 8));
  expect(labelsOf(buffer.state().images)).toEqual([1, 2, 3]);
  buffer.replace(key, images(4, 5, 6, 7));
  expect(labelsOf(buffer.state().images).sort()).toEqual([4, 5, 6]);
});

// Systems this one replaces dropped the result of an append: the buffer stayed empty for ever.
test('it really fills, and then holds images of many steps', () => {
  const buffer = bufferOf(16);
  for (let step = 0; step < 12; step++) {
    const fresh = images(...Array.from({ length: 4 }, (_, i) => 100 * (step + 1) + i));
    buffer.replace(split(key, 'step', step), fresh);
    expect(buffer.size).toBe(Math.min(16, 4 * (step + 1)));
  }
  const held = labelsOf(buffer.state().images);
  expect(held.filter((label) => label >= 1200).length).toBe(4);
  expect(new Set(held.map((label) => Math.floor(label / 100))).size).toBeGreaterThan(3);
});

test('the state brings back the same buffer, which goes on the same way', () => {
  const buffer = bufferOf(4);
  buffer.replace(key, images(0.1, 1e-30, -3));
  const restored = restoreHistoryBuffer(buffer.state());
  expect(restored.state().images).toEqual(buffer.state().images);
  for (const each of [buffer, restored]) {
    each.replace(split(key, 1), images(5, 6, 7));
    each.replace(split(key, 2), images(8, 9));
  }
  expect(restored.state()).toEqual(buffer.state());
  expect(restored.sample(key, 3)).toEqual(buffer.sample(key, 3));
});

test('images of another shape are a bug', () => {
  expect(() => bufferOf(4).replace(key, hostTensor([1, 1, 2, 2]))).toThrow(
    /\[1, 1, 2\].*\[1, 2, 2\]/,
  );
});
