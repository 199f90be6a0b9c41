// What one image costs to refine, by refiner and size: milliseconds on one thread of the exported
// model, the median of some rounds in which all take turns, and as a multiple of the time of 64
// pixels. The colour grid is made for each size, so that its network always sees 64 pixels; the
// other networks are the same at every size, and as their own defaults are.
//
//   npm run build && node scripts/reference/refining-time.mjs [ROUNDS]
import { randomKey, uniform } from '../../dist/base/random.js';
import { createSession } from '../../dist/runtime/session.js';
import { hostTensor } from '../../dist/tensor/host-tensor.js';
import { trainConfig } from '../../dist/train/config.js';
import { exportRefiner } from '../../dist/train/export-refiner.js';
import { createRefiner } from '../../dist/train/networks.js';

const rounds = Number(process.argv[2] ?? 15);
const sizes = [64, 128, 256, 512];
const refiners = ['colour-grid', 'pixel-shuffle', 'simgan-eyes'];
const channels = 3;

async function competitor(architecture, size) {
  const config = trainConfig({ size, refiner: { architecture } });
  const refiner = createRefiner(config);
  const model = exportRefiner(refiner, refiner.init(randomKey(1)), {
    channels,
    size: config.size,
    preset: 'none',
  });
  const session = await createSession(model, { threads: 1 });
  const shape = [1, channels, size, size];
  const values = uniform(randomKey(2), channels * size * size);
  const images = hostTensor(
    shape,
    Float32Array.from(values, (u) => 2 * u - 1),
  );
  const refined = hostTensor(shape);
  const times = [];
  return {
    ...{ architecture, size, times, dispose: () => session.dispose() },
    run: async () => {
      const began = performance.now();
      await session.run({ images }, { refined });
      times.push(performance.now() - began);
    },
  };
}

const competitors = [];
for (const architecture of refiners) {
  for (const size of sizes) competitors.push(await competitor(architecture, size));
}
// The first round warms up.
for (let round = 0; round <= rounds; round++) {
  for (const each of competitors) await each.run();
}
const median = ([, ...times]) => times.toSorted((a, b) => a - b)[times.length >> 1];
for (const architecture of refiners) {
  const own = competitors.filter((each) => each.architecture === architecture);
  const [smallest] = own.map(({ times }) => median(times));
  const cells = own.map(({ size, times }) => {
    const time = median(times);
    return `${size} px ${time.toFixed(1)} ms (${(time / smallest).toFixed(1)} times)`;
  });
  console.log(`${architecture.padEnd(14)}${cells.join(', ')}`);
}
for (const { dispose } of competitors) await dispose();
