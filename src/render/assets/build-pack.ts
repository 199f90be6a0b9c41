import { join } from 'node:path';
import { computeNormals } from '../geometry/normals.ts';
import { ambientOcclusion } from './ambient-occlusion.ts';
import type { Assets, FittedItem } from './assets.ts';
import { eyeColors, skins } from './catalog.ts';
import { finishItem } from './finish-item.ts';
import { type LoadedItem, loadItems } from './load-items.ts';
import { jointVertices, packBody, visibleBodyTriangles } from './pack-body.ts';
import {
  detailsOf,
  expressionTargetNames,
  macroTargetNames,
  readTargetNames,
  readTargets,
  type SparseTargets,
} from './targets.ts';
import { brownIris, meanLinearColor, readColorTexture } from './texture.ts';
import { readThreeModel, type ThreeModel } from './three-model.ts';

/** The box of texture coordinates that holds forehead, cheeks and nose. */
const faceBox = [0.83, 0.42, 0.95, 0.6] as const;
/** Packed vertices: surface first, then what items and joints hang on. */
function numberVertices(
  base: ThreeModel,
  triangles: readonly number[],
  items: readonly LoadedItem[],
) {
  const packedIndex = new Int32Array(base.vertices.length / 3).fill(-1);
  const vertices: number[] = [];
  const add = (v: number) => {
    if (packedIndex[v] >= 0) return;
    packedIndex[v] = vertices.length;
    vertices.push(v);
  };
  for (const t of triangles) base.triangles.subarray(3 * t, 3 * t + 3).forEach(add);
  const surfaceVertexCount = vertices.length;
  for (const item of items) item.selection.references.forEach(add);
  Object.values(jointVertices(base)).flat().forEach(add);
  return { packedIndex, vertices, surfaceVertexCount };
}

function packedRest(item: FittedItem, rest: Float32Array): Float32Array {
  return Float32Array.from(item.offsets, (offset, i) => {
    const [vertex, axis] = [Math.floor(i / 3), i % 3];
    let sum = offset;
    for (let k = 0; k < 3; k++) {
      sum += item.weights[3 * vertex + k] * rest[3 * item.references[3 * vertex + k] + axis];
    }
    return sum;
  });
}

/** Ambient occlusion of body and eyeballs, which shade each other. */
function occlusionOf(body: Pick<Assets['body'], 'rest' | 'triangles'>, eyes: FittedItem) {
  const eyeRest = packedRest(eyes, body.rest);
  const positions = Float32Array.from([...body.rest, ...eyeRest]);
  const bodyCount = body.rest.length / 3;
  const triangles = Uint16Array.from([
    ...body.triangles,
    ...Array.from(eyes.triangles, (v) => v + bodyCount),
  ]);
  const normals = new Float32Array(positions.length);
  computeNormals(positions, triangles, normals);
  const ambient = ambientOcclusion(positions, normals, triangles);
  // The lids of the resting face are half closed, which would leave the eyes too dark.
  const eyeAmbient = ambient.slice(bodyCount).map((value) => value ** 0.6);
  return { body: ambient.slice(0, bodyCount), eyes: eyeAmbient };
}

/** How far the opened mouth moves each base vertex up, thousandths of a decimetre. */
function mouthOpening(targets: SparseTargets, vertices: readonly number[], count: number) {
  const moved = new Float32Array(count);
  const opening = targets.names.indexOf('expression/units/caucasian/mouth-open');
  for (let e = targets.starts[opening]; e < targets.starts[opening + 1]; e++) {
    moved[vertices[targets.vertices[e]]] = targets.deltas[3 * e + 1];
  }
  return moved;
}

async function readSkins(data: string): Promise<Assets['skins']> {
  const read = skins.map(async ({ name, file }) => {
    const texture = await readColorTexture(join(data, file), 512);
    return { name, texture, meanColor: meanLinearColor(texture, faceBox) };
  });
  return Promise.all(read);
}

async function readIrises(data: string): Promise<Assets['irises']> {
  const read = eyeColors.map(async (name) => {
    const file = join(data, `proxies/eyes/HighPolyEyes/textures/${name}_eye.png`);
    const texture = await readColorTexture(file, 256);
    return { name, texture: name === 'brown' ? brownIris(texture) : texture };
  });
  return Promise.all(read);
}

/** Reads the package and keeps what portraits need; takes some seconds, so the result is cached. */
export async function buildAssets(packageFolder: string): Promise<Assets> {
  const data = join(packageFolder, 'public/data');
  const base = await readThreeModel(join(data, 'models/human_full_size.json'));
  const triangles = visibleBodyTriangles(base);
  const items = await loadItems(data, base);
  const { packedIndex, vertices, surfaceVertexCount } = numberVertices(base, triangles, items);
  const details = detailsOf(await readTargetNames(packageFolder));
  const sliders = details.flatMap((detail) => [...detail.negative, ...detail.positive]);
  const wanted = new Set([...macroTargetNames(), ...expressionTargetNames(), ...sliders]);
  const targets = await readTargets(packageFolder, [...wanted], packedIndex);
  const body = packBody(base, {
    triangles,
    vertices,
    packedIndex,
    surfaceVertexCount,
    mouthOpening: mouthOpening(targets, vertices, packedIndex.length),
  });
  const context = { data, base, triangles, packedIndex };
  const finished = await Promise.all(
    items.map(async (item) => ({ kind: item.kind, item: await finishItem(item, context) })),
  );
  const ofKind = (kind: LoadedItem['kind']) =>
    finished.filter((one) => one.kind === kind).map(({ item }) => item);
  const [eyes] = ofKind('eyes');
  const ambient = occlusionOf(body, eyes);
  return {
    body: { ...body, ambient: ambient.body },
    targets,
    details,
    skins: await readSkins(data),
    hair: ofKind('hair'),
    eyebrows: ofKind('eyebrows'),
    eyelashes: ofKind('eyelashes'),
    clothes: ofKind('clothes'),
    eyes: { ...eyes, ambient: ambient.eyes },
    irises: await readIrises(data),
    teeth: ofKind('teeth')[0],
    tongue: ofKind('tongue')[0],
  };
}
