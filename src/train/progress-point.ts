import { UserError } from '../base/user-error.ts';
import type { TrainConfig } from './config.ts';

export type Phase = 'refiner-pretraining' | 'discriminator-pretraining' | 'adversarial';

/** Where a run stands: a phase, and the step in it counted from 1. */
export interface ProgressPoint {
  readonly phase: Phase;
  readonly step: number;
}

/** Steps of all phases together. */
export function totalSteps({ pretraining, steps }: TrainConfig): number {
  return pretraining.refinerSteps + pretraining.discriminatorSteps + steps;
}

/** The phase and step that number `index` (from 0) of all steps is. */
export function progressPoint(index: number, { pretraining }: TrainConfig): ProgressPoint {
  const { refinerSteps, discriminatorSteps } = pretraining;
  if (index < refinerSteps) return { phase: 'refiner-pretraining', step: index + 1 };
  const second = index - refinerSteps;
  if (second < discriminatorSteps) return { phase: 'discriminator-pretraining', step: second + 1 };
  return { phase: 'adversarial', step: second - discriminatorSteps + 1 };
}

/** The number of a step (from 0) of all steps: the inverse of {@link progressPoint}. */
export function stepIndex({ phase, step }: ProgressPoint, { pretraining }: TrainConfig): number {
  const { refinerSteps, discriminatorSteps } = pretraining;
  const before = {
    'refiner-pretraining': 0,
    'discriminator-pretraining': refinerSteps,
    adversarial: refinerSteps + discriminatorSteps,
  };
  return before[phase] + step - 1;
}

/** Adversarial iterations among the first `index` steps. */
export function adversarialSteps(
  index: number,
  { pretraining }: Pick<TrainConfig, 'pretraining'>,
): number {
  return Math.max(0, index - pretraining.refinerSteps - pretraining.discriminatorSteps);
}

/** @throws {UserError} where a resumed run has done more iterations than it is asked for. */
export function requireStepsLeft(index: number, config: TrainConfig): void {
  if (index <= totalSteps(config)) return;
  const done = adversarialSteps(index, config);
  throw new UserError(
    `Expected --steps to be at least the ${done} iterations that the run has done, got ${config.steps}. Give the total of iterations, such as --steps ${2 * done}.`,
  );
}
