import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { normal, randomKey } from '../base/random.ts';
import { flattenTree, mapTree, type Tree } from '../base/tree.ts';
import { temporaryFolder } from '../files/testing/folders.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import {
  type Checkpoint,
  listCheckpoints,
  loadLatestCheckpoint,
  saveCheckpoint,
} from './checkpoint.ts';
import { initialState, type NetworkState } from './network-state.ts';
import { createPlayers } from './players.ts';
import { tinyConfig } from './testing/tiny-run.ts';

const config = tinyConfig();
const like = initialState(createPlayers(config), config);

/** A checkpoint of random values, so that no two tensors could be taken for each other. */
function randomCheckpoint(index: number): Checkpoint {
  let seed = index;
  const networks = mapTree<HostTensor, HostTensor>(
    { ...like } as Tree<HostTensor>,
    ({ shape, data }) =>
      hostTensor(shape, Float32Array.from(normal(randomKey(seed++), data.length))),
  );
  return {
    networks: networks as unknown as NetworkState,
    history: {
      capacity: 6,
      images: hostTensor([3, 3, 8, 8], Float32Array.from(normal(randomKey(seed), 576))),
    },
    counters: {
      index,
      refinerUpdates: 2 * index,
      discriminatorUpdates: index + 1,
      syntheticBatches: 5,
      realBatches: 6,
      regularizationWeight: 0.5,
    },
  };
}

const bitsOf = ({ networks, history }: Checkpoint) => [
  ...flattenTree<HostTensor>({ ...networks } as Tree<HostTensor>).map(
    ({ name, leaf }) => [name, leaf.shape, Array.from(leaf.data)] as const,
  ),
  [history.capacity, history.images.shape, Array.from(history.images.data)],
];

describe('a checkpoint', () => {
  it('gives back networks, averages, optimizers, history and counters', async () => {
    const folder = await temporaryFolder();
    const saved = randomCheckpoint(7);
    const path = await saveCheckpoint(folder, saved, 2);
    const loaded = await loadLatestCheckpoint(folder, like);
    expect(loaded).toMatchObject({ path, damaged: [], counters: saved.counters });
    expect(bitsOf(loaded as Checkpoint)).toEqual(bitsOf(saved));
    const names = flattenTree<HostTensor>({ ...like } as Tree<HostTensor>).map(({ name }) => name);
    for (const part of [
      'refiner.parameters',
      'refiner.optimizer',
      'refiner.average',
      'discriminator.parameters',
      'discriminator.optimizer',
    ]) {
      expect(names.filter((name) => name.startsWith(part)).length).toBeGreaterThan(5);
    }
  });

  it('is one of the last that are kept', async () => {
    const folder = await temporaryFolder();
    for (const index of [5, 10, 15, 100]) await saveCheckpoint(folder, randomCheckpoint(index), 2);
    expect(await listCheckpoints(folder)).toEqual([
      '000000015.safetensors',
      '000000100.safetensors',
    ]);
    expect((await loadLatestCheckpoint(folder, like))?.counters.index).toBe(100);
  });

  it('is not there in a new run', async () => {
    const folder = await temporaryFolder();
    expect(await loadLatestCheckpoint(folder, like)).toBeUndefined();
    expect(await loadLatestCheckpoint(join(folder, 'absent'), like)).toBeUndefined();
  });

  const damages: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
    ['is empty', () => Buffer.alloc(0)],
    ['is cut in its header', (bytes) => bytes.subarray(0, 200)],
    ['is cut in its values', (bytes) => bytes.subarray(0, bytes.length - 1)],
    ['has a wrong length of the header', (bytes) => Buffer.from(bytes).fill(255, 0, 8)],
    ['has a flipped bit in its values', (bytes) => flipped(bytes, bytes.length - 1000)],
    ['is of zeros', (bytes) => Buffer.alloc(bytes.length)],
  ];
  it.each(damages)('gives way to the one before where it %s', async (_, damage) => {
    const folder = await temporaryFolder();
    await saveCheckpoint(folder, randomCheckpoint(5), 2);
    const latest = await saveCheckpoint(folder, randomCheckpoint(10), 2);
    await writeFile(latest, damage(await readFile(latest)));
    const loaded = await loadLatestCheckpoint(folder, like);
    expect(loaded?.counters.index).toBe(5);
    expect(loaded?.damaged).toEqual([expect.stringMatching(/^Expected .*000000010.*, got .*\. /)]);
    // The damaged one does not take the place of a good one among those kept.
    await saveCheckpoint(folder, randomCheckpoint(7), 2);
    expect(await listCheckpoints(folder)).toEqual([
      '000000005.safetensors',
      '000000007.safetensors',
    ]);
  });

  it('is asked for where all are damaged', async () => {
    const folder = await temporaryFolder();
    await writeFile(await saveCheckpoint(folder, randomCheckpoint(5), 2), 'no checkpoint');
    await expect(loadLatestCheckpoint(folder, like)).rejects.toThrow(
      'Expected an intact checkpoint to go on from, got none.',
    );
  });

  it('of other networks is refused', async () => {
    const folder = await temporaryFolder();
    await saveCheckpoint(folder, randomCheckpoint(5), 2);
    const grey = tinyConfig({ channels: 1 });
    const other = initialState(createPlayers(grey), grey);
    await expect(loadLatestCheckpoint(folder, other)).rejects.toThrow(
      "of this configuration's networks",
    );
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] ^= 64;
  return copy;
}
