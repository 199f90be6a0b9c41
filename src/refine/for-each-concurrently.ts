/** Runs `action` for every item, at most four at once; the first failure ends it. */
export async function forEachConcurrently<T>(
  items: readonly T[],
  action: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failed = false;
  async function work(): Promise<void> {
    while (next < items.length && !failed) {
      try {
        await action(items[next++]);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  }
  const results = await Promise.allSettled(Array.from({ length: 4 }, work));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}
