import type { ColorImage } from '../../faces/index.ts';
import { type Lab, labOfPixel } from './lab.ts';

const radians = Math.PI / 180;

/** The angle of a colour in its a*–b* plane, 0 … 360 degrees. */
function hue(a: number, b: number): number {
  return a === 0 && b === 0 ? 0 : (Math.atan2(b, a) / radians + 360) % 360;
}

/**
 * The colour difference ΔE₀₀ of CIEDE2000, all weighting factors 1 (Sharma, Wu and Dalal 2005,
 * equations 2 to 22); about 1 is just visible.
 */
export function ciede2000([l1, a1, b1]: Lab, [l2, a2, b2]: Lab): number {
  const meanChroma = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2;
  const grow = 1.5 - 0.5 * Math.sqrt(meanChroma ** 7 / (meanChroma ** 7 + 25 ** 7));
  const [c1, c2] = [Math.hypot(a1 * grow, b1), Math.hypot(a2 * grow, b2)];
  const [h1, h2] = [hue(a1 * grow, b1), hue(a2 * grow, b2)];
  const grey = c1 * c2 === 0;
  const turn = grey ? 0 : ((h2 - h1 + 540) % 360) - 180;
  const deltaHue = 2 * Math.sqrt(c1 * c2) * Math.sin((turn / 2) * radians);
  const l = (l1 + l2) / 2;
  const c = (c1 + c2) / 2;
  const h = grey ? h1 + h2 : meanHue(h1, h2);
  const t =
    1 -
    0.17 * Math.cos((h - 30) * radians) +
    0.24 * Math.cos(2 * h * radians) +
    0.32 * Math.cos((3 * h + 6) * radians) -
    0.2 * Math.cos((4 * h - 63) * radians);
  const scaleL = 1 + (0.015 * (l - 50) ** 2) / Math.sqrt(20 + (l - 50) ** 2);
  const scaleC = 1 + 0.045 * c;
  const scaleH = 1 + 0.015 * c * t;
  const rotation =
    -2 *
    Math.sqrt(c ** 7 / (c ** 7 + 25 ** 7)) *
    Math.sin(60 * Math.exp(-(((h - 275) / 25) ** 2)) * radians);
  const [dl, dc, dh] = [(l2 - l1) / scaleL, (c2 - c1) / scaleC, deltaHue / scaleH];
  return Math.sqrt(dl * dl + dc * dc + dh * dh + rotation * dc * dh);
}

function meanHue(h1: number, h2: number): number {
  if (Math.abs(h1 - h2) <= 180) return (h1 + h2) / 2;
  return h1 + h2 < 360 ? (h1 + h2 + 360) / 2 : (h1 + h2 - 360) / 2;
}

/** The mean ΔE₀₀ over all pixels of two images of one size. */
export function meanColorDifference(first: ColorImage, second: ColorImage): number {
  const size = first.width * first.height;
  let sum = 0;
  for (let i = 0; i < size; i++) sum += ciede2000(labOfPixel(first, i), labOfPixel(second, i));
  return sum / size;
}
