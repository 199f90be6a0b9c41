/** What programs can import: the same functions that the commands call. */
export { UserError } from './base/user-error.ts';
export { type Dataset, openDataset } from './data/dataset.ts';
export { createRefinerEvaluator } from './evaluate/selection/refiner-evaluator.ts';
export { train } from './evaluate/selection/train.ts';
export { prepareConfigSchema, prepareDataset } from './prepare/index.ts';
export { refineConfig } from './refine/config.ts';
export {
  type RefineEvent,
  type RefineOptions,
  type RefineOutcome,
  refine,
} from './refine/refine.ts';
export { renderConfig, renderConfigSchema, renderDataset } from './render/index.ts';
export { type Device, devices } from './runtime/device.ts';
export { type TrainConfig, type TrainConfigInput, trainConfig } from './train/config.ts';
export { defaultPreset, presets } from './train/presets.ts';
export type { CreateRefinerEvaluator, RefinerEvaluator } from './train/refiner-evaluator.ts';
export type { TrainEvent, TrainOptions, TrainOutcome } from './train/train.ts';
