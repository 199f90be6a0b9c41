/**
 * How far λ goes at most from where it began, as a factor. Without an end it would leave float32
 * where no λ reaches the target, and need as many steps to come back as it went too far.
 */
const range = 1000;

/**
 * The next factor f of λ that brings a measured m to a target t:
 * `f ← f exp(g · clamp(m / t − 1, −1, 1))`, within 1/1,000 … 1,000: an integrating controller of
 * log λ. A gain g is by how much log λ moves where m is twice the target or 0.
 */
export function followTarget(
  factor: number,
  { measured, target, gain }: Readonly<Record<'measured' | 'target' | 'gain', number>>,
): number {
  const excess = Math.min(1, Math.max(-1, measured / target - 1));
  return Math.min(range, Math.max(1 / range, factor * Math.exp(gain * excess)));
}
