import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import onnxProto from 'onnx-proto';
import { UserError } from '../base/user-error.ts';
import { exists } from '../files/exists.ts';
import { explainFileError } from '../files/file-error.ts';
import { metadataKeys } from '../train/export-refiner.ts';
import { findSelected } from '../train/selection-folder.ts';
import type { SelectionRecord } from '../train/selection-record.ts';

const { onnx } = onnxProto;
type ModelProto = InstanceType<typeof onnx.ModelProto>;
type ValueInfo = NonNullable<NonNullable<ModelProto['graph']>['input']>[number];

/** A refiner as an ONNX file, with what its graph and metadata say. */
export interface RefinerModel {
  /** The ONNX file. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Of the file, in hexadecimal digits. */
  readonly sha256: string;
  readonly input: string;
  readonly output: string;
  readonly channels: 1 | 3;
  /** Images that the network takes at once at most; not where the batch is symbolic. */
  readonly largestBatch?: number;
  /** Height and width have to be a multiple of this. */
  readonly multiple: number;
  /** Of the training images, as in `64x64`; not in a file that Lifelike did not write. */
  readonly size?: string;
  readonly preset?: string;
  /** What was measured of it, where it is the refiner that a run has selected. */
  readonly selected?: SelectionRecord;
}

const expectedValue = 'float32 [batch, channels, height, width] with symbolic height and width';

async function findFile(path: string): Promise<string> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw explainFileError(error, path);
    throw new UserError(
      `Expected a run folder or an ONNX file at ${path}, got nothing. Check the path.`,
    );
  });
  return found.isDirectory() ? fileOfRun(path) : path;
}

/** @throws {UserError} where a folder is no run, or a run that has no refiner yet. */
async function fileOfRun(folder: string): Promise<string> {
  if (await exists(join(folder, 'refiner.onnx'))) return join(folder, 'refiner.onnx');
  if (await exists(join(folder, 'config.json'))) {
    throw new UserError(
      `Expected refiner.onnx in the run ${folder}, got none yet: a run writes it with its first checkpoint. Let it train on (lifelike train --resume).`,
    );
  }
  throw new UserError(
    `Expected a run folder or an ONNX file, got a folder without refiner.onnx: ${folder}. Give the folder that lifelike train --run wrote.`,
  );
}

function decode(path: string, bytes: Uint8Array): ModelProto {
  const refuse = (got: string) =>
    new UserError(
      `Expected an ONNX model in ${path}, got ${got}. Give a run folder or a file that lifelike export wrote.`,
    );
  if (bytes.length === 0) throw refuse('an empty file');
  let model: ModelProto;
  try {
    model = onnx.ModelProto.decode(bytes);
  } catch {
    throw refuse('a file that is none, or cut short');
  }
  // Protobuf reads many a foreign file as one with unknown fields only.
  if (!model.graph?.node?.length || !model.opsetImport?.length) {
    throw refuse('a file that is none');
  }
  const outside = onnx.TensorProto.DataLocation.EXTERNAL;
  if (model.graph.initializer?.some(({ dataLocation }) => dataLocation === outside)) {
    throw refuse('one whose weights lie in other files');
  }
  return model;
}

/** The sizes of an input or output: a number, or undefined where symbolic. */
type Sizes = readonly (number | undefined)[];

function sizesOf({ type }: ValueInfo): Sizes | undefined {
  return type?.tensorType?.shape?.dim?.map(({ dimValue }) => Number(dimValue) || undefined);
}

function describe(value: ValueInfo): string {
  const { elemType } = value.type?.tensorType ?? {};
  const typeName = onnx.TensorProto.DataType[elemType ?? 0] ?? 'another type';
  const sizes = value.type?.tensorType?.shape?.dim?.map(
    ({ dimValue, dimParam }) => dimParam || Number(dimValue) || '?',
  );
  const name = typeName.toLowerCase().replace(/^float$/, 'float32');
  return `${name} ${sizes === undefined ? 'without a shape' : `[${sizes.join(', ')}]`}`;
}

