import { type Axis, axisPosition, createAxis, tickLabels } from './chart-axis.ts';
import { movingAverage, type Point, thinOut } from './series.ts';
import { fitStrokeText, strokeText, strokeTextWidth } from './stroke-text.ts';

/** One set of axes with its lines. */
export interface ChartPanel {
  readonly title: string;
  /** With the unit, such as `step` or `time (s)`. */
  readonly xLabel: string;
  /** With the unit or reduction, such as `loss (sum over patches)`. */
  readonly yLabel: string;
  /** Rising. */
  readonly x: ArrayLike<number>;
  /** Values by name, each as long as `x`; what is not finite (or ≤ 0 on a log scale) is a gap. */
  readonly series: Readonly<Record<string, ArrayLike<number>>>;
  readonly scale?: 'linear' | 'log';
  /** Points of the moving average drawn over the pale raw line; 1 (the default) draws raw only. */
  readonly smoothing?: number;
  /** Horizontal dashed lines by name, such as the loss at chance. */
  readonly references?: Readonly<Record<string, number>>;
}

/** A rectangle in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Told apart by people with any kind of colour vision (Okabe and Ito 2008), darker yellow. */
const colors = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b8860b', '#56b4e9', '#333333'];
const ink = '#222';
const paleInk = '#666';
const textHeight = { panel: 11.5, label: 9.5, tick: 9 } as const;

const fixed = (value: number) => value.toFixed(1);

/** A line as path data, with a gap at every NaN and a small ring for a lone point. */
function pathData(points: readonly Point[]): string {
  const drawn = (index: number) => index in points && !Number.isNaN(points[index][1]);
  return points
    .map(([x, y], i) => {
      if (!drawn(i)) return '';
      if (drawn(i - 1)) return `L${fixed(x)} ${fixed(y)}`;
      const ring = drawn(i + 1) ? '' : 'm-2 0a2 2 0 1 1 4 0a2 2 0 1 1 -4 0';
      return `M${fixed(x)} ${fixed(y)}${ring}`;
    })
    .join('');
}

function gridLines(plot: Box, xAxis: Axis, yAxis: Axis): string {
  const bottom = plot.top + plot.height;
  const xLabels = tickLabels(xAxis);
  const yLabels = tickLabels(yAxis);
  const vertical = xAxis.ticks.map((tick, i) => {
    const x = plot.left + axisPosition(xAxis, tick) * plot.width;
    const label = { x, y: bottom + 18, height: textHeight.tick, color: paleInk } as const;
    return `<path d="M${fixed(x)} ${plot.top}V${bottom}" stroke="#eee"/>${strokeText(xLabels[i], { ...label, anchor: 'middle' })}`;
  });
  const horizontal = yAxis.ticks.map((tick, i) => {
    const y = bottom - axisPosition(yAxis, tick) * plot.height;
    const label = {
      x: plot.left - 8,
      y: y + 4.5,
      height: textHeight.tick,
      color: paleInk,
    } as const;
    return `<path d="M${plot.left} ${fixed(y)}H${plot.left + plot.width}" stroke="#e4e4e4"/>${strokeText(yLabels[i], { ...label, anchor: 'end' })}`;
  });
  const frame = `<path d="M${plot.left} ${plot.top}V${bottom}H${plot.left + plot.width}" fill="none" stroke="#888"/>`;
  return [...vertical, ...horizontal, frame].join('');
}

function seriesLines(panel: ChartPanel, plot: Box, xAxis: Axis, yAxis: Axis): string {
  const { x, smoothing = 1 } = panel;
  const place = (values: ArrayLike<number>): Point[] =>
    Array.from({ length: Math.min(x.length, values.length) }, (_, i) => [
      plot.left + axisPosition(xAxis, x[i]) * plot.width,
      plot.top + (1 - axisPosition(yAxis, values[i])) * plot.height,
    ]);
  const line = (values: ArrayLike<number>, style: string) =>
    `<path d="${pathData(thinOut(place(values)))}" fill="none" stroke-linejoin="round" stroke-linecap="round" ${style}/>`;
  return Object.values(panel.series)
    .map((values, i) => {
      const color = colors[i % colors.length];
      if (smoothing <= 1) return line(values, `stroke="${color}" stroke-width="1.8"`);
      const raw = line(values, `stroke="${color}" stroke-width="1" stroke-opacity="0.25"`);
      return raw + line(movingAverage(values, smoothing), `stroke="${color}" stroke-width="2.2"`);
    })
    .join('');
}

