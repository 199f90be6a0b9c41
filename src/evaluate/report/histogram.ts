import { escapeHtml, significant } from './format.ts';

export interface HistogramOptions {
  readonly title: string;
  readonly unit: string;
  /** Vertical lines with their names, such as a threshold. */
  readonly marks?: readonly { readonly at: number; readonly label: string }[];
}

const [width, height, top, bottom, side] = [420, 190, 34, 34, 14];
const bins = 30;

/** The distribution of values as bars, as SVG; an empty text where there is no value. */
export function histogram(
  values: readonly number[],
  { title, unit, marks = [] }: HistogramOptions,
): string {
  if (values.length === 0) return '';
  const seen = [...values, ...marks.map(({ at }) => at)];
  const low = seen.reduce((least, v) => Math.min(least, v), Number.POSITIVE_INFINITY);
  const high = seen.reduce((most, v) => Math.max(most, v), Number.NEGATIVE_INFINITY);
  const span = high - low || 1;
  const counts = new Array<number>(bins).fill(0);
  for (const v of values) counts[Math.min(Math.floor(((v - low) / span) * bins), bins - 1)]++;
  const most = Math.max(...counts);
  const x = (value: number) => side + ((value - low) / span) * (width - 2 * side);
  const base = height - bottom;
  const step = (width - 2 * side) / bins;
  const bars = counts.map((count, i) => {
    const tall = (count / most) * (base - top);
    const at = (side + i * step + 0.5).toFixed(1);
    return `<rect x="${at}" y="${(base - tall).toFixed(1)}" width="${(step - 1).toFixed(1)}" height="${tall.toFixed(1)}"/>`;
  });
  const lines = marks.map(({ at, label }, i) => {
    const anchor = x(at) > width / 2 ? 'end' : 'start';
    const text = `<text x="${(x(at) + (anchor === 'end' ? -5 : 5)).toFixed(1)}" y="${top + 12 + 14 * i}" text-anchor="${anchor}">${escapeHtml(label)}</text>`;
    return `<line class="mark" x1="${x(at).toFixed(1)}" x2="${x(at).toFixed(1)}" y1="${top}" y2="${base}"/>${text}`;
  });
  const axis = `<line class="axis" x1="${side}" x2="${width - side}" y1="${base}" y2="${base}"/><text x="${side}" y="${base + 18}">${significant(low)}</text><text x="${width - side}" y="${base + 18}" text-anchor="end">${significant(high)} ${escapeHtml(unit)}</text>`;
  const heading = `<text class="title" x="${side}" y="18">${escapeHtml(title)}</text>`;
  return `<svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(title)}">${heading}${bars.join('')}${lines.join('')}${axis}</svg>`;
}
