/**
 * Features whose inner products are the exponential series.
 *
 * ```
 * exp(q·k/d) ≈ Σ_{|a|<=g} w_a qᵃ kᵃ,   w_a = 1/(a! d^{|a|}),   a = (a₁ … a_d), a! = Π aᵢ!
 * ```
 *
 * There are `C(d + g, g)` of them. Summed over |a| = j they give `(q·k/d)ʲ / j!`, so that the sum is positive for even
 * g.
 *
 * @module
 */
import { DomainError, type Matrix, type Vector } from "../core/mod.ts";
import { matrix } from "../linalg/mod.ts";

/** The monomials up to a degree: each is an earlier one times a variable. */
interface Monomials {
  /** The place of the earlier monomial. */
  readonly parents: Int32Array;
  /** The variable that it is multiplied by. */
  readonly variables: Int32Array;
  /** `w_a`. */
  readonly weights: Vector;
}

function monomials(d: number, degree: number): Monomials {
  const parents = [-1], variables = [-1], weights = [1], powers = [0]; // powers: that of the last variable
  for (let from = 0, level = 0; level < degree; level++) {
    const to = parents.length;
    for (let at = from; at < to; at++) {
      for (let c = Math.max(0, variables[at]); c < d; c++) { // variables do not fall, so each monomial comes once
        const power = c === variables[at] ? powers[at] + 1 : 1;
        parents.push(at);
        variables.push(c);
        powers.push(power);
        weights.push(weights[at] / (power * d));
      }
    }
    from = to;
  }
  return {
    parents: Int32Array.from(parents),
    variables: Int32Array.from(variables),
    weights: Float64Array.from(weights),
  };
}

/** The number of features `C(d + g, g)`. */
export function featureCount(d: number, degree: number): number {
  let count = 1;
  for (let j = 1; j <= degree; j++) count = count * (d + j) / j;
  return count;
}

/**
 * Features of the rows of X: all monomials `xᵃ` with `|a| <= g`, each times `w_a` to a power.
 *
 * With the power 1/2 the inner product of two rows of features is the series of `exp(x·y/d)`.
 *
 * @param X n x d.
 * @param degree The degree g.
 * @param power The power of the weights. Default 1/2; 0 gives the monomials themselves.
 * @throws {DomainError} When the degree is negative or no integer.
 *
 * @example The series of exp(0.06)
 * ```ts
 * import { polyFeatures } from "@gradus/gradus/network";
 * import { matrix } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { data } = polyFeatures(matrix([[0.3], [0.2]]), 2); // d = 1: 1, x, x²/√2
 * assertAlmostEquals(data[0] * data[3] + data[1] * data[4] + data[2] * data[5], 1 + 0.06 + 0.06 ** 2 / 2);
 * ```
 */
export function polyFeatures(X: Matrix, degree: number, power = 0.5): Matrix {
  if (!(Number.isInteger(degree) && degree >= 0)) {
    throw new DomainError(`Cannot make features: expected a degree of at least 0, got ${degree}`);
  }
  const { parents, variables, weights } = monomials(X.columns, degree), r = parents.length, U = matrix(X.rows, r);
  for (let i = 0; i < X.rows; i++) {
    const row = U.data.subarray(i * r, (i + 1) * r);
    row[0] = 1;
    for (let at = 1; at < r; at++) row[at] = row[parents[at]] * X.data[i * X.columns + variables[at]];
  }
  if (power === 0) return U;
  const factors = weights.map((w) => w ** power);
  for (let at = 0; at < U.data.length; at++) U.data[at] *= factors[at % r];
  return U;
}