function referenceLines(panel: ChartPanel, plot: Box, yAxis: Axis): string {
  return Object.entries(panel.references ?? {})
    .map(([name, value]) => {
      const y = plot.top + (1 - axisPosition(yAxis, value)) * plot.height;
      const right = plot.left + plot.width;
      const text = { x: right - 4, y: y - 5, height: 8.5, color: paleInk, anchor: 'end' } as const;
      return `<path d="M${plot.left} ${fixed(y)}H${right}" stroke="${paleInk}" stroke-dasharray="6 5"/>${strokeText(name, text)}`;
    })
    .join('');
}

const legendMark = 30;
const legendGap = 20;

function legendWidth(names: readonly string[]): number {
  const widths = names.map((name) => strokeTextWidth(name, textHeight.label));
  return widths.reduce((sum, width) => sum + width + legendMark + legendGap, 0);
}

/** Names with their colours, right-aligned, shortened where `left` … `right` is too narrow. */
function legend(names: readonly string[], right: number, baseline: number, left: number): string {
  const share = (right - left) / names.length - legendMark - legendGap;
  const fits = legendWidth(names) <= right - left;
  const shown = names.map((name) =>
    fits ? name : fitStrokeText(name, textHeight.label, Math.max(20, share)),
  );
  let x = right;
  return shown
    .map((name, i) => [name, colors[i % colors.length]] as const)
    .reverse()
    .map(([name, color]) => {
      x -= strokeTextWidth(name, textHeight.label);
      const text = strokeText(name, { x, y: baseline, height: textHeight.label, color: ink });
      x -= legendMark;
      const mark = `<path d="M${fixed(x)} ${baseline - 5}h22" stroke="${color}" stroke-width="3" stroke-linecap="round"/>`;
      x -= legendGap;
      return mark + text;
    })
    .join('');
}

/** A panel as an SVG fragment; `clip` is an id that no other panel has. */
export function drawPanel(panel: ChartPanel, box: Box, clip: string): string {
  const { title, xLabel, yLabel, x, series, scale = 'linear', references = {} } = panel;
  const values = Object.values(series);
  const all = [...values, Object.values(references)].flatMap((list) => Array.from(list));
  const yAxis = createAxis(scale, all, { count: Math.max(2, Math.round(box.height / 50)) });
  const xCount = Math.max(2, Math.round(box.width / 110));
  const xAxis = createAxis('linear', Array.from(x), { count: xCount, tight: true });
  const widest = Math.max(0, ...tickLabels(yAxis).map((t) => strokeTextWidth(t, textHeight.tick)));
  const left = box.left + Math.ceil(widest) + 36;
  const right = box.left + box.width;
  const names = Object.keys(series);
  const titleEnd = left + strokeTextWidth(title, textHeight.panel) + 24;
  const ownRow = legendWidth(names) > right - titleEnd;
  const header = ownRow ? 54 : 34;
  const plot = {
    left,
    top: box.top + header,
    width: right - left,
    height: box.height - header - 46,
  };
  const middle = plot.top + plot.height / 2;
  const label = { height: textHeight.label, color: ink, anchor: 'middle' } as const;
  const hasPoints = values.some((list) => Array.from(list).some(Number.isFinite));
  const { height } = label;
  return [
    strokeText(title, { x: left, y: box.top + 16, height: textHeight.panel, weight: 0.14 }),
    legend(names, right, box.top + (ownRow ? 38 : 16), ownRow ? left : titleEnd),
    gridLines(plot, xAxis, yAxis),
    referenceLines(panel, plot, yAxis),
    `<clipPath id="${clip}"><rect x="${plot.left}" y="${plot.top - 3}" width="${plot.width + 3}" height="${plot.height + 6}"/></clipPath>`,
    `<g clip-path="url(#${clip})">${seriesLines(panel, plot, xAxis, yAxis)}</g>`,
    hasPoints ? '' : strokeText('no values', { ...label, x: left + plot.width / 2, y: middle }),
    strokeText(xLabel, { ...label, x: left + plot.width / 2, y: box.top + box.height - 6 }),
    strokeText(fitStrokeText(yLabel, height, plot.height + 60), {
      ...label,
      x: box.left + height,
      y: middle,
      angle: -90,
    }),
  ].join('');
}
