import type { TrainEvent, TrainOptions, TrainOutcome } from '../../train/train.ts';
import { train as trainWith } from '../../train/train.ts';
import { createRefinerEvaluator } from './refiner-evaluator.ts';

/**
 * Trains a refiner as `train/train.ts` does, and measures it on the way with the measures of
 * `evaluate` where `selection.every` asks for it.
 *
 * @throws {UserError} for folders, images or a device that cannot be used.
 */
export function train(options: TrainOptions): AsyncGenerator<TrainEvent, TrainOutcome> {
  return trainWith({ createEvaluator: createRefinerEvaluator, ...options });
}
