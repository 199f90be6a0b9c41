export { accumulateMomentum, type MomentumState } from './accumulate-momentum.ts';
export { clipByGlobalNorm, globalNorm } from './clip-by-global-norm.ts';
export { exponentialMovingAverage } from './exponential-moving-average.ts';
export {
  chain,
  type GradientTransform,
  type Scalars,
  type TransformResult,
} from './gradient-transform.ts';
export { adam, type Optimizer, type OptimizerStep, optimizer, sgd } from './optimizer.ts';
export { type AdamOptions, type AdamState, scaleByAdam } from './scale-by-adam.ts';
export { scaleByLearningRate } from './scale-by-learning-rate.ts';
export * from './schedules.ts';
