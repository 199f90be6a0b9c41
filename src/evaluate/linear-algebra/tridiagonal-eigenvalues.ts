/**
 * The eigenvalues of a symmetric tridiagonal matrix, unordered, by the QL method with implicit
 * shifts (Golub and Van Loan, “Matrix Computations”, section 8.3; EISPACK's `imtql1`). Each is
 * exact to rounding of the largest.
 *
 * @param diagonal n values
 * @param offDiagonal n − 1 values
 */
export function tridiagonalEigenvalues(
  diagonal: Float64Array,
  offDiagonal: Float64Array,
): Float64Array {
  const d = diagonal.slice();
  const e = new Float64Array(d.length);
  e.set(offDiagonal);
  const norm = d.reduce((most, value, i) => Math.max(most, Math.abs(value) + Math.abs(e[i])), 0);
  if (!Number.isFinite(norm)) throw new Error('Expected finite values.');
  // Measured against the whole matrix, not the neighbours on the diagonal: those are all zero in
  // the matrices that singular values lead to.
  const negligible = Number.EPSILON * norm;
  for (let l = 0; l < d.length; l++) {
    for (let sweep = 0; ; sweep++) {
      let m = l;
      while (m < d.length - 1 && Math.abs(e[m]) > negligible) m++;
      if (m === l) break;
      if (sweep === 60) throw new Error('The QL method did not converge.');
      sweepOnce(d, e, l, m);
    }
  }
  return d;
}

/** One implicit QL step on the rows l … m. */
function sweepOnce(d: Float64Array, e: Float64Array, l: number, m: number): void {
  let g = (d[l + 1] - d[l]) / (2 * e[l]);
  let r = Math.sqrt(g * g + 1);
  g = d[m] - d[l] + e[l] / (g + (g >= 0 ? r : -r));
  let [sine, cosine, shift] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const f = sine * e[i];
    const b = cosine * e[i];
    r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] -= shift;
      e[m] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = d[i + 1] - shift;
    r = (d[i] - g) * sine + 2 * cosine * b;
    shift = sine * r;
    d[i + 1] = g + shift;
    g = cosine * r - b;
  }
  d[l] -= shift;
  e[l] = g;
  e[m] = 0;
}
