/**
 * Student's distribution, and the incomplete beta function behind it.
 *
 * ```
 * I_x(a, b) = x^a (1-x)^b / (a B(a, b)) · 1/(1 + d₁/(1 + d₂/(1 + …)))     by Lentz's method
 * P(T <= t) = 1 - ½ I_{n/(n+t²)}(n/2, ½),  t >= 0
 * ```
 *
 * Source: Abramowitz and Stegun, Handbook of mathematical functions (1964), 26.5.8 and 26.7.1; Lentz, Generating Bessel
 * functions in Mie scattering calculations using continued fractions (1976).
 *
 * @module
 */
import { DomainError } from "../../core/mod.ts";
import { logGamma } from "./log_gamma.ts";

/** The regularized incomplete beta function `I_x(a, b)`, for x in [0, 1]. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (!(x >= 0 && x <= 1 && a > 0 && b > 0)) {
    throw new DomainError(
      `Cannot evaluate the incomplete beta function: expected x in [0, 1], a, b > 0, got ${[x, a, b]}`,
    );
  }
  if (x === 0 || x === 1) return x;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(
    a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b),
  ) / a;
  const tiny = 1e-300;
  let c = 1, d = 1 / (1 - (a + b) * x / (a + 1) || tiny), fraction = d;
  for (let m = 1; m < 500; m++) {
    const even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d || tiny);
    c = 1 + even / c || tiny;
    fraction *= c * d;
    const odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d || tiny);
    c = 1 + odd / c || tiny;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return front * fraction;
}

/**
 * The quantile t of Student's distribution with `freedom` degrees of freedom: `P(T <= t) = p`.
 *
 * @throws {DomainError} When p is outside (0, 1) or the degrees of freedom are not positive.
 *
 * @example The 97.5 % quantile with ten degrees of freedom
 * ```ts
 * import { studentQuantile } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(studentQuantile(0.975, 10), 2.228138851986274, 1e-12);
 * ```
 */
export function studentQuantile(p: number, freedom: number): number {
  if (!(p > 0 && p < 1 && freedom > 0)) {
    throw new DomainError(
      `Cannot take a quantile: expected p in (0, 1) and degrees of freedom > 0, got ${p}, ${freedom}`,
    );
  }
  const beyond = Math.min(p, 1 - p);
  /** P(T > t), which keeps its digits in the tail. */
  const tail = (t: number): number => incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
  let low = 0, high = 1;
  while (tail(high) > beyond && high < 1e150) high *= 2;
  for (let k = 0; k < 200 && high - low > 1e-15 * high; k++) {
    const middle = (low + high) / 2;
    if (tail(middle) > beyond) low = middle;
    else high = middle;
  }
  return p < 0.5 ? -(low + high) / 2 : (low + high) / 2;
}
