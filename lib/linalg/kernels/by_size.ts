/**
 * A backend that leaves to loops what is too small for kernels that copy, and splits what is too large for their
 * memory.
 *
 * @module
 */
import type { Backend, Triangular } from "./backend.ts";

/** From where on a call of large kernels is worth it. */
export interface Thresholds {
  /** Multiplications of a product. */
  readonly product: number;
  /** Multiplications of half a product, as if it were whole. */
  readonly lowerProduct: number;
  /** Multiplications of an operation with a triangle, as if it were full. */
  readonly triangle: number;
  /** Multiplications of an application of reflectors. */
  readonly application: number;
  /** Entries of a matrix for Cholesky's factorization. */
  readonly cholesky: number;
  /** Entries of a matrix for elimination. */
  readonly lu: number;
  /** Entries of a matrix for orthogonal factors. */
  readonly qr: number;
  /** A matrix with more entries than this that meets a single vector is not worth its copy. */
  readonly once: number;
  /** The most entries of the three matrices of a product; larger ones are split. */
  readonly most: number;
}

/** Measured: where kernels that copy are faster than loops in spite of their 0.15 µs a call; a memory below 0.5 GB. */
const copying: Thresholds = {
  product: 200,
  lowerProduct: 400,
  triangle: 256,
  application: 400,
  cholesky: 200,
  lu: 100,
  qr: 120,
  once: 4e5,
  most: 2 ** 26,
};

/** The kernels of `large`, where they pay, otherwise those of `small`. */
export function bySize(large: Backend, small: Backend, thresholds: Partial<Thresholds> = {}): Backend {
  const limits = { ...copying, ...thresholds }, { most, once: largest } = limits;
  return {
    ...large,
    gemm: function gemm(ta, tb, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc): void {
      const entries = m * k + k * n + m * n, once = m === 1 || n === 1;
      if (m * n * k < limits.product || once && entries > largest) {
        small.gemm(ta, tb, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc);
      } else if (entries <= most) {
        large.gemm(ta, tb, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc);
      } else {
        halves(m, n, k, beta, (i, j, p, rows, columns, depth, onC) => {
          const x = aOffset + (ta ? p * lda + i : i * lda + p), y = bOffset + (tb ? j * ldb + p : p * ldb + j);
          gemm(ta, tb, rows, columns, depth, alpha, a, x, lda, b, y, ldb, onC, c, cOffset + i * ldc + j, ldc);
        });
      }
    },
    gemmLower: (ta, tb, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc) => {
      const { gemmLower } = n * n * k < limits.lowerProduct ? small : large;
      gemmLower(ta, tb, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc);
    },
    solveFromLeft: triangular(true, large.solveFromLeft, small.solveFromLeft, limits),
    solveFromRight: triangular(false, large.solveFromRight, small.solveFromRight, limits),
    multiplyFromLeft: triangular(true, large.multiplyFromLeft, small.multiplyFromLeft, limits),
    multiplyFromRight: triangular(false, large.multiplyFromRight, small.multiplyFromRight, limits),
    cholesky: (n, a, aOffset, lda) => (n * n < limits.cholesky ? small : large).cholesky(n, a, aOffset, lda),
    lu: (m, n, a, aOffset, lda, swaps) => (m * n < limits.lu ? small : large).lu(m, n, a, aOffset, lda, swaps),
    qr: (m, n, a, aOffset, lda, tau) => (m * n < limits.qr ? small : large).qr(m, n, a, aOffset, lda, tau),
    applyQ: (left, transpose, m, n, p, a, aOffset, lda, tau, c, cOffset, ldc) => {
      const { applyQ } = n === 1 || m * n * p < limits.application ? small : large;
      applyQ(left, transpose, m, n, p, a, aOffset, lda, tau, c, cOffset, ldc);
    },
    formQ: (m, n, p, a, aOffset, lda, tau, c, cOffset, ldc) => {
      (m * n < limits.qr ? small : large).formQ(m, n, p, a, aOffset, lda, tau, c, cOffset, ldc);
    },
  };
}

function triangular(left: boolean, kernel: Triangular, loops: Triangular, limits: Thresholds): Triangular {
  return (lower, transpose, unit, m, n, t, tOffset, ldt, b, bOffset, ldb) => {
    const order = left ? m : n, count = left ? n : m;
    const pays = order * order * count >= limits.triangle && !(count === 1 && order * order > limits.once);
    (pays ? kernel : loops)(lower, transpose, unit, m, n, t, tOffset, ldt, b, bOffset, ldb);
  };
}

/** Splits the longest side of a product; `part` takes the corner and the lengths of a piece, and β for its C. */
function halves(
  m: number,
  n: number,
  k: number,
  beta: number,
  part: (i: number, j: number, p: number, rows: number, columns: number, depth: number, beta: number) => void,
): void {
  if (m >= n && m >= k) {
    const h = m >> 1;
    part(0, 0, 0, h, n, k, beta);
    part(h, 0, 0, m - h, n, k, beta);
  } else if (n >= k) {
    const h = n >> 1;
    part(0, 0, 0, m, h, k, beta);
    part(0, h, 0, m, n - h, k, beta);
  } else {
    const h = k >> 1;
    part(0, 0, 0, m, n, h, beta);
    part(0, 0, h, m, n, k - h, 1);
  }
}
