import { expect, test } from 'vitest';
import type { CommandContext } from './command.ts';
import { createProgress } from './progress.ts';
import { refineCommand } from './refine.ts';

const context: CommandContext = {
  signal: new AbortController().signal,
  log: () => {},
  progress: createProgress({ write: () => {}, isTerminal: false, columns: () => 80, now: () => 0 }),
};

test('thresholds without --verify are refused before any work: they would be ignored', async () => {
  const flags = { model: 'a', input: 'b', out: 'c', device: 'cpu', verify: false } as const;
  const run = (set: string[]) => refineCommand.execute({ ...flags, set }, context);
  await expect(run(['verification.shift=0.1'])).rejects.toThrow(
    /Expected --verify beside verification\.shift, got none/,
  );
  // The default said aloud changes nothing; what is wrong then is the model.
  await expect(run(['verification.shift=0.01'])).rejects.not.toThrow(/--verify/);
});
