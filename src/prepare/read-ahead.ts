/** An item with what was read for it. */
export interface ReadItem<Item, Value> {
  readonly item: Item;
  readonly value: Value;
}

/**
 * Reads a few items ahead of the consumer, so that decoding goes on while networks run; the order
 * stays.
 */
export async function* readAhead<Item, Value>(
  items: Iterable<Item>,
  read: (item: Item) => Promise<Value>,
  ahead = 3,
): AsyncGenerator<ReadItem<Item, Value>> {
  const waiting: Promise<ReadItem<Item, Value>>[] = [];
  const iterator = items[Symbol.iterator]();
  const fill = () => {
    while (waiting.length < ahead) {
      const { value: item, done } = iterator.next();
      if (done) return;
      const promise = read(item).then((value) => ({ item, value }));
      // Where the consumer stops early, nobody else hears of the failure.
      promise.catch(() => {});
      waiting.push(promise);
    }
  };
  for (fill(); waiting.length > 0; fill()) yield await waiting.shift()!;
}
