import { join } from 'node:path';
import { computeNormals } from '../geometry/normals.ts';
import { ambientOcclusion } from './ambient-occlusion.ts';
import type { Assets, FittedItem } from './assets.ts';
import {
  clothesNames,
  eyebrowNames,
  eyeColors,
  eyelashNames,
  type HairStyle,
  hairStyles,
  skins,
} from './catalog.ts';
import { hairTrim } from './hair-trim.ts';
import { jointVertices, packBody, visibleBodyTriangles } from './pack-body.ts';
import { type ItemChoice, packItem, type Selection, selectItem } from './pack-item.ts';
import {
  detailsOf,
  expressionTargetNames,
  macroTargetNames,
  readTargetNames,
  readTargets,
} from './targets.ts';
import { brownIris, meanLinearColor, readColorTexture, readStrandTexture } from './texture.ts';
import { readThreeModel, type ThreeModel } from './three-model.ts';

interface LoadedItem {
  readonly kind: 'hair' | 'eyebrows' | 'eyelashes' | 'clothes' | 'eyes' | 'teeth' | 'tongue';
  readonly name: string;
  readonly model: ThreeModel;
  readonly selection: Selection;
}

/** The box of texture coordinates that holds forehead, cheeks and nose. */
const faceBox = [0.83, 0.42, 0.95, 0.6] as const;
/** The transparent cornea of the eye model is a flat disc in the corner of its texture. */
const cornea = { u: 0.89, v: 0.89 } as const;

function itemNames(): { kind: LoadedItem['kind']; name: string }[] {
  const of = (kind: LoadedItem['kind'], names: readonly string[]) =>
    names.map((name) => ({ kind, name }));
  return [
    ...of(
      'hair',
      hairStyles.map((style) => style.name),
    ),
    ...of('eyebrows', eyebrowNames),
    ...of('eyelashes', eyelashNames),
    ...of('clothes', clothesNames),
    ...of('eyes', ['HighPolyEyes']),
    ...of('teeth', ['Teeth_Base']),
    ...of('tongue', ['tongue01']),
  ];
}

/** Removes the cornea, whose shine the renderer computes instead. */
function withoutCornea(model: ThreeModel): ThreeModel {
  const kept: number[] = [];
  for (let t = 0; t < model.triangles.length / 3; t++) {
    const uv = model.triangleUvs[3 * t];
    if (model.uvs[2 * uv] < cornea.u || model.uvs[2 * uv + 1] < cornea.v) kept.push(t);
  }
  const pick = (values: Int32Array) =>
    Int32Array.from(kept.flatMap((t) => [...values.subarray(3 * t, 3 * t + 3)]));
  return { ...model, triangles: pick(model.triangles), triangleUvs: pick(model.triangleUvs) };
}

/** What a portrait can show of an item: not trousers, and no molars. */
const shown: Partial<Record<LoadedItem['kind'], ItemChoice['keep']>> = {
  clothes: (x, y) => y > 3.3 && Math.abs(x) < 3.3,
  teeth: (_x, _y, z) => z > 1.12,
};

async function loadItems(data: string, base: ThreeModel): Promise<LoadedItem[]> {
  const loaded: LoadedItem[] = [];
  for (const { kind, name } of itemNames()) {
    const whole = await readThreeModel(join(data, 'proxies', kind, name, `${name}.json`));
    const model = kind === 'eyes' ? withoutCornea(whole) : whole;
    const keep = shown[kind] ?? ((_x, y) => y > 3);
    loaded.push({ kind, name, model, selection: selectItem(model, base.vertices, { name, keep }) });
  }
  return loaded;
}

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

/** 1 for each kept body triangle that the garment's author deleted. */
function hiddenTriangles(
  item: LoadedItem,
  base: ThreeModel,
  triangles: readonly number[],
): Uint8Array {
  const deleted = item.model.json.metadata.deleteVerts ?? [];
  return Uint8Array.from(triangles, (t) =>
    base.triangles.subarray(3 * t, 3 * t + 3).every((v) => deleted[v]) ? 1 : 0,
  );
}

