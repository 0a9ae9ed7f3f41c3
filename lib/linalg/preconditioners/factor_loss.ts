/**
 * The loss by which a sparse factor L of a preconditioner `M = L Lᵀ` is trained on solved systems `A x = b`:
 *
 * ```
 * loss = Σ |L Lᵀx - b|²,   with  y = Lᵀx,  r = L y - b:   ∂loss/∂lᵢⱼ = Σ 2 (rᵢ yⱼ + xᵢ (Lᵀr)ⱼ)
 * ```
 *
 * It is the error `|(L Lᵀ - A) x|²` on the distribution of the solutions: what matters there is approximated well, and
 * A itself is not needed. Only entries in the pattern of L change.
 *
 * Source: Li, Chen, Du and Matusik, Learning Preconditioner for Conjugate Gradient PDE Solvers (2023), arXiv
 * 2305.16432.
 *
 * @module
 */
import { dot, type SparseMatrix, type Vector } from "../../core/mod.ts";
import { checkLength } from "../matrices/checks.ts";

/** A system that is solved. */
export interface SolvedSystem {
  /** The solution. */
  readonly x: Vector;
  /** The right-hand side. */
  readonly b: Vector;
}

/**
 * The loss of a factor over some solved systems, and, where asked for, its gradient with respect to the values of L.
 *
 * @param L The factor.
 * @param systems Pairs of x and b.
 * @param gradient Takes the gradient, an entry for each value of L.
 *
 * @throws {ShapeError} When a vector or the gradient has another length.
 *
 * @example An exact factor has no loss
 * ```ts
 * import { factorLoss, fromTriplets } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const L = fromTriplets(2, 2, [0, 1, 1], [0, 0, 1], [2, 1, 3]); // of [[4, 2], [2, 10]]
 * const gradient = new Float64Array(3), systems = [{ x: Float64Array.of(1, 1), b: Float64Array.of(6, 12) }];
 * assertEquals(factorLoss(L, systems, gradient), 0);
 * assertEquals([...gradient], [0, 0, 0]);
 * ```
 */
export function factorLoss(L: SparseMatrix, systems: Iterable<SolvedSystem>, gradient?: Vector): number {
  const verb = "measure a factor", { rows, columns, rowStarts, columnIndices, values } = L;
  if (gradient) {
    checkLength(verb, "a gradient", gradient, values.length);
    gradient.fill(0);
  }
  const y = new Float64Array(columns), r = new Float64Array(rows), back = new Float64Array(columns);
  let loss = 0;
  for (const { x, b } of systems) {
    checkLength(verb, "a solution", x, rows);
    checkLength(verb, "a right-hand side", b, rows);
    L.applyTranspose(x, y);
    L.apply(y, r);
    for (let i = 0; i < rows; i++) r[i] -= b[i];
    loss += dot(r, r);
    if (!gradient) continue;
    L.applyTranspose(r, back);
    for (let i = 0; i < rows; i++) {
      for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) {
        const j = columnIndices[k];
        gradient[k] += 2 * (r[i] * y[j] + x[i] * back[j]);
      }
    }
  }
  return loss;
}
