import { expect, test } from 'vitest';
import type { Box, ColorImage, Detection, FaceTools, Landmarks } from '../../faces/index.ts';
import { verificationSchema } from './config.ts';
import { findInputFace } from './face.ts';
import { judgeImage, resolveThresholds } from './judge-image.ts';
import type { ImageMeasures } from './measure-image.ts';

const square = (x: number): Box => ({ x, y: 0, width: 10, height: 10 });
const corners = ({ x, y, width, height }: Box): Landmarks => [
  [x, y],
  [x + width, y + height],
];
const image: ColorImage = { width: 2, height: 1, pixels: new Uint8Array(6) };

/** Tools whose detector gives these scores, ten pixels apart. */
function toolsSeeing(...scores: readonly number[]): FaceTools {
  const detections: Detection[] = scores.map((score, i) => ({ box: square(20 * i), score }));
  return {
    detect: async (_, { minimumScore = 0.5 } = {}) =>
      detections.filter(({ score }) => score >= minimumScore),
    landmarks: async (_, box) => corners(box),
    embedding: async () => Float32Array.of(1),
    dispose: async () => {},
  };
}

test('a face that is known to be there counts where the detector hardly sees it', async () => {
  const tools = toolsSeeing(0.4, 0.2);
  expect(await findInputFace(tools, image)).toBeUndefined();
  const known = await findInputFace(tools, image, corners(square(20)));
  expect(known).toMatchObject({ score: 0.2, box: square(20) });
  // What is hardly seen elsewhere is no other face, or a new one there could hide behind it.
  expect(known?.others).toEqual([]);
  const certain = await findInputFace(toolsSeeing(0.9, 0.6), image, corners(square(20)));
  expect(certain).toMatchObject({ score: 0.6, others: [square(0)] });
});

test('a face that was hardly seen before may lose half of its score, others fall to the threshold', () => {
  const config = verificationSchema.parse(undefined);
  const floor = { images: 1, meanPixels: 0.3, percentile95OfEyes: 0.02 };
  const thresholds = resolveThresholds(config, floor as Parameters<typeof resolveThresholds>[1]);
  const verdictOf = (scoreBefore: number, scoreAfter: number) => {
    const face = {
      ...{ scoreBefore, scoreAfter, newFaces: 0 },
      ...{ landmarkDriftPixels: 0, landmarkDriftOfEyes: 0, identityCosine: 1 },
    };
    const alignment = {
      ...{ correlation: 1, mirroredCorrelation: 0, shift: [0, 0] as const },
      ...{ shiftedCorrelation: 1, edgeStrength: 1 },
    };
    const measures = { face, alignment, edges: {}, structuralSimilarity: 1, colorDifference: 0 };
    return judgeImage(measures as ImageMeasures, thresholds, 64).verdict;
  };
  expect(verdictOf(0.2, 0.11)).toBe('accepted');
  expect(verdictOf(0.2, 0.09)).toBe('rejected');
  expect(verdictOf(0.9, 0.31)).toBe('accepted');
  expect(verdictOf(0.9, 0.29)).toBe('rejected');
});
