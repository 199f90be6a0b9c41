import { readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { flattenTree, mapTree, type Tree } from '../base/tree.ts';
import { UserError } from '../base/user-error.ts';
import type { HistoryState } from '../data/history-buffer.ts';
import { decodeTensors, encodeTensors, type TensorFile } from '../data/safetensors.ts';
import { writeFileAtomically } from '../files/atomic-file.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { sameShape } from '../tensor/tensor.ts';
import { type Counters, countersSchema } from './counters.ts';
import type { NetworkState } from './network-state.ts';
import { explainingRunErrors } from './run-file-error.ts';

/**
 * Everything that the next step depends on. Random draws are functions of the seed and the
 * counters, so these are the random state too.
 */
export interface Checkpoint {
  readonly networks: NetworkState;
  readonly history: HistoryState;
  readonly counters: Counters;
}

const extension = '.safetensors';

function nameOf(index: number): string {
  return `${String(index).padStart(9, '0')}${extension}`;
}

/**
 * Writes a checkpoint, then removes all but the last `keep` up to it, and later ones: they were
 * passed over as damaged when the run was resumed.
 *
 * @returns Its path.
 * @throws {UserError} where the disk is full or the folder cannot be written; older ones stay.
 */
export async function saveCheckpoint(
  directory: string,
  checkpoint: Checkpoint,
  keep: number,
): Promise<string> {
  const { networks, history, counters } = checkpoint;
  const tensors = new Map<string, HostTensor>();
  for (const { name, leaf } of flattenTree<HostTensor>({ ...networks })) tensors.set(name, leaf);
  tensors.set('history', history.images);
  const metadata = {
    counters: JSON.stringify(counters),
    capacity: String(history.capacity),
    crc32: String(checksum(tensors)),
  };
  const name = nameOf(counters.index);
  const path = join(directory, name);
  await explainingRunErrors(path, async () => {
    await writeFileAtomically(path, encodeTensors({ tensors, metadata }));
    const all = await listCheckpoints(directory);
    const kept = all.slice(0, all.indexOf(name) + 1).slice(-keep);
    for (const old of all) if (!kept.includes(old)) await unlink(join(directory, old));
  });
  return path;
}

/** File names, the latest last. */
export async function listCheckpoints(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => /^\d+\.safetensors$/.test(name)).sort();
}

/** Steps of all phases after which there is a checkpoint. */
export async function checkpointIndices(directory: string): Promise<number[]> {
  return (await listCheckpoints(directory)).map((name) => Number.parseInt(name, 10));
}

export interface LoadedCheckpoint extends Checkpoint {
  readonly path: string;
  /** Later checkpoints that were passed over because they are damaged, with the reason. */
  readonly damaged: readonly string[];
}

/**
 * Reads the latest intact checkpoint of a run, in the form of `like`; undefined where there is
 * none.
 *
 * @throws {UserError} where all checkpoints are damaged or belong to other networks.
 */
export async function loadLatestCheckpoint(
  directory: string,
  like: NetworkState,
): Promise<LoadedCheckpoint | undefined> {
  const damaged: string[] = [];
  const names = await listCheckpoints(directory);
  for (const name of names.toReversed()) {
    const path = join(directory, name);
    try {
      return { ...parseCheckpoint(await readFile(path), path, like), path, damaged };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      damaged.push(error.message);
    }
  }
  if (damaged.length === 0) return undefined;
  throw new UserError(
    `${damaged.join('\n')}\nExpected an intact checkpoint to go on from, got none. Choose another folder for a new run.`,
  );
}

function parseCheckpoint(bytes: Uint8Array, path: string, like: NetworkState): Checkpoint {
  const { tensors, metadata } = decodeTensors(bytes, path);
  if (metadata.crc32 !== String(checksum(tensors))) {
    throw new UserError(
      `Expected the values that were written to ${path}, got others (CRC-32). Use an intact copy of it.`,
    );
  }
  const take = (shape: readonly number[] | undefined, name: string): HostTensor => {
    const tensor = tensors.get(name);
    if (tensor === undefined || (shape !== undefined && !sameShape(tensor.shape, shape))) {
      throw new UserError(
        `Expected ${name} of this configuration's networks in ${path}, got another. Use the configuration that the run began with.`,
      );
    }
    return tensor;
  };
  const networks = mapTree<HostTensor, HostTensor>(
    { ...like } as Tree<HostTensor>,
    (leaf, name) => {
      const { shape, data } = take(leaf.shape, name);
      return hostTensor(shape, data);
    },
  );
  const counters = countersSchema.safeParse(parseJson(metadata.counters));
  if (!counters.success) {
    throw new UserError(`Expected counters in ${path}, got none. Use an intact checkpoint.`);
  }
  return {
    networks: networks as unknown as NetworkState,
    history: { capacity: Number(metadata.capacity), images: take(undefined, 'history') },
    counters: counters.data,
  };
}

/** Of the values of all tensors in their order: the format has none of its own. */
function checksum(tensors: TensorFile['tensors']): number {
  let value = 0;
  for (const { data } of tensors.values()) {
    value = crc32(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), value);
  }
  return value;
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
