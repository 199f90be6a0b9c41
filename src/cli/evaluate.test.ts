import { expect, test } from 'vitest';
import type { CommandContext } from './command.ts';
import { evaluateCommand } from './evaluate.ts';
import { createProgress } from './progress.ts';

const context: CommandContext = {
  signal: new AbortController().signal,
  log: () => {},
  progress: createProgress({ write: () => {}, isTerminal: false, columns: () => 80, now: () => 0 }),
};
const folders = { synthetic: 'a', refined: 'b', real: 'c', out: 'd', network: [], set: [] };
const run = (flags: object) => evaluateCommand.execute({ ...folders, ...flags }, context);

test('a task needs its photographs, and they need a task', async () => {
  await expect(run({ task: 'landmarks' })).rejects.toThrow(
    /together, got only --task.*Add --test DIR/,
  );
  await expect(run({ test: 'e' })).rejects.toThrow(/got only --test\. Add --task landmarks/);
});

test('misspelt keys and networks are refused before any work', async () => {
  await expect(run({ set: ['verification.shfit=0.1'] })).rejects.toThrow(/verification\.shift/);
  await expect(run({ set: ['replicates=3'] })).rejects.toThrow(/replicates/);
  await expect(run({ network: ['fid.onnx'] })).rejects.toThrow(/NAME=FILE\.onnx/);
});

test('the help lists every key with its meaning', () => {
  const notes = evaluateCommand.notes?.() ?? '';
  for (const key of ['verification.complexionShift', 'task.steps', 'maximumImages']) {
    expect(notes).toContain(key);
  }
});
