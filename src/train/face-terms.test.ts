import { beforeAll, describe, expect, it } from 'vitest';
import { randomKey, uniform } from '../base/random.ts';
import { flattenTree, mapTree, type Tree } from '../base/tree.ts';
import { decodeImage } from '../data/decode.ts';
import { bytesToValues } from '../data/pixels.ts';
import type { FaceResNetTap } from '../models/frozen/face-resnet.ts';
import { evaluate, scalarOf } from '../nn/testing/evaluate.ts';
import { compile } from '../tensor/compile.ts';
import { gradients } from '../tensor/gradient.ts';
import { type HostTensor, hostTensor, spec } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TrainConfigInput, trainConfig } from './config.ts';
import { exportRefiner } from './export-refiner.ts';
import { type FrozenNetworks, readFrozenNetworks } from './frozen-networks.ts';
import { exportedParameters, initialState } from './network-state.ts';
import { createPlayers } from './players.ts';
import { regularize } from './regularize.ts';

type Shares = TrainConfigInput['regularization'];

const side = 64;
let render: HostTensor;
let changed: HostTensor;
let faces: FrozenNetworks<HostTensor>;

beforeAll(async () => {
  const path = new URL('../faces/fixtures/render.png', import.meta.url).pathname;
  const { pixels } = await decodeImage(path, { channels: 3, size: { height: side, width: side } });
  render = hostTensor([1, 3, side, side]);
  bytesToValues(pixels, render.data, { width: side, flip: false, offset: 0 });
  const noise = uniform(randomKey(3), render.data.length);
  const data = render.data.map((value, i) => value + 0.4 * (noise[i] - 0.5));
  changed = hostTensor(render.shape, data);
  const all = trainConfig({ regularization: { featureMaps: 1, identity: 1, landmarks: 1 } });
  faces = await readFrozenNetworks(all);
});

const only = (shares: Shares): Shares => ({ pixels: 0, ...shares });

function totalOf(shares: Shares, channels: 1 | 3 = 3) {
  const config = trainConfig({ channels, regularization: shares });
  return (synthetic: Tensor, refined: Tensor) =>
    regularize(synthetic, refined, config, { faces }).total;
}

const cases: readonly (readonly [string, Shares])[] = [
  ['feature maps', only({ featureMaps: 1 })],
  ['late feature maps', only({ featureMaps: 1, featureTaps: ['conv256_2'] })],
  ['feature maps of two depths', only({ featureMaps: 1, featureTaps: ['conv32_3', 'conv128_2'] })],
  ['identity', only({ identity: 1 })],
  ['landmarks', only({ landmarks: 1 })],
];

