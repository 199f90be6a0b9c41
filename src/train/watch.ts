import type { MetricsLine } from './metrics-log.ts';

/** What a run says about itself at an adversarial iteration. */
export interface Notice {
  readonly step: number;
  readonly message: string;
}

/** Looks at the lines of the log, one after the other. */
export interface Watch {
  /** Takes in a line; gives a notice when what is watched for begins. */
  add(line: MetricsLine): Notice | undefined;
}
