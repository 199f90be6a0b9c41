import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  constantWeights,
  type FaceLandmarkWeights,
  findFaces,
  findLandmarks,
} from '../models/frozen/index.ts';
import { evaluate } from '../nn/testing/evaluate.ts';
import { hostTensor } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { loadFaceTools } from './index.ts';
import { fixturePath } from './testing/fixture-images.ts';
import { readFaceLandmarkNetwork } from './weights/index.ts';

const side = 96;

async function renderAt(width: number, height: number): Promise<Uint8Array> {
  const { data } = await sharp(fixturePath('render.png'))
    .resize(width, height, { fit: 'contain', background: '#000' })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const count = width * height;
  return Uint8Array.from(
    { length: 3 * count },
    (_, i) => data[3 * (i % count) + Math.floor(i / count)],
  );
}

const asValues = (bytes: Uint8Array, width: number, height: number) =>
  hostTensor(
    [1, 3, height, width],
    Float32Array.from(bytes, (value) => value / 127.5 - 1),
  );

async function found(width: number, height: number) {
  const weights = constantWeights<FaceLandmarkWeights<Tensor>>(await readFaceLandmarkNetwork());
  return evaluate(
    (x: Tensor) => ({ points: findLandmarks(weights, x), boxes: findFaces(weights, x) }),
    asValues(await renderAt(width, height), width, height),
  );
}

describe('finding the one face of an image', () => {
  it('needs no detector to find the landmarks that the tools find with one', async () => {
    const pixels = await renderAt(side, side);
    const image = { pixels, width: side, height: side };
    const tools = await loadFaceTools({ threads: 1 });
    const [{ box }] = await tools.detect(image);
    const expected = await tools.landmarks(image, box);
    await tools.dispose();
    const { points } = await found(side, side);
    expect(points.shape).toEqual([1, 68, 2]);
    const distances = expected.map(([x, y], i) =>
      Math.hypot(points.data[2 * i] - x, points.data[2 * i + 1] - y),
    );
    const mean = distances.reduce((sum, d) => sum + d, 0) / 68;
    expect(mean).toBeLessThan(0.02 * side);
  });

  it('finds them in an image that is no square, and a box around them', async () => {
    const { points: square } = await found(side, side);
    const { points, boxes } = await found(side + 32, side);
    const off = Array.from(points.data, (value, i) => value - square.data[i] - (i % 2 ? 0 : 16));
    expect(off.reduce((sum, value) => sum + Math.abs(value), 0) / off.length).toBeLessThan(1.5);
    const [top, left, height, width] = boxes.data;
    expect(height).toBe(width);
    const inside = Array.from(points.data, (value, i) =>
      i % 2 ? value > top && value < top + height : value > left && value < left + width,
    );
    expect(inside.every(Boolean)).toBe(true);
  });
});
