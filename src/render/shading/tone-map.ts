const steps = 4096;
/** Linear values above this are white. */
const limit = 4;
/** From here on highlights are compressed. */
const shoulder = 0.7;

function toneCurve(x: number): number {
  if (x <= shoulder) return x;
  const room = 1 - shoulder;
  return shoulder + room * Math.tanh((x - shoulder) / (room * 2.2));
}

function srgb(c: number): number {
  return c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055;
}

// The square root spends the table's steps where the eye sees them.
const table = Float32Array.from({ length: steps + 1 }, (_, i) => {
  const root = (i / steps) * Math.sqrt(limit);
  return 255 * srgb(toneCurve(root * root));
});

/** Display value, 0 … 255, of linear light: straight up to 0.7, then a soft shoulder, then sRGB. */
export function toneMap(linear: number): number {
  if (linear <= 0) return 0;
  const at = Math.sqrt(linear) * (steps / Math.sqrt(limit));
  return table[at >= steps ? steps : Math.round(at)];
}
