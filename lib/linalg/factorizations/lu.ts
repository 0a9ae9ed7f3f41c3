/**
 * Gaussian elimination with partial pivoting: `P A = L U`, with a permutation P, L unit lower and U upper triangular.
 *
 * For a few matrices partial pivoting lets entries grow by up to `2ⁿ⁻¹`, and errors with them. When that happens
 * elimination starts again with complete pivoting, `P A Q = L U`: hence the backward error is always a few rounding
 * units.
 *
 * Source: Golub and Van Loan, Matrix Computations (4th edition, 2013), section 3.4.
 *
 * @module
 */
import type { Matrix, Vector } from "../../core/mod.ts";
import { Factorization } from "./factorization.ts";
import { eliminateSafely, type Elimination, solveEliminated } from "./elimination.ts";
import { magnitudeOf } from "../matrices/magnitude.ts";
import { matrix } from "../matrices/matrix.ts";
import { permutationOf } from "../matrices/permutation.ts";

/** The factors of `P A Q = L U`; Q is the identity but for matrices that make partial pivoting fail. */
export class Lu extends Factorization {
  readonly #norm1: number;
  readonly #elimination: Elimination;
  /** The index of the first zero on the diagonal of U, or -1. */
  readonly zeroPivot: number;
  /** The growth factor `max |uᵢⱼ| / max |aᵢⱼ|`, by which the backward error of solutions may exceed a rounding unit. */
  readonly growth: number;

  /**
   * What elimination made of A.
   *
   * @param size The order of A.
   * @param norm1 `|A|₁`.
   * @param elimination What became of it.
   * @param growth `max |uᵢⱼ| / max |aᵢⱼ|`.
   */
  constructor(size: number, norm1: number, elimination: Elimination, growth: number) {
    super(size, size);
    this.#norm1 = norm1;
    this.#elimination = elimination;
    this.zeroPivot = elimination.zeroPivot;
    this.growth = growth;
  }

  /** The unit lower triangle L. */
  get L(): Matrix {
    return triangle(this.rows, this.#elimination.factors, true);
  }

  /** The upper triangle U. */
  get U(): Matrix {
    return triangle(this.rows, this.#elimination.factors, false);
  }

  /** The permutation P: row i of `P A Q` is row `permutation[i]` of `A Q`. */
  get permutation(): Int32Array {
    return permutationOf(this.rows, this.#elimination.swaps);
  }

  /** The permutation Q: column j of `P A Q` is column `columnPermutation[j]` of `P A`. */
  get columnPermutation(): Int32Array {
    return permutationOf(this.rows, this.#elimination.columnSwaps);
  }

  /** By substitution with both triangles. */
  protected override solveInto(b: Vector, columns: number, transposed: boolean, x: Vector): void {
    if (x !== b) x.set(b);
    solveEliminated(this.rows, this.#elimination, x, columns, transposed);
  }

  /** `|A|₁`. */
  protected override norm1(): number {
    return this.#norm1;
  }

  /** Visits the pivots, with the signs of permutations. */
  protected override pivots(visit: (pivot: number) => void): void {
    const { factors, swaps, columnSwaps } = this.#elimination;
    swaps.forEach((q, k) => {
      const odd = (q !== k) !== (columnSwaps !== undefined && columnSwaps[k] !== k),
        pivot = factors[k * (this.rows + 1)];
      visit(odd ? -pivot : pivot);
    });
  }
}

function triangle(n: number, a: Vector, lower: boolean): Matrix {
  const T = matrix(n, n);
  for (let i = 0; i < n; i++) {
    if (lower) {
      T.data.set(a.subarray(i * n, i * n + i), i * n);
      T.data[i * (n + 1)] = 1;
    } else T.data.set(a.subarray(i * (n + 1), (i + 1) * n), i * (n + 1));
  }
  return T;
}

/**
 * Factors a square matrix, `P A Q = L U`. A singular one has factors too; then `zeroPivot` says so and solving throws.
 *
 * @throws {ShapeError} When `A` is not square.
 * @throws {DomainError} When an entry is not finite, or so large that elimination overflows.
 *
 * @example Solve, determinant, condition
 * ```ts
 * import { lu, matrix } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const factors = lu(matrix([[0, 2], [1, 4]]));
 * assertEquals(factors.solve(Float64Array.of(2, 5)), Float64Array.of(1, 1));
 * assertEquals(factors.determinant(), -2);
 * assertAlmostEquals(factors.reciprocalCondition(), 1 / 15);
 * ```
 */
export function lu(A: Matrix): Lu {
  const verb = "factor a matrix by LU", { largest, norm1 } = magnitudeOf(verb, A);
  const { elimination, growth } = eliminateSafely(verb, A.rows, A.data, largest, new Float64Array(A.data.length));
  return new Lu(A.rows, norm1, elimination, growth);
}
