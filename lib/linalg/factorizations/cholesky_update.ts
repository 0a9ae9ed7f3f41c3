/**
 * Rank-one changes of a Cholesky factor, in place, in O(n²).
 *
 * `L Lᵀ + x xᵀ = [L x] [L x]ᵀ`: rotations from the right that mix column k of L with x make x zero entry by entry.
 * `L Lᵀ - x xᵀ`: with `L p = x` and `ρ² = 1 - |p|² > 0`, rotations that carry `(p, ρ)` to `(0, 1)` carry `[L 0]` to the
 * new factor and x. Both are as stable as rotations are.
 *
 * Source: Gill, Golub, Murray and Saunders, Methods for modifying matrix factorizations (1974), methods C1 and C3;
 * Stewart, The effects of rounding error on an algorithm for downdating a Cholesky factorization (1979).
 *
 * @module
 */
import { dot, norm2, NotPositiveDefiniteError, type Vector } from "../../core/mod.ts";
import { substitute } from "../matrices/substitution.ts";

/** `L ← ` the factor of `L Lᵀ + x xᵀ`; `x` is used up. */
export function update(n: number, l: Vector, x: Vector): void {
  for (let k = 0; k < n; k++) {
    const d = l[k * (n + 1)], r = Math.hypot(d, x[k]), c = d / r, s = x[k] / r;
    if (s === 0) continue;
    l[k * (n + 1)] = r;
    for (let i = k + 1, at = i * n + k; i < n; i++, at += n) {
      const a = l[at], b = x[i];
      l[at] = c * a + s * b;
      x[i] = c * b - s * a;
    }
  }
}

/**
 * `L ← ` the factor of `L Lᵀ - x xᵀ`; `x` is used up.
 *
 * @throws {NotPositiveDefiniteError} When there is none; L is as it was.
 */
export function downdate(n: number, l: Vector, x: Vector): void {
  substitute(true, false, false, n, l, 0, n, x, 0);
  const rest = (1 - norm2(x)) * (1 + norm2(x));
  if (!(rest > 0)) throw new NotPositiveDefiniteError(refusal(x), minor(x));
  const cosines = new Float64Array(n), sines = new Float64Array(n);
  let length = Math.sqrt(rest);
  for (let k = n - 1; k >= 0; k--) {
    const r = Math.hypot(length, x[k]);
    cosines[k] = length / r;
    sines[k] = x[k] / r;
    length = r;
  }
  for (let i = 0; i < n; i++) {
    let carried = 0;
    for (let k = i; k >= 0; k--) {
      const a = l[i * n + k];
      l[i * n + k] = cosines[k] * a - sines[k] * carried;
      carried = cosines[k] * carried + sines[k] * a;
    }
  }
}

/** The leading minor of order k of `L Lᵀ - x xᵀ` is a positive multiple of `1 - p₁² - … - pₖ²`. */
function minor(p: Vector): number {
  let k = 0;
  while (k < p.length - 1 && dot(p.subarray(0, k + 1), p.subarray(0, k + 1)) < 1) k++;
  return k + 1;
}

function refusal(p: Vector): string {
  return "Cannot downdate a Cholesky factorization: expected A - x xᵀ to be positive definite, " +
    `got a leading minor of order ${minor(p)} that is not positive`;
}
