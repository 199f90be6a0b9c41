/** A grid of samples with what is nearest at each. */
export interface SampleGrid {
  readonly width: number;
  readonly height: number;
  /** Nearness of the nearest surface, larger is nearer; 0 where there is none. */
  readonly nearness: Float32Array;
  /** Number of the nearest triangle, −1 where there is none; absent in a depth-only grid. */
  readonly triangle?: Int32Array;
}

/**
 * Projected vertices: x and y in samples (origin at the top-left corner), snapped with `snap`, and
 * nearness (1/w).
 */
export interface Projected {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly nearness: Float32Array;
}

/**
 * Positions are snapped to this fraction of a sample, so that edge functions are exact integers.
 */
const subSamples = 256;

/** The nearest position on the grid of 1/256 sample that rasterization is exact on. */
export function snap(position: number): number {
  return Math.round(position * subSamples) / subSamples;
}

export function createSampleGrid(width: number, height: number, depthOnly = false): SampleGrid {
  const nearness = new Float32Array(width * height);
  if (depthOnly) return { width, height, nearness };
  return { width, height, nearness, triangle: new Int32Array(width * height).fill(-1) };
}

export function clearSampleGrid(grid: SampleGrid): void {
  grid.nearness.fill(0);
  grid.triangle?.fill(-1);
}

export interface RasterizeOptions {
  /** Added to the triangle's own number. */
  readonly firstTriangle?: number;
  /** Draw triangles seen from behind too. */
  readonly twoSided?: boolean;
  /** Non-zero bytes skip a triangle. */
  readonly hidden?: Uint8Array;
}

/**
 * Draws triangles into a grid with a depth test. A sample belongs to a triangle by the top-left
 * rule, so neighbours that share an edge never overlap nor leave a gap; nearness is interpolated
 * linearly on the screen, which is exact for 1/w.
 */
export function rasterize(
  grid: SampleGrid,
  { x: xs, y: ys, nearness: zs }: Projected,
  triangles: Uint16Array,
  options: RasterizeOptions = {},
): void {
  const { width, height, nearness, triangle } = grid;
  const { firstTriangle = 0, twoSided = false, hidden } = options;
  const count = triangles.length / 3;
  for (let t = 0; t < count; t++) {
    if (hidden !== undefined && hidden[t] !== 0) continue;
    const a = triangles[3 * t];
    let b = triangles[3 * t + 1];
    let c = triangles[3 * t + 2];
    const za = zs[a];
    if (za <= 0 || zs[b] <= 0 || zs[c] <= 0) continue;
    const ax = xs[a] * subSamples;
    const ay = ys[a] * subSamples;
    let bx = xs[b] * subSamples;
    let by = ys[b] * subSamples;
    let cx = xs[c] * subSamples;
    let cy = ys[c] * subSamples;
    // Screen y points down: an anticlockwise triangle has a negative area here.
    let area = (cx - ax) * (by - ay) - (cy - ay) * (bx - ax);
    if (area < 0) {
      if (!twoSided) continue;
      area = -area;
      let swap = b;
      b = c;
      c = swap;
      swap = bx;
      bx = cx;
      cx = swap;
      swap = by;
      by = cy;
      cy = swap;
    }
    if (area === 0) continue;
    const minX = Math.max(0, Math.ceil((Math.min(ax, bx, cx) - 128) / subSamples));
    const maxX = Math.min(width - 1, Math.floor((Math.max(ax, bx, cx) - 128) / subSamples));
    const minY = Math.max(0, Math.ceil((Math.min(ay, by, cy) - 128) / subSamples));
    const maxY = Math.min(height - 1, Math.floor((Math.max(ay, by, cy) - 128) / subSamples));
    if (minX > maxX || minY > maxY) continue;

    const px = minX * subSamples + 128;
    const py = minY * subSamples + 128;
    // Each edge function is positive inside; those that are neither top nor left edges exclude 0.
    const abx = bx - ax;
    const aby = by - ay;
    const bcx = cx - bx;
    const bcy = cy - by;
    const cax = ax - cx;
    const cay = ay - cy;
    let rowA = bcy * (px - bx) - bcx * (py - by);
    let rowB = cay * (px - cx) - cax * (py - cy);
    let rowC = aby * (px - ax) - abx * (py - ay);
    const biasA = bcy > 0 || (bcy === 0 && bcx < 0) ? 0 : 1;
    const biasB = cay > 0 || (cay === 0 && cax < 0) ? 0 : 1;
    const biasC = aby > 0 || (aby === 0 && abx < 0) ? 0 : 1;
    const zb = zs[b];
    const zc = zs[c];
    const scale = 1 / area;
    for (let y = minY; y <= maxY; y++) {
      let wa = rowA;
      let wb = rowB;
      let wc = rowC;
      let at = y * width + minX;
      for (let x = minX; x <= maxX; x++, at++) {
        if (wa >= biasA && wb >= biasB && wc >= biasC) {
          const z = (wa * za + wb * zb + wc * zc) * scale;
          if (z > nearness[at]) {
            nearness[at] = z;
            if (triangle !== undefined) triangle[at] = firstTriangle + t;
          }
        }
        wa += bcy * subSamples;
        wb += cay * subSamples;
        wc += aby * subSamples;
      }
      rowA -= bcx * subSamples;
      rowB -= cax * subSamples;
      rowC -= abx * subSamples;
    }
  }
}
