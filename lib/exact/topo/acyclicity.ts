/**
 * How far a weighted graph is from having no cycle: smooth functions of `A = |W|` that are 0 exactly where W is
 * acyclic, and positive elsewhere.
 *
 * ```
 * log-det      d log s - log det(sI - A)     gradient (sI - A)⁻ᵀ            for s above the spectral radius of A
 * exponential  tr exp(A) - d                 gradient exp(A)ᵀ
 * polynomial   tr (I + A/d)^d - d            gradient ((I + A/d)^(d-1))ᵀ
 * ```
 *
 * Entry (i, j) of a gradient, taken with respect to A, is a weighted sum over all walks from j to i: those that an edge
 * from i to j would close to a cycle. For the log-determinant with s = 1 it is the sum of the walks' weights as they
 * are.
 *
 * Source: Zheng, Aragam, Ravikumar and Xing, DAGs with NO TEARS (2018), arXiv 1803.01422, theorem 1; Yu, Chen, Gao and
 * Yu, DAG-GNN (2019), arXiv 1904.10098, theorem 1; Bello, Aragam and Ravikumar, DAGMA (2022), arXiv 2209.08037, theorem
 * 1.
 *
 * @module
 */
import { checkChoice, DomainError, type Matrix } from "../../core/mod.ts";
import { expm, identity, lu, matmul, matrix, trace, transpose } from "../../linalg/mod.ts";
import { checkSquare } from "./graphs.ts";

/** Which function. */
export type AcyclicityForm = "log-det" | "exponential" | "polynomial";

/** Options of `acyclicity`. */
export interface AcyclicityOptions {
  /** Which function. Default `log-det`. */
  readonly form?: AcyclicityForm;
  /** s of `log-det`. Default 1. */
  readonly scale?: number;
}

/** A value and a gradient. */
export interface Acyclicity {
  /** `h(W)`, 0 for graphs without cycles. */
  readonly value: number;
  /** `∂h/∂|Wᵢⱼ| >= 0`: walks from j to i. */
  readonly gradient: Matrix;
}

/**
 * The value and the gradient of a measure of cycles in the graph whose edge from i to j has the weight `Wᵢⱼ`.
 *
 * @throws {ShapeError} When W is not square.
 * @throws {DomainError} When an entry is not finite, the form is none, or s is not above the spectral radius of `|W|`.
 *
 * @example A cycle of two edges
 * ```ts
 * import { acyclicity } from "@gradus/gradus/exact";
 * import { matrix } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * assertAlmostEquals(acyclicity(matrix([[0, 0.5], [-0.5, 0]])).value, -Math.log(1 - 0.25));
 * const { value, gradient } = acyclicity(matrix([[0, -3], [0, 0]])); // one edge, from 0 to 1
 * assertEquals(value, 0);
 * assertEquals(gradient, matrix([[1, 0], [3, 1]])); // an edge from 1 to 0 would close a cycle
 * ```
 */
export function acyclicity(W: Matrix, { form = "log-det", scale = 1 }: AcyclicityOptions = {}): Acyclicity {
  const verb = "measure cycles", d = checkSquare(verb, W), A = matrix(d, d, W.data.map(Math.abs));
  checkChoice(verb, "a form", form, ["log-det", "exponential", "polynomial"]);
  switch (form) {
    case "log-det":
      return logDeterminant(verb, A, scale);
    case "exponential": {
      const E = expm(A);
      return { value: trace(E) - d, gradient: transpose(E) };
    }
    case "polynomial": {
      const base = identity(d);
      for (let k = 0; k < d * d; k++) base.data[k] += A.data[k] / d;
      const power = powerOf(base, d - 1);
      return { value: trace(matmul(power, base)) - d, gradient: transpose(power) };
    }
  }
}

function logDeterminant(verb: string, A: Matrix, s: number): Acyclicity {
  const d = A.rows,
    refuse = (): never => {
      throw new DomainError(`Cannot ${verb}: expected s above the spectral radius of |W|, got s = ${s}`);
    };
  if (!(s > 0 && s < Infinity)) refuse();
  const M = matrix(d, d, A.data.map((a, k) => k % (d + 1) === 0 ? s - a : -a)), factors = lu(M);
  if (factors.zeroPivot >= 0) refuse();
  const { sign, logarithm } = factors.logDeterminant(), walks = factors.inverse();
  let largest = 0, least = 0;
  for (const w of walks.data) {
    largest = Math.max(largest, w);
    least = Math.min(least, w);
  }
  // above the spectral radius, and only there, the inverse is Σ A^k/s^(k+1) and not negative
  if (!(sign > 0) || !(least >= -1e-10 * largest)) refuse();
  for (let k = 0; k < walks.data.length; k++) if (walks.data[k] < 0) walks.data[k] = 0;
  return { value: d * Math.log(s) - logarithm, gradient: transpose(walks) };
}

/** `B^k`, by squaring. */
function powerOf(B: Matrix, k: number): Matrix {
  let result = identity(B.rows);
  for (let square = B; k > 0; k = Math.floor(k / 2), square = matmul(square, square)) {
    if (k % 2 === 1) result = matmul(result, square);
  }
  return result;
}
