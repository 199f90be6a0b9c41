const names = ['SIGINT', 'SIGTERM'] as const;

/** `process`, or what stands for it in a test. */
export interface SignalSource {
  on(name: (typeof names)[number], listener: () => void): unknown;
  off(name: (typeof names)[number], listener: () => void): unknown;
}

/**
 * Ctrl-C in a terminal reaches the whole process group, and npm and npx pass on what they get: the
 * same key press arrives twice. A person who means it presses again later than this.
 */
const samePressMs = 200;

export interface InterruptOptions {
  readonly source: SignalSource;
  /** Called once, at the first signal. */
  readonly onFirst: () => void;
  /** Called at the second one, while the command still saves. */
  readonly onSecond: () => void;
  /** Milliseconds, such as `Date.now`. */
  readonly now: () => number;
}

export interface Interrupt {
  readonly signal: AbortSignal;
  readonly release: () => void;
}

/** An `AbortSignal` that SIGINT or SIGTERM aborts; `release` takes the listeners off. */
export function listenForInterrupt(options: InterruptOptions): Interrupt {
  const controller = new AbortController();
  let first: number | undefined;
  const listener = () => {
    if (first === undefined) {
      first = options.now();
      options.onFirst();
      controller.abort();
    } else if (options.now() - first >= samePressMs) {
      options.onSecond();
    }
  };
  for (const name of names) options.source.on(name, listener);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of names) options.source.off(name, listener);
    },
  };
}
