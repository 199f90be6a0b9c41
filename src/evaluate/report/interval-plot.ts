import type { Estimate } from '../realism/estimates.ts';
import { escapeHtml, significant } from './format.ts';

/** A row of an interval plot. */
export interface IntervalRow {
  readonly label: string;
  readonly estimate: Estimate;
  /** Names the colour in the style sheet. */
  readonly kind: 'synthetic' | 'refined' | 'real';
}

const [width, rowHeight, left, right] = [420, 30, 112, 98];

/** Values as dots with their intervals as bars, one scale, zero included, as SVG. */
export function intervalPlot(rows: readonly IntervalRow[], title: string): string {
  const ends = rows.flatMap(({ estimate: { low, high, value } }) => [low, high, value]);
  const low = Math.min(0, ...ends);
  const high = Math.max(0, ...ends);
  const span = high - low || 1;
  const x = (value: number) => left + ((value - low) / span) * (width - left - right);
  const height = rows.length * rowHeight + 10;
  const body = rows.map(({ label, estimate, kind }, i) => {
    const y = i * rowHeight + rowHeight / 2 + 5;
    const bar = `<line class="bar" x1="${f(x(estimate.low))}" x2="${f(x(estimate.high))}" y1="${y}" y2="${y}"/>`;
    const dot = `<circle cx="${f(x(estimate.value))}" cy="${y}" r="6"/>`;
    const name = `<text x="${left - 12}" y="${y + 5}" text-anchor="end">${escapeHtml(label)}</text>`;
    const number = `<text x="${width - right + 14}" y="${y + 5}">${significant(estimate.value)}</text>`;
    return `<g class="${kind}">${bar}${dot}${name}${number}</g>`;
  });
  const zero = `<line class="axis" x1="${f(x(0))}" x2="${f(x(0))}" y1="0" y2="${height}"/>`;
  return `<svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(title)}">${zero}${body.join('')}</svg>`;
}

const f = (value: number) => value.toFixed(1);
