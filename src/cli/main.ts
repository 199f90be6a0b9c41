#!/usr/bin/env node
import type { Command } from './command.ts';
import { demoCommand } from './demo.ts';
import { evaluateCommand } from './evaluate.ts';
import { exportCommand } from './export.ts';
import { prepareCommand } from './prepare.ts';
import { refineCommand } from './refine.ts';
import { renderCommand } from './render.ts';
import { runProcess } from './run-process.ts';
import { trainCommand } from './train.ts';

/** In the order of `lifelike --help`. */
const commands: readonly Command[] = [
  renderCommand,
  prepareCommand,
  trainCommand,
  refineCommand,
  evaluateCommand,
  exportCommand,
  demoCommand,
];

await runProcess(commands);
