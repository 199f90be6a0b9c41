import type { Selection } from './pack-item.ts';

const clamp01 = (x: number) => Math.min(1, Math.max(0, x));
const smoothstep = (from: number, to: number, x: number) => {
  const t = clamp01((x - from) / (to - from));
  return t * t * (3 - 2 * t);
};

/**
 * Opacity that trims strands hanging over the face, as a hairdresser would: at rest, in front of
 * the face (z) and between the temples (x), nothing below the fringe line stays.
 */
export function hairTrim(selection: Selection, fringe: number): Float32Array {
  return Float32Array.from(selection.vertices, (v) => {
    const x = Math.abs(selection.rest[3 * v]);
    const y = selection.rest[3 * v + 1];
    const z = selection.rest[3 * v + 2];
    const inFront = smoothstep(0.75, 0.95, z);
    // The line rises toward the middle of the face, so a trimmed fringe keeps a curved edge.
    const between = 1 - smoothstep(0.5, 0.72, x);
    const below = 1 - smoothstep(fringe - 0.03, fringe + 0.06, y);
    return 1 - inFront * between * below;
  });
}
