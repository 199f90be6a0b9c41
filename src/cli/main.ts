#!/usr/bin/env node
import type { Command } from './command.ts';
import { runProcess } from './run-process.ts';

/** In the order of `lifelike --help`. */
const commands: readonly Command[] = [];

await runProcess(commands);