async function packedItem(
  data: string,
  item: LoadedItem,
  context: {
    readonly base: ThreeModel;
    readonly triangles: readonly number[];
    readonly packedIndex: Int32Array;
  },
): Promise<FittedItem> {
  const { kind, name, model, selection } = item;
  const packed = packItem(model, selection, { name, packedIndex: context.packedIndex });
  const material = model.json.materials[0] as unknown as { readonly mapDiffuse: string };
  const file = join(data, 'proxies', kind, name, material.mapDiffuse);
  switch (kind) {
    case 'hair': {
      const style: HairStyle = hairStyles.find((candidate) => candidate.name === name)!;
      const trim = style.fringe === undefined ? {} : { trim: hairTrim(selection, style.fringe) };
      return { ...packed, ...trim, texture: await readStrandTexture(file, 512) };
    }
    case 'eyebrows':
    case 'eyelashes':
      return { ...packed, texture: await readStrandTexture(file, 256) };
    case 'clothes': {
      const hidesTriangles = hiddenTriangles(item, context.base, context.triangles);
      const occlusion = name === 'male_elegantsuit01' ? undefined : file.replace('_diffuse', '_ao');
      return { ...packed, hidesTriangles, texture: await readColorTexture(file, 512, occlusion) };
    }
    case 'teeth':
    case 'tongue':
      return { ...packed, texture: await readColorTexture(file, 256) };
    case 'eyes':
      return packed;
  }
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

/** Reads the package and keeps what portraits need; takes some seconds, so the result is cached. */
export async function buildAssets(packageFolder: string): Promise<Assets> {
  const data = join(packageFolder, 'public/data');
  const base = await readThreeModel(join(data, 'models/human_full_size.json'));
  const triangles = visibleBodyTriangles(base);
  const items = await loadItems(data, base);
  const numbering = numberVertices(base, triangles, items);
  const details = detailsOf(await readTargetNames(packageFolder));
  const wanted = new Set([
    ...macroTargetNames(),
    ...expressionTargetNames(),
    ...details.flatMap((detail) => [...detail.negative, ...detail.positive]),
  ]);
  const targets = await readTargets(packageFolder, [...wanted], numbering.packedIndex);
  const mouthOpening = new Float32Array(base.vertices.length / 3);
  const opening = targets.names.indexOf('expression/units/caucasian/mouth-open');
  for (let e = targets.starts[opening]; e < targets.starts[opening + 1]; e++) {
    mouthOpening[numbering.vertices[targets.vertices[e]]] = targets.deltas[3 * e + 1];
  }
  const body = packBody(base, { triangles, ...numbering, mouthOpening });
  const context = { base, triangles, packedIndex: numbering.packedIndex };
  const packed = new Map<LoadedItem['kind'], FittedItem[]>();
  for (const item of items) {
    packed.set(item.kind, [
      ...(packed.get(item.kind) ?? []),
      await packedItem(data, item, context),
    ]);
  }
  const [eyes] = packed.get('eyes')!;
  const ambient = occlusionOf(body, eyes);
  const skinTextures = skins.map(async ({ name, file }) => {
    const texture = await readColorTexture(join(data, file), 512);
    return { name, texture, meanColor: meanLinearColor(texture, faceBox) };
  });
  const irises = eyeColors.map(async (name) => {
    const file = join(data, `proxies/eyes/HighPolyEyes/textures/${name}_eye.png`);
    const texture = await readColorTexture(file, 256);
    return { name, texture: name === 'brown' ? brownIris(texture) : texture };
  });
  return {
    body: { ...body, ambient: ambient.body },
    targets,
    details,
    skins: await Promise.all(skinTextures),
    hair: packed.get('hair')!,
    eyebrows: packed.get('eyebrows')!,
    eyelashes: packed.get('eyelashes')!,
    clothes: packed.get('clothes')!,
    eyes: { ...eyes, ambient: ambient.eyes },
    irises: await Promise.all(irises),
    teeth: packed.get('teeth')![0],
    tongue: packed.get('tongue')![0],
  };
}
