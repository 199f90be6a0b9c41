import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { UserError } from '../../src/base/user-error.ts';
import { explainError, isAbortError } from '../../src/cli/explain-error.ts';
import { listenForInterrupt } from '../../src/cli/interrupt.ts';
import { createProgress } from '../../src/cli/progress.ts';
import { writeFileAtomically } from '../../src/files/atomic-file.ts';
import { defaultCacheFolder } from '../../src/files/cache-folder.ts';
import { exists } from '../../src/files/exists.ts';
import { lockFolder } from '../../src/files/folder-lock.ts';
import { makeFolder } from '../../src/files/make-folder.ts';
import { makeRuns } from './make-runs.ts';
import { type Places, standardProtocol as protocol } from './protocol.ts';
import { helpText, parseRequest, type Request } from './request.ts';
import { readRowResults } from './row-result.ts';
import { rows } from './rows/index.ts';
import type { Workshop } from './run-row.ts';
import { listOf } from './status.ts';
import { tablesOf, withTables } from './table.ts';

const [done, bug, userError, interrupted] = [0, 1, 2, 130];

/** Runs `npm run results` in a repository and gives the exit code, as those of `lifelike`. */
export async function main(root: string, argv: readonly string[]): Promise<number> {
  const { stderr } = process;
  const progress = createProgress({
    write: (text) => void stderr.write(text),
    isTerminal: stderr.isTTY === true,
    columns: () => stderr.columns ?? 0,
    now: () => performance.now(),
  });
  const { signal, release } = listenForInterrupt({
    source: process,
    now: () => performance.now(),
    onFirst: () => progress.log('Interrupted: the run in hand is dropped; finished ones are kept.'),
    onSecond: () => process.exit(interrupted),
  });
  try {
    const request = parseRequest(argv);
    await perform(request, root, { signal, progress, log: progress.log });
    return signal.aborted ? interrupted : done;
  } catch (error) {
    progress.clear();
    if (signal.aborted && isAbortError(error)) return interrupted;
    const explained = explainError(error);
    const isUsers = explained instanceof UserError;
    stderr.write(`${isUsers ? explained.message : inspect(explained)}\n`);
    return isUsers ? userError : bug;
  } finally {
    release();
  }
}

async function perform(
  request: Request,
  root: string,
  context: Workshop['context'],
): Promise<void> {
  const results = join(root, 'docs/results');
  const print = (text: string) => void process.stdout.write(`${text}\n`);
  if (request.task === 'help') return print(helpText);
  const finished = await readRowResults(join(results, 'rows'));
  if (request.task === 'list') {
    return print(listOf(request.runs, finished, protocol.size));
  }
  if (request.task === 'table') {
    const path = join(root, 'docs/results.md');
    const tables = tablesOf(rows, [...finished.values()]);
    await writeFileAtomically(path, withTables(await readFile(path, 'utf8'), tables, path));
    return print(`${finished.size} runs in the tables of ${path}`);
  }
  const made = await runAll(request, { root, results, context, finished });
  print(
    made.length === 0
      ? 'Nothing to do.'
      : `Made ${made.join(', ')}. Now: npm run results -- --table`,
  );
}

async function runAll(
  request: Request,
  {
    root,
    results,
    context,
    finished,
  }: {
    readonly root: string;
    readonly results: string;
    readonly context: Workshop['context'];
    readonly finished: Awaited<ReturnType<typeof readRowResults>>;
  },
): Promise<readonly string[]> {
  const places = await placesOf(request, results);
  await makeFolder(places.work);
  const unlock = await lockFolder(places.work, 'npm run results');
  try {
    const { threads } = request;
    const described = { ...(await versionOf(root)), places, protocol, context, threads };
    return await makeRuns(request, finished, described);
  } finally {
    await unlock();
  }
}

async function placesOf(request: Request, results: string): Promise<Places> {
  const data = process.env.LIFELIKE_DATA;
  const photographs = request.photographs ?? (data && join(data, 'us-congress-2015/images'));
  if (!photographs) {
    throw new UserError(
      'Expected photographs of faces, got none: LIFELIKE_DATA is not set. Set it, or give a folder with --photographs.',
    );
  }
  const labelled = request.portraits ?? (data && join(data, 'canada-landmarks'));
  const portraits = labelled && (await exists(labelled)) ? labelled : request.portraits;
  const work = request.work ?? join(defaultCacheFolder(), 'results');
  return { photographs, portraits, work, results };
}

async function versionOf(root: string): Promise<Pick<Workshop, 'version' | 'commit'>> {
  const manifest = await readFile(join(root, 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  try {
    const described = execFileSync('git', ['describe', '--always', '--dirty'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return { version, commit: described.trim() };
  } catch {
    // A copy without its repository.
    return { version, commit: null };
  }
}
