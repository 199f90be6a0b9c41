import type { Selection } from './pack-item.ts';

const clamp01 = (x: number) => Math.min(1, Math.max(0, x));
const smoothstep = (from: number, to: number, x: number) => {
  const t = clamp01((x - from) / (to - from));
  return t * t * (3 - 2 * t);
};

/**
 * Opacity that trims strands hanging over the face, as a hairdresser would. At rest nothing stays
 * below the fringe line in front of the face (z) between the temples (x), nor further out where
 * strands would hang before the cheeks.
 */
export function hairTrim(selection: Selection, fringe: number): Float32Array {
  return Float32Array.from(selection.vertices, (v) => {
    const x = Math.abs(selection.rest[3 * v]);
    const y = selection.rest[3 * v + 1];
    const z = selection.rest[3 * v + 2];
    const between = smoothstep(0.75, 0.95, z) * (1 - smoothstep(0.5, 0.72, x));
    const before = smoothstep(0.92, 1.06, z) * (1 - smoothstep(7.3, 7.4, y));
    // Tips of unequal length: a ruler-straight fringe looks like a helmet.
    const ragged = 0.04 * (((v * 0.618) % 1) - 0.5);
    const below = 1 - smoothstep(fringe - 0.03, fringe + 0.06, y + ragged);
    return 1 - Math.max(between, before) * below;
  });
}
