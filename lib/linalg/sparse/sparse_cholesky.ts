/**
 * Cholesky's factorization of a sparse symmetric positive definite matrix, in the form without square roots:
 * `P A Pᵀ = L D Lᵀ`, L unit lower triangular, D diagonal and positive.
 *
 * The permutation P keeps L sparse (`minimum_degree.ts`); the numbers are found by the multifrontal method
 * (`multifrontal.ts`), dense blocks at a time.
 *
 * Source: Davis, Rajamanickam and Sid-Lakhdar, A survey of direct methods for sparse linear systems (2016), sections 4,
 * 7 and 11.
 *
 * @module
 */
import { NotPositiveDefiniteError, type SparseMatrix, type Vector } from "../../core/mod.ts";
import { checkFiniteEntries, checkLength } from "../matrices/checks.ts";
import { addSparse, multiplySparse, scaleColumns } from "./arithmetic.ts";
import { fitsBlocks, updateBlocks } from "./block_update.ts";
import { fromTriplets } from "./build.ts";
import { permuteSparse, transposeSparse } from "./layout.ts";
import { eliminateByFronts } from "./multifrontal.ts";
import { SparseSymmetricFactorization } from "./sparse_symmetric.ts";
import { analyzeSymmetric, planFor, type SymmetricAnalysis } from "./symmetric_analysis.ts";

/** What `sparseCholesky` is told. */
export interface SparseCholeskyOptions {
  /** The analysis of this pattern by `analyzeSymmetric`, if there is one already. */
  readonly analysis?: SymmetricAnalysis;
}

/** The factors of a positive definite `P A Pᵀ = L D Lᵀ`. */
export class SparseCholesky extends SparseSymmetricFactorization {
  /** There is no zero pivot in a positive definite matrix. */
  readonly zeroPivot: number = -1;

  /**
   * The factorization of `A + x xᵀ`; this one stays as it is. Where L has room for it, because it has an entry wherever
   * `x xᵀ` has one, at the cost of a copy of L and of a path in the elimination tree; else the sum is factored anew.
   *
   * @throws {ShapeError} When `x` has not n entries.
   * @throws {DomainError} When an entry of `x` is not finite.
   */
  update(x: Vector): SparseCholesky {
    return this.#changed(1, x, "update a Cholesky factorization");
  }

  /**
   * The factorization of `A - x xᵀ`, as `update` finds it; this one stays as it is.
   *
   * @throws {ShapeError} When `x` has not n entries.
   * @throws {DomainError} When an entry of `x` is not finite.
   * @throws {NotPositiveDefiniteError} When `A - x xᵀ` is not positive definite.
   */
  downdate(x: Vector): SparseCholesky {
    return this.#changed(-1, x, "downdate a Cholesky factorization");
  }

  #changed(alpha: 1 | -1, x: Vector, verb: string): SparseCholesky {
    const { plan, rows: n } = this;
    checkLength(verb, "a vector", x, n);
    checkFiniteEntries(verb, x);
    const y = Float64Array.from(plan.permutation, (i) => x[i]);
    if (!fitsBlocks(plan, y)) return this.#anew(alpha, y, verb);
    const l = this.l.slice(), d = this.d.slice(), refused = updateBlocks(plan, l, d, alpha, y);
    if (refused >= 0) throw notDefinite(verb, refused);
    return new SparseCholesky(plan, l, d);
  }

  /** Factors `L D Lᵀ + α y yᵀ`, y in the order of elimination, in this order. */
  #anew(alpha: number, y: Vector, verb: string): SparseCholesky {
    const { L, d, rows: n, plan: { permutation } } = this, nonzeros = [...y.keys()].filter((i) => y[i] !== 0);
    const Y = fromTriplets(n, 1, nonzeros, nonzeros.map(() => 0), nonzeros.map((i) => y[i]));
    const sum = addSparse(
      1,
      multiplySparse(scaleColumns(L, d), transposeSparse(L)),
      alpha,
      multiplySparse(Y, transposeSparse(Y)),
    );
    const back = permuteSparse(sum, permutation);
    return factored(verb, analyzeSymmetric(back, { ordering: permutation }), back.values, false);
  }
}

function notDefinite(verb: string, column: number): NotPositiveDefiniteError {
  const minor = column + 1;
  return new NotPositiveDefiniteError(
    `Cannot ${verb}: expected a positive definite matrix, got a leading minor of order ${minor}, in the order of ` +
      "elimination, that is not positive",
    minor,
  );
}

function factored(verb: string, plan: SymmetricAnalysis, values: Vector, again: boolean): SparseCholesky {
  const { l, d, refused } = eliminateByFronts(plan, values, (pivot) => pivot > 0 ? pivot : NaN, again);
  if (refused >= 0) throw notDefinite(verb, refused);
  return new SparseCholesky(plan, l, d);
}

/**
 * Factors a sparse symmetric positive definite matrix, `P A Pᵀ = L D Lᵀ`. Of two entries that rounding made different
 * the lower one counts.
 *
 * @throws {ShapeError} When `A` is not square.
 * @throws {DomainError} When `A` is not symmetric up to `1e-8 max |aᵢⱼ|`, or has another pattern than was analyzed.
 * @throws {NotPositiveDefiniteError} When `A` is not positive definite; `minor` says from which leading minor on, in
 * the order of elimination.
 *
 * @example Solve Poisson's equation on a grid
 * ```ts
 * import { gridLaplacian, sparseCholesky } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const A = gridLaplacian(30, 30), b = new Float64Array(900).fill(1), factor = sparseCholesky(A);
 * const x = factor.solve(b), residual = new Float64Array(900);
 * A.apply(x, residual);
 * residual.forEach((entry) => assertAlmostEquals(entry, 1, 1e-12));
 * ```
 */
export function sparseCholesky(A: SparseMatrix, options: SparseCholeskyOptions = {}): SparseCholesky {
  const verb = "factor a sparse matrix by Cholesky's method", { plan, values } = planFor(verb, A, options.analysis);
  return factored(verb, plan, values, options.analysis !== undefined);
}