function onlyOne(values: readonly ValueInfo[], kind: string, path: string): ValueInfo {
  const [value] = values;
  if (values.length !== 1) {
    const names = values.map(({ name }) => name).join(', ');
    throw new UserError(
      `Expected one ${kind} (${expectedValue}) of the network in ${path}, got ${values.length}${names === '' ? '' : `: ${names}`}. Use a refiner that turns images into images.`,
    );
  }
  return value;
}

/** Checks the form of an input or output; gives its sizes. */
function checkForm(value: ValueInfo, kind: string, path: string): Sizes {
  const sizes = sizesOf(value);
  const isFloat = value.type?.tensorType?.elemType === onnx.TensorProto.DataType.FLOAT;
  // An output's sizes may be unknown: the first run shows them.
  const known = sizes ?? (kind === 'output' ? [undefined, undefined, undefined, undefined] : []);
  const [batch = 1, channels = 1, height, width] = known;
  const fits = batch === 1 && (channels === 1 || channels === 3) && !height && !width;
  if (!isFloat || known.length !== 4 || !fits) {
    throw new UserError(
      `Expected an ${kind} ${expectedValue} and 1 or 3 channels in ${path}, got "${value.name}": ${describe(value)}. Export the network in that form.`,
    );
  }
  return known;
}

function readMetadata(model: ModelProto): ReadonlyMap<string, string> {
  return new Map(model.metadataProps?.map(({ key, value }) => [key ?? '', value ?? '']));
}

/** @throws {UserError} where the metadata says what cannot be. */
function checkMetadata(metadata: ReadonlyMap<string, string>, path: string): number {
  const range = metadata.get(metadataKeys.valueRange) ?? '-1,1';
  if (range !== '-1,1') {
    throw new UserError(
      `Expected a network for values in -1,1 (${metadataKeys.valueRange}) in ${path}, got ${range}. Put the conversion into the network.`,
    );
  }
  const multiple = metadata.get(metadataKeys.multiple) ?? '1';
  if (!/^[1-9]\d{0,3}$/.test(multiple)) {
    throw new UserError(
      `Expected a whole number from 1 to 9999 as ${metadataKeys.multiple} in ${path}, got "${multiple}". Mend the model's metadata.`,
    );
  }
  return Number(multiple);
}

/**
 * Loads a refiner: the `refiner.onnx` of a run, or any ONNX file with one input and one output,
 * float32 `[batch, channels, height, width]` in −1 … 1, with 1 or 3 channels and symbolic height
 * and width. A file without Lifelike's metadata is taken by its input's shape.
 *
 * @throws {UserError} where there is no such file or its network has another form.
 */
export async function loadRefinerModel(path: string): Promise<RefinerModel> {
  const file = await findFile(path);
  const bytes = await readFile(file).catch((error) => {
    throw explainFileError(error, file);
  });
  const model = decode(file, bytes);
  const { input: inputs = [], output: outputs = [], initializer = [] } = model.graph ?? {};
  // Before IR version 4 every initializer is listed as an input, too.
  const constants = new Set(initializer?.map(({ name }) => name));
  const given = (inputs ?? []).filter(({ name }) => !constants.has(name));
  const input = onlyOne(given, 'input', file);
  const output = onlyOne(outputs ?? [], 'output', file);
  const [batch, own] = checkForm(input, 'input', file);
  const [, made] = checkForm(output, 'output', file);
  const metadata = readMetadata(model);
  const channels = own ?? Number(metadata.get(metadataKeys.channels));
  if ((channels !== 1 && channels !== 3) || (made ?? channels) !== channels) {
    throw new UserError(
      `Expected a network in ${file} from 1 or 3 channels to as many, got ${describe(input)} → ${describe(output)}. Export it with a fixed number of channels.`,
    );
  }
  const size = metadata.get(metadataKeys.size);
  const preset = metadata.get(metadataKeys.preset);
  const selected = file === path ? undefined : await findSelected(path, bytes);
  return {
    path: file,
    bytes,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    input: input.name ?? '',
    output: output.name ?? '',
    channels,
    multiple: checkMetadata(metadata, file),
    ...(batch !== undefined && { largestBatch: batch }),
    ...(size !== undefined && { size }),
    ...(preset !== undefined && { preset }),
    ...(selected !== undefined && { selected }),
  };
}
