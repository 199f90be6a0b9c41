import { readdirSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** From the lowest to the highest: a file imports only from its own layer and lower ones. */
const layers = [
  ['base', 'files'],
  ['tensor'],
  ['runtime'],
  ['nn'],
  ['models'],
  ['losses'],
  ['optim'],
  ['augment'],
  ['data'],
  ['faces'],
  ['render', 'prepare'],
  ['train'],
  ['refine'],
  ['evaluate'],
  ['dashboard'],
  ['bench', 'cli'],
];
const levels = new Map(layers.flatMap((names, level) => names.map((name) => [name, level])));

/** Layers that run in a browser: plain computation on arrays. */
const browserSafe = ['tensor', 'nn', 'models', 'losses', 'optim', 'augment'];
const browserSafePackages = ['onnx-proto', 'fastest-levenshtein', 'zod'];

interface Source {
  /** Path below `src`, with `/`. */
  readonly file: string;
  readonly folder: string;
  readonly imports: readonly string[];
}

const root = fileURLToPath(new URL('..', import.meta.url));

/** Static, re-exporting, side-effect and dynamic imports. */
const importPattern =
  /(?:^|\n)\s*(?:import|export)\b(?:[^'";]*?\bfrom)?\s*'([^']+)'|\bimport\(\s*'([^']+)'/g;

function importsOf(text: string): string[] {
  return [...text.matchAll(importPattern)].map(([, fixed, dynamic]) => fixed ?? dynamic);
}

const sources: readonly Source[] = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(sep).join('/'))
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|(^|\/)testing\//.test(file))
  .map((file) => ({
    file,
    folder: file.includes('/') ? file.split('/')[0] : '',
    imports: importsOf(readFileSync(resolve(root, file), 'utf8')),
  }));

/** The path below `src` that a relative import leads to. */
function target({ file }: Source, specifier: string): string {
  return relative(root, resolve(root, dirname(file), specifier))
    .split(sep)
    .join('/');
}

const relativeImports = (source: Source) =>
  source.imports.filter((specifier) => specifier.startsWith('.'));
const packageImports = (source: Source) =>
  source.imports.filter((specifier) => !specifier.startsWith('.'));

describe('imports', () => {
  it('are recognized in every form', () => {
    const text = `import a, { b } from './a.ts';
import type { C } from '../c.ts';
import {
  d,
} from 'd';
import './e.ts';
export { f } from './f.ts';
export * from './g.ts';
const h = await import('./h.ts');
const text = 'imported from';
export const i = 'not this';`;
    const found = ['./a.ts', '../c.ts', 'd', './e.ts', './f.ts', './g.ts', './h.ts'];
    expect(importsOf(text)).toEqual(found);
  });

  it('are found', () => {
    expect(sources.filter(({ folder }) => folder === 'tensor').length).toBeGreaterThan(10);
    expect(sources.flatMap(relativeImports).length).toBeGreaterThan(50);
  });

  it('come from folders that are a layer', () => {
    const folders = new Set(sources.map(({ folder }) => folder).filter((name) => name !== ''));
    expect([...folders].filter((name) => !levels.has(name))).toEqual([]);
  });

  it('never point from a lower layer to a higher one', () => {
    const wrong = sources.flatMap((source) =>
      relativeImports(source)
        .filter((specifier) => {
          const own = levels.get(source.folder);
          const other = levels.get(target(source, specifier).split('/')[0]);
          // Files directly in src only re-export.
          return own !== undefined && (other === undefined || other > own);
        })
        .map((specifier) => `${source.file} → ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it('of what runs in a browser reach neither Node nor a native package', () => {
    const byFile = new Map(sources.map((source) => [source.file, source]));
    const queue = sources.filter(({ folder }) => browserSafe.includes(folder));
    const reached = new Set(queue);
    const wrong: string[] = [];
    for (const source of queue) {
      for (const specifier of packageImports(source)) {
        if (!browserSafePackages.includes(specifier)) wrong.push(`${source.file} → ${specifier}`);
      }
      for (const specifier of relativeImports(source)) {
        const next = byFile.get(target(source, specifier));
        if (next === undefined) wrong.push(`${source.file} → ${specifier} is not there`);
        if (next === undefined || reached.has(next)) continue;
        reached.add(next);
        queue.push(next);
      }
    }
    expect(wrong).toEqual([]);
  });
});
