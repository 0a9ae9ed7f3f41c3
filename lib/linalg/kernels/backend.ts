/**
 * What computes: a backend is one implementation of the kernels under dense linear algebra.
 *
 * A block of a row-major array is given by the array, the offset of its first entry, and the distance `ld…` between its
 * rows. The blocks that a kernel writes overlap none that it reads, unless it works in place. Kernels check nothing:
 * the functions of this room that are made of them do.
 *
 * @module
 */
import type { Drivers } from "./drivers.ts";
import type { Resident } from "./resident.ts";

/** The kernels. */
export interface Backend {
  /** As in `wasm`. */
  readonly name: string;
  /** What it runs on, as in `SIMD, fused multiply-add`. */
  readonly variant: string;
  /** `C ← α op(A) op(B) + β C`, C m x n, op(A) m x k. C is not read where β is 0, A and B are not where α is 0. */
  readonly gemm: (
    transposeA: boolean,
    transposeB: boolean,
    m: number,
    n: number,
    k: number,
    alpha: number,
    a: Float64Array,
    aOffset: number,
    lda: number,
    b: Float64Array,
    bOffset: number,
    ldb: number,
    beta: number,
    c: Float64Array,
    cOffset: number,
    ldc: number,
  ) => void;
  /** The same for the lower triangle of a square C of order n alone; nothing above the diagonal is touched. */
  readonly gemmLower: (
    transposeA: boolean,
    transposeB: boolean,
    n: number,
    k: number,
    alpha: number,
    a: Float64Array,
    aOffset: number,
    lda: number,
    b: Float64Array,
    bOffset: number,
    ldb: number,
    beta: number,
    c: Float64Array,
    cOffset: number,
    ldc: number,
  ) => void;
  /** `B ← op(T)⁻¹ B`; T is m x m, B m x n. */
  readonly solveFromLeft: Triangular;
  /** `B ← B op(T)⁻¹`; T is n x n, B m x n. */
  readonly solveFromRight: Triangular;
  /** `B ← op(T) B`; T is m x m, B m x n. */
  readonly multiplyFromLeft: Triangular;
  /** `B ← B op(T)`; T is n x n, B m x n. */
  readonly multiplyFromRight: Triangular;
  /**
   * `A = L Lᵀ` for a symmetric A of order n of which the lower triangle is read: L is written over it, zeros above.
   * Returns -1, or the first k for which the leading minor of order k + 1 is not positive; A is then spoilt.
   */
  readonly cholesky: (n: number, a: Float64Array, aOffset: number, lda: number) => number;
  /**
   * `P A = L U` with partial pivoting, A m x n: writes U and below it the unit lower L over A; for each k < min(m, n)
   * row k was exchanged with row `swaps[k]`, in this order. Returns -1, or the index of the first pivot that is zero.
   */
  readonly lu: (m: number, n: number, a: Float64Array, aOffset: number, lda: number, swaps: Int32Array) => number;
  /**
   * `A = Q R`, A m x n: writes R over the upper triangle, and below it the vectors v of the reflectors `I - τ v vᵀ`
   * without their first entry, 1; their factors, min(m, n), go to `tau`. Q is the product of the reflectors in order.
   */
  readonly qr: (m: number, n: number, a: Float64Array, aOffset: number, lda: number, tau: Float64Array) => void;
  /**
   * `C ← op(Q) C` (`left`, C m x n) or `C ← C op(Q)` (C n x m), for the first p reflectors, of m entries each, that
   * `qr` left in A and `tau`.
   */
  readonly applyQ: (
    left: boolean,
    transpose: boolean,
    m: number,
    n: number,
    p: number,
    a: Float64Array,
    aOffset: number,
    lda: number,
    tau: Float64Array,
    c: Float64Array,
    cOffset: number,
    ldc: number,
  ) => void;
  /** The first n columns of Q, m x n with p <= n <= m, from the first p reflectors in A and `tau`. */
  readonly formQ: (
    m: number,
    n: number,
    p: number,
    a: Float64Array,
    aOffset: number,
    lda: number,
    tau: Float64Array,
    c: Float64Array,
    cOffset: number,
    ldc: number,
  ) => void;
  /** Products with single vectors, where the backend is faster at them than loops. */
  readonly vectorProducts?: VectorProducts;
  /** Methods of its own for whole problems, where the backend has such. */
  readonly drivers?: Drivers;
  /** Vectors of these lengths in a memory of their own, where the backend has kernels that work there. */
  readonly resident?: (lengths: readonly number[]) => Resident;
}

/**
 * An operation with a triangular matrix on a matrix B, in place. `lower` says which half of T, as stored, is read; a
 * `unit` triangle has ones on its diagonal, which is not read.
 */
export type Triangular = (
  lower: boolean,
  transpose: boolean,
  unit: boolean,
  m: number,
  n: number,
  t: Float64Array,
  tOffset: number,
  ldt: number,
  b: Float64Array,
  bOffset: number,
  ldb: number,
) => void;

/** Products of blocks with single vectors; of a vector the array and the offset of its first entry are given. */
export interface VectorProducts {
  /** `y ← y + A x`, A m x n. */
  readonly addProduct: VectorProduct;
  /** `y ← y + Aᵀ x`, A m x n. */
  readonly addTransposedProduct: VectorProduct;
  /** `y ← y + A x` for a symmetric A of order n of which the lower triangle is read. */
  readonly addSymmetricProduct: (
    n: number,
    a: Float64Array,
    aOffset: number,
    lda: number,
    x: Float64Array,
    xOffset: number,
    y: Float64Array,
    yOffset: number,
  ) => void;
}

/** Adds the product of a block of m x n entries, or its transpose, with a vector x to a vector y. */
export type VectorProduct = (
  m: number,
  n: number,
  a: Float64Array,
  aOffset: number,
  lda: number,
  x: Float64Array,
  xOffset: number,
  y: Float64Array,
  yOffset: number,
) => void;
