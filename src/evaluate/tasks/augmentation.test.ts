import { describe, expect, test } from 'vitest';
import { randomKey, split } from '../../base/random.ts';
import type { Point } from '../../faces/index.ts';
import { sampleFace } from './augmentation.ts';
import { faceFrame, frameMap } from './face-frame.ts';
import { cropSize, type LabelledFace } from './labelled-faces.ts';
import { errorsOf, normalizedResiduals } from './landmark-task.ts';
import { taskInputSize } from './trainable-network.ts';

/** A dark crop with one bright spot for landmark 30, which is its own mirror image. */
function spot(x: number, y: number): LabelledFace {
  const crop = new Uint8Array(3 * cropSize * cropSize);
  for (let c = 0; c < 3; c++) {
    for (let dy = -2; dy < 2; dy++) {
      const start = (c * cropSize + y + dy) * cropSize + x;
      crop.fill(255, start - 2, start + 2);
    }
  }
  const landmarks = Array.from({ length: 68 }, (): Point => [x / cropSize, y / cropSize]);
  return { name: 'spot', crop, landmarks, known: landmarks.map(() => true), beside: [] };
}

function brightest(image: Float32Array): Point {
  let [sum, x, y] = [0, 0, 0];
  for (let i = 0; i < taskInputSize ** 2; i++) {
    const weight = Math.max(0, image[i] + 0.5) ** 2;
    sum += weight;
    x += weight * ((i % taskInputSize) + 0.5);
    y += weight * (Math.floor(i / taskInputSize) + 0.5);
  }
  return [x / sum / taskInputSize, y / sum / taskInputSize];
}

function standardDeviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

describe.each(['none', 'framed', 'weak'] as const)('%s augmentation', (strength) => {
  test('moves landmarks as it moves pixels', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { image, landmarks } = sampleFace(spot(40, 58), strength, randomKey(seed));
      const [x, y] = brightest(image);
      expect(Math.abs(landmarks[30][0] - x)).toBeLessThan(0.01);
      expect(Math.abs(landmarks[30][1] - y)).toBeLessThan(0.01);
    }
  });
});

test('strong augmentation too, turned, scaled and mirrored', () => {
  let moved = 0;
  for (let seed = 0; seed < 20; seed++) {
    const { image, landmarks } = sampleFace(spot(40, 58), 'strong', split(randomKey(3), seed));
    expect(image.every((v) => v >= -1 && v <= 1)).toBe(true);
    moved = Math.max(moved, Math.abs(landmarks[30][0] - 0.375));
  }
  expect(moved).toBeGreaterThan(0.1);
});

test('framed as wrong as the boxes of a face detector, and neither turned nor mirrored', () => {
  const face = spot(48, 48);
  const at = (x: number, y: number): Point => [x / cropSize, y / cropSize];
  const points = face.landmarks.map((_, i) => at(i === 36 ? 40 : 56, 48));
  const drawn = Array.from({ length: 500 }, (_, i) => {
    const { landmarks } = sampleFace({ ...face, landmarks: points }, 'framed', randomKey(i));
    const [left, right] = [landmarks[36], landmarks[45]];
    expect(left[1]).toBeCloseTo(right[1], 10);
    expect(left[0]).toBeLessThan(right[0]);
    const size = right[0] - left[0];
    // The crop's centre, as the frame has it, in units of the frame before it was scaled.
    return [
      (left[0] + right[0] - 1) / 2 / (4 * size),
      (left[1] - 0.5) / (4 * size),
      Math.log(size),
    ];
  });
  const [x, y, size] = [0, 1, 2].map((k) => standardDeviation(drawn.map((each) => each[k])));
  expect(x).toBeCloseTo(0.029, 2);
  expect(y).toBeCloseTo(0.029, 2);
  expect(size).toBeCloseTo(0.105, 2);
});

test('without augmentation it is the frame', () => {
  const { landmarks } = sampleFace(spot(40, 58), 'none', randomKey(1));
  expect(landmarks[0][0]).toBeCloseTo(0.5 + ((40 / 96 - 0.5) * 96) / 64, 10);
});

test('the same key gives the same sample', () => {
  const of = (seed: number) => sampleFace(spot(40, 58), 'strong', randomKey(seed)).image;
  expect(of(1)).toEqual(of(1));
  expect(of(1)).not.toEqual(of(2));
});

test('the frame lies on eyes and mouth whatever the size of the face', () => {
  const at = (scale: number) => {
    const points = Array.from({ length: 68 }, (): Point => [0, 0]);
    const corners = [
      [36, 30],
      [39, 40],
      [42, 60],
      [45, 70],
    ] as const;
    for (const [i, x] of corners) points[i] = [scale * x, scale * 40];
    points[48] = [scale * 40, scale * 80];
    points[54] = [scale * 60, scale * 80];
    return faceFrame(points);
  };
  expect(at(1)).toEqual({ centre: [50, 60], side: 2.2 * 48 });
  expect(at(3).side).toBeCloseTo(3 * at(1).side, 10);
  const map = frameMap(at(1), { size: 96, margin: 1.5 });
  expect(map.a * 50 + map.dx).toBeCloseTo(48, 10);
});

test('the normalised mean error by hand, known points only', () => {
  const landmarks = Array.from({ length: 68 }, (_, i): Point => [i === 45 ? 0.7 : 0.3, 0.5]);
  const output = Float32Array.from(landmarks.flatMap(([x, y]) => [x - 0.5, y - 0.5 + 0.04]));
  output[2 * 10] += 9;
  const known = landmarks.map((_, i) => i !== 10);
  const [error] = errorsOf([[normalizedResiduals(output, landmarks, known)]]);
  expect(error).toBeCloseTo(0.1, 6);
});
