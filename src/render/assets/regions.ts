/**
 * Regions of the base mesh as scores a vertex: +1 inside, 0 on the border, −1 outside. Interpolated
 * in a triangle, the zero line follows the border loop exactly, so masks come out smooth.
 */

/** Anchors of borders on the subject's left half, from midline to midline. */
const noseBorder = [
  134, 6907, 11715, 11863, 11860, 6973, 7052, 11685, 11673, 7057, 7119, 7077, 343,
];
const noseSeed = 291;
const lipBorder = [466, 7222, 7219, 7216, 7211, 11953, 7207, 7173, 7172, 7184, 10404, 7182];
const lowerLipBorder = [7183, 10371, 7201, 7200, 7165, 7166, 7235, 7241, 492];
const lipSeed = 494;
const neckBorder = [747, 7466, 7622, 10365, 7594, 7461, 7460, 7459, 7613, 7571, 7635, 7588, 7590];
const neckSeed = 7491;
/** The left ear is one run of vertices in the base mesh, but for a few on the scalp. */
const ear = { first: 12011, last: 12367, top: 7.6 } as const;

export type Region = 'nose' | 'lips' | 'ear' | 'neck';

export type Neighbours = readonly (readonly number[])[];

/** Neighbouring vertices along the edges of the triangles. */
export function neighboursOf(triangles: Int32Array, vertexCount: number): number[][] {
  const sets = Array.from({ length: vertexCount }, () => new Set<number>());
  for (let t = 0; t < triangles.length; t += 3) {
    for (let k = 0; k < 3; k++) {
      const [a, b] = [triangles[t + k], triangles[t + ((k + 1) % 3)]];
      sets[a].add(b);
      sets[b].add(a);
    }
  }
  return sets.map((set) => [...set]);
}

/** The shortest path from one vertex to another along edges (Dijkstra), both ends included. */
export function shortestPath(
  neighbours: Neighbours,
  positions: Float32Array,
  [from, to]: readonly [number, number],
): number[] {
  const length = (a: number, b: number) =>
    Math.hypot(...[0, 1, 2].map((k) => positions[3 * a + k] - positions[3 * b + k]));
  const distance = new Map<number, number>([[from, 0]]);
  const previous = new Map<number, number>();
  const open = new Set([from]);
  while (open.size > 0) {
    let best = -1;
    for (const v of open) if (best < 0 || distance.get(v)! < distance.get(best)!) best = v;
    if (best === to) break;
    open.delete(best);
    for (const next of neighbours[best]) {
      const d = distance.get(best)! + length(best, next);
      if (d < (distance.get(next) ?? Number.POSITIVE_INFINITY)) {
        distance.set(next, d);
        previous.set(next, best);
        open.add(next);
      }
    }
  }
  const path = [to];
  while (path[0] !== from) {
    const before = previous.get(path[0]);
    if (before === undefined) throw new Error(`no path from vertex ${from} to ${to}`);
    path.unshift(before);
  }
  return path;
}

interface MeshGraph {
  readonly positions: Float32Array;
  readonly neighbours: Neighbours;
  readonly mirror: (vertex: number) => number;
}

/** Scores of what the closed border encloses around the seed. */
function enclosed(graph: MeshGraph, halfBorder: readonly number[], seed: number): Float32Array {
  const loop = [...halfBorder, ...[...halfBorder].reverse().map(graph.mirror)];
  const border = new Set<number>();
  loop.forEach((anchor, i) => {
    const next = loop[(i + 1) % loop.length];
    if (anchor === next) return;
    for (const v of shortestPath(graph.neighbours, graph.positions, [anchor, next])) border.add(v);
  });
  const scores = new Float32Array(graph.neighbours.length).fill(-1);
  const queue = [seed];
  scores[seed] = 1;
  while (queue.length > 0) {
    for (const next of graph.neighbours[queue.pop()!]) {
      if (border.has(next) || scores[next] === 1) continue;
      scores[next] = 1;
      queue.push(next);
    }
  }
  for (const v of border) scores[v] = 0;
  return scores;
}

/** The vertices of a set that are left after `steps` layers are taken off and put back. */
function opened(set: ReadonlySet<number>, neighbours: Neighbours, steps: number): Set<number> {
  let kept = new Set(set);
  for (let i = 0; i < steps; i++) {
    kept = new Set([...kept].filter((v) => neighbours[v].every((next) => kept.has(next))));
  }
  for (let i = 0; i < steps; i++) {
    for (const v of [...kept]) for (const next of neighbours[v]) if (set.has(next)) kept.add(next);
  }
  return kept;
}

function earScores(graph: MeshGraph): Float32Array {
  const range = Array.from({ length: ear.last - ear.first + 1 }, (_, i) => ear.first + i);
  const low = range.filter((v) => graph.positions[3 * v + 1] < ear.top);
  const scores = new Float32Array(graph.neighbours.length).fill(-1);
  // The run includes strips of the scalp one quadrilateral wide, which opening removes.
  for (const v of opened(new Set(low), graph.neighbours, 1)) {
    scores[v] = 1;
    scores[graph.mirror(v)] = 1;
  }
  return scores;
}

/** Scores of every region for all vertices of the base mesh. */
export function regionScores(graph: MeshGraph): Record<Region, Float32Array> {
  return {
    nose: enclosed(graph, noseBorder, noseSeed),
    lips: enclosed(graph, [...lipBorder, ...lowerLipBorder], lipSeed),
    ear: earScores(graph),
    neck: enclosed(graph, neckBorder, neckSeed),
  };
}
