#!/usr/bin/env node
import type { Command } from './command.ts';
import { runProcess } from './run-process.ts';
import { trainCommand } from './train.ts';

/** In the order of `lifelike --help`. */
const commands: readonly Command[] = [trainCommand];

await runProcess(commands);
