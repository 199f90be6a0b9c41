import type { ChartPanel } from '../files/chart-panel.ts';
import type { SelectionRecord } from './selection-record.ts';

/** What was measured on the held-out images as training went on; no panels where nothing was. */
export function selectionPanels(records: readonly SelectionRecord[]): ChartPanel[] {
  const [first] = records;
  if (first === undefined) return [];
  const { realismOfRenders, driftLimit, noiseFloor } = first;
  const shared = { x: records.map(({ step }) => step), xLabel: 'iteration' };
  const realism: ChartPanel = {
    ...shared,
    title: 'Realism of held-out renders',
    yLabel: 'kernel distance to photographs',
    series: { refined: records.map((record) => record.realism) },
    references: { renders: realismOfRenders },
  };
  if (driftLimit === undefined || noiseFloor === undefined) return [realism];
  const drift: ChartPanel = {
    ...shared,
    title: 'Landmark drift of held-out renders',
    yLabel: 'pixels',
    series: { drift: records.map((record) => record.drift ?? Number.NaN) },
    references: {
      ...(driftLimit !== noiseFloor && { 'noise floor': noiseFloor }),
      limit: driftLimit,
    },
  };
  return [realism, drift];
}
