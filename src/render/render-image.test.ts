import { expect, test } from 'vitest';
import { parts } from './assets/parts.ts';
import { createWorkspace } from './geometry/workspace.ts';
import { type RenderedImage, renderImage } from './render-image.ts';
import { renderConfig } from './scene/config.ts';
import { sampleScene } from './scene/sample-scene.ts';
import { frontalScene, sharedAssets } from './testing/shared-assets.ts';

const size = 128;

/** Whether a part of the mask comes within `reach` pixels of a point. */
function isNear(image: RenderedImage, [x, y]: readonly [number, number], part: number, reach = 2) {
  for (let row = Math.floor(y - reach); row <= y + reach; row++) {
    for (let column = Math.floor(x - reach); column <= x + reach; column++) {
      const inside = row >= 0 && column >= 0 && row < image.size && column < image.size;
      if (inside && image.parts[row * image.size + column] === part) return true;
    }
  }
  return false;
}

const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

test('landmarks lie on the parts that they belong to', async () => {
  const assets = await sharedAssets();
  for (const index of [0, 3, 8, 12]) {
    const expression = { 'mouth-open': 0.25 };
    const image = renderImage(assets, await frontalScene(index, { expression }), { size });
    const check = (marks: readonly number[], part: number, reach?: number) => {
      for (const i of marks) {
        expect(isNear(image, image.landmarks[i], part, reach), `landmark ${i} of ${index}`).toBe(
          true,
        );
      }
    };
    check(range(36, 41), parts.rightEye);
    check(range(42, 47), parts.leftEye);
    check(range(49, 53), parts.upperLip);
    check(range(55, 59), parts.lowerLip);
    check(range(61, 63), parts.upperLip);
    check(range(65, 67), parts.lowerLip);
    check(range(28, 35), parts.nose);
    check(range(18, 20), parts.rightBrow, 4);
    check(range(23, 25), parts.leftBrow, 4);
    check(range(5, 11), parts.neck, 4);
    expect([...image.parts]).toContain(parts.innerMouth);
    expect([...image.parts]).toContain(parts.rightEar);
    expect([...image.parts]).toContain(parts.leftEar);
  }
});

test('every landmark of a frontal bald head is in the image; all but the ears’ rim are seen', async () => {
  const image = renderImage(await sharedAssets(), await frontalScene(8), { size });
  for (const [x, y] of image.landmarks) {
    expect(x > 0 && x < size && y > 0 && y < size).toBe(true);
  }
  for (const i of range(17, 67)) expect(image.visible[i], `landmark ${i}`).toBe(1);
});

test('angles have the documented signs in the picture', async () => {
  const assets = await sharedAssets();
  const at = async (change: { yaw?: number; pitch?: number; roll?: number }) => {
    const pose = { yaw: 0, pitch: 0, roll: 0, ...change };
    const { landmarks } = renderImage(assets, await frontalScene(8, { pose, torso: pose }), {
      size,
    });
    const eyes = [0, 1].map((k) => (landmarks[36][k] + landmarks[45][k]) / 2);
    return { nose: [landmarks[30][0] - eyes[0], landmarks[30][1] - eyes[1]], landmarks };
  };
  const front = await at({});
  expect((await at({ yaw: 30 })).nose[0]).toBeGreaterThan(front.nose[0] + 4);
  expect((await at({ yaw: -30 })).nose[0]).toBeLessThan(front.nose[0] - 4);
  expect((await at({ pitch: 20 })).nose[1]).toBeGreaterThan(front.nose[1] + 2);
  // Anticlockwise: the eye on the image's right goes up.
  const { landmarks } = await at({ roll: 20 });
  expect(landmarks[45][1]).toBeLessThan(landmarks[36][1] - 8);
});

test('the far side of a turned face is hidden', async () => {
  const pose = { yaw: 65, pitch: 0, roll: 0 };
  const image = renderImage(await sharedAssets(), await frontalScene(8, { pose, torso: pose }), {
    size,
  });
  expect(range(42, 47).map((i) => image.visible[i])).not.toEqual([1, 1, 1, 1, 1, 1]);
  expect(range(10, 16).filter((i) => image.visible[i])).toHaveLength(0);
  expect(range(36, 41).filter((i) => image.visible[i])).toHaveLength(6);
  expect(image.visible.slice(1, 8)).toEqual([1, 1, 1, 1, 1, 1, 1]);
});

