import type { FittedItem } from '../assets/assets.ts';

/**
 * Positions of an item on a morphed body: `Σ weight · reference + scale · offset`, with offsets in
 * proportion to the width of the head. Also carries over how far each vertex follows head and arms.
 */
export function fitItem(
  item: FittedItem,
  body: {
    readonly positions: Float32Array;
    readonly headShare: Float32Array;
    readonly armShare: Float32Array;
  },
  scale: number,
  out: {
    readonly positions: Float32Array;
    readonly headShare: Float32Array;
    readonly armShare: Float32Array;
  },
): void {
  const { references, weights, offsets } = item;
  const count = references.length / 3;
  for (let i = 0; i < count; i++) {
    const at = 3 * i;
    const a = references[at];
    const b = references[at + 1];
    const c = references[at + 2];
    const wa = weights[at];
    const wb = weights[at + 1];
    const wc = weights[at + 2];
    for (let k = 0; k < 3; k++) {
      out.positions[at + k] =
        wa * body.positions[3 * a + k] +
        wb * body.positions[3 * b + k] +
        wc * body.positions[3 * c + k] +
        scale * offsets[at + k];
    }
    out.headShare[i] = wa * body.headShare[a] + wb * body.headShare[b] + wc * body.headShare[c];
    out.armShare[i] = wa * body.armShare[a] + wb * body.armShare[b] + wc * body.armShare[c];
  }
}
