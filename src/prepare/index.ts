export {
  compareFaces,
  compareFraming,
  type FramingComparison,
  type QuantityComparison,
} from './compare-framing.ts';
export { type PrepareConfig, prepareConfigSchema } from './config.ts';
export {
  type FramedFace,
  type FramingQuantity,
  framingQuantities,
  readFramedFaces,
} from './framed-faces.ts';
export { cropMap, type Framing, framingOf, outsideShare } from './framing.ts';
export type { CropRecord } from './index-file.ts';
export { type DropReason, dropReasons } from './photograph.ts';
export { type PrepareEvent, type PrepareOptions, prepareDataset } from './prepare-dataset.ts';
export type { FramingReport, PrepareSummary } from './report.ts';
export { kolmogorovSmirnov, summarize } from './statistics.ts';
