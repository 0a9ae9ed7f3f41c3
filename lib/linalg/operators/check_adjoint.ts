/**
 * Whether the adjoint is the adjoint.
 *
 * @module
 */
import { dot, fillNormal, type LinearOperator, norm2, type Rng } from "../../core/mod.ts";

/**
 * For random x and y the gap `|⟨A x, y⟩ - ⟨x, Aᵀy⟩| / (|A x| |y| + |x| |Aᵀy|)`: some rounding units when
 * `applyTranspose` is the adjoint of `apply`, of the order of `1/√n` or more when it is not. For `A` that says it is
 * symmetric compare it with itself: `{ ...A, applyTranspose: A.apply }`.
 *
 * @example An operator that forgets to transpose
 * ```ts
 * import { rng } from "@gradus/gradus/core";
 * import { checkAdjoint, matrix, operatorOf } from "@gradus/gradus/linalg";
 * import { assert } from "@std/assert";
 *
 * const A = operatorOf(matrix([[1, 2], [3, 4]]));
 * assert(checkAdjoint(A, rng(1)) < 1e-15);
 * assert(checkAdjoint({ ...A, applyTranspose: A.apply }, rng(1)) > 1e-3);
 * ```
 */
export function checkAdjoint(A: LinearOperator, random: Rng): number {
  const x = fillNormal(random, new Float64Array(A.columns)), y = fillNormal(random, new Float64Array(A.rows));
  const Ax = new Float64Array(A.rows), Aty = new Float64Array(A.columns);
  A.apply(x, Ax);
  A.applyTranspose(y, Aty);
  const size = norm2(Ax) * norm2(y) + norm2(x) * norm2(Aty), gap = Math.abs(dot(Ax, y) - dot(x, Aty));
  return gap === 0 ? 0 : gap / size;
}
