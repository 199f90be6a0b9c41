import { distance } from 'fastest-levenshtein';

/**
 * A mistake of the person who runs the program, worded “Expected …, got …. Do …” with the path or
 * key it is about. Anything else that is thrown is a bug and keeps its stack.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/**
 * The candidate nearest to a misspelt word, as ` Did you mean "…"?`, or an empty string where
 * none is near (more than a third of its letters differ).
 */
export function suggestion(word: string, candidates: readonly string[]): string {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const d = distance(word.toLowerCase(), candidate.toLowerCase());
    if (d < bestDistance) [best, bestDistance] = [candidate, d];
  }
  const near = best !== undefined && bestDistance <= Math.max(2, Math.ceil(best.length / 3));
  return near ? ` Did you mean "${best}"?` : '';
}
