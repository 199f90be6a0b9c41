import { expect, test } from 'vitest';
import { temporaryFolder } from '../files/testing/folders.ts';
import { openDataset } from './dataset.ts';
import { annotatedImages, faceLandmarks, readLandmarks } from './landmarks.ts';
import { formatPts, parsePts } from './pts.ts';
import { put } from './testing/images.ts';

test('a .pts file survives a round trip and counts pixel centres from 1', () => {
  const points = Float32Array.of(0.5, 0.5, 10.25, 20.75);
  const text = formatPts(points);
  expect(text).toBe('version: 1\nn_points: 2\n{\n1.000 1.000\n10.750 21.250\n}\n');
  expect([...parsePts(text, 'x.pts')]).toEqual([...points]);
});

test.each([
  ['too few points', 'version: 1\nn_points: 2\n{\n1 1\n}\n'],
  ['a word', 'version: 1\nn_points: 1\n{\n1 one\n}\n'],
  ['no braces', '1 1\n'],
])('a .pts file with %s is refused by name', (_, text) => {
  expect(() => parsePts(text, 'face.pts')).toThrow(/Expected a 300-W \.pts file .* at face\.pts/);
});

test('reads metadata, .pts and COCO in one convention, metadata first', async () => {
  const folder = await temporaryFolder();
  for (const name of ['a.png', 'b.png', 'c.png', 'sub/d.png', 'e.png'])
    await put(folder, name, 'x');
  await put(
    folder,
    'metadata.jsonl',
    '{"file_name":"a.png","landmarks":[[1.5,2.5],[3,4]],"landmarks_visible":[1,0]}\n',
  );
  await put(folder, 'a.pts', formatPts([9, 9]));
  await put(folder, 'b.pts', formatPts([7, 8]));
  const coco = (keypoints: readonly number[]) => ({
    images: [
      { id: 1, file_name: 'c.png' },
      { id: 2, file_name: 'd.png' },
    ],
    annotations: [
      { image_id: 1, keypoints },
      { image_id: 2, keypoints: [5, 6, 1] },
    ],
  });
  await put(folder, 'coco.json', `\uFEFF${JSON.stringify(coco([1.25, 2, 2, 0, 0, 0]))}`);
  await put(folder, 'sub/whole.json', JSON.stringify(coco([1, 2, 2])));
  await put(folder, 'package.json', '{"name":"unrelated"}');
  await put(folder, 'broken.json', '{');
  const dataset = await openDataset(folder);
  const landmarks = await readLandmarks(dataset);
  expect([...landmarks.keys()].sort()).toEqual(['a.png', 'b.png', 'c.png', 'sub/d.png']);
  expect(landmarks.get('a.png')).toEqual({
    points: Float32Array.of(1.5, 2.5, 3, 4),
    visible: Uint8Array.of(1, 0),
  });
  expect(landmarks.get('b.png')).toEqual({ points: Float32Array.of(7, 8) });
  expect(landmarks.get('c.png')).toEqual({
    points: Float32Array.of(1.25, 2, 0, 0),
    visible: Uint8Array.of(1, 0),
    labelled: Uint8Array.of(1, 0),
  });
  // The other COCO file holds whole numbers only: pixel indices.
  expect(landmarks.get('sub/d.png')?.points).toEqual(Float32Array.of(5.5, 6.5));
  const annotated = await annotatedImages(dataset);
  expect([...annotated].sort()).toEqual(['a.png', 'b.png', 'c.png', 'sub/d.png']);
});

test('a face with a point that nobody labelled in COCO has no 68 landmarks; a hidden point is one', async () => {
  const folder = await temporaryFolder();
  const names = ['whole.png', 'lacking.png'];
  for (const name of names) await put(folder, name, 'x');
  const hidden = Array.from({ length: 68 }, (_, i) => [i + 0.5, 3, 1]).flat();
  const json = {
    images: names.map((name, id) => ({ id, file_name: name })),
    annotations: [
      { image_id: 0, keypoints: hidden },
      { image_id: 1, keypoints: hidden.with(3, 0).with(4, 0).with(5, 0) },
    ],
  };
  await put(folder, 'coco.json', JSON.stringify(json));
  const landmarks = await readLandmarks(await openDataset(folder));
  expect(faceLandmarks(landmarks.get('whole.png'))).toHaveLength(136);
  expect(landmarks.get('lacking.png')?.points).toHaveLength(136);
  expect(faceLandmarks(landmarks.get('lacking.png'))).toBeUndefined();
  expect(faceLandmarks(undefined)).toBeUndefined();
});

test('malformed landmarks are refused by image and file', async () => {
  const folder = await temporaryFolder();
  await put(folder, 'a.png', 'x');
  await put(folder, 'metadata.jsonl', '{"file_name":"a.png","landmarks":[1,2]}\n');
  await expect(readLandmarks(await openDataset(folder))).rejects.toThrow(
    /the line of "a\.png" in .*metadata\.jsonl/,
  );
});
