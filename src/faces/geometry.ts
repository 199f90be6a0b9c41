/** Pixels, x to the right and y down; (0, 0) is the top-left corner of the top-left pixel. */
export type Point = readonly [x: number, y: number];

/** A rectangle in pixels; it may reach over the border of the image. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The map (x, y) → (a x − b y + dx, b x + a y + dy): a rotation, a scale and a shift. */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly dx: number;
  readonly dy: number;
}

export function applySimilarity({ a, b, dx, dy }: Similarity, [x, y]: Point): Point {
  return [a * x - b * y + dx, b * x + a * y + dy];
}

export function invertSimilarity({ a, b, dx, dy }: Similarity): Similarity {
  const square = a * a + b * b;
  const [p, q] = [a / square, -b / square];
  return { a: p, b: q, dx: -(p * dx - q * dy), dy: -(q * dx + p * dy) };
}

/** How many times longer distances become. */
export function scaleOf({ a, b }: Similarity): number {
  return Math.hypot(a, b);
}

/**
 * The similarity that brings points nearest to targets, by least squares (Umeyama 1991, without
 * reflection; in two dimensions it is linear in a and b).
 */
export function fitSimilarity(from: readonly Point[], to: readonly Point[]): Similarity {
  const [source, target] = [meanPoint(from), meanPoint(to)];
  let [spread, along, across] = [0, 0, 0];
  for (const [i, point] of from.entries()) {
    const [x, y] = [point[0] - source[0], point[1] - source[1]];
    const [u, v] = [to[i][0] - target[0], to[i][1] - target[1]];
    spread += x * x + y * y;
    along += x * u + y * v;
    across += x * v - y * u;
  }
  const [a, b] = [along / spread, across / spread];
  return {
    a,
    b,
    dx: target[0] - (a * source[0] - b * source[1]),
    dy: target[1] - (b * source[0] + a * source[1]),
  };
}

export function meanPoint(points: readonly Point[]): Point {
  let [x, y] = [0, 0];
  for (const point of points) {
    x += point[0];
    y += point[1];
  }
  return [x / points.length, y / points.length];
}

export function distanceBetween(p: Point, q: Point): number {
  return Math.hypot(p[0] - q[0], p[1] - q[1]);
}

/** The smallest box around points. */
export function boundingBox(points: readonly Point[]): Box {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

function sharedArea(p: Box, q: Box): number {
  const width = Math.min(p.x + p.width, q.x + q.width) - Math.max(p.x, q.x);
  const height = Math.min(p.y + p.height, q.y + q.height) - Math.max(p.y, q.y);
  return Math.max(width, 0) * Math.max(height, 0);
}

/** The area two boxes share, divided by the area they cover together: 0 … 1. */
export function intersectionOverUnion(p: Box, q: Box): number {
  const shared = sharedArea(p, q);
  return shared === 0 ? 0 : shared / (p.width * p.height + q.width * q.height - shared);
}

/** The area two boxes share, divided by the smaller one's: 0 … 1. */
export function sharedPart(p: Box, q: Box): number {
  const shared = sharedArea(p, q);
  return shared === 0 ? 0 : shared / Math.min(p.width * p.height, q.width * q.height);
}
