import sharp from 'sharp';
import { writeFileAtomically } from './atomic-file.ts';
import { type ChartPanel, drawPanel } from './chart-panel.ts';
import { fitStrokeText, strokeText } from './stroke-text.ts';

export interface LineChart {
  readonly title: string;
  readonly panels: readonly ChartPanel[];
  /** Panels side by side; 1 where absent, 2 for more than three panels. */
  readonly columns?: number;
  /** Pixels of the whole picture; 1200 where absent. */
  readonly width?: number;
  /** Pixels of a panel; 340 where absent. */
  readonly panelHeight?: number;
}

const margin = 24;
const titleHeight = 15;

/** The chart as SVG that needs no fonts. */
export function lineChartSvg(chart: LineChart): string {
  const { title, panels, width = 1200, panelHeight = 340 } = chart;
  const columns = chart.columns ?? (panels.length > 3 ? 2 : 1);
  const gap = 36;
  const top = margin + titleHeight + 18;
  const rows = Math.ceil(panels.length / columns);
  const height = top + rows * (panelHeight + gap) - (rows > 0 ? gap : 0) + margin;
  const panelWidth = (width - 2 * margin - (columns - 1) * gap) / columns;
  const drawn = panels.map((panel, i) => {
    const left = margin + (i % columns) * (panelWidth + gap);
    const y = top + Math.floor(i / columns) * (panelHeight + gap);
    return drawPanel(panel, { left, top: y, width: panelWidth, height: panelHeight }, `plot${i}`);
  });
  const heading = fitStrokeText(title, titleHeight, width - 2 * margin);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    strokeText(heading, { x: margin, y: margin + 14, height: titleHeight, weight: 0.14 }),
    ...drawn,
    '</svg>',
  ].join('');
}

/** Draws line charts, such as loss curves, into a PNG file. */
export async function writeLineChart(path: string, chart: LineChart): Promise<void> {
  const png = await sharp(Buffer.from(lineChartSvg(chart)))
    .png({ palette: false })
    .toBuffer();
  await writeFileAtomically(path, png);
}
