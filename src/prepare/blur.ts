/** One channel, `[height, width]`, 0 … 255. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

const filterLength = 9;

/** Mean of the 9 values around each one along an axis, at the border of those there are. */
function average({ width, height, values }: Plane, step: 1 | 'row'): Float32Array {
  const result = new Float32Array(values.length);
  const [stride, size] = step === 1 ? [1, width] : [width, height];
  const half = (filterLength - 1) / 2;
  for (let i = 0; i < values.length; i++) {
    const position = step === 1 ? i % width : Math.floor(i / width);
    const from = Math.max(-half, -position);
    const to = Math.min(half, size - 1 - position);
    let sum = 0;
    for (let k = from; k <= to; k++) sum += values[i + k * stride];
    result[i] = sum / (to - from + 1);
  }
  return result;
}

/** The share of the variation between neighbours that blurring leaves, along one axis. */
function blurAlong(plane: Plane, step: 1 | 'row'): number {
  const blurred = average(plane, step);
  const stride = step === 1 ? 1 : plane.width;
  let [variation, lost] = [0, 0];
  for (let i = stride; i < plane.values.length; i++) {
    if (step === 1 && i % plane.width === 0) continue;
    const sharp = Math.abs(plane.values[i] - plane.values[i - stride]);
    const smooth = Math.abs(blurred[i] - blurred[i - stride]);
    variation += sharp;
    lost += Math.max(0, sharp - smooth);
  }
  return variation === 0 ? 1 : (variation - lost) / variation;
}

/**
 * How blurred an image is, 0 (sharp) … 1: what remains of the differences between neighbouring
 * pixels after a strong blur (Crete et al. 2007, “The blur effect”, equations 1 – 5), the worse of
 * both axes. It does not depend on contrast or brightness.
 */
export function blurOf(plane: Plane): number {
  return Math.max(blurAlong(plane, 1), blurAlong(plane, 'row'));
}
