import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Tree } from '../../base/tree.ts';
import {
  constantWeights,
  type FaceResNetWeights,
  faceEmbedding,
  faceFeatureMaps,
  faceLandmarkNetwork,
  faceResNetTaps,
  inceptionTrunk,
  type MobileNetTrunkWeights,
  mobileNetFeatureMaps,
  tinyFaceDetector,
} from '../../models/frozen/index.ts';
import { loadProgram } from '../../runtime/program.ts';
import { compile } from '../../tensor/compile.ts';
import { valueAndGrad } from '../../tensor/gradient.ts';
import { HostTensor, spec } from '../../tensor/host-tensor.ts';
import { add } from '../../tensor/operators/elementwise.ts';
import { mean } from '../../tensor/operators/reduce.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import {
  fixturePath,
  formulaImage,
  largestDifference,
  renderImage,
} from '../testing/fixture-images.ts';
import {
  readFaceLandmarkNetwork,
  readFaceResNet,
  readInceptionTrunk,
  readMobileNetTrunk,
  readTinyFaceDetector,
  readTinyFaceLandmarkNetwork,
} from './index.ts';

/**
 * The original packages' outputs, made by scripts/fixtures/frozen-networks.mjs on tfjs' CPU
 * kernels.
 */
async function fixture<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(fixturePath(`${name}.json`), 'utf8')) as T;
}

async function runOnce(fn: (x: Tensor) => Tree<Tensor>, image: HostTensor) {
  const program = await loadProgram(compile(fn, [spec(image.shape)]), { threads: 1 });
  const result = await program.run(image);
  await program.dispose();
  return result;
}

/** The means over batch, height and width of `[batch, channels, height, width]`. */
const channelMeans = (x: Tensor) => mean(x, { axes: [0, 2, 3] });

/** Of an output `shape` with channels last: the means of its channels and every 97th value. */
interface Sample {
  readonly shape: readonly number[];
  readonly means: readonly number[];
  readonly every97: readonly number[];
}

/** The largest difference of every 97th value, after a check of the shape. */
function everyNinetySeventh(output: HostTensor, { shape, every97 }: Sample): number {
  const [, height, width, channels] = shape;
  expect(output.shape).toEqual([1, channels, height, width]);
  const channelsLast = (i: number) =>
    output.data[(i % channels) * height * width + Math.floor(i / channels)];
  return largestDifference(
    every97.map((_, i) => channelsLast(i * 97)),
    every97,
  );
}

/**
 * How far the slope of the mean of feature maps along its gradient, by central differences, is from
 * the length of that gradient, as a share of it.
 */
async function slopeError(
  featureMaps: (x: Tensor) => readonly Tensor[],
  image: HostTensor,
): Promise<number> {
  const loss = ({ x }: { readonly x: Tensor }) =>
    featureMaps(x)
      .map((map) => mean(map))
      .reduce((a, b) => add(a, b));
  const compiled = compile(
    (x: Tensor) => {
      const both = valueAndGrad((p: { readonly x: Tensor }) => [loss(p), undefined])({ x });
      return { value: both.value, gradient: both.gradient.x };
    },
    [spec(image.shape)],
  );
  const program = await loadProgram(compiled, { threads: 1 });
  const at = async (step: number, direction: Float32Array) => {
    const data = image.data.map((value, i) => value + step * direction[i]);
    const result = await program.run(new HostTensor(image.shape, data));
    return result as { value: HostTensor; gradient: HostTensor };
  };
  const { gradient } = await at(0, image.data);
  const length = Math.hypot(...gradient.data);
  const uphill = gradient.data.map((value) => value / length);
  const [before, after] = [await at(-0.005, uphill), await at(0.005, uphill)];
  await program.dispose();
  const slope = (after.value.data[0] - before.value.data[0]) / 0.01;
  return Math.abs(slope / length - 1);
}

