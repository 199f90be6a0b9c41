import type { ColorImage } from '../../faces/index.ts';
import { parts } from '../../render/assets/parts.ts';
import { peakOffset } from './alignment.ts';
import type { PartMask } from './part-mask.ts';
import { channelPlane, type Plane } from './planes.ts';
import { sampleAt, smooth } from './smooth.ts';

/** Whether the edges of a part still lie on the border of its mask. */
export interface EdgeAgreement {
  /** Mean displacement of the edges along the normals of the border, in pixels, never negative. */
  readonly displacement: number;
  /** How alike the edges are once displaced, −1 … 1. */
  readonly correlation: number;
}

/** The parts whose borders are checked, each with its mask codes. */
export const edgeParts = {
  eyes: [parts.rightEye, parts.leftEye],
  lips: [parts.innerMouth, parts.upperLip, parts.lowerLip],
  brows: [parts.rightBrow, parts.leftBrow],
} as const;
export type EdgePart = keyof typeof edgeParts;

/**
 * A place on the border of a part, between two pixels, with the unit normal that points outward.
 */
interface BorderPoint {
  readonly x: number;
  readonly y: number;
  readonly normal: readonly [x: number, y: number];
}

const fewestPoints = 8;
const sectors = 8;
/** Steps a pixel (of a 64-pixel image) along the normal, half width of what is compared, reach. */
const grid = { steps: 4, window: 2.5, reach: 4 } as const;

/**
 * Follows the edges of a part: along each normal of the mask's border it takes the change of colour
 * in the input, finds where the refined image has the same change by normalised correlation, for
 * the points of each of eight directions together, and averages the displacements by the strength
 * of the input's edges. Lengths scale with images above 64 pixels.
 *
 * @returns undefined where the part has fewer than 8 border points or the input no edge there
 */
export function edgeAgreement(
  input: ColorImage,
  refined: ColorImage,
  { mask, part }: { readonly mask: PartMask; readonly part: EdgePart },
): EdgeAgreement | undefined {
  const points = borderPoints(mask, edgeParts[part]);
  if (points.length < fewestPoints) return undefined;
  const unit = Math.max(1, Math.max(input.width, input.height) / 64);
  const [before, after] = [input, refined].map((image) => blurredChannels(image, 0.7 * unit));
  let [weight, displacement, correlation] = [0, 0, 0];
  for (let sector = 0; sector < sectors; sector++) {
    const own = points.filter(({ normal: [x, y] }) => sectorOf(x, y) === sector);
    if (own.length === 0) continue;
    const g = changesAlongNormals(before, own, unit);
    const h = changesAlongNormals(after, own, unit);
    const strength = energyAt(g, 0);
    const match = bestMatch(g, h);
    const self = peakOf((step) => correlationAt(g, g, step), 0);
    weight += strength;
    displacement += strength * Math.abs(match.step - self) * (unit / grid.steps);
    correlation += strength * match.correlation;
  }
  if (weight < 1e-6) return undefined;
  return { displacement: displacement / weight, correlation: correlation / weight };
}

function sectorOf(x: number, y: number): number {
  return Math.round((Math.atan2(y, x) / (2 * Math.PI) + 1) * sectors) % sectors;
}

function blurredChannels(image: ColorImage, sigma: number): Plane[] {
  return ([0, 1, 2] as const).map((channel) => smooth(channelPlane(image, channel), sigma));
}

/** Places between a pixel of the part and a neighbour outside of it, not at the image's border. */
function borderPoints({ width, height, codes }: PartMask, part: readonly number[]): BorderPoint[] {
  const values = Float32Array.from(codes, (code) => (part.includes(code) ? 1 : 0));
  const inside = { width, height, values };
  const soft = smooth(inside, 1);
  const points: BorderPoint[] = [];
  const add = (x: number, y: number) => {
    const dx = sampleAt(soft, x + 0.5, y) - sampleAt(soft, x - 0.5, y);
    const dy = sampleAt(soft, x, y + 0.5) - sampleAt(soft, x, y - 0.5);
    const length = Math.hypot(dx, dy);
    if (length > 1e-6) points.push({ x, y, normal: [-dx / length, -dy / length] });
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (x + 1 < width && values[i] !== values[i + 1]) add(x + 1, y + 0.5);
      if (y + 1 < height && values[i] !== values[i + width]) add(x + 0.5, y + 1);
    }
  }
  return points;
}

/** Changes of each channel from step to step along each normal: a row a point and channel. */
type Changes = readonly Float32Array[];

const halfLength = (grid.window + grid.reach) * grid.steps;

function changesAlongNormals(
  channels: readonly Plane[],
  points: readonly BorderPoint[],
  unit: number,
): Changes {
  return points.flatMap(({ x, y, normal }) =>
    channels.map((channel) => {
      const at = (step: number) => {
        const distance = (step * unit) / grid.steps;
        return sampleAt(channel, x + distance * normal[0], y + distance * normal[1]);
      };
      return Float32Array.from(
        { length: 2 * halfLength + 1 },
        (_, i) => at(i - halfLength + 0.5) - at(i - halfLength - 0.5),
      );
    }),
  );
}

/** The middle of `g` against `h` moved back by `step`. */
function correlationAt(g: Changes, h: Changes, step: number): number {
  const window = grid.window * grid.steps;
  let product = 0;
  for (const [k, row] of g.entries()) {
    for (let i = halfLength - window; i <= halfLength + window; i++)
      product += row[i] * h[k][i + step];
  }
  const common = Math.sqrt(energyAt(g, 0) * energyAt(h, step));
  return common > 1e-6 ? product / common : 0;
}

function energyAt(g: Changes, step: number): number {
  const window = grid.window * grid.steps;
  let sum = 0;
  for (const row of g) {
    for (let i = halfLength - window; i <= halfLength + window; i++) sum += row[i + step] ** 2;
  }
  return sum;
}

function bestMatch(g: Changes, h: Changes): { step: number; correlation: number } {
  const reach = grid.reach * grid.steps;
  let [best, correlation] = [0, correlationAt(g, h, 0)];
  for (let step = -reach; step <= reach; step++) {
    const c = correlationAt(g, h, step);
    if (c > correlation + 1e-9) [best, correlation] = [step, c];
  }
  if (Math.abs(best) === reach) return { step: best, correlation };
  return { step: peakOf((step) => correlationAt(g, h, step), best), correlation };
}

function peakOf(at: (step: number) => number, step: number): number {
  return step + peakOffset(at(step - 1), at(step), at(step + 1));
}
