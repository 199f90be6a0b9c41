import { createHash } from 'node:crypto';

/** Names of a set that are trained on, and names that are kept for measuring. */
export interface HeldOut {
  readonly training: readonly string[];
  /** In the order of their hashes, so that the first n stay nearly the same as a set grows. */
  readonly heldOut: readonly string[];
}

/**
 * Holds out about `share` (0 … 1) of the names of a set. A hash of its own name decides about each,
 * so that adding or removing images moves none of the others from one side to the other. All images
 * of one person, where `identities` has them, go with the first of them (and move where another
 * becomes the first): a refiner is measured on nobody that it was trained on.
 */
export function holdOut(
  names: readonly string[],
  share: number,
  identities: ReadonlyMap<string, string | number> = new Map(),
): HeldOut {
  const firstOf = new Map<string | number, string>();
  const deciding = (name: string) => {
    const identity = identities.get(name);
    if (identity === undefined) return name;
    const first = firstOf.get(identity) ?? name;
    firstOf.set(identity, first);
    return first;
  };
  const training: string[] = [];
  const heldOut: { readonly name: string; readonly place: number }[] = [];
  for (const name of names) {
    if (placeOf(deciding(name)) >= share) training.push(name);
    else heldOut.push({ name, place: placeOf(name) });
  }
  // By their own places, so that the first n show many people.
  heldOut.sort((a, b) => a.place - b.place);
  return { training, heldOut: heldOut.map(({ name }) => name) };
}

/** A number of 0 … 1, uniform over names: the first 48 bits of their SHA-256. */
function placeOf(name: string): number {
  return createHash('sha256').update(name).digest().readUIntBE(0, 6) / 2 ** 48;
}
