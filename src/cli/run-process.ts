import { readFileSync } from 'node:fs';
import type { Command } from './command.ts';
import { explainError } from './explain-error.ts';
import { createProgram, type ProgramOutput } from './program.ts';

/**
 * A reader that left early, as in `lifelike … | head -1`, is no error of ours. A full disk below
 * `lifelike … > file` is, but there is nobody left to hand it to.
 */
function handleWriteErrors(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.stderr.write(`${(explainError(error) as Error).message}\n`);
    process.exit(2);
  });
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}

function packageVersion(): string {
  const url = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { version: string }).version;
}

/** Runs the command line of this process and ends it with the exit code. */
export async function runProcess(commands: readonly Command[]): Promise<never> {
  const { stdout, stderr } = process;
  for (const stream of [stdout, stderr]) handleWriteErrors(stream);
  const output: ProgramOutput = {
    stdout,
    stderr: {
      write: (text) => stderr.write(text),
      // A dumb terminal cannot rewrite a line.
      isTTY: stderr.isTTY && process.env.TERM !== 'dumb',
      get columns() {
        return stderr.columns ?? 0;
      },
    },
    signals: process,
    exit: (code) => process.exit(code),
    now: () => performance.now(),
  };
  const code = await createProgram(commands, { version: packageVersion(), output })(
    process.argv.slice(2),
  );
  await Promise.all([flushed(stdout), flushed(stderr)]);
  process.exit(code);
}
