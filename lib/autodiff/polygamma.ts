/**
 * Derivatives of the logarithm of the gamma function.
 *
 * ```
 * ψₘ(x) = (-1)^(m+1) (m! Σⱼ (x + j)^-(m+1) + (m-1)!/yᵐ + m!/(2 y^(m+1)) + Σₖ B₂ₖ (2k+m-1)!/(2k)! y^-(2k+m)),   y = x + n >= 16 + m
 * ```
 *
 * with `-log y` in place of the term `(m-1)!/yᵐ`, which is not there, for m = 0.
 *
 * Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 6.4.6, 6.4.11 and 6.3.18.
 *
 * @module
 */

/** `B₂, B₄, …`. */
const BERNOULLI = [
  1 / 6,
  -1 / 30,
  1 / 42,
  -1 / 30,
  5 / 66,
  -691 / 2730,
  7 / 6,
  -3617 / 510,
  43867 / 798,
  -174611 / 330,
];

/**
 * `ψₘ(x)`, the derivative of order m + 1 of `log Γ` at x > 0 to a few units in the last place; infinite at 0, NaN
 * below.
 */
export function polygamma(m: number, x: number): number {
  if (!(x > 0) || x === Infinity) {
    if (x === 0) return m % 2 === 0 ? -Infinity : Infinity;
    return x === Infinity ? m === 0 ? Infinity : 0 : NaN;
  }
  let factorial = 1; // m!
  for (let k = 2; k <= m; k++) factorial *= k;
  let y = x, sum = 0;
  for (; y < 16 + m; y++) sum += factorial / y ** (m + 1);
  sum += m === 0 ? -Math.log(y) : factorial / m / y ** m;
  sum += factorial / (2 * y ** (m + 1));
  const square = 1 / (y * y);
  let factor = factorial * (m + 1) / 2 / y ** (m + 2); // (2k+m-1)!/(2k)! y^-(2k+m) for k = 1
  for (let k = 1; k <= BERNOULLI.length; k++) {
    sum += BERNOULLI[k - 1] * factor;
    factor *= (2 * k + m) * (2 * k + m + 1) / ((2 * k + 1) * (2 * k + 2)) * square;
  }
  return m % 2 === 0 ? -sum : sum;
}
