/**
 * The classical stationary iterations, with `A = L + D + U`:
 *
 * ```
 * Jacobi           M = D/w
 * Gauss and Seidel M = D + L
 * SOR              M = D/ω + L
 * SSOR             M = ω/(2-ω) (D/ω + L) D⁻¹ (D/ω + U)
 * ```
 *
 * Where A is consistently ordered, as matrices of grids with the five-point formula are, and β is the spectral radius
 * of `I - D⁻¹A`, SOR is fastest with
 *
 * ```
 * ω* = 1 + (β / (1 + √(1 - β²)))² = 2 / (1 + √(1 - β²)),   the spectral radius is then ω* - 1
 * ```
 *
 * Source: Young, Iterative methods for solving partial difference equations of elliptic type (1954); Saad, Iterative
 * Methods for Sparse Linear Systems (2nd edition, 2003), sections 4.1 and 4.2.5.
 *
 * @module
 */
import { DomainError, type SparseMatrix, type Vector } from "../../core/mod.ts";
import type { IterativeOptions, IterativeSolution } from "../krylov/solution.ts";
import { scaledJacobi } from "../preconditioners/jacobi.ts";
import { sorSweep, ssor } from "../preconditioners/mod.ts";
import { stationaryIteration } from "./stationary_iteration.ts";

/** What the classical iterations take. */
export type RelaxationOptions = Omit<IterativeOptions, "preconditioner">;

/** What Jacobi's iteration takes. */
export interface JacobiOptions extends RelaxationOptions {
  /** w, the part of the correction that is made. Default 1. */
  readonly weight?: number;
}

/** What successive over-relaxation takes. */
export interface SorOptions extends RelaxationOptions {
  /** ω, in (0, 2). Default 1, the method of Gauss and Seidel. */
  readonly omega?: number;
}

/**
 * Jacobi's iteration: all unknowns are corrected at once, each by its own equation.
 *
 * @throws {ShapeError} When A is not square, or b or the start does not fit.
 * @throws {DomainError} When a diagonal entry is zero, b or the start is not finite, or an option is out of range.
 */
export function jacobiIteration(
  A: SparseMatrix,
  b: Vector,
  { weight = 1, ...options }: JacobiOptions = {},
): IterativeSolution {
  if (!(weight > 0 && weight < Infinity)) {
    throw new DomainError(`Cannot solve by Jacobi's iteration: expected a positive weight, got ${weight}`);
  }
  return stationaryIteration(A, b, { ...options, preconditioner: scaledJacobi(A, weight) });
}

/**
 * The method of Gauss and Seidel: one unknown after the other is corrected by its own equation.
 *
 * @throws {ShapeError} When A is not square, or b or the start does not fit.
 * @throws {DomainError} When a diagonal entry is zero, b or the start is not finite, or an option is out of range.
 */
export function gaussSeidel(A: SparseMatrix, b: Vector, options: RelaxationOptions = {}): IterativeSolution {
  return sor(A, b, { ...options, omega: 1 });
}

/**
 * Successive over-relaxation: as Gauss and Seidel, each correction multiplied by ω. It converges for every symmetric
 * positive definite A.
 *
 * @throws {ShapeError} When A is not square, or b or the start does not fit.
 * @throws {DomainError} When ω is not in (0, 2), a diagonal entry is zero, b or the start is not finite, or an option
 * is out of range.
 *
 * @example With the best parameter for a grid
 * ```ts
 * import { gaussSeidel, gridLaplacian, optimalRelaxation, sor } from "@gradus/gradus/linalg";
 * import { assert } from "@std/assert";
 *
 * const A = gridLaplacian(20, 20), b = new Float64Array(400).fill(1);
 * const fast = sor(A, b, { omega: optimalRelaxation(Math.cos(Math.PI / 21)) });
 * assert(fast.status === "converged" && fast.iterations < gaussSeidel(A, b).iterations / 8);
 * ```
 */
export function sor(A: SparseMatrix, b: Vector, { omega = 1, ...options }: SorOptions = {}): IterativeSolution {
  return stationaryIteration(A, b, { ...options, preconditioner: sorSweep(A, omega) });
}

/**
 * Symmetric successive over-relaxation: a forward sweep, then a backward one.
 *
 * @throws {ShapeError} When A is not square, or b or the start does not fit.
 * @throws {DomainError} When ω is not in (0, 2), a diagonal entry is zero, b or the start is not finite, or an option
 * is out of range.
 */
export function ssorIteration(
  A: SparseMatrix,
  b: Vector,
  { omega = 1, ...options }: SorOptions = {},
): IterativeSolution {
  return stationaryIteration(A, b, { ...options, preconditioner: ssor(A, omega) });
}

/**
 * Young's ω* for a consistently ordered matrix.
 *
 * @param beta The spectral radius of `I - D⁻¹A`.
 *
 * @throws {DomainError} When it is not in [0, 1).
 */
export function optimalRelaxation(beta: number): number {
  if (!(beta >= 0 && beta < 1)) {
    throw new DomainError(`Cannot choose ω: expected a spectral radius in [0, 1), got ${beta}`);
  }
  return 2 / (1 + Math.sqrt((1 - beta) * (1 + beta)));
}
