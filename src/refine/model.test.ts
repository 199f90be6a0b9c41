import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import onnxProto from 'onnx-proto';
import { expect, test } from 'vitest';
import { UserError } from '../base/user-error.ts';
import { temporaryFolder } from '../files/testing/folders.ts';
import { metadataKeys } from '../train/export-refiner.ts';
import { bestFile } from '../train/selection-folder.ts';
import { loadRefinerModel } from './model.ts';
import { edited, negative, putModel } from './testing/models.ts';

type Model = InstanceType<typeof onnxProto.onnx.ModelProto>;
type Value = NonNullable<NonNullable<Model['graph']>['input']>[number];

const { FLOAT16, INT64 } = onnxProto.onnx.TensorProto.DataType;

const tensorOf = (value: Value | undefined) => value!.type!.tensorType!;
const inputOf = (model: Model) => tensorOf(model.graph!.input![0]);
const dimsOf = (value: Value | undefined) => tensorOf(value).shape!.dim!;
const bothDims = ({ graph }: Model) => [dimsOf(graph!.input![0]), dimsOf(graph!.output![0])];

async function load(model: Uint8Array) {
  return loadRefinerModel(await putModel(await temporaryFolder(), model));
}

test('a model says its channels, size, preset and hash', async () => {
  const bytes = negative(3);
  const model = await load(bytes);
  expect(model).toMatchObject({
    input: 'images',
    output: 'refined',
    channels: 3,
    size: '64x48',
    preset: 'made-up',
    multiple: 1,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
  expect(Object.keys(model)).not.toContain('largestBatch');
  expect((await load(negative(1))).channels).toBe(1);
});

test('a run gives its refiner', async () => {
  const run = await temporaryFolder();
  await writeFile(join(run, 'config.json'), '{}');
  await expect(loadRefinerModel(run)).rejects.toThrow(/none yet: .*--resume/);
  await writeFile(join(run, 'refiner.onnx'), negative());
  expect((await loadRefinerModel(run)).path).toBe(join(run, 'refiner.onnx'));
});

test('a run that selects says which refiner it gives', async () => {
  const run = await temporaryFolder();
  await mkdir(join(run, 'checkpoints/best'), { recursive: true });
  await writeFile(join(run, 'refiner.onnx'), negative(3));
  await writeFile(join(run, bestFile(20)), negative(1));
  await writeFile(join(run, bestFile(40)), negative(3));
  const records = [20, 40, 60].map((step) => ({
    step,
    realism: 1 / step,
    realismOfRenders: 1,
    seconds: 2,
  }));
  const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
  await writeFile(join(run, 'selection.jsonl'), text);
  expect((await loadRefinerModel(run)).selected).toEqual(records[1]);
  const file = await loadRefinerModel(join(run, 'refiner.onnx'));
  expect(file).not.toHaveProperty('selected');
});

test('a file without our metadata is taken by the shape of its input', async () => {
  const foreign = edited(negative(1), (model) => {
    model.metadataProps = [];
    for (const dims of bothDims(model)) dims[0] = { dimValue: 1 };
  });
  const model = await load(foreign);
  expect(model).toMatchObject({ channels: 1, largestBatch: 1, multiple: 1 });
  expect(Object.keys(model)).not.toContain('preset');
});

test('initializers that an old file lists as inputs are none', async () => {
  const old = edited(negative(), ({ graph }) => {
    graph!.initializer!.push({ name: 'w', dataType: 1, dims: [1], floatData: [1] });
    graph!.input!.push({ name: 'w', type: { tensorType: { elemType: 1 } } });
  });
  expect((await load(old)).input).toBe('images');
});

test('paths that lead to no model', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'other'));
  await writeFile(join(folder, 'file'), 'x');
  const messages: readonly (readonly [string, RegExp])[] = [
    ['nothing', /Expected a run folder or an ONNX file at .*nothing, got nothing/],
    ['file/below', /got nothing/],
    ['other', /got a folder without refiner\.onnx/],
  ];
  for (const [name, message] of messages) {
    const loading = loadRefinerModel(join(folder, name));
    await expect(loading).rejects.toThrow(message);
    await expect(loading).rejects.toBeInstanceOf(UserError);
  }
});

test.each([
  ['empty', () => new Uint8Array(), /got an empty file/],
  ['text', () => Buffer.from('version https://example.org\n'), /got a file that is none/],
  ['cut short', () => negative().slice(0, -40), /got a file that is none, or cut short/],
  ['another protobuf', () => Buffer.from([0x38, 1]), /got a file that is none/],
])('a file that is no ONNX: %s', async (_, make, message) => {
  const loading = load(make());
  await expect(loading).rejects.toThrow(message);
  await expect(loading).rejects.toBeInstanceOf(UserError);
});

test.each<readonly [string, (model: Model) => void, RegExp]>([
  ['two inputs', ({ graph }) => graph!.input!.push(graph!.input![0]), /one input .*got 2: images/],
  ['no output', ({ graph }) => graph!.output!.splice(0), /Expected one output .*got 0\./],
  ['rank', (m) => bothDims(m)[0].pop(), /float32 \[batch, channels.*float32 \[batch, 3, height\]/],
  ['float16', (m) => (inputOf(m).elemType = FLOAT16), /got "images": float16 \[batch, 3,/],
  ['integers', (m) => (inputOf(m).elemType = INT64), /got "images": int64/],
  ['no shape', (m) => (inputOf(m).shape = null), /got "images": float32 without a shape/],
  [
    'fixed size',
    (m) => (bothDims(m)[0][2] = { dimValue: 64 }),
    /symbolic height .*\[batch, 3, 64,/,
  ],
  ['two channels', (m) => (bothDims(m)[0][1] = { dimValue: 2 }), /1 or 3 channels/],
  ['batch of 4', (m) => (bothDims(m)[0][0] = { dimValue: 4 }), /got "images": float32 \[4, 3/],
  ['3 → 1 channels', (m) => (bothDims(m)[1][1] = { dimValue: 1 }), /to as many, got/],
  ['range', (m) => (m.metadataProps!.find((p) => p.value === '-1,1')!.value = '0,1'), /got 0,1/],
  [
    'multiple',
    (m) => m.metadataProps!.push({ key: metadataKeys.multiple, value: '0' }),
    /multiple .* got "0"/,
  ],
])('a network of another form: %s', async (_, edit, message) => {
  const loading = load(edited(negative(), edit));
  await expect(loading).rejects.toThrow(message);
  await expect(loading).rejects.toBeInstanceOf(UserError);
});
