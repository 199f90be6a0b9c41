import type { FittedItem } from './assets.ts';
import type { ThreeModel } from './three-model.ts';

export interface ItemChoice {
  readonly name: string;
  /** Which vertices of the item, at rest on the base mesh, a portrait can show. */
  readonly keep: (x: number, y: number, z: number) => boolean;
}

/** Position at rest: `Σ weight · reference + offset`, the rule of MakeHuman's `.mhclo` files. */
export function restPositions(model: ThreeModel, base: Float32Array): Float32Array {
  const { ref_vIdxs: references = [], weights = [], offsets = [] } = model.json;
  const positions = new Float32Array(references.length * 3);
  references.forEach((corner, i) => {
    for (let k = 0; k < 3; k++) {
      positions[3 * i + k] =
        corner.reduce((sum, v, j) => sum + weights[i][j] * base[3 * v + k], 0) + offsets[i][k];
    }
  });
  return positions;
}

/** The triangles that are kept, and the base vertices they hang on. */
export interface Selection {
  readonly rest: Float32Array;
  readonly triangles: readonly number[];
  readonly vertices: readonly number[];
  readonly references: readonly number[];
}

export function selectItem(model: ThreeModel, base: Float32Array, choice: ItemChoice): Selection {
  const rest = restPositions(model, base);
  const kept = (v: number) => choice.keep(rest[3 * v], rest[3 * v + 1], rest[3 * v + 2]);
  const triangles: number[] = [];
  const vertices = new Set<number>();
  for (let t = 0; t < model.triangles.length / 3; t++) {
    const corners = model.triangles.subarray(3 * t, 3 * t + 3);
    if (!corners.every(kept)) continue;
    triangles.push(t);
    for (const v of corners) vertices.add(v);
  }
  const references = new Set([...vertices].flatMap((v) => [...model.json.ref_vIdxs![v]]));
  return { rest, triangles, vertices: [...vertices], references: [...references] };
}

/** The item with its references renumbered to packed body vertices. */
export function packItem(
  model: ThreeModel,
  selection: Selection,
  { name, packedIndex }: { readonly name: string; readonly packedIndex: Int32Array },
): FittedItem {
  const { ref_vIdxs: references = [], weights = [], offsets = [] } = model.json;
  const renumber = new Map(selection.vertices.map((v, i) => [v, i]));
  const uvIndex = new Map<number, number>();
  const triangleUvs = selection.triangles.flatMap((t) =>
    [...model.triangleUvs.subarray(3 * t, 3 * t + 3)].map((uv) => {
      if (!uvIndex.has(uv)) uvIndex.set(uv, uvIndex.size);
      return uvIndex.get(uv)!;
    }),
  );
  const triangles = selection.triangles.flatMap((t) =>
    [...model.triangles.subarray(3 * t, 3 * t + 3)].map((v) => renumber.get(v)!),
  );
  const uvs = [...uvIndex.keys()].flatMap((uv) => [...model.uvs.subarray(2 * uv, 2 * uv + 2)]);
  return {
    name,
    triangles: Uint16Array.from(triangles),
    triangleUvs: Uint16Array.from(triangleUvs),
    uvs: Float32Array.from(uvs),
    references: Uint16Array.from(
      selection.vertices.flatMap((v) => references[v].map((r) => packedIndex[r])),
    ),
    weights: Float32Array.from(selection.vertices.flatMap((v) => [...weights[v]])),
    offsets: Float32Array.from(selection.vertices.flatMap((v) => [...offsets[v]])),
  };
}
