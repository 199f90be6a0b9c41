// Trains with the options in argv and kills its own process once KILL_AT steps are logged.
import { train } from '../../../dist/train/train.js';

const options = JSON.parse(process.argv[2]);
const killAt = Number(process.env.KILL_AT);
for await (const event of train({ preset: 'simgan-faces', ...options })) {
  if (event.kind === 'step' && event.index === killAt) process.kill(process.pid, 'SIGKILL');
}
