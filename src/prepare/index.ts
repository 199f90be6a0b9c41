export { prepareConfigSchema } from './config.ts';
export { type PrepareOptions, prepareDataset } from './prepare-dataset.ts';
export type { PrepareSummary } from './report.ts';
