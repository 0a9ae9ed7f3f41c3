/**
 * The symmetric indefinite factorization with Bunch and Kaufman's pivoting: `P A Pᵀ = L D Lᵀ`, L unit lower triangular,
 * D with blocks of order one and two on its diagonal.
 *
 * Source: Bunch and Kaufman, Some stable methods for calculating inertia and solving symmetric linear systems (1977),
 * algorithm A.
 *
 * @module
 */
import { DomainError, type Matrix, normInf, type Vector } from "../../core/mod.ts";
import { eliminateSymmetric, type SymmetricElimination } from "./bunch_kaufman.ts";
import { Factorization } from "./factorization.ts";
import { driver } from "../kernels/mod.ts";
import { solveFromLeft } from "../matrices/level3.ts";
import { matrix } from "../matrices/matrix.ts";
import { permuted } from "../matrices/permutation.ts";
import { substitute } from "../matrices/substitution.ts";
import { checkSymmetric } from "../matrices/symmetric.ts";

/** How many eigenvalues of a symmetric matrix are positive, negative and zero. */
export interface Inertia {
  /** The number of positive eigenvalues. */
  readonly positive: number;
  /** The number of negative eigenvalues. */
  readonly negative: number;
  /** The number of zero eigenvalues. */
  readonly zero: number;
}

/** The factors of `P A Pᵀ = L D Lᵀ`. */
export class Ldlt extends Factorization {
  readonly #norm1: number;
  readonly #factors: Vector;
  readonly #diagonal: Vector;
  readonly #below: Vector;
  /** Room for a single right-hand side. */
  #room: Vector | undefined;
  /** Row i of `P A` is row `permutation[i]` of A. */
  readonly permutation: Int32Array;
  /** The index of the first block of D that is zero, or -1. */
  readonly zeroPivot: number;

  /**
   * What elimination made of a matrix.
   *
   * @param norm1 `|A|₁`.
   * @param elimination What became of the matrix.
   */
  constructor(norm1: number, elimination: SymmetricElimination) {
    super(elimination.diagonal.length, elimination.diagonal.length);
    this.#norm1 = norm1;
    this.#factors = elimination.factors;
    this.#diagonal = elimination.diagonal;
    this.#below = elimination.below;
    this.permutation = elimination.permutation;
    this.zeroPivot = this.#diagonal.findIndex((d, k) => d === 0 && this.#order(k) === 1);
  }

  /** The order of the block of D that begins in row k; 0 in the second row of a block. */
  #order(k: number): 0 | 1 | 2 {
    if (k > 0 && this.#below[k - 1] !== 0) return 0;
    return this.#below[k] !== 0 ? 2 : 1;
  }

