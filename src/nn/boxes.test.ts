import { describe, expect, it } from 'vitest';
import { compile } from '../tensor/compile.ts';
import { hostTensor, spec } from '../tensor/host-tensor.ts';
import { constant, fill } from '../tensor/operators/constant.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { gradientError } from '../testing/gradient-check.ts';
import { pattern } from '../testing/pattern.ts';
import { cropBoxes, pasteBoxes } from './boxes.ts';
import { evaluate, ramp, values } from './testing/evaluate.ts';

const crop = (side: number) => (x: Tensor, boxes: Tensor) => cropBoxes(x, boxes, side);
const paste = (size: readonly [number, number], feather: number) => (x: Tensor, boxes: Tensor) =>
  pasteBoxes(x, boxes, fill(0, [boxes.shape[0], 1, ...size]), { feather });

describe('cropping boxes', () => {
  it('copies pixels where box and crop have equal size', async () => {
    const boxes = values([2, 4], 1, 0, 2, 2, 0, 2, 2, 2);
    const y = await evaluate(crop(2), ramp([2, 1, 3, 4]), boxes);
    expect([...y.data]).toEqual([4, 5, 8, 9, 14, 15, 18, 19]);
  });

  it('interpolates between pixel centres', async () => {
    // Half a pixel down and to the right: means of 2×2 pixels.
    const boxes = values([1, 4], 0.5, 0.5, 2, 2);
    const y = await evaluate(crop(2), ramp([1, 1, 3, 4]), boxes);
    expect([...y.data]).toEqual([2.5, 3.5, 6.5, 7.5]);
  });

  it('doubles, and repeats the border', async () => {
    const y = await evaluate(crop(4), values([1, 1, 1, 2], 0, 4), values([1, 4], 0, 0, 1, 2));
    expect([...y.data.subarray(0, 4)]).toEqual([0, 1, 3, 4]);
  });

  it('takes means where the box has more pixels than the crop', async () => {
    // 0, 1, …, 7: weights 1 and 3 of 4 at distances 1.5 and 0.5, of 8 in all; what is outside is
    // left out.
    const y = await evaluate(crop(4), ramp([1, 1, 1, 8]), values([1, 4], 0, 0, 1, 8));
    const inside = (i: number) => ((i - 1) * 1 + i * 3 + (i + 1) * 3 + (i + 2) * 1) / 8;
    const [first, last] = [(0 * 3 + 1 * 3 + 2 * 1) / 7, (7 * 3 + 6 * 3 + 5 * 1) / 7];
    for (const [i, value] of [first, inside(2), inside(4), last].entries()) {
      expect(y.data[i]).toBeCloseTo(value, 5);
    }
  });

  it('is one program for all sizes and batches', () => {
    const model = (batch: number, height: number, width: number) =>
      compile(
        (x: Tensor, boxes: Tensor) => pasteBoxes(cropBoxes(x, boxes, 6), boxes, x),
        [spec([batch, 3, height, width]), spec([batch, 4])],
        {
          symbolicShapes: { arg0: ['b', 3, 'h', 'w'], arg1: ['b', 4], result: ['b', 3, 'h', 'w'] },
        },
      ).model;
    expect(Buffer.compare(model(1, 8, 8), model(3, 12, 20))).toBe(0);
  });

  it('refuses boxes of another form', async () => {
    const attempt = evaluate(crop(2), ramp([2, 1, 3, 4]), hostTensor([1, 4]));
    await expect(attempt).rejects.toThrow('boxes [batch, 4], got [2, 1, 3, 4] and [1, 4].');
  });
});

describe('pasting boxes', () => {
  it('undoes the crop inside the box and is 0 outside', async () => {
    const boxes = values([1, 4], 1, 2, 2, 2);
    const y = await evaluate(paste([4, 5], 0.5), ramp([1, 1, 2, 2], 1), boxes);
    expect([...y.data]).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 3, 4, 0, 0, 0, 0, 0, 0]);
  });

  it('fades at the edge', async () => {
    const ones = hostTensor([1, 1, 4, 4], new Float32Array(16).fill(1));
    const y = await evaluate(paste([4, 4], 2), ones, values([1, 4], 0, 0, 4, 4));
    // Centres lie ½ and 1½ pixels inside the edge, of 2.
    expect([...y.data.subarray(4, 8)]).toEqual([0.1875, 0.5625, 0.5625, 0.1875]);
  });

  it('puts the centre of a crop where it was, for boxes of fractions', async () => {
    const boxes = values([1, 4], 3.3, 2.6, 8.4, 7.2);
    const x = ramp([1, 1, 16, 16], 0, 0.01);
    const there = (images: Tensor, where: Tensor) =>
      pasteBoxes(cropBoxes(images, where, 12), where, images, { feather: 1 });
    const y = await evaluate(there, x, boxes);
    for (const at of [6 * 16 + 6, 7 * 16 + 5, 9 * 16 + 7])
      expect(y.data[at]).toBeCloseTo(x.data[at], 4);
    expect(y.data[0]).toBe(0);
  });
});

it('both have the gradients that differences show', async () => {
  const boxes = [0.7, 1.2, 3.1, 2.7];
  const f = ([x]: readonly Tensor[]) => cropBoxes(x, constant(boxes, [1, 4]), 3);
  expect(await gradientError(f, [pattern([1, 2, 5, 5], 1)])).toBeLessThan(1e-3);
  const g = ([x]: readonly Tensor[]) =>
    pasteBoxes(x, constant(boxes, [1, 4]), fill(0, [1, 1, 5, 6]));
  expect(await gradientError(g, [pattern([1, 2, 3, 3], 2)])).toBeLessThan(1e-3);
});
