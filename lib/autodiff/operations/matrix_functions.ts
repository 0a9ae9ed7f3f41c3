/**
 * Functions of matrices: exponential, square root, inverse square root. All take stacks of matrices.
 *
 * @module
 */
import { DomainError } from "../../core/mod.ts";
import { expm as exponential } from "../primitives/matrices/exponential.ts";
import { inverseSqrtm as inverseRoot, numberOf, type RootMethod, sqrtm as root } from "../primitives/matrices/root.ts";
import { orderOf, symmetricPart } from "../primitives/matrices/stacks.ts";
import type { Operand } from "../values.ts";
import { apply } from "./apply.ts";

/**
 * The exponential of a square matrix; each derivative is an exponential of twice the order. NaN where it overflows.
 *
 * @throws {ShapeError} When A is not square.
 */
export function expm(A: Operand): Operand {
  return apply("expm", exponential, A);
}

/** How roots are computed. */
export interface RootOptions {
  /**
   * From eigenvalues, which is exact, or by products of matrices alone, with the error of the series: Taylor's of 10
   * terms (not for inverse roots), Padé's of degree 5, 10 of Newton and Schulz' steps. The derivative is then found by
   * products, too. Default: "eigen".
   */
  readonly method?: RootMethod;
}

function methodNumber(name: string, { method = "eigen" }: RootOptions, inverse: boolean): number {
  const number = numberOf(method, inverse);
  if (number !== undefined) return number;
  throw new DomainError(`Cannot apply ${name}: expected a method for it, got ${method}`);
}

/**
 * The square root `A^(1/2)` of the symmetric part of a matrix; NaN where that is not positive definite.
 *
 * Source: Song, Sebe and Wang, Fast differentiable matrix square root (2022), arXiv:2201.08663.
 *
 * @throws {ShapeError} When A is not square.
 * @throws {DomainError} When there is no such method.
 *
 * @example The derivative of the trace of a root is half the inverse root
 * ```ts
 * import { diagonalOf, grad, type Operand, sqrtm, sum } from "@gradus/gradus/autodiff";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const A = { rows: 2, columns: 2, data: Float64Array.of(4, 0, 0, 9) };
 * const gradient = grad((X: Operand) => sum(diagonalOf(sqrtm(X))))(A);
 * assertAlmostEquals(gradient.data[0], 1 / 4);
 * assertAlmostEquals(gradient.data[3], 1 / 6);
 * ```
 */
export function sqrtm(A: Operand, options: RootOptions = {}): Operand {
  const method = methodNumber("sqrtm", options, false);
  return apply("sqrtm", (a) => (orderOf("sqrtm", a.shape), root(symmetricPart(a), method)), A);
}

/**
 * The inverse square root `A^(-1/2)` of the symmetric part of a matrix; NaN where that is not positive definite.
 *
 * @throws {ShapeError} When A is not square.
 * @throws {DomainError} When there is no such method.
 */
export function inverseSqrtm(A: Operand, options: RootOptions = {}): Operand {
  const method = methodNumber("inverseSqrtm", options, true);
  return apply("inverseSqrtm", (a) => (orderOf("inverseSqrtm", a.shape), inverseRoot(symmetricPart(a), method)), A);
}
