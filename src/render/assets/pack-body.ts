import { type Body, islands, type JointName } from './assets.ts';
import { landmarkVertices } from './landmark-vertices.ts';
import { neighboursOf, regionScores } from './regions.ts';
import { stubbleGrowth } from './stubble.ts';
import type { ThreeModel } from './three-model.ts';

const jointCubes: Readonly<Record<JointName, string>> = {
  neck: 'joint-neck',
  head: 'joint-head',
  leftEye: 'joint-l-eye',
  rightEye: 'joint-r-eye',
  leftShoulder: 'joint-l-shoulder',
  rightShoulder: 'joint-r-shoulder',
};

/** Head, neck, chest and upper arms: what a portrait can show, in decimetres at rest. */
function isNear(x: number, y: number): boolean {
  return y > 3.4 && Math.abs(x) < 3.1;
}

/** Numbers of the triangles of the body that a portrait can show. */
export function visibleBodyTriangles(model: ThreeModel): number[] {
  const kept: number[] = [];
  for (let t = 0; t < model.triangles.length / 3; t++) {
    if (model.materials[t] !== 'body') continue;
    const corners = model.triangles.subarray(3 * t, 3 * t + 3);
    if (corners.every((v) => isNear(model.vertices[3 * v], model.vertices[3 * v + 1]))) {
      kept.push(t);
    }
  }
  return kept;
}

export function jointVertices(model: ThreeModel): Record<JointName, number[]> {
  const of = (material: string) => {
    const vertices = new Set<number>();
    model.materials.forEach((name, t) => {
      if (name === material)
        for (const v of model.triangles.subarray(3 * t, 3 * t + 3)) vertices.add(v);
    });
    return [...vertices];
  };
  const entries = Object.entries(jointCubes).map(([joint, material]) => [joint, of(material)]);
  return Object.fromEntries(entries) as Record<JointName, number[]>;
}

/** The vertex at the mirrored position of each vertex. */
export function mirrorMap(vertices: Float32Array): (vertex: number) => number {
  const key = (x: number, y: number, z: number) =>
    `${Math.round(x * 1e3) + 0},${Math.round(y * 1e3)},${Math.round(z * 1e3)}`;
  const byPosition = new Map<string, number>();
  for (let v = 0; v < vertices.length / 3; v++) {
    byPosition.set(key(vertices[3 * v], vertices[3 * v + 1], vertices[3 * v + 2]), v);
  }
  return (v) => {
    const twin = byPosition.get(key(-vertices[3 * v], vertices[3 * v + 1], vertices[3 * v + 2]));
    if (twin === undefined) throw new Error(`vertex ${v} has no mirror image`);
    return twin;
  };
}

/** How far each vertex follows the head and the arms, from the bones it hangs on. */
export function followShares(model: ThreeModel): { head: Float32Array; arm: Float32Array } {
  const bones = model.json.bones as readonly { readonly name: string; readonly parent: number }[];
  const headShares: Record<string, number> = { neck01: 0.18, neck02: 0.45, neck03: 0.75, head: 1 };
  const armShares: Record<string, number> = { 'upperarm01.L': 1, 'upperarm01.R': -1 };
  const climb = (bone: number, shares: Record<string, number>): number => {
    for (let at = bone; at >= 0; at = bones[at].parent) {
      const share = shares[bones[at].name.replace('____head', '')];
      if (share !== undefined) return share;
    }
    return 0;
  };
  const count = model.vertices.length / 3;
  const head = new Float32Array(count);
  const arm = new Float32Array(count);
  const { skinIndices = [], skinWeights = [] } = model.json;
  for (let i = 0; i < skinIndices.length; i++) {
    const v = Math.floor(i / 4);
    head[v] += skinWeights[i] * climb(skinIndices[i], headShares);
    arm[v] += skinWeights[i] * climb(skinIndices[i], armShares);
  }
  return { head, arm };
}

/** The sheet of the texture: mouth cavity and eye sockets lie apart from the rest. */
function islandOf(model: ThreeModel, triangle: number): number {
  const uv = model.triangleUvs[3 * triangle];
  const u = model.uvs[2 * uv];
  const v = model.uvs[2 * uv + 1];
  const y = model.vertices[3 * model.triangles[3 * triangle] + 1];
  if (y < 6) return islands.outside;
  if (u > 0.757 && u < 0.924 && v > 0.863) return islands.mouthCavity;
  if (u < 0.152 && v > 0.366 && v < 0.453) return islands.eyeSocket;
  return islands.outside;
}

export interface PackBodyOptions {
  readonly triangles: readonly number[];
  /** Base-mesh vertex of each packed vertex. */
  readonly vertices: readonly number[];
  readonly packedIndex: Int32Array;
  readonly surfaceVertexCount: number;
  /** Displacements of the opened mouth, `[base vertices]`, along y. */
  readonly mouthOpening: Float32Array;
}

/** Everything about the body but its ambient occlusion. */
export function packBody(model: ThreeModel, options: PackBodyOptions): Omit<Body, 'ambient'> {
  const { triangles, vertices, packedIndex } = options;
  const mirror = mirrorMap(model.vertices);
  const pick = (values: Float32Array) => Float32Array.from(vertices, (v) => values[v]);
  const surface = Int32Array.from(
    triangles.flatMap((t) => [...model.triangles.subarray(3 * t, 3 * t + 3)]),
  );
  const graph = {
    positions: model.vertices,
    neighbours: neighboursOf(surface, model.vertices.length / 3),
    mirror,
  };
  const scores = regionScores(graph);
  const shares = followShares(model);
  const uvIndex = new Map<number, number>();
  const triangleUvs = triangles.flatMap((t) =>
    [...model.triangleUvs.subarray(3 * t, 3 * t + 3)].map((uv) => {
      if (!uvIndex.has(uv)) uvIndex.set(uv, uvIndex.size);
      return uvIndex.get(uv)!;
    }),
  );
  const packed = (list: readonly number[]) => Uint16Array.from(list, (v) => packedIndex[v]);
  const joints = Object.entries(jointVertices(model)).map(([name, list]) => [name, packed(list)]);
  const lipOpening = vertices.map((v) => options.mouthOpening[v]);
  const furthest = Math.min(...lipOpening);
  return {
    vertexCount: vertices.length,
    surfaceVertexCount: options.surfaceVertexCount,
    rest: Float32Array.from(
      vertices.flatMap((v) => [...model.vertices.subarray(3 * v, 3 * v + 3)]),
    ),
    headShare: pick(shares.head),
    armShare: pick(shares.arm),
    triangles: packed([...surface]),
    triangleUvs: Uint16Array.from(triangleUvs),
    uvs: Float32Array.from(
      [...uvIndex.keys()].flatMap((uv) => [...model.uvs.subarray(2 * uv, 2 * uv + 2)]),
    ),
    island: Uint8Array.from(triangles, (t) => islandOf(model, t)),
    stubble: pick(stubbleGrowth(model.vertices, scores)),
    scores: {
      nose: pick(scores.nose),
      lips: pick(scores.lips),
      ear: pick(scores.ear),
      neck: pick(scores.neck),
    },
    lowerLip: Uint8Array.from(lipOpening, (y) => (y < 0.4 * furthest ? 1 : 0)),
    landmarks: packed(landmarkVertices(mirror)),
    joints: Object.fromEntries(joints) as Record<JointName, Uint16Array>,
    headWidth: [packedIndex[5399], packedIndex[11998]],
  };
}
