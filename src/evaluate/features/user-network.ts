import { readFile } from 'node:fs/promises';
import onnxProto from 'onnx-proto';
import { UserError } from '../../base/user-error.ts';
import { createBackgroundSession } from '../../runtime/background-session.ts';
import type { Session } from '../../runtime/session.ts';
import { hashOf } from './content-cache.ts';
import type { FeatureSpace } from './feature-spaces.ts';
import { fitImage } from './fit-image.ts';
import type { NetworkRange } from './network-ranges.ts';

const { onnx } = onnxProto;

/** A network of the user's own, such as the Inception of the published FID. */
export interface UserNetwork {
  readonly name: string;
  readonly path: string;
}

/** What is taken where a network leaves its input size open: that of Inception. */
const openSize = 299;

/**
 * Reads `NAME=FILE.onnx`.
 *
 * @throws {UserError} for anything else.
 */
export function parseUserNetwork(text: string): UserNetwork {
  const match = /^([\w.-]+)=(.+)$/.exec(text);
  if (match !== null) return { name: match[1], path: match[2] };
  throw new UserError(
    `Expected --network to be NAME=FILE.onnx, got "${text}". Write it as --network fid=inception.onnx.`,
  );
}

/**
 * A feature space of a user's ONNX file: one float32 input [batch, 3, height, width], and as first
 * output features [batch, n] or feature maps, which are averaged over height and width. Its numbers
 * carry its name and the hash of the file; whether they are those of a paper is for the user to
 * say.
 *
 * @throws {UserError} where the file is missing, no ONNX model or of another form.
 */
export async function loadUserNetwork(
  { name, path }: UserNetwork,
  range: NetworkRange,
): Promise<FeatureSpace> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const got =
      error.code === 'ENOENT' ? 'no such file' : `a file that cannot be read (${error.code})`;
    throw new UserError(`Expected an ONNX file at ${path}, got ${got}. Check --network ${name}.`);
  });
  const size = inputSize(bytes, path);
  const session = await createBackgroundSession(bytes, { threads: 1 }).catch((error: Error) => {
    throw new UserError(
      `Expected a model that ONNX Runtime can load in ${path}, got "${error.message.split('\n')[0]}". Export it again.`,
    );
  });
  const run = (values: Float32Array) => features(session, values, { ...size, path });
  const { length } = await run(new Float32Array(3 * size.height * size.width));
  const hash = hashOf(bytes);
  const origin = `(user network, sha256 ${hash.slice(0, 16)})`;
  return {
    name: `${name} ${origin}`,
    metrics: { kernel: `${name}, kernel distance ${origin}`, frechet: `${name} ${origin}` },
    version: `${hash} ${range}`,
    dimensions: length,
    comparableWith: `Numbers of this very file after bilinear resizing to ${size.width} × ${size.height} and values in ${range}.`,
    extract: async (image) => {
      return run(fitImage(image, size).map(converters[range]));
    },
    dispose: session.dispose,
  };
}

const converters: Readonly<Record<NetworkRange, (byte: number) => number>> = {
  '0..255': (byte) => byte,
  '0..1': (byte) => byte / 255,
  '-1..1': (byte) => byte / 127.5 - 1,
};

async function features(
  session: Session,
  values: Float32Array,
  {
    height,
    width,
    path,
  }: { readonly height: number; readonly width: number; readonly path: string },
): Promise<Float32Array> {
  const input = { shape: [1, 3, height, width], data: values };
  const outputs = await session.run({ [session.inputNames[0]]: input });
  const { shape, data } = outputs[session.outputNames[0]];
  if (!(data instanceof Float32Array) || shape[0] !== 1 || ![2, 4].includes(shape.length)) {
    throw new UserError(
      `Expected float32 features [batch, n] or [batch, n, height, width] from ${path}, got [${shape.join(', ')}]. Export the network up to such a layer.`,
    );
  }
  if (shape.length === 2) return data.slice();
  const area = shape[2] * shape[3];
  return Float32Array.from({ length: shape[1] }, (_, channel) => {
    const plane = data.subarray(channel * area, (channel + 1) * area);
    return plane.reduce((sum, value) => sum + value, 0) / area;
  });
}

function inputSize(bytes: Uint8Array, path: string): { height: number; width: number } {
  const refuse = (got: string) =>
    new UserError(
      `Expected a network with one float32 input [batch, 3, height, width] in ${path}, got ${got}. Export it with that input.`,
    );
  let graph: InstanceType<typeof onnx.ModelProto>['graph'];
  try {
    graph = onnx.ModelProto.decode(bytes).graph;
  } catch {
    throw refuse('a file that is no ONNX model');
  }
  const weights = new Set(graph?.initializer?.map(({ name }) => name));
  const inputs = graph?.input?.filter(({ name }) => !weights.has(name)) ?? [];
  if (inputs.length !== 1) throw refuse(`${inputs.length} inputs`);
  const tensor = inputs[0].type?.tensorType;
  const sizes = tensor?.shape?.dim?.map(({ dimValue }) => Number(dimValue ?? 0)) ?? [];
  const isFloat = tensor?.elemType === onnx.TensorProto.DataType.FLOAT;
  if (!isFloat || sizes.length !== 4 || sizes[0] > 1 || (sizes[1] !== 3 && sizes[1] !== 0)) {
    throw refuse(
      `[${sizes.map((size) => size || '?').join(', ')}]${isFloat ? '' : ' of another type'}`,
    );
  }
  return { height: sizes[2] || openSize, width: sizes[3] || openSize };
}
