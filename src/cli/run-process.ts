import { readFileSync } from 'node:fs';
import type { Command } from './command.ts';
import { createProgram, type ProgramOutput } from './program.ts';

/** A reader that left early, as in `lifelike … | head -1`, is no error of ours. */
function ignoreClosedPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
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
  for (const stream of [stdout, stderr]) ignoreClosedPipe(stream);
  const output: ProgramOutput = {
    stdout,
    stderr: {
      write: (text) => stderr.write(text),
      // A dumb terminal cannot rewrite a line.
      isTTY: stderr.isTTY && process.env.TERM !== 'dumb',
      get columns() {
        return stderr.columns ?? 80;
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
