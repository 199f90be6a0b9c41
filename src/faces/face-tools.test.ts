import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mirroredLandmarks } from '../data/landmarks.ts';
import { HostTensor } from '../tensor/host-tensor.ts';
import { decodeDetections, suppressOverlaps } from './detector.ts';
import { distanceBetween } from './geometry.ts';
import { type FaceTools, loadFaceTools } from './index.ts';
import { leftmostEye, rightmostEye } from './landmarks.ts';
import type { ColorImage } from './resample.ts';
import { fixturePath, largestDifference } from './testing/fixture-images.ts';

/** The render, placed on a grey canvas. */
async function renderOn(width: number, height: number, left: number, top: number, turn = 0) {
  const face = await sharp(fixturePath('render.png'))
    .removeAlpha()
    .rotate(turn, { background: '#808080' })
    .toBuffer();
  const { data } = await sharp({ create: { width, height, channels: 3, background: '#808080' } })
    .composite([{ input: face, left, top }])
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const count = width * height;
  const pixels = Uint8Array.from({ length: 3 * count }, (_, i) => {
    return data[(i % count) * 3 + Math.floor(i / count)];
  });
  return { width, height, pixels } satisfies ColorImage;
}

describe('detections', () => {
  it('are decoded as face-api does: the same faces from the same raw predictions', async () => {
    interface Case {
      readonly raw: { readonly shape: number[]; readonly values: number[] };
      readonly faces: readonly (readonly number[])[];
      readonly size: number;
    }
    const text = await readFile(fixturePath('tiny-face-detector.json'), 'utf8');
    for (const { raw, faces, size } of JSON.parse(text) as Case[]) {
      const [, cells, , channels] = raw.shape;
      const data = new Float32Array(raw.values.length);
      for (const [i, value] of raw.values.entries()) {
        data[(i % channels) * cells * cells + Math.floor(i / channels)] = value;
      }
      const output = new HostTensor([1, channels, cells, cells], data);
      const found = suppressOverlaps(decodeDetections(output, 0.3));
      expect(found).toHaveLength(faces.length);
      for (const [i, { score, box }] of found.entries()) {
        const { x, y, width, height } = box;
        const ours = [score, x * size, y * size, width * size, height * size];
        expect(largestDifference(ours, faces[i])).toBeLessThan(1e-3);
      }
    }
  });

  it('inside a better one are dropped', () => {
    const face = { box: { x: 0, y: 0, width: 100, height: 100 }, score: 0.9 };
    const mouth = { box: { x: 30, y: 50, width: 40, height: 40 }, score: 0.8 };
    const other = { box: { x: 120, y: 0, width: 90, height: 90 }, score: 0.6 };
    expect(suppressOverlaps([mouth, other, face])).toEqual([face, other]);
  });
});

describe('face tools', () => {
  let tools: FaceTools;
  beforeAll(async () => {
    tools = await loadFaceTools({ threads: 1 });
  });
  afterAll(() => tools.dispose());

  it('finds two faces and their eyes', async () => {
    const one = await renderOn(300, 160, 10, 16);
    const both = await renderOn(300, 160, 160, 16);
    for (let i = 0; i < both.pixels.length; i++) {
      if (one.pixels[i] !== 128) both.pixels[i] = one.pixels[i];
    }
    const faces = await tools.detect(both);
    expect(faces).toHaveLength(2);
    const eyes = [];
    for (const { box } of faces.toSorted((p, q) => p.box.x - q.box.x)) {
      const landmarks = await tools.landmarks(both, box);
      eyes.push(leftmostEye(landmarks), rightmostEye(landmarks));
    }
    expect(distanceBetween([eyes[0][0] + 150, eyes[0][1]], eyes[2])).toBeLessThan(1);
    expect(distanceBetween([eyes[1][0] + 150, eyes[1][1]], eyes[3])).toBeLessThan(1);
  });

  it('finds the landmarks of a mirror image where the mirror image has them', async () => {
    const image = await renderOn(128, 128, 0, 0);
    const mirrored = {
      ...image,
      pixels: image.pixels.map((_, i) => image.pixels[i - (i % 128) + 127 - (i % 128)]),
    };
    const [{ box }] = await tools.detect(image);
    const found = await tools.landmarks(image, box);
    const other = await tools.landmarks(mirrored, { ...box, x: 128 - box.x - box.width });
    for (const [i, j] of mirroredLandmarks.entries()) {
      expect(distanceBetween(found[i], [128 - other[j][0], other[j][1]])).toBeLessThan(0.1);
    }
  });

  it('gives one identity for one face in two places', async () => {
    const embed = async (image: ColorImage) => {
      const [{ box }] = await tools.detect(image);
      return tools.embedding(image, await tools.landmarks(image, box));
    };
    const first = await embed(await renderOn(200, 180, 20, 30));
    const second = await embed(await renderOn(260, 200, 90, 24));
    const distance = Math.hypot(...first.map((value, i) => value - second[i]));
    expect(Math.hypot(...first)).toBeGreaterThan(1);
    expect(distance).toBeLessThan(0.15);
  });
});
