import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { UserError } from '../../base/user-error.ts';

const require = createRequire(import.meta.url);

/**
 * The path of a file inside an installed npm package, whatever its `exports` allow to import.
 *
 * @throws {UserError} where the package is not installed or lacks the file.
 */
export function packageFile(packageName: string, file: string): string {
  for (const folder of require.resolve.paths(packageName) ?? []) {
    const path = join(folder, packageName, file);
    if (existsSync(path)) return path;
  }
  throw new UserError(
    `Expected the file ${file} of the npm package ${packageName}, which holds network weights, got nothing at that place. Do "npm install" again.`,
  );
}
