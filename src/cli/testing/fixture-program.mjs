// A program built from the frame as users run it, for tests that need a process of its own.
import { z } from 'zod';
import { resolveConfig } from '../../../dist/base/config.js';
import { defineCommand } from '../../../dist/cli/command.js';
import { configFlags, configHelp, configLayers } from '../../../dist/cli/config-flags.js';
import { folder, integer } from '../../../dist/cli/flags.js';
import { runProcess } from '../../../dist/cli/run-process.js';

const schema = z.strictObject({
  batchSize: z.int().min(1).default(8).describe('images a step'),
  history: z.strictObject({ capacity: z.int().default(100).describe('images') }).prefault({}),
});

const paint = defineCommand({
  name: 'paint',
  summary: 'Paints.',
  flags: {
    out: folder({ description: 'folder to write', required: true }),
    count: integer({ description: 'how many', min: 1, default: 3 }),
    ...configFlags,
  },
  notes: () => configHelp(schema),
  run: async (flags, { log, progress }) => {
    const { config } = resolveConfig(schema, await configLayers(flags));
    const bar = progress.start('Painting', { unit: 'images', total: flags.count });
    for (let done = 1; done <= flags.count; done++) bar.update(done);
    log('a log line');
    bar.end();
    return { out: flags.out, count: flags.count, config };
  },
  report: ({ out, count }) => `${count} images in ${out}`,
});

const wait = defineCommand({
  name: 'wait',
  summary: 'Waits for Ctrl-C.',
  flags: {},
  run: async (_flags, { signal, log }) => {
    const alive = setInterval(() => {}, 1000);
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve);
      log('ready');
    });
    clearInterval(alive);
    log('saved');
    return { outcome: 'interrupted' };
  },
  report: () => '',
});

const shout = defineCommand({
  name: 'shout',
  summary: 'Prints more than a pipe holds.',
  flags: {},
  run: async () => ({ text: 'x'.repeat(4_000_000) }),
  report: ({ text }) => text,
});

await runProcess([paint, wait, shout]);
