/** How many images each side of a comparison has. */
export interface SetSizes {
  readonly synthetic: number;
  readonly refined: number;
  readonly real: number;
}

/** What sets of these sizes cannot tell, a sentence each; none for large sets. */
export function smallSetWarnings(sizes: SetSizes, dimensions: number): string[] {
  const { synthetic, refined, real } = sizes;
  const smallest = Math.min(synthetic, refined, Math.floor(real / 2));
  const warnings: string[] = [];
  if (smallest < 50) {
    warnings.push(
      `Fewer than 50 images a side (${smallest}): the distances are hardly more than noise; read the intervals, not the values.`,
    );
  }
  if (smallest <= dimensions) {
    warnings.push(
      `${smallest} images a side in ${dimensions} dimensions: every covariance is singular and the Fréchet distances are far too high; they compare only with others from ${smallest} images a side.`,
    );
  } else if (smallest < 10_000) {
    warnings.push(
      `${smallest} images a side: the Fréchet distances are too high by a share that shrinks as 1/n; they compare only with others from ${smallest} images a side.`,
    );
  }
  if (smallest < 1000) {
    warnings.push(
      `${smallest} images a side: precision, recall, density and coverage depend on how densely the sets lie; compare them only between sets of these sizes.`,
    );
  }
  return warnings;
}
