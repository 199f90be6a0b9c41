import { join } from 'node:path';
import type { FittedItem } from './assets.ts';
import { type HairStyle, hairStyles } from './catalog.ts';
import { hairTrim } from './hair-trim.ts';
import type { LoadedItem } from './load-items.ts';
import { packItem } from './pack-item.ts';
import { readColorTexture, readStrandTexture } from './texture.ts';
import type { ThreeModel } from './three-model.ts';

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

export interface FinishContext {
  /** Folder `public/data` of the package. */
  readonly data: string;
  readonly base: ThreeModel;
  /** Kept triangles of the body. */
  readonly triangles: readonly number[];
  readonly packedIndex: Int32Array;
}

/** The item as it is packed: with its texture and what its kind needs beside. */
export async function finishItem(item: LoadedItem, context: FinishContext): Promise<FittedItem> {
  const { kind, name, model, selection } = item;
  const packed = packItem(model, selection, { name, packedIndex: context.packedIndex });
  const material = model.json.materials[0] as unknown as { readonly mapDiffuse: string };
  const file = join(context.data, 'proxies', kind, name, material.mapDiffuse);
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
