import type { ColorImage } from '../../faces/index.ts';
import { lumaPlane, type Plane } from './planes.ts';
import { smooth } from './smooth.ts';

/** How the edges of a refined image lie on those of its input. */
export interface Alignment {
  /**
   * Correlation of the image gradients as they lie, −1 … 1; 1 where nothing changed, 0 without
   * edges.
   */
  readonly correlation: number;
  /** By how much the refined image's content seems moved, in pixels, to the right and down. */
  readonly shift: readonly [x: number, y: number];
  /** The correlation after that shift is undone. */
  readonly shiftedCorrelation: number;
  /** The correlation after the refined image is mirrored left to right. */
  readonly mirroredCorrelation: number;
  /** How strong the refined image's edges are, as a multiple of the input's. */
  readonly edgeStrength: number;
}

export interface AlignmentOptions {
  /**
   * Pixels that count, `[height, width]`, such as the head without the background; all by default.
   */
  readonly region?: Uint8Array;
  /** The largest shift that is looked for, as a fraction of the longer side; 0.1 by default. */
  readonly reach?: number;
}

interface Field {
  readonly width: number;
  readonly height: number;
  readonly dx: Float32Array;
  readonly dy: Float32Array;
}

/**
 * Longer images are halved: the search costs the fourth power, and a large image's shifts are
 * large.
 */
const longestSide = 100;

/**
 * Compares the gradients of the luma of two images of one size: their normalised correlation
 * Σ g·h / √(Σ|g|² Σ|h|²) does not mind changes of brightness, contrast or colour, but where edges
 * are.
 */
export function alignGradients(
  input: ColorImage,
  refined: ColorImage,
  { region, reach = 0.1 }: AlignmentOptions = {},
): Alignment {
  let [first, second] = [lumaPlane(input), lumaPlane(refined)];
  let weights: Plane = {
    width: first.width,
    height: first.height,
    values:
      region === undefined
        ? new Float32Array(first.values.length).fill(1)
        : Float32Array.from(region),
  };
  let scale = 1;
  while (Math.max(first.width, first.height) > longestSide) {
    [first, second, weights] = [halve(first), halve(second), halve(weights)];
    scale *= 2;
  }
  const [g, h] = [gradients(first), gradients(second)];
  const between = (x: number, y: number) => correlation(g, h, weights.values, [x, y]);
  const limit = Math.max(2, Math.round(reach * Math.max(g.width, g.height)));
  const best = bestShift(between, limit);
  const [x, y] = best.correlation > 0 ? refineShift(best, between) : [0, 0];
  // The input's own peak is not quite symmetric: against itself it has to score exactly zero.
  const [ownX, ownY] =
    best.correlation > 0
      ? refineShift({ x: 0, y: 0, correlation: 1 }, (u, v) =>
          correlation(g, g, weights.values, [u, v]),
        )
      : [0, 0];
  return {
    correlation: between(0, 0),
    shift: [(x - ownX) * scale, (y - ownY) * scale],
    shiftedCorrelation: best.correlation,
    mirroredCorrelation: correlation(g, mirror(h), weights.values, [0, 0]),
    edgeStrength: Math.sqrt(energy(h, weights.values) / energy(g, weights.values)),
  };
}

function halve({ width, height, values }: Plane): Plane {
  const [w, h] = [width >> 1, height >> 1];
  const halved = new Float32Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const at = 2 * y * width + 2 * x;
      halved[y * w + x] =
        (values[at] + values[at + 1] + values[at + width] + values[at + width + 1]) / 4;
    }
  }
  return { width: w, height: h, values: halved };
}

/** Central differences after a Gaussian of one pixel, which quiets texture and noise. */
function gradients(plane: Plane): Field {
  const { width, height, values } = smooth(plane, 1);
  const dx = new Float32Array(values.length);
  const dy = new Float32Array(values.length);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      dx[i] = (values[i + 1] - values[i - 1]) / 2;
      dy[i] = (values[i + width] - values[i - width]) / 2;
    }
  }
  return { width, height, dx, dy };
}

function mirror({ width, height, dx, dy }: Field): Field {
  const at = (i: number) => i - (i % width) + width - 1 - (i % width);
  return { width, height, dx: dx.map((_, i) => -dx[at(i)]), dy: dy.map((_, i) => dy[at(i)]) };
}

/** Σ|g|² where it counts; never 0, so that ratios stay finite. */
function energy({ dx, dy }: Field, weights: Float32Array): number {
  return weights.reduce((sum, w, i) => sum + w * (dx[i] ** 2 + dy[i] ** 2), 1e-9);
}

/** Of the field g where it counts with the field h moved back by a whole number of pixels. */
function correlation(
  g: Field,
  h: Field,
  weights: Float32Array,
  [shiftX, shiftY]: readonly [number, number],
): number {
  const { width, height } = g;
  let [product, first, second] = [0, 0, 0];
  for (let y = Math.max(0, -shiftY); y < Math.min(height, height - shiftY); y++) {
    for (let x = Math.max(0, -shiftX); x < Math.min(width, width - shiftX); x++) {
      const i = y * width + x;
      const j = i + shiftY * width + shiftX;
      product += weights[i] * (g.dx[i] * h.dx[j] + g.dy[i] * h.dy[j]);
      first += weights[i] * (g.dx[i] ** 2 + g.dy[i] ** 2);
      second += weights[i] * (h.dx[j] ** 2 + h.dy[j] ** 2);
    }
  }
  // Differences around a hundredth of a grey level are rounding, not edges.
  const common = Math.sqrt(first * second);
  return common > 1e-4 * width * height ? product / common : 0;
}

interface Shift {
  readonly x: number;
  readonly y: number;
  readonly correlation: number;
}

function bestShift(at: (x: number, y: number) => number, limit: number): Shift {
  let best: Shift = { x: 0, y: 0, correlation: at(0, 0) };
  for (let y = -limit; y <= limit; y++) {
    for (let x = -limit; x <= limit; x++) {
      const c = at(x, y);
      if (c > best.correlation + 1e-9) best = { x, y, correlation: c };
    }
  }
  return best;
}

/** The peak between whole pixels. */
function refineShift(
  { x, y, correlation: top }: Shift,
  at: (x: number, y: number) => number,
): readonly [x: number, y: number] {
  return [
    x + peakOffset(at(x - 1, y), top, at(x + 1, y)),
    y + peakOffset(at(x, y - 1), top, at(x, y + 1)),
  ];
}

/**
 * Where the parabola through three equally spaced values has its top, −0.5 … 0.5 of their distance.
 */
export function peakOffset(before: number, top: number, after: number): number {
  const curvature = before - 2 * top + after;
  if (!(curvature < 0)) return 0;
  return Math.min(Math.max((before - after) / (2 * curvature), -0.5), 0.5);
}
