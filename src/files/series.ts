/**
 * Mean over a centred window of `window` values, shorter at both ends, so that the curve does not
 * lag. Values that are not finite are left out; where a window has none the mean is NaN.
 */
export function movingAverage(values: ArrayLike<number>, window: number): Float64Array {
  const before = Math.floor((Math.max(1, window) - 1) / 2);
  const after = Math.max(1, Math.floor(window)) - 1 - before;
  const means = new Float64Array(values.length);
  let sum = 0;
  let count = 0;
  const count1 = (index: number, sign: 1 | -1) => {
    const value = values[index];
    if (!Number.isFinite(value)) return;
    sum += sign * value;
    count += sign;
  };
  for (let i = 0; i < Math.min(after, values.length); i++) count1(i, 1);
  for (let i = 0; i < values.length; i++) {
    if (i + after < values.length) count1(i + after, 1);
    if (i - before - 1 >= 0) count1(i - before - 1, -1);
    means[i] = count > 0 ? sum / count : Number.NaN;
  }
  return means;
}

/** A point in pixels; `y` is NaN where a line has a gap. */
export type Point = readonly [x: number, y: number];

/**
 * The points that decide how a line looks: of all in one column of pixels the first, the lowest,
 * the highest and the last. A million steps draw as fast as a thousand and no spike is lost.
 *
 * @param points With rising x.
 */
export function thinOut(points: readonly Point[]): Point[] {
  const kept: Point[] = [];
  let start = 0;
  while (start < points.length) {
    const column = Math.floor(points[start][0]);
    let end = start;
    let lowest = start;
    let highest = start;
    let gap = -1;
    for (; end < points.length && Math.floor(points[end][0]) === column; end++) {
      const y = points[end][1];
      if (Number.isNaN(y)) gap = end;
      if (!(y >= points[lowest][1])) lowest = Number.isNaN(y) ? lowest : end;
      if (!(y <= points[highest][1])) highest = Number.isNaN(y) ? highest : end;
    }
    const indices = [start, lowest, highest, end - 1, ...(gap < 0 ? [] : [gap])];
    const ordered = [...new Set(indices)].sort((a, b) => a - b);
    kept.push(...ordered.map((index) => points[index]));
    start = end;
  }
  return kept;
}
