import { readFile } from 'node:fs/promises';
import { type InceptionTrunkWeights, inceptionConvolutions } from '../../models/frozen/index.ts';
import type { HostTensor } from '../../tensor/host-tensor.ts';
import { biasFree, foldScale } from './layout.ts';
import { packageFile } from './package-file.ts';
import { decodeWeights, type ManifestEntry, weightOf } from './quantized-weights.ts';

const batchNormEpsilon = 1e-3;

function modelFile(name: string): Promise<string> {
  return readFile(packageFile('nsfwjs', `dist/models/inception_v3/${name}.min.js`), 'utf8');
}

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

/** Reads Inception v3 up to `mixed5`, each normalisation folded into the convolution before it. */
export async function readInceptionTrunk(): Promise<InceptionTrunkWeights<HostTensor>> {
  const manifest = parseManifest(await modelFile('model'));
  const shards: Buffer[] = [];
  for (let i = 1; i <= 6; i++) shards.push(parseShard(await modelFile(`group1-shard${i}of6`)));
  const wanted = (name: string) => Number(/_(\d+)\//.exec(name)?.[1]) <= inceptionConvolutions;
  const weights = decodeWeights(manifest, Buffer.concat(shards), wanted);
  return Array.from({ length: inceptionConvolutions }, (_, i) => {
    const part = (name: string) => weightOf(weights, `batch_normalization_${i + 1}/${name}`).data;
    const [beta, mean, variance] = ['beta', 'moving_mean', 'moving_variance'].map(part);
    const scale = variance.map((value) => 1 / Math.sqrt(value + batchNormEpsilon));
    const shift = beta.map((value, filter) => value - mean[filter] * scale[filter]);
    return foldScale(biasFree(weights, `conv2d_${i + 1}/kernel`), scale, shift);
  });
}
