import { describe, expect, it } from 'vitest';
import { randomKey, split } from '../base/random.ts';
import { flattenTree } from '../base/tree.ts';
import { evaluate, ramp, values } from '../nn/testing/evaluate.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { constant } from '../tensor/operators/constant.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { gradientError } from '../testing/gradient-check.ts';
import { pattern } from '../testing/pattern.ts';
import { type AugmentationNumbers, augment, augmentationKinds, drawAugmentation } from './index.ts';

type Numbers<Leaf> = AugmentationNumbers<Leaf>;
const key = randomKey(8);

const run = (numbers: Numbers<HostTensor>, images: HostTensor, border: 'zero' | 'edge' = 'zero') =>
  evaluate((n: Numbers<Tensor>, x: Tensor) => augment(n, x, { border }), numbers as never, images);

const perImage = (...numbers: number[]) => values([numbers.length, 1, 1, 1], ...numbers);
const moves = (...numbers: number[]) => values([numbers.length, 1, 1], ...numbers);

describe('translation', () => {
  const x = ramp([2, 1, 2, 3], 1);

  it('moves each image by its own pixels, with 0 beyond the border', async () => {
    const y = await run({ translation: { rows: moves(1, 0), columns: moves(-1, 2) } }, x);
    expect([...y.data]).toEqual([0, 0, 0, 2, 3, 0, 0, 0, 7, 0, 0, 10]);
  });

  it('repeats the border where asked', async () => {
    const translation = { rows: moves(1, 0), columns: moves(-1, 2) };
    const y = await run({ translation }, x, 'edge');
    expect([...y.data]).toEqual([2, 3, 3, 2, 3, 3, 7, 7, 7, 10, 10, 10]);
  });

  it('moves all channels alike', async () => {
    const colour = ramp([1, 3, 2, 2], 1);
    const y = await run({ translation: { rows: moves(0), columns: moves(1) } }, colour);
    expect([...y.data]).toEqual([0, 1, 0, 3, 0, 5, 0, 7, 0, 9, 0, 11]);
  });
});

describe('colour', () => {
  const neutral = { brightness: perImage(0), saturation: perImage(1), contrast: perImage(1) };
  const pixel = values([1, 3, 1, 2], 0, 0.3, 0.3, 0.3, 0.6, 0.3);

  it('adds brightness', async () => {
    const y = await run({ colour: { ...neutral, brightness: perImage(0.25) } }, pixel);
    for (const [i, v] of pixel.data.entries()) expect(y.data[i]).toBeCloseTo(v + 0.25, 6);
  });

  it('scales the distance from grey', async () => {
    const y = await run({ colour: { ...neutral, saturation: perImage(2) } }, pixel);
    // The first pixel's grey is 0.3, the second is grey.
    const expected = [-0.3, 0.3, 0.3, 0.3, 0.9, 0.3];
    for (const [i, v] of expected.entries()) expect(y.data[i]).toBeCloseTo(v, 6);
  });

  it('scales the distance from the mean of the image', async () => {
    const two = values([2, 1, 1, 2], 0, 1, 0, 1);
    const contrast = perImage(0.5, 1.5);
    const colour = { brightness: perImage(0, 0), saturation: perImage(0, 0), contrast };
    const y = await run({ colour }, two);
    // Grey images have no saturation.
    expect([...y.data]).toEqual([0.25, 0.75, -0.25, 1.25]);
  });
});

describe('cutout', () => {
  it('sets a rectangle of each image to 0', async () => {
    const cutout = {
      rows: values([1, 1, 2, 1], 0, 1),
      columns: values([1, 1, 1, 3], 1, 1, 0),
    };
    expect([...(await run({ cutout }, ramp([1, 1, 2, 3], 1))).data]).toEqual([1, 2, 3, 0, 0, 6]);
  });
});

describe('drawing', () => {
  const size = { batch: 400, height: 32, width: 48 };
  const numbers = drawAugmentation(key, size, { kinds: augmentationKinds });

  it('stays in the published ranges and uses them', () => {
    const range = ({ data }: HostTensor) => [Math.min(...data), Math.max(...data)];
    const { brightness, saturation, contrast } = numbers.colour!;
    const bounds = [
      [brightness, -0.5, 0.5],
      [saturation, 0, 2],
      [contrast, 0.5, 1.5],
    ] as const;
    for (const [drawn, low, high] of bounds) {
      const [least, most] = range(drawn);
      expect(least).toBeGreaterThanOrEqual(low);
      expect(most).toBeLessThanOrEqual(high);
      expect(most - least).toBeGreaterThan(0.95 * (high - low));
    }
    const { rows, columns } = numbers.translation!;
    expect(range(rows)).toEqual([-4, 4]);
    expect(range(columns)).toEqual([-6, 6]);
    expect(rows.data.every(Number.isInteger)).toBe(true);
  });

  it('cuts out half of each side, less at the border', () => {
    const { rows, columns } = numbers.cutout!;
    const lengths = Array.from({ length: 400 }, (_, i) =>
      rows.data.subarray(i * 32, i * 32 + 32).reduce((a, b) => a + b, 0),
    );
    expect(Math.max(...lengths)).toBe(16);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(8);
    expect(Math.max(...columns.data.subarray(0, 48))).toBe(1);
  });

  it('repeats for a key, differs for another, and draws only what is used', () => {
    const again = drawAugmentation(key, size, { kinds: augmentationKinds });
    expect(again).toEqual(numbers);
    const other = drawAugmentation(split(key, 1), size, { kinds: ['translation'] });
    expect(Object.keys(other)).toEqual(['translation']);
    expect(other.translation).not.toEqual(numbers.translation);
    expect(flattenTree(drawAugmentation(key, size))).toEqual([]);
  });
});

describe('augment', () => {
  it('changes nothing without numbers', async () => {
    const x = pattern([1, 3, 4, 4], 1);
    expect((await run({}, x)).data).toEqual(x.data);
  });

  it('lets the gradient through that differences show', async () => {
    const size = { batch: 2, height: 4, width: 5 };
    const numbers = drawAugmentation(key, size, {
      kinds: augmentationKinds,
      translationShare: 0.25,
    });
    const traced = (leaf: HostTensor) => constant(leaf.data, leaf.shape);
    const { colour, translation, cutout } = numbers;
    const f = ([x]: readonly Tensor[]) =>
      augment(
        {
          colour: {
            brightness: traced(colour!.brightness),
            saturation: traced(colour!.saturation),
            contrast: traced(colour!.contrast),
          },
          translation: {
            rows: traced(translation!.rows),
            columns: traced(translation!.columns),
          },
          cutout: { rows: traced(cutout!.rows), columns: traced(cutout!.columns) },
        },
        x,
      );
    const images = pattern([2, 3, 4, 5], 2);
    expect(await gradientError(f, [hostTensor(images.shape, images.data)])).toBeLessThan(1e-3);
  });
});
