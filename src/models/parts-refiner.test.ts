import { describe, expect, it } from 'vitest';
import { randomKey } from '../base/random.ts';
import { mapTree } from '../base/tree.ts';
import { evaluate, values } from '../nn/testing/evaluate.ts';
import { gradients } from '../tensor/gradient.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { constant } from '../tensor/operators/constant.ts';
import { add, multiply, square } from '../tensor/operators/elementwise.ts';
import { mean, sum } from '../tensor/operators/reduce.ts';
import { reshape } from '../tensor/operators/reshape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { pattern } from '../testing/pattern.ts';
import { type FacePart, facePartPlaces, faceParts, partBoxes } from './face-parts.ts';
import type { Refiner } from './network.ts';
import { partsRefiner } from './parts-refiner.ts';
import { pixelShuffleRefiner } from './pixel-shuffle-refiner.ts';
import { isSizeIndependent } from './testing/size-independence.ts';

const side = 48;

/** Landmarks `[1, 68, 2]` of a face of 30 × 30 pixels, its part middles moved by some pixels. */
function face(dx = 0, dy = 0): HostTensor {
  const points = hostTensor([1, 68, 2]);
  const put = (from: number, to: number, x: number, y: number, reach: number) => {
    for (let i = from; i < to; i++) {
      // Opposite pairs, so that the mean is the middle.
      const angle = (2 * Math.PI * (i - from)) / (to - from);
      points.data[2 * i] = x + dx + reach * Math.cos(angle);
      points.data[2 * i + 1] = y + dy + reach * Math.sin(angle);
    }
  };
  put(0, 27, 24, 24, 15);
  put(27, 36, 24, 26, 2);
  put(36, 42, 17, 18, 2);
  put(42, 48, 31, 18, 2);
  put(48, 68, 24, 33, 3);
  return points;
}

/** Adds its parameter, a number. */
const lighter: Refiner = {
  init: () => values([1, 1, 1, 1], 0),
  apply: (amount, images) => add(images, amount as Tensor),
};

const anywhere = (images: Tensor) =>
  constant(face().data, [images.shape[0], 68, 2] as readonly [number, 68, 2]);

const stub = partsRefiner({ whole: lighter, part: lighter, side: 16, findLandmarks: anywhere });

function amounts(whole: number, parts: Partial<Record<FacePart, number>>) {
  const number = (value: number) => values([1, 1, 1, 1], value);
  const of = Object.fromEntries(faceParts.map((part) => [part, number(parts[part] ?? 0)]));
  return { whole: number(whole), parts: of };
}

/** Where the change is not 0, as [left, top, right, bottom]. */
function boundsOfChange({ data }: HostTensor): number[] {
  const at = [...data.keys()].filter((i) => Math.abs(data[i]) > 1e-5);
  const [xs, ys] = [at.map((i) => i % side), at.map((i) => Math.floor(i / side))];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1];
}

async function changeOf(parameters: ReturnType<typeof amounts>, landmarks = face()) {
  return evaluate(
    (p: never, x: Tensor, points: Tensor) => stub.apply(p, x, points),
    parameters as never,
    hostTensor([1, 1, side, side]),
    landmarks,
  );
}

describe('the boxes of the parts', () => {
  it('are squares around the landmarks of a part, in proportion to the face', async () => {
    const boxes = await evaluate((points: Tensor) => partBoxes(points), face(1, 2));
    const eye = facePartPlaces.rightEye.share * 30;
    const expected = [18 + 2 - eye / 2, 17 + 1 - eye / 2 + 0, eye, eye];
    for (const [i, value] of expected.entries()) {
      expect(boxes.rightEye.data[i]).toBeCloseTo(value, 1);
    }
    expect(boxes.mouth.data[2]).toBeCloseTo(facePartPlaces.mouth.share * 30, 1);
  });

  it('have a size where all landmarks are one point', async () => {
    const boxes = await evaluate((points: Tensor) => partBoxes(points), hostTensor([2, 68, 2]));
    expect([...boxes.nose.data]).toEqual([-2, -2, 4, 4, -2, -2, 4, 4]);
  });
});

