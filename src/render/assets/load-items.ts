import { join } from 'node:path';
import { clothesNames, eyebrowNames, eyelashNames, hairStyles } from './catalog.ts';
import { type ItemChoice, type Selection, selectItem } from './pack-item.ts';
import { readThreeModel, type ThreeModel } from './three-model.ts';

/** An item of the catalog as the package has it, with what is kept of it. */
export interface LoadedItem {
  readonly kind: 'hair' | 'eyebrows' | 'eyelashes' | 'clothes' | 'eyes' | 'teeth' | 'tongue';
  readonly name: string;
  readonly model: ThreeModel;
  readonly selection: Selection;
}

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

/** Reads all items that are drawn. */
export async function loadItems(data: string, base: ThreeModel): Promise<LoadedItem[]> {
  const loaded: LoadedItem[] = [];
  for (const { kind, name } of itemNames()) {
    const whole = await readThreeModel(join(data, 'proxies', kind, name, `${name}.json`));
    const model = kind === 'eyes' ? withoutCornea(whole) : whole;
    const keep = shown[kind] ?? ((_x, y) => y > 3);
    loaded.push({ kind, name, model, selection: selectItem(model, base.vertices, { name, keep }) });
  }
  return loaded;
}
