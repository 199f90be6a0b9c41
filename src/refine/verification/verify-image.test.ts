import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { normal, randomKey } from '../../base/random.ts';
import { decodeImage } from '../../data/decode.ts';
import { type ColorImage, type FaceTools, loadFaceTools } from '../../faces/index.ts';
import { parts } from '../../render/assets/parts.ts';
import { verificationSchema } from './config.ts';
import { resolveThresholds } from './judge-image.ts';
import {
  constant,
  drawnFace,
  mirrored,
  moved,
  recolored,
  shiftedRight,
  warmed,
} from './testing/pictures.ts';
import { createVerifier, type Verifier } from './verifier.ts';

const config = verificationSchema.parse(undefined);
const path = fileURLToPath(new URL('../../faces/fixtures/render.png', import.meta.url));

let tools: FaceTools;
let render: ColorImage;
let verifier: Verifier;

async function* once(input: ColorImage) {
  yield { input };
}

beforeAll(async () => {
  tools = await loadFaceTools({ threads: 1 });
  render = await decodeImage(path, { channels: 3 });
  verifier = await createVerifier({ tools, config, sample: once(render) });
});
afterAll(() => tools.dispose());

const codes = async (refined: ColorImage) => {
  const verification = await verifier.verify({ input: render, refined });
  if (verification.verdict !== 'rejected') return [verification.verdict];
  return verification.reasons.map(({ code }) => code);
};

test('the noise floor is above zero and below what moves', () => {
  expect(verifier.noiseFloor.images).toBe(1);
  expect(verifier.noiseFloor.meanPixels).toBeGreaterThan(0.01);
  expect(verifier.noiseFloor.meanPixels).toBeLessThan(2);
});

test('a refiner that returns its input scores zero drift and is accepted', async () => {
  const { verdict, measures } = await verifier.verify({ input: render, refined: render });
  expect(verdict).toBe('accepted');
  expect(measures.face).toMatchObject({ landmarkDriftPixels: 0, landmarkDriftOfEyes: 0 });
  expect(measures.face?.identityCosine).toBeCloseTo(1, 6);
  expect(measures.face?.scoreAfter).toBe(measures.face?.scoreBefore);
  expect(measures.alignment.shift).toEqual([0, 0]);
  expect(measures.structuralSimilarity).toBeCloseTo(1, 12);
  expect(measures.colorDifference).toBe(0);
  expect(measures.complexionShift?.lightness).toBe(0);
});

test('an honest change of colour and grain is accepted', async () => {
  const noise = normal(randomKey(3), render.pixels.length);
  const change = [6, 2, -4];
  const graded = recolored(render, (v, c, i) => 0.95 * v + 6 + change[c] + 4 * noise[i]);
  expect(await codes(graded)).toEqual(['accepted']);
});

describe('refiners that destroy the label are rejected', () => {
  test('3 pixels to the right', async () => {
    expect(await codes(shiftedRight(render, 3))).toContain('shifted');
  });

  test('3 pixels down, recoloured', async () => {
    expect(await codes(warmed(moved(render, (x, y) => [x, y - 3])))).toContain('shifted');
  });

  test('mirrored', async () => {
    expect(await codes(mirrored(render))).toContain('mirrored');
  });

  test('constant', async () => {
    expect(await codes(constant(render))).toEqual(
      expect.arrayContaining(['face-lost', 'edges-lost', 'landmarks-moved']),
    );
  });

  test('much darker skin', async () => {
    expect(await codes(recolored(render, (v) => 0.45 * v))).toContain('complexion-changed');
  });

  test('a second face', async () => {
    const { width, height } = render;
    const double = {
      input: { width: 2 * width, height, pixels: sideBySide(render, constant(render)) },
      refined: { width: 2 * width, height, pixels: sideBySide(render, render) },
    };
    const { verdict, measures } = await verifier.verify(double);
    expect(measures.face?.newFaces).toBe(1);
    expect(verdict).toBe('rejected');
  });
});

function sideBySide(left: ColorImage, right: ColorImage): Uint8Array {
  const { width, height } = left;
  const rows = Array.from({ length: 3 * height }, (_, row) => [
    left.pixels.subarray(row * width, (row + 1) * width),
    right.pixels.subarray(row * width, (row + 1) * width),
  ]);
  return Uint8Array.from(rows.flat().flatMap((row) => [...row]));
}

describe('where the networks see no face', () => {
  const { image, mask } = drawnFace(96);
  const faceless = { width: 96, height: 96, pixels: image.pixels.map((v) => 128 + (v - 128) / 4) };

  test('edges and masks alone decide', async () => {
    const same = await verifier.verify({ input: faceless, refined: faceless, mask });
    expect(same).toMatchObject({ verdict: 'unverifiable' });
    expect(same.measures.face).toBeUndefined();
    expect(same.measures.edges.lips?.displacement).toBe(0);
    const shifted = { input: faceless, refined: shiftedRight(faceless, 4), mask };
    expect((await verifier.verify(shifted)).verdict).toBe('rejected');
  });

  test('a set of such images has no noise floor and the strictest drift', async () => {
    const none = await createVerifier({ tools, config, sample: once(faceless) });
    expect(none.noiseFloor.images).toBe(0);
    expect(none.thresholds.landmarkDrift).toBe(0.04);
  });
});

test('a detection away from the true landmarks is not the face of the image', async () => {
  const truth = Array.from({ length: 68 }, (_, i) => [i % 8, Math.floor(i / 8)] as const);
  const { verdict } = await verifier.verify({ input: render, refined: render, truth });
  expect(verdict).toBe('unverifiable');
});

test('the background does not count where a mask says what is background', async () => {
  const { image, mask } = drawnFace(64);
  const scrambled = moved(image, (x, y) =>
    mask.codes[y * 64 + x] === parts.background ? [(x * 37) % 64, (y * 23) % 64] : [x, y],
  );
  const { measures } = await verifier.verify({ input: image, refined: scrambled, mask });
  expect(measures.alignment.correlation).toBeGreaterThan(config.alignment);
});

test('a drift in the configuration beats the noise floor', () => {
  const floor = { images: 9, meanPixels: 1, meanOfEyes: 0.02, percentile95OfEyes: 0.03 };
  expect(resolveThresholds(config, floor).landmarkDrift).toBeCloseTo(0.06);
  expect(resolveThresholds({ ...config, landmarkDrift: 0.5 }, floor).landmarkDrift).toBe(0.5);
  const noisy = { ...floor, percentile95OfEyes: 0.4 };
  expect(resolveThresholds(config, noisy).landmarkDrift).toBe(0.1);
});
