/** Quantiles that a summary lists. */
const summaryQuantiles = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1] as const;

/** How one quantity is distributed in a set. */
export interface Summary {
  readonly count: number;
  readonly mean: number;
  readonly deviation: number;
  /** At 0, 0.05, 0.25, 0.5, 0.75, 0.95 and 1. */
  readonly quantiles: readonly number[];
}

/** The value at a share of the sorted values, between neighbours in proportion. */
export function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const lower = Math.floor(position);
  const upper = Math.min(lower + 1, sorted.length - 1);
  return sorted[lower] + (position - lower) * (sorted[upper] - sorted[lower]);
}

/** Mean, standard deviation (n − 1) and quantiles of at least one value. */
export function summarize(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    count: values.length,
    mean,
    deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0,
    quantiles: summaryQuantiles.map((share) => quantile(sorted, share)),
  };
}

export interface KolmogorovSmirnov {
  /** The largest difference of the two empirical distribution functions, 0 … 1. */
  readonly statistic: number;
  /** How likely a difference this large is where both sets come from one distribution. */
  readonly pValue: number;
}

/**
 * The two-sample test of Kolmogorov and Smirnov; p-value from the asymptotic distribution with
 * Stephens' correction for small sets (Press et al., Numerical Recipes, section 14.3).
 */
export function kolmogorovSmirnov(
  first: readonly number[],
  second: readonly number[],
): KolmogorovSmirnov {
  const a = first.toSorted((p, q) => p - q);
  const b = second.toSorted((p, q) => p - q);
  let [i, j, statistic] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i], b[j]);
    while (i < a.length && a[i] <= value) i++;
    while (j < b.length && b[j] <= value) j++;
    statistic = Math.max(statistic, Math.abs(i / a.length - j / b.length));
  }
  const root = Math.sqrt((a.length * b.length) / (a.length + b.length));
  return { statistic, pValue: tailProbability((root + 0.12 + 0.11 / root) * statistic) };
}

/** Q(λ) = 2 Σ (−1)^(k−1) exp(−2 k² λ²). */
function tailProbability(lambda: number): number {
  // The series converges slowly there, and the probability is 1 to nine digits.
  if (lambda < 0.3) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) {
    sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * lambda * lambda);
  }
  return Math.min(Math.max(sum, 0), 1);
}
