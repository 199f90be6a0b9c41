import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import onnxProto from 'onnx-proto';
import { describe, expect, it } from 'vitest';
import { normal, randomKey } from '../base/random.ts';
import { mapTree, type Tree } from '../base/tree.ts';
import { temporaryFolder } from '../files/testing/folders.ts';
import {
  colourGridRefiner,
  pixelShuffleRefiner,
  type Refiner,
  type RefinerName,
  refiners,
  unet,
} from '../models/index.ts';
import { createSession } from '../runtime/session.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { multiply } from '../tensor/operators/elementwise.ts';
import { exportRefiner, metadataKeys } from './export-refiner.ts';

const { onnx } = onnxProto;

/** The eye refiner of a seed as ONNX. */
function exported(channels: 1 | 3 = 3, seed = 1): Uint8Array {
  const refiner = refiners['simgan-eyes']({ channels });
  const options = { channels, size: [35, 55], preset: 'simgan-eyes' } as const;
  return exportRefiner(refiner, refiner.init(randomKey(seed)), options);
}

/** Parameters of 0 in a network's form. */
function zeros(refiner: Refiner): Tree<HostTensor> {
  return mapTree<HostTensor, HostTensor>(refiner.init(randomKey(1)), ({ shape }) =>
    hostTensor(shape),
  );
}

describe('an exported refiner', () => {
  it('has equal bytes for equal weights and others for others', () => {
    const bytes = Buffer.from(exported());
    expect(bytes.equals(exported())).toBe(true);
    expect(bytes.equals(exported(3, 2))).toBe(false);
  });

  it.each([1, 3] as const)('keeps to what others can read (%i channels)', (channels) => {
    const model = onnx.ModelProto.decode(exported(channels));
    expect(Number(model.irVersion)).toBeLessThanOrEqual(8);
    const opsets = model.opsetImport.map(({ domain, version }) => [domain, Number(version)]);
    expect(opsets.length).toBe(1);
    expect(opsets[0][0]).toBe('');
    expect(opsets[0][1]).toBeLessThanOrEqual(17);
    const { graph } = model;
    expect([...new Set(graph?.node?.map(({ domain }) => domain ?? ''))]).toEqual(['']);
    const ports = [...(graph?.input ?? []), ...(graph?.output ?? [])].map(({ name, type }) => [
      name,
      type?.tensorType?.elemType,
      type?.tensorType?.shape?.dim?.map(({ dimParam, dimValue }) => dimParam || Number(dimValue)),
    ]);
    const shape = ['batch', channels, 'height', 'width'];
    expect(ports).toEqual([
      ['images', onnx.TensorProto.DataType.FLOAT, shape],
      ['refined', onnx.TensorProto.DataType.FLOAT, shape],
    ]);
  });

  it('says what it takes, and nothing of when or where it was made', () => {
    const model = onnx.ModelProto.decode(exported());
    expect(model.metadataProps.map(({ key, value }) => [key, value])).toEqual([
      ['lifelike.size', '35x55'],
      ['lifelike.channels', '3'],
      ['lifelike.value_range', '-1,1'],
      ['lifelike.preset', 'simgan-eyes'],
    ]);
    const { docString, producerName, producerVersion } = model;
    for (const text of [docString, producerName, producerVersion, model.graph?.name]) {
      expect(text ?? '').not.toMatch(/[/\\]|\d{4}-\d\d|:\d\d/);
    }
  });

  it('refines images of any size and number, each for itself, and stays within −1 … 1', async () => {
    const session = await createSession(exported(), {});
    const run = async (shape: readonly [number, number, number, number]) => {
      const images = hostTensor(shape);
      images.data.set(normal(randomKey(7), images.data.length));
      const refined = hostTensor(shape);
      await session.run({ images }, { refined });
      return { images, refined };
    };
    const [one, many] = [await run([1, 3, 24, 17]), await run([3, 3, 24, 17])];
    await session.dispose();
    const length = one.refined.data.length;
    for (let i = 0; i < length; i += 5) {
      expect(many.refined.data[i]).toBeCloseTo(one.refined.data[i], 5);
    }
    expect(Math.max(...many.refined.data.map(Math.abs))).toBeLessThanOrEqual(1);
    expect(new Set(many.refined.data).size).toBeGreaterThan(length);
  });

  it.each(Object.keys(refiners) as RefinerName[])('can be any of the networks: %s', (name) => {
    const channels = 3;
    const refiner = refiners[name]({ channels });
    const model = exportRefiner(refiner, zeros(refiner), { channels, size: [64, 64], preset: 'x' });
    const properties = onnx.ModelProto.decode(model).metadataProps;
    const multiple = properties.find(({ key }) => key === metadataKeys.multiple)?.value;
    expect(multiple).toBe(refiner.multipleOf?.toString());
  });

  it.each([
    ['an odd multiple', colourGridRefiner({ channels: 1, reduction: 3, features: 16, blocks: 1 })],
    ['a multiple above 64', unet({ channels: 1, features: 4, levels: 7 })],
    ['squares of four pixels', pixelShuffleRefiner({ channels: 1, factor: 4, features: 16 })],
  ])('can be one that needs %s', async (_, refiner) => {
    const options = { channels: 1, size: [64, 64], preset: 'x' } as const;
    const { multipleOf = 1 } = refiner;
    const session = await createSession(exportRefiner(refiner, zeros(refiner), options), {});
    const shape = [1, 1, multipleOf, 3 * multipleOf] as const;
    const [images, refined] = [hostTensor(shape), hostTensor(shape)];
    images.data.fill(0.25);
    await session.run({ images }, { refined });
    await session.dispose();
    // Weights of 0 make each of them the identity.
    expect(refined.data.every((value) => value === 0.25)).toBe(true);
  });

  it('is refused where the network depends on the size of the images', () => {
    const refiner: Refiner = {
      init: () => ({}),
      apply: (_, images) => multiply(images, images.shape[2]),
    };
    const options = { channels: 1, size: [64, 64], preset: 'x' } as const;
    expect(() => exportRefiner(refiner, {}, options)).toThrow('depends on the size of the images');
  });

  it("passes ONNX's checker", async (context) => {
    const file = join(await temporaryFolder(), 'refiner.onnx');
    await writeFile(file, exported());
    const script = [
      'import sys',
      'try:',
      '    import onnx',
      'except ImportError:',
      '    sys.exit(3)',
      'onnx.checker.check_model(sys.argv[1], full_check=True)',
    ].join('\n');
    // The system's Python first: a virtual environment's seldom has Debian's packages.
    const runs = ['/usr/bin/python3', 'python3'].map((python) =>
      spawnSync(python, ['-c', script, file], { encoding: 'utf8' }),
    );
    const usable = runs.find(({ error, status }) => error === undefined && status !== 3);
    if (usable === undefined) {
      context.skip('no Python with the package onnx (Debian: python3-onnx) to check the model');
      return;
    }
    expect([usable.status, usable.stderr]).toEqual([0, '']);
  });
});