describe('networks rebuilt from packages', () => {
  it('detects faces as the tiny face detector of face-api does, within 1e-4', async () => {
    const weights = await readTinyFaceDetector();
    const cases =
      await fixture<{ size: number; raw: { shape: number[]; values: number[] } }[]>(
        'tiny-face-detector',
      );
    for (const { size, raw } of cases) {
      const image = await renderImage(size, { left: 16, top: 8 });
      const output = (await runOnce(
        (x) => tinyFaceDetector(constantWeights(weights), x),
        image,
      )) as HostTensor;
      const [, cells, , channels] = raw.shape;
      expect(output.shape).toEqual([1, channels, cells, cells]);
      const channelsLast = raw.values.map(
        (_, i) => output.data[(i % channels) * cells * cells + Math.floor(i / channels)],
      );
      expect(largestDifference(channelsLast, raw.values)).toBeLessThan(1e-4);
    }
  });

  it.each([
    ['face_landmark_68_model', 'face-landmarks', readFaceLandmarkNetwork],
    ['face_landmark_68_tiny_model', 'tiny-face-landmarks', readTinyFaceLandmarkNetwork],
  ] as const)('finds landmarks as %s does, within 2e-6 of the square', async (_, name, read) => {
    const weights = await read();
    const expected = await fixture<Record<'render' | 'formula', number[]>>(name);
    const images = {
      render: await renderImage(112, { left: -8, top: -8 }),
      formula: formulaImage(112),
    };
    for (const name of ['render', 'formula'] as const) {
      const output = (await runOnce(
        (x) => faceLandmarkNetwork(constantWeights(weights), x),
        images[name],
      )) as HostTensor;
      expect(largestDifference(output.data, expected[name])).toBeLessThan(2e-6);
    }
  });

  it('embeds faces as face_recognition_model does, within 1e-6, taps within 1e-5', async () => {
    const weights = await readFaceResNet();
    const expected = await fixture<{
      render: number[];
      formula: number[];
      taps: Record<string, { shape: number[]; means: number[] }>;
    }>('face-resnet');
    const run = (image: HostTensor) =>
      runOnce((x) => {
        const constants = constantWeights<FaceResNetWeights<Tensor>>(weights);
        const maps = faceFeatureMaps(constants, x, faceResNetTaps);
        return { embedding: faceEmbedding(constants, x), tapMeans: maps.map(channelMeans) };
      }, image) as Promise<{ embedding: HostTensor; tapMeans: HostTensor[] }>;
    const render = await run(await renderImage(150, { left: 11, top: 11 }));
    const formula = await run(formulaImage(150));
    expect(largestDifference(render.embedding.data, expected.render)).toBeLessThan(1e-6);
    expect(largestDifference(formula.embedding.data, expected.formula)).toBeLessThan(1e-6);
    for (const [i, name] of faceResNetTaps.entries()) {
      const { means } = expected.taps[name];
      expect(largestDifference(render.tapMeans[i].data, means)).toBeLessThan(1e-5);
    }
  });

  it('passes a gradient through the face ResNet: uphill as central differences', async () => {
    const weights = await readFaceResNet();
    const maps = (x: Tensor) => faceFeatureMaps(constantWeights(weights), x, ['conv64_3']);
    const image = await renderImage(64, { left: -32, top: -16 });
    expect(await slopeError(maps, image)).toBeLessThan(0.01);
  });

  it('passes a gradient through MobileNetV2: uphill as central differences', async () => {
    const weights = await readMobileNetTrunk();
    const maps = (x: Tensor) =>
      mobileNetFeatureMaps(constantWeights<MobileNetTrunkWeights<Tensor>>(weights), x, [2, 5, 9]);
    const image = await renderImage(64, { left: -32, top: -16 });
    expect(await slopeError(maps, image)).toBeLessThan(0.01);
  });

  it('computes mixed5 as the Keras model of nsfwjs does, within 2e-5', async () => {
    const weights = await readInceptionTrunk();
    const expected = await fixture<Record<'render' | 'formula', Sample>>('inception-trunk');
    const images = {
      render: await renderImage(299, { left: 21, top: 21, repeat: 2 }),
      formula: formulaImage(299),
    };
    for (const name of ['render', 'formula'] as const) {
      const output = (await runOnce(
        (x) => inceptionTrunk(constantWeights(weights), x),
        images[name],
      )) as HostTensor;
      expect(everyNinetySeventh(output, expected[name])).toBeLessThan(2e-5);
    }
  });

  it('computes blocks of MobileNetV2 as the Keras model of nsfwjs does, within 1e-4 of up to 29', async () => {
    const weights = await readMobileNetTrunk();
    const taps = [2, 5, 9, 10];
    const expected =
      await fixture<Record<'render' | 'formula', Record<string, Sample>>>('mobilenet-trunk');
    const images = { render: await renderImage(128), formula: formulaImage(128) };
    for (const name of ['render', 'formula'] as const) {
      const output = (await runOnce((x) => {
        const constants = constantWeights<MobileNetTrunkWeights<Tensor>>(weights);
        const maps = mobileNetFeatureMaps(constants, x, taps);
        return { maps, means: maps.map(channelMeans) };
      }, images[name])) as { maps: HostTensor[]; means: HostTensor[] };
      for (const [i, tap] of taps.entries()) {
        const sample = expected[name][tap];
        expect(everyNinetySeventh(output.maps[i], sample)).toBeLessThan(1e-4);
        expect(largestDifference(output.means[i].data, sample.means)).toBeLessThan(2e-5);
      }
    }
  });
});
