/** A weight that depends on the distance from the center, 0 from `radius` on. */
export interface Kernel {
  readonly radius: number;
  weight(x: number): number;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** `lanczos` has 3 lobes; `triangle` is linear interpolation. */
export const kernels: Readonly<Record<'lanczos' | 'triangle', Kernel>> = {
  lanczos: { radius: 3, weight: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
  triangle: { radius: 1, weight: (x) => Math.max(1 - Math.abs(x), 0) },
};

/** For each output element the image elements it is made of: `taps` each. */
export interface Taps {
  readonly taps: number;
  readonly indices: Int32Array;
  readonly weights: Float32Array;
}

/** How an axis is resampled. */
export interface AxisOptions {
  /** Output elements an image element. */
  readonly scale: number;
  readonly outside: 'reflect' | 'black';
  readonly kernel: Kernel;
}

/** Which part of the resampled axis is wanted, and how many elements the image has. */
export interface AxisRange {
  readonly start: number;
  readonly count: number;
  readonly size: number;
}

/**
 * What each output element from `start` on is made of; the kernel widens where the image shrinks.
 */
export function tapsOf(
  { scale, outside, kernel }: AxisOptions,
  { start, count, size }: AxisRange,
): Taps {
  const stretch = Math.max(1, 1 / scale);
  const radius = kernel.radius * stretch;
  const taps = Math.ceil(2 * radius);
  const indices = new Int32Array(count * taps);
  const weights = new Float32Array(count * taps);
  const line = new Float64Array(taps);
  for (let i = 0; i < count; i++) {
    const center = (start + i + 0.5) / scale;
    // The first element whose middle lies under the kernel; at most `taps` do.
    const first = Math.ceil(center - radius - 0.5);
    let total = 0;
    for (let tap = 0; tap < taps; tap++) {
      line[tap] = kernel.weight((first + tap + 0.5 - center) / stretch);
      total += line[tap];
    }
    for (let tap = 0; tap < taps; tap++) {
      const index = first + tap;
      const inside = index >= 0 && index < size;
      const at = i * taps + tap;
      indices[at] = inside ? index : outside === 'reflect' ? reflect(index, size) : 0;
      weights[at] = inside || outside === 'reflect' ? line[tap] / total : 0;
    }
  }
  return { taps, indices, weights };
}

/** The index inside 0 … size − 1 whose mirror image stands at `index`. */
function reflect(index: number, size: number): number {
  const period = 2 * size;
  const folded = ((index % period) + period) % period;
  return folded < size ? folded : period - 1 - folded;
}

/** Positions between two elements for which weights are kept. */
export const phaseCount = 512;

/** Weights of the elements around a position, for each of 513 positions between two elements. */
function phaseTable({ radius, weight }: Kernel): Float32Array {
  const taps = 2 * radius;
  const table = new Float32Array((phaseCount + 1) * taps);
  for (let phase = 0; phase <= phaseCount; phase++) {
    const values = Array.from({ length: taps }, (_, i) =>
      weight(i - radius + 1 - phase / phaseCount),
    );
    const total = values.reduce((sum, value) => sum + value, 0);
    for (const [i, value] of values.entries()) table[phase * taps + i] = value / total;
  }
  return table;
}

/** For each kernel `2 · radius` weights a position. */
export const phaseTables = {
  lanczos: phaseTable(kernels.lanczos),
  triangle: phaseTable(kernels.triangle),
} as const;
