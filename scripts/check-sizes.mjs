// Fails when a source file is longer than 400 lines: it holds more than one concept.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const limit = 400;
const listed = execFileSync(
  'git',
  ['ls-files', '-co', '--exclude-standard', 'src', 'bench', 'test', 'scripts', 'web'],
  {
    encoding: 'utf8',
  },
);
const tooLong = listed
  .split('\n')
  .filter((path) => /\.(ts|tsx|mjs|py)$/.test(path) && existsSync(path))
  .map((path) => ({ path, lines: readFileSync(path, 'utf8').split('\n').length - 1 }))
  .filter(({ lines }) => lines > limit);
for (const { path, lines } of tooLong) {
  console.error(`${path}: ${lines} lines, at most ${limit}. Split it by concept.`);
}
process.exit(tooLong.length > 0 ? 1 : 0);
