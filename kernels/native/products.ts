/**
 * BLAS on row-major blocks, without copies: an array, the offset of a block's first entry, the distance between its
 * rows.
 *
 * @module
 */
import { ShapeError } from "../../lib/core/mod.ts";
import type { Backend, Triangular, Vector, VectorProducts } from "../../lib/linalg/mod.ts";
import { from } from "./arguments.ts";
import type { Library } from "./library.ts";

/** CBLAS's words. */
const rowMajor = 101, plain = 111, transposed = 112, upper = 121, lower = 122, nonUnit = 131, unit = 132;
const left = 141, right = 142;

/** The order up to which half a product is computed whole. */
const HALF = 32;

/** The products and triangular operations of a backend. */
export type Products = Pick<
  Backend,
  "gemm" | "gemmLower" | "solveFromLeft" | "solveFromRight" | "multiplyFromLeft" | "multiplyFromRight"
>;

/** Products of matrices, by dgemm and dsyrk; triangular operations, by dtrsm and dtrmm. */
export function products(library: Library): Products {
  const gemm: Backend["gemm"] = (ta, tb, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc) => {
    if (m === 0 || n === 0) return;
    const f = library.functions, A = from(a, aOffset), B = from(b, bOffset), C = from(c, cOffset);
    const opA = ta ? transposed : plain, opB = tb ? transposed : plain;
    if (n === 1 && k > 0) { // dgemm would copy all of A
      f.cblas_dgemv(rowMajor, opA, ta ? k : m, ta ? m : k, alpha, A, lda, B, tb ? 1 : ldb, beta, C, ldc);
    } else if (m === 1 && k > 0) {
      const op = tb ? plain : transposed;
      f.cblas_dgemv(rowMajor, op, tb ? n : k, tb ? k : n, alpha, B, ldb, A, ta ? lda : 1, beta, C, 1);
    } else {
      f.cblas_dgemm(rowMajor, opA, opB, m, n, k, alpha, A, Math.max(1, lda), B, Math.max(1, ldb), beta, C, ldc);
    }
  };
  const corner = new Float64Array(HALF * HALF);
  const gemmLower: Backend["gemmLower"] = (
    ta,
    tb,
    n,
    k,
    alpha,
    a,
    aOffset,
    lda,
    b,
    bOffset,
    ldb,
    beta,
    c,
    cOffset,
    ldc,
  ) => {
    if (n === 0) return;
    if (a === b && aOffset === bOffset && lda === ldb && ta !== tb) {
      const op = ta ? transposed : plain, x = from(a, aOffset), ld = Math.max(1, lda);
      library.functions.cblas_dsyrk(rowMajor, lower, op, n, k, alpha, x, ld, beta, from(c, cOffset), ldc);
    } else if (n <= HALF) {
      gemm(ta, tb, n, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, 0, corner, 0, n);
      for (let i = 0; i < n; i++) {
        const row = cOffset + i * ldc;
        if (beta === 0) { for (let j = 0; j <= i; j++) c[row + j] = corner[i * n + j]; }
        else for (let j = 0; j <= i; j++) c[row + j] = beta * c[row + j] + corner[i * n + j];
      }
    } else { // two halves of the diagonal, and the block below
      const h = n >> 1, x = aOffset + (ta ? h : h * lda), y = bOffset + (tb ? h * ldb : h), z = cOffset + h * ldc;
      gemmLower(ta, tb, h, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc);
      gemm(ta, tb, n - h, h, k, alpha, a, x, lda, b, bOffset, ldb, beta, c, z, ldc);
      gemmLower(ta, tb, n - h, k, alpha, a, x, lda, b, y, ldb, beta, c, z + h, ldc);
    }
  };
  const triangular =
    (name: "cblas_dtrsm" | "cblas_dtrmm", side: number): Triangular =>
    (isLower, transpose, isUnit, m, n, t, tOffset, ldt, b, bOffset, ldb) => {
      if (m === 0 || n === 0) return;
      const half = isLower ? lower : upper, op = transpose ? transposed : plain, diagonal = isUnit ? unit : nonUnit;
      const x = from(t, tOffset), y = from(b, bOffset), { functions } = library;
      if (name === "cblas_dtrsm" && side === left && n === 1) {
        functions.cblas_dtrsv(rowMajor, half, op, diagonal, m, x, ldt, y, ldb);
      } else functions[name](rowMajor, side, half, op, diagonal, m, n, 1, x, ldt, y, ldb);
    };
  return {
    gemm,
    gemmLower,
    solveFromLeft: triangular("cblas_dtrsm", left),
    solveFromRight: triangular("cblas_dtrsm", right),
    multiplyFromLeft: triangular("cblas_dtrmm", left),
    multiplyFromRight: triangular("cblas_dtrmm", right),
  };
}

/** Products with vectors, by dgemv and dsymv. */
export function vectorProducts(library: Library): VectorProducts {
  const product = (op: number): VectorProducts["addProduct"] => (m, n, a, aOffset, lda, x, xOffset, y, yOffset) => {
    if (m === 0 || n === 0) return;
    const A = from(a, aOffset);
    library.functions.cblas_dgemv(rowMajor, op, m, n, 1, A, lda, from(x, xOffset), 1, 1, from(y, yOffset), 1);
  };
  return {
    addProduct: product(plain),
    addTransposedProduct: product(transposed),
    addSymmetricProduct: (n, a, aOffset, lda, x, xOffset, y, yOffset) => {
      if (n === 0) return;
      const A = from(a, aOffset);
      library.functions.cblas_dsymv(rowMajor, lower, n, 1, A, lda, from(x, xOffset), 1, 1, from(y, yOffset), 1);
    },
  };
}

/** Operations with vectors, straight to BLAS: for long ones, from about 32 entries on. */
export interface VectorOperations {
  /**
   * `x · y`.
   *
   * @throws {ShapeError} When the lengths differ.
   */
  readonly dot: (x: Vector, y: Vector) => number;
  /** `|x|₂`. */
  readonly nrm2: (x: Vector) => number;
  /**
   * `y ← y + α x`.
   *
   * @throws {ShapeError} When the lengths differ.
   */
  readonly axpy: (alpha: number, x: Vector, y: Vector) => void;
  /** `x ← α x`. */
  readonly scal: (alpha: number, x: Vector) => void;
}

/** Operations with vectors, by ddot, dnrm2, daxpy and dscal. */
export function vectorOperations(library: Library): VectorOperations {
  return {
    dot: (x, y) => library.functions.cblas_ddot(common("multiply vectors", x, y), x, 1, y, 1),
    nrm2: (x) => library.functions.cblas_dnrm2(x.length, x, 1),
    axpy: (alpha, x, y) => library.functions.cblas_daxpy(common("add vectors", x, y), alpha, x, 1, y, 1),
    scal: (alpha, x) => library.functions.cblas_dscal(x.length, alpha, x, 1),
  };
}

/** The length of two vectors. */
function common(verb: string, x: Vector, y: Vector): number {
  if (x.length === y.length) return x.length;
  throw new ShapeError(`Cannot ${verb}: expected vectors of one length, got ${x.length} and ${y.length} entries`);
}
