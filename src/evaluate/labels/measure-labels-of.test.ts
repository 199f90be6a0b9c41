import { expect, test } from 'vitest';
import { fixtureRender } from '../../refine/verification/testing/picture-files.ts';
import { drawnFace, shiftedRight } from '../../refine/verification/testing/pictures.ts';
import { measureLabelsOf } from './measure-labels-of.ts';

const { image } = drawnFace(96);
const faceless = { ...image, pixels: image.pixels.map((v) => 128 + (v - 128) / 4) };

test('says of images in memory what is accepted and how far landmarks drifted', async () => {
  const input = await fixtureRender();
  const labels = await measureLabelsOf([
    { input, refined: input },
    { input, refined: shiftedRight(input, 3) },
    { input: faceless, refined: faceless },
  ]);
  expect(labels).toMatchObject({ accepted: 1, rejected: 1, unverifiable: 1, acceptedShare: 0.5 });
  expect(labels.verifications.map(({ verdict }) => verdict)).toEqual([
    'accepted',
    'rejected',
    'unverifiable',
  ]);
  const [first, second] = labels.verifications.map(({ measures }) => measures.face);
  expect(first?.landmarkDriftPixels).toBe(0);
  expect(labels.landmarkDriftPixels).toBeCloseTo((second?.landmarkDriftPixels ?? 0) / 2, 12);
  expect(labels.landmarkDriftPixels).toBeGreaterThan(0.5);
});

test('of images without a face no share is claimed', async () => {
  const labels = await measureLabelsOf([{ input: faceless, refined: faceless }]);
  expect(labels).toMatchObject({ accepted: 0, unverifiable: 1 });
  expect(labels).not.toHaveProperty('acceptedShare');
  expect(labels).not.toHaveProperty('landmarkDriftPixels');
});