describe('what face networks see', () => {
  it.each(cases)('%s: 0 for the render itself, more for another image', async (_, shares) => {
    expect(scalarOf(await evaluate(totalOf(shares), render, render))).toBeCloseTo(0, 5);
    expect(scalarOf(await evaluate(totalOf(shares), render, changed))).toBeGreaterThan(1e-6);
  });

  it('sums the feature maps of the depths that are asked for', async () => {
    const at = async (...featureTaps: readonly FaceResNetTap[]) => {
      const shares = only({ featureMaps: 1, featureTaps: [...featureTaps] });
      return scalarOf(await evaluate(totalOf(shares), render, changed));
    };
    const [early, late] = [await at('conv32_3'), await at('conv256_2')];
    expect(Math.abs(early / late - 1)).toBeGreaterThan(0.05);
    expect((await at('conv32_3', 'conv256_2')) / (early + late)).toBeCloseTo(1, 4);
  });

  it.each(cases)('%s: a step against the gradient makes it less', async (_, shares) => {
    const total = totalOf(shares);
    const { before, slope } = await evaluate(
      (x: Tensor, y: Tensor) => {
        const before = total(x, y);
        return { before, slope: gradients(before, [y])[0] };
      },
      render,
      changed,
    );
    const length = Math.sqrt(slope.data.reduce((sum, g) => sum + g * g, 0));
    expect(length).toBeGreaterThan(0);
    const data = changed.data.map((value, i) => value - (0.3 * slope.data[i]) / length);
    const after = await evaluate(total, render, hostTensor(changed.shape, data));
    expect(scalarOf(after)).toBeLessThan(0.99 * scalarOf(before));
  });

  it('has names, and adds up with the shares', async () => {
    const config = trainConfig({
      regularization: { pixels: 2, featureMaps: 3, identity: 5, landmarks: 7 },
    });
    const { total, terms } = await evaluate(
      (x: Tensor, y: Tensor) => regularize(x, y, config, { faces }),
      render,
      changed,
    );
    const share: Readonly<Record<string, number>> = {
      pixelDifference: 2,
      featureDistance: 3,
      identityDistance: 5,
      landmarkDisplacement: 7,
    };
    expect(Object.keys(terms)).toEqual(Object.keys(share));
    const sum = Object.entries(terms).reduce(
      (sum, [name, term]) => sum + share[name] * scalarOf(term),
      0,
    );
    expect(scalarOf(total)).toBeCloseTo(sum, 5);
  });

  it.each([
    ['identity', only({ identity: 1 }), true],
    ['landmarks', only({ landmarks: 1 }), true],
    ['feature maps', only({ featureMaps: 1 }), false],
  ] as const)('%s: of the render or of what a filter made of it', async (_, shares, isLabel) => {
    const config = trainConfig({ regularization: shares });
    const held = (renders: Tensor, reference: Tensor) =>
      regularize(reference, reference, config, { faces, renders }).total;
    const total = scalarOf(await evaluate(held, render, changed));
    if (isLabel) expect(total).toBeGreaterThan(1e-6);
    else expect(total).toBeCloseTo(0, 5);
  });

  it('landmarks: seen by the small network, whatever the large one would say', async () => {
    const config = trainConfig({ regularization: only({ landmarks: 1 }) });
    const blind = mapTree<HostTensor, HostTensor>(
      faces.landmarkGuide as Tree<HostTensor>,
      ({ shape }) => hostTensor(shape),
    ) as FrozenNetworks<HostTensor>['landmarkGuide'];
    const seen = (landmarkGuide: FrozenNetworks<HostTensor>['landmarkGuide']) =>
      evaluate(
        (x: Tensor, y: Tensor) =>
          regularize(x, y, config, { faces: { ...faces, landmarkGuide } as typeof faces }).total,
        render,
        changed,
      );
    expect(scalarOf(await seen(blind))).toBe(0);
    expect(scalarOf(await seen(faces.landmarkGuide))).toBeGreaterThan(1e-6);
  });

  it('looks at grey images as at colour ones', async () => {
    const grey = hostTensor([1, 1, side, side], render.data.slice(0, side * side));
    const shares = only({ featureMaps: 1, identity: 1, landmarks: 1 });
    expect(scalarOf(await evaluate(totalOf(shares, 1), grey, grey))).toBeCloseTo(0, 4);
  });

  it('sees a moved face as moved: the box stays where the render has it', async () => {
    const moved = hostTensor(
      render.shape,
      render.data.map((_, i) => render.data[i % side < 3 ? i : i - 3]),
    );
    const shares = only({ landmarks: 1 });
    const displacement = Math.sqrt(scalarOf(await evaluate(totalOf(shares), render, moved)));
    // 3 pixels of a box of about 1.25 · 36 pixels.
    expect(displacement).toBeGreaterThan(0.045);
    expect(displacement).toBeLessThan(0.1);
  });

  it('are no state of a run: checkpoints and the refiner do not hold them', () => {
    const config = trainConfig({ regularization: { identity: 1 } });
    const players = createPlayers(config, faces);
    const leavesOf = (state: object) => flattenTree(state as never).map(({ name }) => name);
    const state = initialState(players, config);
    expect(leavesOf(state)).toEqual(leavesOf(initialState(createPlayers(config), config)));
    const options = { channels: 3, size: config.size, preset: 'x' } as const;
    const model = exportRefiner(players.refiner, exportedParameters(state, config), options);
    expect(model.length).toBeLessThan(4 * 297_411 + 20_000);
  });

  it('reads and traces only what has a share', async () => {
    const keys = async (shares: Shares) =>
      Object.keys(await readFrozenNetworks(trainConfig({ regularization: shares })));
    expect(await keys({})).toEqual([]);
    expect(await keys({ landmarks: 1 })).toEqual(['landmarks', 'landmarkGuide']);
    expect(await keys({ featureMaps: 1 })).toEqual(['landmarks', 'resnet']);
    const nodes = (shares: Shares) =>
      compile(totalOf(shares), [spec(render.shape), spec(render.shape)]).nodeCount;
    expect(nodes({})).toBeLessThan(6);
    expect(nodes({ landmarks: 1 })).toBeLessThan(nodes({ landmarks: 1, identity: 1 }));
  });
});
