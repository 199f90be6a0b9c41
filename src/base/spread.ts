/** At most `count` of them, evenly spread. */
export function spread<T>(items: readonly T[], count: number): T[] {
  const step = Math.max(items.length / count, 1);
  return Array.from(
    { length: Math.min(items.length, count) },
    (_, i) => items[Math.floor(i * step)],
  );
}
