/**
 * Linear least squares, of full rank and of rank one.
 *
 * @module
 */
import { DomainError, type Instance, type Vector } from "../../core/mod.ts";
import { type SumOfSquares, sumOfSquares } from "../sum_of_squares.ts";

/**
 * MGH 32, linear of full rank: `rᵢ = xᵢ - (2/m) Σ xⱼ - 1` for `i ≤ n`, `-(2/m) Σ xⱼ - 1` beyond.
 *
 * @param n At least 1. Default 10.
 * @param m At least `n`. Default `2n`.
 * @throws {DomainError} On other numbers.
 */
export function linearFullRank(n = 10, m: number = 2 * n): Instance<SumOfSquares> {
  const entry = (i: number, j: number) => (i === j ? 1 : 0) - 2 / m;
  return linear("LinearFullRank", n, m, m - n, entry);
}

/**
 * MGH 33, linear of rank 1: `rᵢ = i Σ j xⱼ - 1`.
 *
 * @param n At least 1. Default 10.
 * @param m At least `n`. Default `2n`.
 * @throws {DomainError} On other numbers.
 */
export function linearRank1(n = 10, m: number = 2 * n): Instance<SumOfSquares> {
  return linear("LinearRank1_", n, m, m * (m - 1) / (2 * (2 * m + 1)), (i, j) => i * j);
}

/**
 * MGH 34, linear of rank 1 with zero columns and rows: `rᵢ = (i - 1) Σ j xⱼ - 1` over `j = 2 … n - 1`, and `-1` for
 * the first and the last.
 *
 * @param n At least 3. Default 10.
 * @param m At least `n`. Default `2n`.
 * @throws {DomainError} On other numbers.
 */
export function linearRank1Zero(n = 10, m: number = 2 * n): Instance<SumOfSquares> {
  const entry = (i: number, j: number) => i === 1 || i === m || j === 1 || j === n ? 0 : (i - 1) * j;
  return linear("LinearRank1Zero_", n, m, (m * m + 3 * m - 6) / (2 * (2 * m - 3)), entry, 3);
}

/** `r = A x - 1` with the entries of A counted from 1, from `(1, …, 1)`. */
function linear(
  name: string,
  n: number,
  m: number,
  minimum: number,
  entry: (i: number, j: number) => number,
  least = 1,
): Instance<SumOfSquares> {
  if (!Number.isSafeInteger(n) || !Number.isSafeInteger(m) || n < least || m < n) {
    throw new DomainError(
      `Cannot make the linear function: expected at least ${least} variables and as many residuals, got ${n} and ${m}`,
    );
  }
  const A: Vector = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) A[i * n + j] = entry(i + 1, j + 1);
  return sumOfSquares({
    name: `${name}${n}`,
    start: new Float64Array(n).fill(1),
    minima: [minimum],
    count: m,
    residual: (x, r) => {
      for (let i = 0, k = 0; i < m; i++) {
        let s = -1;
        for (let j = 0; j < n; j++) s += A[k++] * x[j];
        r[i] = s;
      }
    },
    jacobian: (_x, J) => J.set(A),
  });
}
