import { execFileSync } from 'node:child_process';

/** Builds `dist` once before the tests: those that start the command line run what users run. */
export default function setup(): void {
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
}
