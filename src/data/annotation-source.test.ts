import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { randomKey } from '../base/random.ts';
import { temporaryFolder } from '../files/testing/folders.ts';
import { createAnnotationSource } from './annotation-source.ts';
import { createBatchSource } from './batches.ts';
import { openDataset } from './dataset.ts';
import { mirrorLandmarks } from './landmarks.ts';
import { put } from './testing/images.ts';

/** Point i at (i / 8, i / 16). */
const points = Array.from({ length: 68 }, (_, i) => [i / 8, i / 16] as const);

async function folderOfOne(width: number, height: number, landmarks: unknown = points) {
  const folder = await temporaryFolder();
  const flat = { create: { width, height, channels: 3, background: '#808080' } } as const;
  await put(folder, 'a.png', await sharp(flat).png().toBuffer());
  await put(
    folder,
    'metadata.jsonl',
    `${JSON.stringify({ file_name: 'a.png', ...(landmarks !== null && { landmarks }) })}\n`,
  );
  return openDataset(folder);
}

const landmarksFor = 'the.key';

describe('landmarks of a batch', () => {
  it('are in pixels of the images as they are trained on', async () => {
    // 32 × 16 pixels: half of that is 16 × 8, of which the middle 8 × 8 stay.
    const dataset = await folderOfOne(32, 16);
    const size = { height: 8, width: 8 };
    const source = await createAnnotationSource({ dataset, size, landmarksFor });
    const { landmarks, parts } = await source.load(0);
    expect(parts).toBeUndefined();
    for (const [i, [x, y]] of points.entries()) {
      expect(landmarks![2 * i]).toBeCloseTo(x / 2 - 4, 5);
      expect(landmarks![2 * i + 1]).toBeCloseTo(y / 2, 5);
    }
  });

  it('must all be labelled: COCO says 0, 0, 0 of a point that nobody labelled', async () => {
    const dataset = await folderOfOne(8, 8, null);
    const keypoints = points.flatMap(([x, y], i) => (i === 7 ? [0, 0, 0] : [x, y, 1]));
    const json = {
      images: [{ id: 1, file_name: 'a.png' }],
      annotations: [{ image_id: 1, keypoints }],
    };
    await put(dataset.directory, 'coco.json', JSON.stringify(json));
    const lacking = await openDataset(dataset.directory);
    const size = { height: 8, width: 8 };
    await expect(createAnnotationSource({ dataset: lacking, size, landmarksFor })).rejects.toThrow(
      /Expected 68 landmarks .* for the\.key, got 67 for "a\.png"/,
    );
  });

  it('are mirrored with their images: sides change places', async () => {
    const dataset = await folderOfOne(8, 8);
    const size = { height: 8, width: 8 };
    const annotations = await createAnnotationSource({ dataset, size, landmarksFor });
    const source = createBatchSource({
      ...size,
      dataset,
      annotations,
      channels: 1,
      batchSize: 16,
      key: randomKey(1),
      flip: true,
    });
    const { landmarks } = await source.batch(0);
    expect(landmarks?.shape).toEqual([16, 68, 2]);
    let flips = 0;
    for (let i = 0; i < 16; i++) {
      const at = (k: number) => [...landmarks!.data.subarray(136 * i + 2 * k, 136 * i + 2 * k + 2)];
      const flipped = at(0)[0] !== 0;
      flips += Number(flipped);
      // The outer corner of the right eye is, in the mirror, where that of the left eye was.
      const [x, y] = points[flipped ? 45 : 36];
      expect(at(36)).toEqual([flipped ? 8 - x : x, y]);
      expect(at(8)).toEqual([flipped ? 8 - points[8][0] : points[8][0], points[8][1]]);
    }
    expect(flips).toBeGreaterThan(2);
    expect(flips).toBeLessThan(14);
  });

  it('are themselves again after two mirrors', () => {
    const given = Float32Array.from(points.flat());
    expect(mirrorLandmarks(mirrorLandmarks(given, 8), 8)).toEqual(given);
  });

  it.each([
    ['none', null],
    ['2', [points[0], points[1]]],
  ])('are missed by name where there are %s', async (got, landmarks) => {
    const dataset = await folderOfOne(8, 8, landmarks);
    const attempt = createAnnotationSource({
      dataset,
      size: { height: 8, width: 8 },
      landmarksFor,
    });
    await expect(attempt).rejects.toThrow(
      new RegExp(
        `^Expected 68 landmarks of every image in .* for the\\.key, got ${got} for "a\\.png"\\. Run lifelike prepare on photographs`,
      ),
    );
  });
});
