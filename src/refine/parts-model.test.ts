import { join } from 'node:path';
import onnxProto from 'onnx-proto';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../data/decode.ts';
import { bytesToValues } from '../data/pixels.ts';
import { put } from '../data/testing/images.ts';
import { readFaceLandmarkNetwork } from '../faces/index.ts';
import { temporaryFolder } from '../files/testing/folders.ts';
import {
  constantWeights,
  type FaceLandmarkWeights,
  findLandmarks,
} from '../models/frozen/index.ts';
import { faceParts, partsRefiner, type Refiner } from '../models/index.ts';
import { values } from '../nn/testing/evaluate.ts';
import { createSession, type Session } from '../runtime/session.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { add } from '../tensor/operators/elementwise.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { exportRefiner } from '../train/export-refiner.ts';
import { playRun, tinyConfig, tinyFolders } from '../train/testing/tiny-run.ts';
import { loadRefinerModel } from './model.ts';
import { filesOf, refineFolder } from './testing/refine-folder.ts';

const { onnx } = onnxProto;
const fixture = new URL('../faces/fixtures/render.png', import.meta.url).pathname;

describe('the file of a trained refiner of the parts', () => {
  it('refines images of any size with its one input, and keeps to default operators', async () => {
    const root = await temporaryFolder();
    const folders = await tinyFolders(root, { landmarks: true });
    const config = tinyConfig({
      size: 16,
      steps: 4,
      pretraining: {},
      refinerStepsPerIteration: 1,
      refiner: { architecture: 'pixel-shuffle', features: 16, blocks: 1 },
      parts: { refiner: true, discriminator: true, side: 16 },
    });
    const { outcome } = await playRun({ ...folders, config, preset: 'parts' });
    expect(outcome.metrics?.partsAdversarial).toBeGreaterThan(0);
    expect(outcome.metrics?.meanAbsoluteChange).toBeGreaterThan(0);

    const model = await loadRefinerModel(folders.run);
    expect(model).toMatchObject({ channels: 3, multiple: 4, input: 'images', output: 'refined' });
    const { opsetImport } = onnx.ModelProto.decode(model.bytes);
    expect(opsetImport.map(({ domain, version }) => [domain, Number(version)])).toEqual([['', 17]]);

    const input = join(root, 'in');
    const face = sharp(fixture);
    await put(input, 'a.png', await face.clone().resize(64, 64).png().toBuffer());
    await put(input, 'b.png', await face.clone().resize(37, 50).png().toBuffer());
    const output = join(root, 'out');
    const refined = await refineFolder({ model: folders.run, input, output });
    expect(refined).toMatchObject({ written: 2 });
    const sizes = [...(await filesOf(output))].filter(([name]) => name.endsWith('.png'));
    const dimensions = await Promise.all(sizes.map(([, bytes]) => sharp(bytes).metadata()));
    expect(dimensions.map(({ width, height }) => [width, height])).toEqual([
      [64, 64],
      [37, 50],
    ]);
  });
});

/** Adds its parameter, a number. */
const lighter: Refiner = {
  init: () => values([1, 1, 1, 1], 0),
  apply: (amount, images) => add(images, amount as Tensor),
};

/** The box [left, top, right, bottom] in which a refined image differs from its original. */
function boundsOfChange(before: HostTensor, after: HostTensor): number[] {
  const side = before.shape[3];
  const at = [...before.data.keys()].filter((i) => Math.abs(after.data[i] - before.data[i]) > 0.02);
  const [xs, ys] = [at.map((i) => i % side), at.map((i) => Math.floor(i / side) % side)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1];
}

