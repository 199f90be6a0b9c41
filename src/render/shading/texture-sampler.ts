import type { Texture } from '../assets/texture.ts';

const lutSteps = 1024;
/** Linear value of an sRGB byte in steps of a fourth. */
const linearOf = Float32Array.from({ length: lutSteps + 2 }, (_, i) => {
  const c = Math.min(1, (i * 255) / lutSteps / 255);
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
});

/** Linear value of an sRGB value of 0 … 255 that need not be whole. */
export function linearOfByte(value: number): number {
  return linearOf[(value * (lutSteps / 255) + 0.5) | 0];
}

/** One bilinear look-up in a level; adds `weight` times the channels to `out`. */
function addLevel(
  texture: Texture,
  level: number,
  u: number,
  v: number,
  weight: number,
  out: Float64Array,
): void {
  const width = Math.max(1, texture.width >> level);
  const height = Math.max(1, texture.height >> level);
  const data = texture.levels[level];
  const x = u * width - 0.5;
  const y = v * height - 0.5;
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  const fx = x - x0;
  const fy = y - y0;
  const left = x0 < 0 ? 0 : x0 >= width ? width - 1 : x0;
  const right = x0 + 1 < 0 ? 0 : x0 + 1 >= width ? width - 1 : x0 + 1;
  const top = (y0 < 0 ? 0 : y0 >= height ? height - 1 : y0) * width;
  const bottom = (y0 + 1 < 0 ? 0 : y0 + 1 >= height ? height - 1 : y0 + 1) * width;
  const channels = texture.channels;
  const a = (top + left) * channels;
  const b = (top + right) * channels;
  const c = (bottom + left) * channels;
  const d = (bottom + right) * channels;
  const wa = (1 - fx) * (1 - fy) * weight;
  const wb = fx * (1 - fy) * weight;
  const wc = (1 - fx) * fy * weight;
  const wd = fx * fy * weight;
  for (let k = 0; k < channels; k++) {
    out[k] += wa * data[a + k] + wb * data[b + k] + wc * data[c + k] + wd * data[d + k];
  }
}

/** Trilinear look-up: `out` receives the channels, 0 … 255. `lod` 0 is the finest level. */
export function sampleTexture(
  texture: Texture,
  u: number,
  v: number,
  lod: number,
  out: Float64Array,
): void {
  out[0] = 0;
  out[1] = 0;
  out[2] = 0;
  const last = texture.levels.length - 1;
  const level = lod <= 0 ? 0 : Math.min(lod, last);
  const fine = Math.floor(level);
  const share = level - fine;
  addLevel(texture, fine, u, v, 1 - share, out);
  if (share > 0) addLevel(texture, fine + 1, u, v, share, out);
}
