/**
 * Symmetric factorization of sparse matrices that need not be definite: `P A Pᵀ = L D Lᵀ`, L unit lower triangular, D
 * diagonal.
 *
 * The order is chosen for sparsity alone, so there is no exchange for stability. Quasi-definite matrices,
 *
 *     [ H   Bᵀ ]
 *     [ B  -C  ],   H and C positive definite,
 *
 * have such factors in every order, and interior-point methods ask for these. Of other matrices pivots can vanish: one
 * that is too small for its sign is replaced, and `refine` mends the solution.
 *
 * Sources: Vanderbei, Symmetric quasidefinite matrices (1995), theorem 2.1; Gill, Saunders and Shinnerl, On the
 * stability of Cholesky factorization for symmetric quasidefinite systems (1996).
 *
 * @module
 */
import { DomainError, normInf, SingularMatrixError, type SparseMatrix, type Vector } from "../../core/mod.ts";
import { checkLength } from "../matrices/checks.ts";
import type { Inertia } from "../factorizations/ldlt.ts";
import { eliminateByFronts } from "./multifrontal.ts";
import { SparseSymmetricFactorization } from "./sparse_symmetric.ts";
import { planFor, type SymmetricAnalysis } from "./symmetric_analysis.ts";

/** What `sparseLdlt` is told. */
export interface SparseLdltOptions {
  /** The analysis of this pattern by `analyzeSymmetric`, if there is one already. */
  readonly analysis?: SymmetricAnalysis;
  /** The sign, 1 or -1, that the pivot of each row should have; by default the one it has. */
  readonly signs?: Vector;
  /** Pivots with `sign d < regularization` become `sign regularization`. Default 0: none is replaced. */
  readonly regularization?: number;
}

/** The factors of `P A Pᵀ = L D Lᵀ`. */
export class SparseLdlt extends SparseSymmetricFactorization {
  /** The index of the first pivot that is zero, or that overflowed, or -1. From there on nothing was eliminated. */
  readonly zeroPivot: number;
  /** The number of pivots that were replaced. */
  readonly regularized: number;
  /** `max |lᵢⱼ² dⱼ| / max |aᵢⱼ|`: the error of the factors is this times the rounding unit, about. */
  readonly growth: number;

  /**
   * From factors.
   *
   * @param plan The plan of the elimination.
   * @param l L by blocks.
   * @param d The diagonal of D.
   * @param made What became of the pivots.
   */
  constructor(
    plan: SymmetricAnalysis,
    l: Vector,
    d: Vector,
    made: Pick<SparseLdlt, "zeroPivot" | "regularized" | "growth">,
  ) {
    super(plan, l, d);
    this.zeroPivot = made.zeroPivot;
    this.regularized = made.regularized;
    this.growth = made.growth;
  }

  /** Refuses to go on with a zero pivot, which says nothing about the rank: there were no exchanges. */
  protected override refuseSingular(verb: string): void {
    if (this.zeroPivot < 0) return;
    throw new SingularMatrixError(
      `Cannot ${verb}: expected pivots other than zero in the order of elimination, got one at index ${this.zeroPivot}; ` +
        "give signs and a regularization, or use sparseLu",
      this.zeroPivot,
    );
  }

  /**
   * The numbers of positive, negative and zero eigenvalues of A, with the replaced pivots: those of D, by Sylvester's
   * law. With a zero pivot they are those found before it, the rest counts as zero.
   */
  get inertia(): Inertia {
    let positive = 0, negative = 0;
    for (const pivot of this.d) {
      if (pivot > 0) positive++;
      else if (pivot < 0) negative++;
    }
    return { positive, negative, zero: this.rows - positive - negative };
  }
}

/**
 * Factors a sparse symmetric matrix, `P A Pᵀ = L D Lᵀ`, without exchanges: for quasi-definite matrices, and for others
 * with regularization. Of two entries that rounding made different the lower one counts. Where elimination meets a zero
 * pivot, `zeroPivot` says so and solving throws.
 *
 * @throws {ShapeError} When `A` is not square, or there are not n signs.
 * @throws {DomainError} When `A` is not symmetric up to `1e-8 max |aᵢⱼ|`, has another pattern than was analyzed, or a
 * sign is not 1 or -1, or the regularization is negative or not finite.
 *
 * @example The optimality conditions of a quadratic program: minimize `|x|² / 2` where `x₁ + x₂ = 2`
 * ```ts
 * import { fromTriplets, refine, sparseLdlt } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const K = fromTriplets(3, 3, [0, 1, 2, 2, 0, 1], [0, 1, 0, 1, 2, 2], [1, 1, 1, 1, 1, 1]), b = Float64Array.of(0, 0, 2);
 * const factors = sparseLdlt(K, { signs: Float64Array.of(1, 1, -1), regularization: 1e-8 });
 * const x = factors.solve(b);
 * refine(K, factors, b, x);
 * x.forEach((entry, i) => assertAlmostEquals(entry, [1, 1, -1][i], 1e-15));
 * assertEquals(factors.inertia, { positive: 2, negative: 1, zero: 0 });
 * ```
 */
export function sparseLdlt(A: SparseMatrix, options: SparseLdltOptions = {}): SparseLdlt {
  const verb = "factor a sparse symmetric matrix", { signs, regularization = 0 } = options;
  if (!(regularization >= 0 && regularization < Infinity)) {
    throw new DomainError(`Cannot ${verb}: expected a finite regularization from 0 on, got ${regularization}`);
  }
  if (signs) {
    checkLength(verb, "signs", signs, A.rows);
    const at = signs.findIndex((sign) => sign !== 1 && sign !== -1);
    if (at >= 0) throw new DomainError(`Cannot ${verb}: expected signs of 1 or -1, got ${signs[at]} at ${at}`);
  }
  const { plan, values } = planFor(verb, A, options.analysis), { permutation } = plan;
  let regularized = 0;
  const { l, d, refused } = eliminateByFronts(plan, values, (pivot, k) => {
    const sign = signs ? signs[permutation[k]] : pivot < 0 ? -1 : 1;
    if (sign * pivot < regularization) {
      regularized++;
      return sign * regularization;
    }
    return pivot === 0 || pivot - pivot !== 0 ? NaN : pivot;
  }, options.analysis !== undefined);
  if (refused >= 0) d.fill(0, refused);
  return new SparseLdlt(plan, l, d, { zeroPivot: refused, regularized, growth: growthOf(plan, l, d, values) });
}

function growthOf(
  { blocks: { starts, rowStarts }, blockStarts }: SymmetricAnalysis,
  l: Vector,
  d: Vector,
  a: Vector,
): number {
  const before = normInf(a);
  let after = normInf(d);
  for (let s = 0; s + 1 < starts.length; s++) {
    const first = starts[s], columns = starts[s + 1] - first, order = rowStarts[s + 1] - rowStarts[s];
    for (let i = 0, k = blockStarts[s]; i < order; i++, k += columns) {
      for (let j = 0, end = Math.min(i, columns); j < end; j++) {
        after = Math.max(after, Math.abs(l[k + j] * l[k + j] * d[first + j]));
      }
    }
  }
  return before === 0 ? 1 : after / before;
}
