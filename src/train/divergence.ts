import { UserError } from '../base/user-error.ts';
import type { TrainConfig } from './config.ts';
import type { MetricsLine } from './metrics-log.ts';

/**
 * Weights that are not finite never come back: going on would waste the time, and saving would
 * replace the last checkpoint that is of use.
 *
 * @throws {UserError} naming the quantities of a step that are infinite or no number.
 */
export function requireFinite(
  line: MetricsLine,
  { gradientClipping }: Pick<TrainConfig, 'gradientClipping'>,
): void {
  const wrong = Object.entries(line).filter(
    ([, value]) => typeof value === 'number' && !Number.isFinite(value),
  );
  if (wrong.length === 0) return;
  const quantities = wrong.slice(0, 3).map(([name, value]) => `${name} ${value}`);
  const clipping = gradientClipping === 0 ? 10 : Number((gradientClipping / 10).toPrecision(3));
  throw new UserError(
    `Expected finite losses, got ${quantities.join(', ')} in step ${line.step} of phase ${line.phase}: the training diverged. Begin a new run with a lower learningRate.refiner and learningRate.discriminator, or with --set gradientClipping=${clipping}.`,
  );
}
