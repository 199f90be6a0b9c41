import { createInterface } from 'node:readline';
import { randomKey, split, uniform } from '../base/random.ts';
import { createSession } from '../runtime/session.ts';
import { type HostTensor, hostScalar, hostTensor } from '../tensor/host-tensor.ts';
import { trainConfig } from '../train/config.ts';
import { createEngine } from '../train/engine.ts';
import { exportRefiner } from '../train/export-refiner.ts';
import { exportedParameters } from '../train/network-state.ts';
import { createPlayers } from '../train/players.ts';

/**
 * This engine's side of the benchmark, as a process of its own: reads the shape as one line of
 * JSON, then answers every line with a number. `iteration` and `refine` run one and give its time
 * in milliseconds, `memory` gives the peak resident memory in bytes.
 */
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { batch, size, channels, threads } = JSON.parse((await lines.next()).value);
const config = trainConfig({
  size,
  channels,
  batchSize: batch,
  threads,
  history: { capacity: batch },
  regularization: { weight: 0.5 },
});
const engine = await createEngine(config, { threads });
const key = split(randomKey(1), 'images');
const shape = (count: number) => [count, channels, size, size];
function images(count: number, name: string): HostTensor {
  const draws = uniform(split(key, name), count * channels * size * size);
  return hostTensor(
    shape(count),
    Float32Array.from(draws, (u) => u * 2 - 1),
  );
}
const synthetic = images(batch, 'synthetic');
const other = images(batch / 2, 'other');
const history = images(batch / 2, 'history');
const real = images(batch, 'real');
let update = 0;

async function iteration(): Promise<void> {
  const numbers = { update: ++update, learningRate: 2e-4 };
  await engine.updateRefiner({ synthetic, weight: hostScalar(0.5) }, numbers);
  await engine.updateDiscriminator({ synthetic: other, history, real }, numbers);
}

async function createRefine(): Promise<() => Promise<void>> {
  const { refiner } = createPlayers(config);
  const options = { channels, size: config.size, preset: 'bench' } as const;
  const model = exportRefiner(refiner, exportedParameters(engine.state, config), options);
  const session = await createSession(model, { threads });
  const refined = hostTensor(synthetic.shape);
  return async () => void (await session.run({ images: synthetic }, { refined }));
}

let refine: (() => Promise<void>) | undefined;
for (;;) {
  const { value: command, done } = await lines.next();
  if (done) break;
  if (command === 'memory') {
    console.log(process.resourceUsage().maxRSS * 1024);
    continue;
  }
  if (command === 'refine') refine ??= await createRefine();
  const started = performance.now();
  await (command === 'refine' ? refine!() : iteration());
  console.log((performance.now() - started).toFixed(3));
}
await engine.dispose();
