/** A scale from values to 0 … 1, with the ticks that label it. */
export interface Axis {
  readonly kind: 'linear' | 'log';
  readonly low: number;
  readonly high: number;
  /** In rising order, within low … high. */
  readonly ticks: readonly number[];
}

const usable = (kind: Axis['kind'], value: number) =>
  Number.isFinite(value) && (kind === 'linear' || value > 0);

/** Steps of 1, 2 or 5 times a power of ten, about `count` of them. */
function linearTicks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  // Where to change from 1 to 2 to 5 to 10: at the geometric means between them.
  const ratio = rough / power;
  const step =
    power * (ratio < Math.sqrt(2) ? 1 : ratio < Math.sqrt(10) ? 2 : ratio < Math.sqrt(50) ? 5 : 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // Dividing by the reciprocal keeps 0.3 from becoming 0.30000000000000004.
  const inverse = Math.round(1 / step);
  return Array.from({ length: last - first + 1 }, (_, i) =>
    step < 1 ? (first + i) / inverse : (first + i) * step,
  );
}

/** Powers of ten, with 2 and 5 between where there are few. */
function logTicks(low: number, high: number, count: number): number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const every = Math.max(1, Math.ceil((last - first) / count));
  const factors = last - first <= 3 ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let power = first; power <= last; power += every) {
    for (const factor of factors) ticks.push(Number(`${factor}e${power}`));
  }
  const inside = ticks.filter((tick) => tick >= low && tick <= high);
  return inside.length >= 2 ? inside : linearTicks(low, high, count);
}

/** The axis that shows all values with a small margin; `tight` leaves the margin out. */
export function createAxis(
  kind: Axis['kind'],
  values: Iterable<number>,
  { count = 5, tight = false } = {},
): Axis {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!usable(kind, value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) [low, high] = kind === 'log' ? [0.1, 1] : [0, 1];
  if (kind === 'log') {
    const margin = low === high ? 2 : tight ? 1 : (high / low) ** 0.05;
    [low, high] = [low / margin, high * margin];
    return { kind, low, high, ticks: logTicks(low, high, count) };
  }
  const flat = high - low <= 1e-12 * Math.max(Math.abs(low), Math.abs(high));
  const margin = flat ? Math.abs(low) * 0.1 || 1 : tight ? 0 : (high - low) * 0.05;
  // What is never negative (a loss, an accuracy) should not have an axis that is.
  const floor = low >= 0 && !flat ? Math.max(0, low - margin) : low - margin;
  [low, high] = [floor, high + margin];
  return { kind, low, high, ticks: linearTicks(low, high, count) };
}

/** Where a value lies on an axis: 0 at its low end, 1 at its high end; NaN off a log scale. */
export function axisPosition({ kind, low, high }: Axis, value: number): number {
  if (!usable(kind, value)) return Number.NaN;
  if (kind === 'linear') return (value - low) / (high - low);
  return Math.log(value / low) / Math.log(high / low);
}

function shortNumber(value: number, digits: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(4))}M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(4))}k`;
  if (size > 0 && size < 1e-3) return Number(value.toPrecision(4)).toExponential();
  return value.toFixed(digits);
}

/** Labels of an axis' ticks, all of a linear axis with equally many decimals. */
export function tickLabels({ kind, ticks }: Axis): string[] {
  const decimals = (tick: number) => String(Number(tick.toPrecision(6))).split('.')[1]?.length ?? 0;
  const shared = Math.max(0, ...ticks.map(decimals));
  return ticks
    .map((tick) => shortNumber(tick, kind === 'log' ? decimals(tick) : shared))
    .map((label) => label.replace('-', '−').replace('e−', 'e-'));
}
