export interface RunClockOptions {
  /** `now()` when the run began. */
  readonly started: number;
  /** How long this process may take; endless where left out. */
  readonly minutes?: number | undefined;
  /** Seconds of the game in earlier processes, default 0. */
  readonly played?: number;
  /** Milliseconds, default `performance.now`. */
  readonly now?: () => number;
}

/** The time of a run in this process, of which `minutes` are given anew to each. */
export interface RunClock {
  /** Minutes since the run began. */
  minutes(): number;
  /** Seconds until the given minutes are over, and undefined where none are given. */
  secondsLeft(): number | undefined;
  /**
   * The share, 0 … 1, of the time for the game that is over: what was played before, and from the
   * first call up to the last `reserved` seconds of the given minutes. 0 where none are given. So a
   * run that was interrupted and gets the minutes that were left goes on with the share it had.
   */
  gameShare(reserved: number): number;
  /** Seconds of the game, those of earlier processes too. */
  gameSeconds(): number;
}

export function createRunClock(options: RunClockOptions): RunClock {
  const { started, minutes, played = 0, now = () => performance.now() } = options;
  let gameBegan: number | undefined;
  const secondsLeft = () =>
    minutes === undefined ? undefined : 60 * minutes - (now() - started) / 1000;
  const gameSeconds = () => {
    gameBegan ??= now();
    return played + (now() - gameBegan) / 1000;
  };
  return {
    minutes: () => (now() - started) / 60_000,
    secondsLeft,
    gameSeconds,
    gameShare: (reserved) => {
      const over = gameSeconds();
      const left = secondsLeft();
      if (left === undefined) return 0;
      const whole = over + left - reserved;
      return whole <= over ? 1 : over / whole;
    },
  };
}
