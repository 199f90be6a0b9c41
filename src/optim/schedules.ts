/** The learning rate of a step, counted from 1. */
export type Schedule = (step: number) => number;

/** The same rate in every step. */
export function constantSchedule(learningRate: number): Schedule {
  return () => learningRate;
}

export interface StepScheduleOptions {
  readonly initial: number;
  /** The rate after the drop. */
  readonly final: number;
  /** The last step with the initial rate. */
  readonly after: number;
}

/** `initial` up to and including step `after`, then `final` (SimGAN's hands: after 600,000). */
export function stepSchedule({ initial, final, after }: StepScheduleOptions): Schedule {
  return (step) => (step <= after ? initial : final);
}

export interface LinearDecayOptions {
  readonly initial: number;
  /** Default 0. */
  readonly final?: number;
  /** The last step with the initial rate. */
  readonly after: number;
  /** The first step with the final rate. */
  readonly until: number;
}

/** `initial` up to step `after`, then in a straight line to `final` at step `until`. */
export function linearDecay({ initial, final = 0, after, until }: LinearDecayOptions): Schedule {
  return (step) => {
    if (step <= after) return initial;
    if (step >= until) return final;
    return initial + ((final - initial) * (step - after)) / (until - after);
  };
}
