import type { SparseTargets } from '../assets/targets.ts';

/** Weight of each target by name; targets that are not named weigh nothing. */
export type TargetWeights = ReadonlyMap<string, number>;

const numbers = new WeakMap<SparseTargets, ReadonlyMap<string, number>>();

function targetNumbers(targets: SparseTargets): ReadonlyMap<string, number> {
  let known = numbers.get(targets);
  if (known === undefined) {
    known = new Map(targets.names.map((name, number) => [name, number]));
    numbers.set(targets, known);
  }
  return known;
}

/** Writes `rest + Σ weight · displacement` into `positions` (`[vertices, 3]`, decimetres). */
export function morph(
  rest: Float32Array,
  targets: SparseTargets,
  weights: TargetWeights,
  positions: Float32Array,
): void {
  positions.set(rest);
  const known = targetNumbers(targets);
  const { starts, vertices, deltas } = targets;
  for (const [name, weight] of weights) {
    if (weight === 0) continue;
    const target = known.get(name);
    if (target === undefined) throw new Error(`no target named ${name}`);
    const scale = weight * 1e-3;
    const end = starts[target + 1];
    for (let e = starts[target]; e < end; e++) {
      const v = 3 * vertices[e];
      positions[v] += scale * deltas[3 * e];
      positions[v + 1] += scale * deltas[3 * e + 1];
      positions[v + 2] += scale * deltas[3 * e + 2];
    }
  }
}