test('closed eyes show no eyeball', async () => {
  const open = renderImage(await sharedAssets(), await frontalScene(8, { expression: {} }), {
    size,
  });
  const expression = { 'eye-left-closure': 1, 'eye-right-closure': 1 };
  const closed = renderImage(await sharedAssets(), await frontalScene(8, { expression }), { size });
  const eyePixels = (image: RenderedImage) =>
    image.parts.filter((part) => part === parts.leftEye || part === parts.rightEye).length;
  expect(eyePixels(closed)).toBeLessThan(0.25 * eyePixels(open));
});

test('the same scene gives the same bytes, also with buffers of other images', async () => {
  const assets = await sharedAssets();
  const scene = await frontalScene(3, {
    hair: { style: 'bob01', mirrored: true, color: [0.1, 0.05, 0.02] },
  });
  const workspace = createWorkspace();
  renderImage(assets, await frontalScene(1), { size: 96, workspace });
  const reused = renderImage(assets, scene, { size: 64, workspace, depth: true, normals: true });
  const fresh = renderImage(assets, scene, { size: 64, depth: true, normals: true });
  expect(Buffer.compare(reused.image, fresh.image)).toBe(0);
  expect(reused.parts).toEqual(fresh.parts);
  expect(reused.depth).toEqual(fresh.depth);
  expect(reused.normals).toEqual(fresh.normals);
  expect([...fresh.parts]).toContain(parts.hair);
});

test('no pixel depends on what a buffer held before', async () => {
  const assets = await sharedAssets();
  const made = { seed: 1, imagesPerIdentity: 1 };
  // Hair whose order from far to near was once left with gaps.
  for (const index of [528, 562, 707, 723]) {
    const scene = sampleScene(assets, renderConfig(), { ...made, index });
    const dirty = (byte: number) => ({
      floats: (_: string, length: number) => new Float32Array(length).fill(byte),
      integers: (_: string, length: number) => new Int32Array(length).fill(byte),
      bytes: (_: string, length: number) => new Uint8Array(length).fill(byte),
    });
    const one = renderImage(assets, scene, { size: 64, workspace: dirty(0) });
    const other = renderImage(assets, scene, { size: 64, workspace: dirty(5) });
    expect(Buffer.compare(one.image, other.image), `image ${index}`).toBe(0);
    expect(one.parts).toEqual(other.parts);
  }
});

test('depth is in millimetres and normals face the camera', async () => {
  const scene = await frontalScene(8, {});
  const image = renderImage(await sharedAssets(), scene, { size: 64, depth: true, normals: true });
  const [x, y] = image.landmarks[30].map(Math.floor);
  const nose = image.depth![y * 64 + x];
  expect(nose).toBeGreaterThan(scene.camera.distance * 1000 - 150);
  expect(nose).toBeLessThan(scene.camera.distance * 1000);
  expect(image.depth![0]).toBe(0);
  expect(image.normals![3 * (y * 64 + x) + 2]).toBeGreaterThan(190);
  expect([...image.normals!.subarray(0, 3)]).toEqual([128, 128, 128]);
});

test('greyscale has one channel, the luma of the colours', async () => {
  const scene = await frontalScene(2);
  const quiet = { ...scene, camera: { ...scene.camera, noise: 0 } };
  const color = renderImage(await sharedAssets(), quiet, { size: 32 });
  const gray = renderImage(await sharedAssets(), quiet, { size: 32, grayscale: true });
  expect(gray.channels).toBe(1);
  expect(gray.image).toHaveLength(32 * 32);
  const [r, g, b] = color.image.subarray(3 * 500, 3 * 500 + 3);
  expect(Math.abs(gray.image[500] - (0.299 * r + 0.587 * g + 0.114 * b))).toBeLessThanOrEqual(1);
});
