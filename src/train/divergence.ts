import { UserError } from '../base/user-error.ts';
import type { TrainConfig } from './config.ts';
import type { MetricsLine } from './metrics-log.ts';
import type { Watch } from './watch.ts';

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

/** Images of −1 … 1 differ by no more, however they are changed. */
const largestChange = 2;
/**
 * Iterations in a row outside of the range before it is said: a game that begins wildly comes back
 * sooner.
 */
const patience = 50;

/**
 * Watches whether the refined images are images still, and says once that they stay outside of the
 * range. Losses can be finite and yet mean nothing: a refiner without a bounded output that
 * nothing holds paints values of thousands where images have −1 … 1.
 */
export function createRangeWatch(): Watch {
  let outside = 0;
  return {
    add({ phase, step: iteration, meanAbsoluteChange }) {
      // Before the game a refiner may begin anywhere: pre-training brings it to the images.
      if (phase !== 'adversarial') return undefined;
      const change = Number(meanAbsoluteChange);
      if (outside >= patience) return undefined;
      outside = change > largestChange ? outside + 1 : 0;
      if (outside < patience) return undefined;
      const step = Number(iteration);
      const message = `The refined images are none any more at iteration ${step}: in the last ${patience} iterations each value of −1 … 1 changed by more than ${largestChange} on average, now by ${Number(change.toPrecision(3))}. Begin a new run with a lower learningRate.refiner or a larger regularization.weight.`;
      return { step, message };
    },
  };
}
