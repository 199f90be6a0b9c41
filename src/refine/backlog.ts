/** Actions under way beside the caller. */
export interface Backlog {
  add(action: Promise<void>): void;
  /**
   * Waits until at most `limit` are under way.
   *
   * @throws what the first failed one threw, as soon as it is known.
   */
  shrinkTo(limit: number): Promise<void>;
  /** Waits for all of them, whether they fail or not. */
  settle(): Promise<void>;
}

/** An empty backlog. */
export function createBacklog(): Backlog {
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  return {
    add(action) {
      const guarded: Promise<void> = action
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => running.delete(guarded));
      running.add(guarded);
    },
    async shrinkTo(limit) {
      while (running.size > limit && failure === undefined) await Promise.race(running);
      if (failure !== undefined) throw failure.error;
    },
    async settle() {
      await Promise.all(running);
    },
  };
}
