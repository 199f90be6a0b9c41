// Compiles the runner of the results with the program into a folder of this process, and starts
// it: a run takes hours, and must not meet code that was changed meanwhile.
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const here = `${root}bench/results/`;

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}

/** Folders of processes that were killed. */
function removeLeftOver() {
  let names = [];
  try {
    names = readdirSync(`${here}dist`);
  } catch {
    return;
  }
  for (const name of names.filter((each) => /^\d+$/.test(each) && !isRunning(Number(each)))) {
    rmSync(`${here}dist/${name}`, { recursive: true, force: true });
  }
}

removeLeftOver();
const built = `${here}dist/${process.pid}`;
process.on('exit', () => rmSync(built, { recursive: true, force: true }));
execFileSync(
  process.execPath,
  [`${root}node_modules/typescript/bin/tsc`, '-p', `${here}tsconfig.json`, '--outDir', built],
  { cwd: root, stdio: 'inherit' },
);
const { main } = await import(pathToFileURL(`${built}/bench/results/main.js`).href);
process.exit(await main(root, process.argv.slice(2)));
