import type { Layer } from '../geometry/layer.ts';

/** What is interpolated at a point of a triangle; one object serves a whole image. */
export interface SurfacePoint {
  /** Perspective-correct weights of the three corners. */
  wa: number;
  wb: number;
  wc: number;
  /** Corner vertices. */
  a: number;
  b: number;
  c: number;
  x: number;
  y: number;
  z: number;
  nx: number;
  ny: number;
  nz: number;
  u: number;
  v: number;
  /** Mip level for a texture of one texel; add log2 of the texture's size. */
  lod: number;
}

export function createSurfacePoint(): SurfacePoint {
  const zero = 0.5 - 0.5;
  return {
    wa: zero,
    wb: zero,
    wc: zero,
    a: 0,
    b: 0,
    c: 0,
    x: zero,
    y: zero,
    z: zero,
    nx: zero,
    ny: zero,
    nz: zero,
    u: zero,
    v: zero,
    lod: zero,
  };
}

/**
 * Interpolates a triangle of a layer at a sample position (px, py), perspective-correctly: screen
 * weights times nearness, normalised.
 */
export function interpolate(
  layer: Layer,
  triangle: number,
  px: number,
  py: number,
  samplesPerPixel: number,
  out: SurfacePoint,
): void {
  const { triangles, triangleUvs, uvs } = layer.surface;
  const { x: xs, y: ys, nearness } = layer.projected;
  const t = 3 * triangle;
  const a = triangles[t];
  const b = triangles[t + 1];
  const c = triangles[t + 2];
  const ax = xs[a] - px;
  const ay = ys[a] - py;
  const bx = xs[b] - px;
  const by = ys[b] - py;
  const cx = xs[c] - px;
  const cy = ys[c] - py;
  const ea = bx * cy - by * cx;
  const eb = cx * ay - cy * ax;
  const ec = ax * by - ay * bx;
  const area = ea + eb + ec;
  let wa = ea * nearness[a];
  let wb = eb * nearness[b];
  let wc = ec * nearness[c];
  const sum = wa + wb + wc;
  const scale = sum !== 0 ? 1 / sum : 0;
  wa *= scale;
  wb *= scale;
  wc *= scale;
  out.a = a;
  out.b = b;
  out.c = c;
  out.wa = wa;
  out.wb = wb;
  out.wc = wc;
  const p = layer.positions;
  out.x = wa * p[3 * a] + wb * p[3 * b] + wc * p[3 * c];
  out.y = wa * p[3 * a + 1] + wb * p[3 * b + 1] + wc * p[3 * c + 1];
  out.z = wa * p[3 * a + 2] + wb * p[3 * b + 2] + wc * p[3 * c + 2];
  const n = layer.normals;
  const nx = wa * n[3 * a] + wb * n[3 * b] + wc * n[3 * c];
  const ny = wa * n[3 * a + 1] + wb * n[3 * b + 1] + wc * n[3 * c + 1];
  const nz = wa * n[3 * a + 2] + wb * n[3 * b + 2] + wc * n[3 * c + 2];
  const length = Math.sqrt(nx * nx + ny * ny + nz * nz);
  const unit = length > 0 ? 1 / length : 0;
  out.nx = nx * unit;
  out.ny = ny * unit;
  out.nz = nz * unit;
  const ua = 2 * triangleUvs[t];
  const ub = 2 * triangleUvs[t + 1];
  const uc = 2 * triangleUvs[t + 2];
  out.u = wa * uvs[ua] + wb * uvs[ub] + wc * uvs[uc];
  out.v = wa * uvs[ua + 1] + wb * uvs[ub + 1] + wc * uvs[uc + 1];
  const uvArea = Math.abs(
    (uvs[ub] - uvs[ua]) * (uvs[uc + 1] - uvs[ua + 1]) -
      (uvs[uc] - uvs[ua]) * (uvs[ub + 1] - uvs[ua + 1]),
  );
  const pixelArea = Math.abs(area) / (samplesPerPixel * samplesPerPixel);
  // A slight bias to the finer level, because the samples of a pixel are averaged afterwards.
  out.lod = 0.5 * Math.log2((uvArea + 1e-12) / (pixelArea + 1e-6)) - 0.4;
}