  /** The unit lower triangle L. */
  get L(): Matrix {
    const n = this.rows, L = matrix(n, n);
    for (let i = 0; i < n; i++) {
      L.data.set(this.#factors.subarray(i * n, i * n + i), i * n);
      L.data[i * (n + 1)] = 1;
    }
    return L;
  }

  /** The block diagonal matrix D. */
  get D(): Matrix {
    const n = this.rows, D = matrix(n, n);
    for (let k = 0; k < n; k++) {
      D.data[k * (n + 1)] = this.#diagonal[k];
      if (k + 1 < n) D.data[k * (n + 1) + 1] = D.data[(k + 1) * (n + 1) - 1] = this.#below[k];
    }
    return D;
  }

  /** The numbers of positive, negative and zero eigenvalues of A: those of D, by Sylvester's law. */
  get inertia(): Inertia {
    let positive = 0, negative = 0, zero = 0;
    this.#diagonal.forEach((d, k) => {
      if (this.#order(k) === 2) { // the pivoting leaves only indefinite blocks
        positive++;
        negative++;
      } else if (this.#order(k) === 1) {
        if (d > 0) positive++;
        else if (d < 0) negative++;
        else zero++;
      }
    });
    return { positive, negative, zero };
  }

  /** By substitution with L and Lᵀ and, between them, with the blocks of D. */
  protected override solveInto(b: Vector, columns: number, _transposed: boolean, out: Vector): void {
    const n = this.rows, l = this.#factors, p = this.permutation;
    if (columns === 1) {
      const x = this.#room ??= new Float64Array(n);
      for (let k = 0; k < n; k++) x[k] = b[p[k]];
      substitute(true, false, true, n, l, 0, n, x, 0);
      for (let k = 0; k < n; k++) this.#solveBlock(k, x, 1);
      substitute(true, true, true, n, l, 0, n, x, 0);
      for (let k = 0; k < n; k++) out[p[k]] = x[k];
      return;
    }
    const x = permuted(b, columns, p, true);
    solveFromLeft(true, false, true, n, columns, l, 0, n, x, 0, columns);
    for (let k = 0; k < n; k++) this.#solveBlock(k, x, columns);
    solveFromLeft(true, true, true, n, columns, l, 0, n, x, 0, columns);
    out.set(permuted(x, columns, p, false));
  }

  #solveBlock(k: number, x: Vector, columns: number): void {
    const order = this.#order(k), p = k * columns, q = p + columns, d = this.#diagonal[k];
    if (order === 1) { for (let c = 0; c < columns; c++) x[p + c] /= d; }
    if (order !== 2) return;
    // divided by the entry beside the diagonal, which is the largest
    const e = this.#below[k], r = d / e, s = this.#diagonal[k + 1] / e, determinant = r * s - 1;
    for (let c = 0; c < columns; c++) {
      const y = x[p + c] / e, z = x[q + c] / e;
      x[p + c] = (s * y - z) / determinant;
      x[q + c] = (r * z - y) / determinant;
    }
  }

  /** `|A|₁`. */
  protected override norm1(): number {
    return this.#norm1;
  }

  /** Visits the blocks of D of order one, and the factors of the determinants of the others. */
  protected override pivots(visit: (pivot: number) => void): void {
    this.#diagonal.forEach((d, k) => {
      const order = this.#order(k), e = this.#below[k];
      if (order === 1) visit(d);
      if (order === 2) [e, (d / e) * (this.#diagonal[k + 1] / e) - 1, e].forEach(visit);
    });
  }
}

/**
 * Factors a symmetric matrix, `P A Pᵀ = L D Lᵀ`, at half the cost of `lu`. Of two entries that rounding made different
 * the lower one counts. A singular matrix has factors too; then `zeroPivot` says so and solving throws.
 *
 * @throws {ShapeError} When `A` is not square.
 * @throws {DomainError} When an entry is not finite, or so large that elimination overflows, or `A` is not symmetric up
 * to `1e-8 max |aᵢⱼ|`.
 *
 * @example An indefinite matrix
 * ```ts
 * import { ldlt, matrix } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const factors = ldlt(matrix([[0, 1], [1, 0]]));
 * assertEquals(factors.solve(Float64Array.of(2, 3)), Float64Array.of(3, 2));
 * assertEquals(factors.inertia, { positive: 1, negative: 1, zero: 0 });
 * ```
 */
export function ldlt(A: Matrix): Ldlt {
  const verb = "factor a matrix by Bunch and Kaufman's method";
  const { largest, norm1 } = checkSymmetric(verb, A);
  const elimination = eliminate(A.rows, A.data.slice());
  if (!Number.isFinite(normInf(elimination.diagonal)) || !Number.isFinite(normInf(elimination.factors))) {
    throw new DomainError(`Cannot ${verb}: expected entries far from overflow, got ${largest}`);
  }
  return new Ldlt(norm1, elimination);
}

function eliminate(n: number, a: Vector): SymmetricElimination {
  const own = driver("ldlt", n);
  if (!own) return eliminateSymmetric(n, a);
  const diagonal = new Float64Array(n), below = new Float64Array(n), permutation = new Int32Array(n);
  own(n, a, diagonal, below, permutation);
  return { factors: a, diagonal, below, permutation };
}