describe('the squares of the exported graph', () => {
  const sessions = new Map<string, Session>();

  beforeAll(async () => {
    const weights = constantWeights<FaceLandmarkWeights<Tensor>>(await readFaceLandmarkNetwork());
    const refiner = partsRefiner({
      whole: lighter,
      part: lighter,
      side: 16,
      findLandmarks: (images) => findLandmarks(weights, images),
    });
    const number = (value: number) => values([1, 1, 1, 1], value);
    for (const part of ['rightEye', 'mouth'] as const) {
      const parts = Object.fromEntries(faceParts.map((name) => [name, number(0)]));
      const parameters = { whole: number(0), parts: { ...parts, [part]: number(-0.3) } };
      const options = { channels: 3, size: [64, 64], preset: 'x' } as const;
      sessions.set(part, await createSession(exportRefiner(refiner, parameters, options), {}));
    }
    return async () => {
      for (const session of sessions.values()) await session.dispose();
    };
  });

  /** The face of the fixture at a size, moved to the right and down. */
  async function faceAt(side: number, [dx, dy]: readonly [number, number] = [0, 0]) {
    const { pixels } = await decodeImage(fixture, {
      channels: 3,
      size: { height: side, width: side },
    });
    const upright = new Float32Array(3 * side * side);
    bytesToValues(pixels, upright, { width: side, flip: false, offset: 0 });
    const images = hostTensor([1, 3, side, side]);
    for (let i = 0; i < upright.length; i++) {
      const [x, y] = [i % side, Math.floor(i / side) % side];
      const [fromX, fromY] = [Math.max(0, x - dx), Math.max(0, y - dy)];
      images.data[i] = upright[i + (fromY - y) * side + (fromX - x)];
    }
    return images;
  }

  async function squares(side: number, move?: readonly [number, number]) {
    const images = await faceAt(side, move);
    const boxes: Record<string, number[]> = {};
    for (const [part, session] of sessions) {
      const refined = hostTensor(images.shape);
      await session.run({ images }, { refined });
      boxes[part] = boundsOfChange(images, refined);
    }
    return boxes;
  }

  const middle = ([left, top, right, bottom]: readonly number[]) =>
    [(left + right) / 2, (top + bottom) / 2] as const;

  it('lie on the eye at the left and on the mouth, small and apart', async () => {
    const { rightEye, mouth } = await squares(64);
    expect(middle(rightEye)[0]).toBeLessThan(middle(mouth)[0]);
    expect(middle(mouth)[1] - middle(rightEye)[1]).toBeGreaterThan(8);
    expect(rightEye[2] - rightEye[0]).toBeLessThan(26);
  });

  it('follow a face that moves', async () => {
    const [there, moved] = [await squares(64), await squares(64, [5, 3])];
    for (const part of ['rightEye', 'mouth']) {
      const [a, b] = [middle(there[part]), middle(moved[part])];
      expect(Math.abs(b[0] - a[0] - 5)).toBeLessThan(1.6);
      expect(Math.abs(b[1] - a[1] - 3)).toBeLessThan(1.6);
    }
  });

  it('are the same part of an image of another size', async () => {
    const [small, large] = [await squares(64), await squares(128)];
    for (const part of ['rightEye', 'mouth']) {
      for (const [i, value] of small[part].entries()) {
        expect(Math.abs(large[part][i] / 2 - value)).toBeLessThan(2);
      }
    }
  });

  it('are those of each image in a batch', async () => {
    const [a, b] = [await faceAt(64), await faceAt(64, [5, 3])];
    const both = hostTensor([2, 3, 64, 64]);
    both.data.set(a.data);
    both.data.set(b.data, a.data.length);
    const session = sessions.get('mouth') as Session;
    const refined = [a, b, both].map(({ shape }) => hostTensor(shape));
    for (const [i, images] of [a, b, both].entries()) {
      await session.run({ images }, { refined: refined[i] });
    }
    const single = [...refined[0].data, ...refined[1].data];
    const furthest = single.reduce((m, v, i) => Math.max(m, Math.abs(v - refined[2].data[i])), 0);
    expect(furthest).toBeLessThan(1e-4);
  });
});