describe('the refiner of the parts', () => {
  it.each(faceParts)('changes nothing outside the square of %s', async (part) => {
    const change = await changeOf(amounts(0, { [part]: 0.5 }));
    const boxes = await evaluate((points: Tensor) => partBoxes(points), face());
    const [top, left, height, width] = boxes[part].data;
    const [x0, y0, x1, y1] = boundsOfChange(change);
    for (const [inner, outer] of [
      [x0, left],
      [y0, top],
      [left + width, x1],
      [top + height, y1],
    ]) {
      expect(inner - outer).toBeGreaterThan(-1);
      expect(inner - outer).toBeLessThan(1.5);
    }
    // In the middle the whole change arrives, at the edge it fades.
    const middle = Math.floor(top + height / 2) * side + Math.floor(left + width / 2);
    expect(change.data[middle]).toBeCloseTo(0.5, 4);
  });

  it('follows the landmarks', async () => {
    const mouth = amounts(0, { mouth: 1 });
    const before = boundsOfChange(await changeOf(mouth));
    const after = boundsOfChange(await changeOf(mouth, face(5, -3)));
    expect(after).toEqual(before.map((value, i) => value + (i % 2 === 0 ? 5 : -3)));
  });

  it('adds the local pathways to the global one', async () => {
    const whole = await changeOf(amounts(0.25, { leftEye: 0.5 }));
    expect(whole.data[0]).toBeCloseTo(0.25, 5);
    expect(whole.data[18 * side + 31]).toBeCloseTo(0.75, 4);
  });

  it('finds the landmarks itself where none are given', async () => {
    const found = await evaluate(
      (p: never, x: Tensor) => stub.apply(p, x),
      amounts(0, { nose: 1 }) as never,
      hostTensor([1, 1, side, side]),
    );
    expect(found.data).toEqual((await changeOf(amounts(0, { nose: 1 }))).data);
  });

  const small = pixelShuffleRefiner({ channels: 3, features: 16, blocks: 1 });

  it('is one program for all sizes', () => {
    // Any points that depend on the images alone will do.
    const findLandmarks = (images: Tensor) => {
      const value = reshape(mean(images, { axes: [1, 2, 3] }), [images.shape[0], 1, 1]);
      return add(multiply(value, 0), constant(face().data, [1, 68, 2]));
    };
    const refiner = partsRefiner({ whole: small, part: small, side: 16, findLandmarks });
    expect(isSizeIndependent(refiner, 3)).toBe(true);
  });

  it('teaches every pathway', async () => {
    const refiner = partsRefiner({ whole: small, part: small, side: 16, findLandmarks: anywhere });
    const image = pattern([1, 3, side, side], 3);
    const slopes = await evaluate(
      (p: never, x: Tensor, points: Tensor) => {
        const loss = sum(square(refiner.apply(p, x, points)));
        const { whole, parts } = p as { whole: { output: { bias: Tensor } }; parts: never };
        const leaves = [whole, ...Object.values(parts as Record<string, typeof whole>)];
        return leaves.map(({ output }) => sum(square(gradients(loss, [output.bias])[0])));
      },
      refiner.init(randomKey(1)),
      image,
      face(),
    );
    for (const slope of slopes as readonly HostTensor[]) expect(slope.data[0]).toBeGreaterThan(0);
    // A fresh one is the identity, as its pathways are.
    const fresh = await evaluate(
      (p: never, x: Tensor, points: Tensor) => refiner.apply(p, x, points),
      refiner.init(randomKey(1)),
      image,
      face(),
    );
    expect(fresh.data.every((value, i) => Math.abs(value - image.data[i]) < 1e-6)).toBe(true);
  });

  it('has parameters of its own for each part', () => {
    const { parts } = partsRefiner({
      whole: small,
      part: small,
      side: 16,
      findLandmarks: anywhere,
    }).init(randomKey(1));
    const firsts = faceParts.map((part) => {
      const leaves: number[] = [];
      mapTree<HostTensor, HostTensor>(parts[part], (leaf) => {
        leaves.push(leaf.data[0]);
        return leaf;
      });
      return leaves.join();
    });
    expect(new Set(firsts).size).toBe(4);
  });
});

it('crops nothing that the image does not have', async () => {
  const boxes = await evaluate((points: Tensor) => partBoxes(points), face(-40, 0));
  expect(boxes.nose.data[1]).toBeLessThan(0);
  const change = await changeOf(amounts(0, { nose: 1 }), face(-40, 0));
  expect(change.data.every((value) => value === 0)).toBe(true);
});
