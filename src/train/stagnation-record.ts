import type { TrainConfig } from './config.ts';
import type { MetricsLine } from './metrics-log.ts';
import { createStagnationMonitor, type StagnationNotice } from './stagnation.ts';

/** The stagnation monitor on log lines, with what it said and the last line it saw. */
export interface StagnationRecord {
  /** All notices of the run so far, the resumed part included. */
  readonly notices: readonly StagnationNotice[];
  add(line: MetricsLine): StagnationNotice | undefined;
  /** Takes in a line of the resumed part, so that the monitor stands where it stood. */
  replay(line: MetricsLine): void;
  latest(): MetricsLine | undefined;
}

/**
 * What may help a run that stands still: not λ, but what the discriminator sees (docs/results.md).
 */
function adviceFor({ discriminator }: TrainConfig): string {
  return discriminator.objectFeatures
    ? 'More photographs may, or renders that are drawn more like them (lifelike prepare --like says how).'
    : 'A discriminator that knows photographs may (the preset lifelike has one).';
}

/** A record that has seen nothing yet. */
export function createStagnationRecord(config: TrainConfig): StagnationRecord {
  const monitor = createStagnationMonitor(config.stagnation.window);
  const notices: StagnationNotice[] = [];
  let latest: MetricsLine | undefined;
  const add = (line: MetricsLine) => {
    latest = line;
    if (line.phase !== 'adversarial') return undefined;
    const seen = monitor.add({
      step: Number(line.step),
      meanAbsoluteChange: Number(line.meanAbsoluteChange),
      refinerAdversarial: Number(line.refinerAdversarial),
      accuracyRefined: Number(line.accuracyRefined),
      ...(line.realism !== undefined && { realism: Number(line.realism) }),
    });
    if (seen === undefined) return undefined;
    const notice = { ...seen, message: `${seen.message} ${adviceFor(config)}` };
    notices.push(notice);
    return notice;
  };
  return { notices, add, replay: (line) => void add(line), latest: () => latest };
}
