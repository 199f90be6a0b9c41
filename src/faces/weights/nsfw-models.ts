import { readFile } from 'node:fs/promises';
import type { ConvolutionWeights } from '../../models/frozen/index.ts';
import type { HostTensor } from '../../tensor/host-tensor.ts';
import { foldScale } from './layout.ts';
import { packageFile } from './package-file.ts';
import {
  decodeWeights,
  type ManifestEntry,
  type NamedWeights,
  weightOf,
} from './quantized-weights.ts';

const batchNormEpsilon = 1e-3;

/** The networks of nsfwjs, each with the number of files its weights are in. */
const shardCounts = { inception_v3: 6, mobilenet_v2: 1 } as const;

/**
 * The manifest inside the package's script. Its entries are object literals as a minifier writes
 * them: keys without quotes, numbers without a leading zero. Read as data, never run.
 */
export function parseManifest(script: string): ManifestEntry[] {
  const start = script.indexOf('weights:[', script.indexOf('weightsManifest'));
  const end = script.indexOf('}}]', start);
  const json = script
    .slice(start + 'weights:'.length, end + 3)
    .replace(/([{,])(\w+):/g, '$1"$2":')
    .replace(/([:,[]-?)\./g, '$10.');
  return JSON.parse(json) as ManifestEntry[];
}

function parseShard(script: string): Buffer {
  const text = /exports="([A-Za-z0-9+/=]*)"/.exec(script)?.[1];
  if (text === undefined) throw new Error('Expected weights in base64 in the script, got none.');
  return Buffer.from(text, 'base64');
}

/** Reads the wanted weights of a network of nsfwjs. */
export async function readNsfwModel(
  model: keyof typeof shardCounts,
  isWanted: (name: string) => boolean,
): Promise<NamedWeights> {
  const read = (name: string) =>
    readFile(packageFile('nsfwjs', `dist/models/${model}/${name}.min.js`), 'utf8');
  const manifest = parseManifest(await read('model'));
  const count = shardCounts[model];
  const shards: Buffer[] = [];
  for (let i = 1; i <= count; i++) {
    shards.push(parseShard(await read(`group1-shard${i}of${count}`)));
  }
  return decodeWeights(manifest, Buffer.concat(shards), isWanted);
}

/**
 * A convolution and the batch normalisation after it, with its moving statistics, as one. Where the
 * normalisation has no `gamma`, it is 1.
 */
export function foldNormalization(
  convolution: ConvolutionWeights<HostTensor>,
  weights: NamedWeights,
  name: string,
): ConvolutionWeights<HostTensor> {
  const part = (suffix: string) => weightOf(weights, `${name}/${suffix}`).data;
  const [beta, mean, variance] = ['beta', 'moving_mean', 'moving_variance'].map(part);
  const gamma = weights.get(`${name}/gamma`)?.data;
  const scale = variance.map(
    (value, filter) => (gamma?.[filter] ?? 1) / Math.sqrt(value + batchNormEpsilon),
  );
  const shift = beta.map((value, filter) => value - mean[filter] * scale[filter]);
  return foldScale(convolution, scale, shift);
}
