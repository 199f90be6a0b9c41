import { distance } from 'fastest-levenshtein';

/**
 * A mistake of the person who runs the program, worded “Expected …, got …. Do …” with the path or
 * key it is about. Anything else that is thrown is a bug and keeps its stack.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** How many letters two words share at their beginning and at their end. */
function sharedEnds(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let start = 0;
  while (start < length && a[start] === b[start]) start++;
  let end = 0;
  while (end < length && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return start + end;
}

/**
 * The candidate nearest to a misspelt word; none where more than a third of its letters differ.
 * Of two that are equally near, the one with more in common at both ends: `cout` is `count`.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    // Less than one in all, so that it only decides between equal distances.
    const d =
      distance(lower, candidate.toLowerCase()) - sharedEnds(lower, candidate.toLowerCase()) / 1000;
    if (d < bestDistance) [best, bestDistance] = [candidate, d];
  }
  const near = best !== undefined && bestDistance <= Math.max(2, Math.ceil(best.length / 3));
  return near ? best : undefined;
}

/** The nearest candidate as ` Did you mean "…"?`, or an empty string where none is near. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const best = nearest(word, candidates);
  return best === undefined ? '' : ` Did you mean "${best}"?`;
}
