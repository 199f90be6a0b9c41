import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type BenchShape, type Competitor, findPyTorch, startCompetitor } from './competitor.ts';

/**
 * Times one full iteration (K_g = 1, K_d = 1, batch 16, 64×64×3, eye networks, Adam) of this engine
 * and, where Python can import torch, of the same mathematics in eager PyTorch: both in turn, so
 * that a noisy machine slows both. Prints medians and ratios; with `--json` a JSON line last.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '15' },
    threads: { type: 'string', default: '2' },
  },
});
const rounds = Number(values.rounds);
const shape: BenchShape = { batch: 16, size: 64, channels: 3, threads: Number(values.threads) };
const warmUp = 3;

const local = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const ours = startCompetitor('lifelike', [process.execPath, local('./worker.js')], shape);
const pytorch = findPyTorch();
const script = local('../../bench/pytorch_iteration.py');
const theirs = pytorch && startCompetitor('PyTorch', [pytorch.python, script], shape);
if (!pytorch) console.error('No Python with torch found: timing this engine alone.');
const competitors = [ours, ...(theirs ? [theirs] : [])];

const median = (times: readonly number[]) => times.toSorted((a, b) => a - b)[times.length >> 1];

async function race(task: 'iteration' | 'refine'): Promise<Map<Competitor, number[]>> {
  const times = new Map<Competitor, number[]>(competitors.map((each) => [each, []]));
  for (let round = -warmUp; round < rounds; round++) {
    for (const competitor of competitors) {
      const time = await competitor.time(task);
      if (round >= 0) times.get(competitor)!.push(time);
    }
  }
  return times;
}

const iterations = await race('iteration');
const memory = new Map<Competitor, number>();
for (const each of competitors) memory.set(each, await each.peakMemory());
const refinements = await race('refine');

/** The median of each round's ratio: both sides of a round meet the same noise. */
function ratioOf(times: Map<Competitor, number[]>): number | undefined {
  if (!theirs) return undefined;
  const mine = times.get(ours)!;
  return median(times.get(theirs)!.map((time, i) => mine[i] / time));
}

for (const each of competitors) {
  const iteration = iterations.get(each)!;
  const perSecond = (1000 * shape.batch) / median(refinements.get(each)!);
  const megabytes = memory.get(each)! / 2 ** 20;
  console.log(
    `${each.name.padEnd(9)} iteration ${median(iteration).toFixed(0)} ms (best ${Math.min(...iteration).toFixed(0)}), refines ${perSecond.toFixed(0)} images/s, peak memory ${megabytes.toFixed(0)} MB`,
  );
}
const iterationRatio = ratioOf(iterations);
const refineRatio = ratioOf(refinements);
const memoryRatio = theirs && memory.get(ours)! / memory.get(theirs)!;
if (iterationRatio !== undefined) {
  console.log(
    `Ratios to PyTorch ${pytorch!.version}, below 1 is better: iteration ${iterationRatio.toFixed(3)}, refine ${refineRatio!.toFixed(3)}, memory ${memoryRatio!.toFixed(3)}`,
  );
}
if (values.json) {
  console.log(
    JSON.stringify({
      iterationMs: median(iterations.get(ours)!),
      refineImagesPerSecond: (1000 * shape.batch) / median(refinements.get(ours)!),
      peakMemoryBytes: memory.get(ours),
      iterationRatio: iterationRatio ?? null,
      refineRatio: refineRatio ?? null,
      memoryRatio: memoryRatio ?? null,
      pytorch: pytorch?.version ?? null,
      ...shape,
    }),
  );
}
for (const each of competitors) each.end();
