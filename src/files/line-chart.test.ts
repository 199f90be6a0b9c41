import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChartPanel } from './chart-panel.ts';
import { lineChartSvg, writeLineChart } from './line-chart.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lifelike-chart-'));
});
afterAll(() => rm(directory, { recursive: true }));

const panel: ChartPanel = {
  title: 'Loss',
  xLabel: 'step',
  yLabel: 'loss (mean)',
  x: [0, 1, 2, 3],
  series: { refiner: [0, 1, 2, 3] },
};

/** RGB of every pixel of a chart. */
async function draw(panels: readonly ChartPanel[], options = {}) {
  const path = join(directory, 'chart.png');
  await writeLineChart(path, { title: 'Run', panels, ...options });
  const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
  const isBlue = (x: number, y: number) => {
    const at = (y * info.width + x) * info.channels;
    return data[at] < 60 && data[at + 1] > 80 && data[at + 1] < 150 && data[at + 2] > 140;
  };
  const blueRows = (x: number) =>
    Array.from({ length: info.height }, (_, y) => y).filter((y) => isBlue(x, y));
  return { width: info.width, height: info.height, blueRows };
}

describe('writeLineChart', () => {
  it('draws a rising line that rises', async () => {
    const { width, height, blueRows } = await draw([panel]);
    expect([width, height]).toEqual([1200, 421]);
    const [left, right] = [300, 900].map((x) => blueRows(x).at(-1) as number);
    expect(left - right).toBeGreaterThan(80);
  });

  it('leaves a gap where a value is missing', async () => {
    const series = { refiner: [1, Number.NaN, 1, 1] };
    const { blueRows } = await draw([{ ...panel, series }]);
    expect(blueRows(450).length).toBe(0);
    expect(blueRows(950).length).toBeGreaterThan(0);
  });

  it('arranges panels in columns', async () => {
    const { height } = await draw([panel, panel, panel, panel], { width: 800, panelHeight: 200 });
    expect(height).toBe(24 + 15 + 18 + 2 * 200 + 36 + 24);
  });

  it('draws without values and with a single one', async () => {
    await expect(draw([{ ...panel, x: [], series: { a: [] } }])).resolves.toBeDefined();
    const { blueRows } = await draw([{ ...panel, x: [7], series: { a: [1] } }]);
    const columns = Array.from({ length: 1000 }, (_, x) => x).filter((x) => blueRows(x).length > 0);
    expect(columns.length).toBeGreaterThan(3);
  });
});

describe('lineChartSvg', () => {
  it('needs no fonts', () => {
    expect(lineChartSvg({ title: 'Run', panels: [panel] })).not.toMatch(/<text|font/);
  });

  it('draws the moving average over a pale raw line', () => {
    const svg = lineChartSvg({ title: 'Run', panels: [{ ...panel, smoothing: 2 }] });
    expect(svg.match(/stroke-opacity="0.25"/g)?.length).toBe(1);
    expect(svg.match(/stroke-width="2.2"/g)?.length).toBe(1);
  });

  it('stays small however long a run is', () => {
    const x = Float64Array.from({ length: 300_000 }, (_, i) => i);
    const long = { ...panel, x, series: { refiner: x.map((i) => Math.sin(i)) } };
    expect(lineChartSvg({ title: 'Run', panels: [long] }).length).toBeLessThan(200_000);
  });
});
