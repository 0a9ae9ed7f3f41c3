/**
 * The linear systems of the interior-point method,
 *
 *     [ P + D   Aᵀ ] [ dx ]   [ f ]
 *     [ A      -E  ] [ dy ] = [ g ],   D, E >= 0 diagonal.
 *
 * Columns of a large D are scaled down by its root, then rows to a largest entry or E of 1. What is factored then has
 * `D + ρ` and `E + ρ`: it is quasi-definite, so that one order of elimination, chosen for sparsity, does for all steps.
 * Refinement with the residual of the system itself takes ρ out of the solution, and where that is too slow GMRES does
 * with the same factors, in the flexible form, as what these solve has errors that the residuals must not have.
 *
 * Sources: Vanderbei, Symmetric quasidefinite matrices (1995); Friedlander and Orban, A primal-dual regularized
 * interior-point method for convex quadratic programs (2012).
 *
 * @module
 */
import {
  type LinearOperator,
  normInf,
  type SparseEntries,
  type SparseMatrix,
  sparseMatrix,
  type Vector,
} from "../../core/mod.ts";
import { gmres, type SparseLdlt, sparseLdlt, type SymmetricAnalysis } from "../../linalg/mod.ts";
import type { Iterate } from "./iterate.ts";
import type { ScaledProgram } from "./program.ts";

/** Corrections of a solution before GMRES takes over. */
const REFINEMENTS = 3;

/** Vectors of GMRES, which does not start again. */
const KRYLOV = 20;

/** Factors that grew so much are not used. */
const GROWTH = 1e12;

/** ρ does not grow beyond this. */
const LARGEST = 1e-3;

/** Rows with less are not scaled to 1: all that they hold is at bounds. */
const SMALLEST_ROW = 1e-4;

/**
 * Residuals so small, relative to the right-hand side, are left: as a rule, and where steps get short. What is rounding
 * is left, too.
 */
export const ENOUGH = 1e-6, PRECISE = 1e-10;

/** The factored system of one step. */
export class NewtonSystem {
  readonly #base: SparseMatrix;
  readonly #scale: Vector;
  readonly #matrix: SparseMatrix;
  readonly #factors: SparseLdlt;
  readonly #enough: number;
  /** What is rounding in a residual. */
  readonly #rounding: Vector;
  readonly #inverse: LinearOperator;
  readonly #right: Vector;
  readonly #residual: Vector;
  readonly #better: Vector;

  /**
   * @param program P and A.
   * @param analysis Of their pattern.
   * @param diagonal D, then -E.
   * @param rho ρ.
   * @param enough Residuals so small, relative to the right-hand side, are left.
   * @param at Where it is, if right-hand sides have the rounding of `Aᵀy` and `Av`.
   */
  constructor(
    { n, m, system, diagonal: places }: ScaledProgram,
    analysis: SymmetricAnalysis,
    diagonal: Vector,
    rho: number,
    enough: number,
    at?: Pick<Iterate, "v" | "y">,
  ) {
    const { rowStarts, columnIndices } = system, all = n + m, values = system.values.slice();
    const scale = scaleOf(n, system, diagonal);
    for (let i = 0; i < all; i++) {
      for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) values[k] *= scale[i] * scale[columnIndices[k]];
    }
    for (let k = 0; k < all; k++) values[places[k]] += diagonal[k] * scale[k] * scale[k];
    this.#matrix = sparseMatrix({ ...system, values });
    this.#factors = this.#factor(n, places, analysis, rho);
    const solve = (b: Vector, out: Vector): void => void this.#factors.solve(b, out);
    this.#inverse = { rows: all, columns: all, apply: solve, applyTranspose: solve };
    this.#base = sparseMatrix(system);
    this.#scale = scale;
    this.#enough = enough;
    const ofColumns = at ? normInf(at.y) : 0, ofRows = at ? normInf(at.v) : 0;
    this.#rounding = scale.map((s, k) => Number.EPSILON * s * (k < n ? ofColumns : ofRows));
    this.#right = new Float64Array(all);
    this.#residual = new Float64Array(all);
    this.#better = new Float64Array(all);
  }

  /** Factors with ρ, or ten times as much as long as rounding makes too much of it. */
  #factor(n: number, places: Uint32Array, analysis: SymmetricAnalysis, rho: number): SparseLdlt {
    const values = this.#matrix.values.slice(), signs = new Float64Array(places.length).fill(1).fill(-1, n);
    for (let k = 0; k < places.length; k++) values[places[k]] += signs[k] * rho;
    const factors = sparseLdlt(sparseMatrix({ ...this.#matrix, values }), { analysis, signs, regularization: rho });
    if (factors.zeroPivot < 0 && factors.growth < GROWTH || rho >= LARGEST) return factors;
    return this.#factor(n, places, analysis, 10 * rho);
  }

  /** Solves into `out`. */
  solve(b: Vector, out: Vector): void {
    const scale = this.#scale, right = this.#right, r = this.#residual, better = this.#better;
    for (let i = 0; i < right.length; i++) right[i] = scale[i] * b[i];
    const size = normInf(right);
    if (size === 0) {
      out.fill(0);
      return;
    }
    this.#factors.solve(right, out);
    let error = this.#residualOf(out);
    for (let k = 0; k < REFINEMENTS && error > this.#enough * size; k++) {
      this.#factors.solve(r, better);
      for (let i = 0; i < out.length; i++) better[i] += out[i];
      const next = this.#residualOf(better);
      if (!(next < error)) break;
      out.set(better);
      error = next;
    }
    if (error > this.#enough * size) {
      const options = {
        start: out,
        restart: KRYLOV,
        maxIterations: KRYLOV,
        tolerance: this.#enough / 10,
        preconditioner: this.#inverse,
        flexible: true,
      };
      const { x } = gmres(this.#matrix, right, options);
      if (this.#residualOf(x) < error) out.set(x);
    }
    for (let i = 0; i < out.length; i++) out[i] *= scale[i];
  }

  /** Writes `(P u₁ + Aᵀu₂, A u₁)`. */
  product(u: Vector, out: Vector): void {
    this.#base.apply(u, out);
  }

  /** Writes the residual of the scaled system, returns how far its largest entry is beyond rounding. */
  #residualOf(u: Vector): number {
    const r = this.#residual, right = this.#right, rounding = this.#rounding;
    let most = 0;
    this.#matrix.apply(u, r);
    for (let i = 0; i < r.length; i++) {
      r[i] = right[i] - r[i];
      most = Math.max(most, Math.abs(r[i]) - rounding[i]);
    }
    return most;
  }
}

/** The scale of columns, then of rows. */
function scaleOf(n: number, { rowStarts, columnIndices, values }: SparseEntries, diagonal: Vector): Vector {
  const scale = diagonal.map((d) => 1 / Math.sqrt(Math.max(1, Math.abs(d))));
  for (let i = n; i < scale.length; i++) {
    let largest = Math.sqrt(-diagonal[i]);
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) {
      if (columnIndices[k] < n) largest = Math.max(largest, Math.abs(values[k]) * scale[columnIndices[k]]);
    }
    scale[i] = 1 / Math.max(largest, SMALLEST_ROW);
  }
  return scale;
}
