import type { TrainConfig } from './config.ts';
import { createStagnationMonitor } from './stagnation.ts';
import type { Watch } from './watch.ts';

/**
 * What may help a run that stands still: not λ, but what the discriminator sees (docs/results.md).
 */
function adviceFor({ discriminator }: TrainConfig): string {
  return discriminator.objectFeatures
    ? 'More photographs may, or renders that are drawn more like them (lifelike prepare --like says how).'
    : 'A discriminator that knows photographs may (the preset lifelike has one).';
}

/** The stagnation monitor on the lines of the log. */
export function createStagnationWatch(config: TrainConfig): Watch {
  const monitor = createStagnationMonitor(config.stagnation.window);
  return {
    add(line) {
      if (line.phase !== 'adversarial') return undefined;
      const notice = monitor.add({
        step: Number(line.step),
        meanAbsoluteChange: Number(line.meanAbsoluteChange),
        refinerAdversarial: Number(line.refinerAdversarial),
        accuracyRefined: Number(line.accuracyRefined),
        ...(line.realism !== undefined && { realism: Number(line.realism) }),
      });
      return notice && { ...notice, message: `${notice.message} ${adviceFor(config)}` };
    },
  };
}
