/**
 * A backend that leaves to loops what is too small for kernels that copy, and splits what is too large for their memory.
 *
 * @module
 */
import type { Backend, Triangular } from "./backend.ts";

/** Measured: from so many multiplications on a call is faster than loops, in spite of its 0.15 µs and its copies. */
const PRODUCT = 200, LOWER_PRODUCT = 400, SOLVE = 256, APPLICATION = 400;

/** The same in entries of a matrix to factor. */
const CHOLESKY = 200, LU = 100, QR = 120;

/** A matrix with more entries than this that meets a single vector is not worth its copy. */
const ONCE = 4e5;

/** Entries of the three matrices of a product; so the memory of the kernels stays below half a gigabyte. */
const MOST = 2 ** 26;

/** The kernels of `large`, where they pay, otherwise those of `small`. */
export function bySize(large: Backend, small: Backend, most: number = MOST): Backend {
  return {
    ...large,
    gemm: function gemm(ta, tb, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc): void {
      const entries = m * k + k * n + m * n, once = m === 1 || n === 1;
      if (m * n * k < PRODUCT || once && entries > ONCE) {
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
      const { gemmLower } = n * n * k < LOWER_PRODUCT ? small : large;
      gemmLower(ta, tb, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc);
    },
    solveFromLeft: triangular(true, large.solveFromLeft, small.solveFromLeft),
    solveFromRight: triangular(false, large.solveFromRight, small.solveFromRight),
    multiplyFromLeft: triangular(true, large.multiplyFromLeft, small.multiplyFromLeft),
    multiplyFromRight: triangular(false, large.multiplyFromRight, small.multiplyFromRight),
    cholesky: (n, a, aOffset, lda) => (n * n < CHOLESKY ? small : large).cholesky(n, a, aOffset, lda),
    lu: (m, n, a, aOffset, lda, swaps) => (m * n < LU ? small : large).lu(m, n, a, aOffset, lda, swaps),
    qr: (m, n, a, aOffset, lda, tau) => (m * n < QR ? small : large).qr(m, n, a, aOffset, lda, tau),
    applyQ: (left, transpose, m, n, p, a, aOffset, lda, tau, c, cOffset, ldc) => {
      const { applyQ } = n === 1 || m * n * p < APPLICATION ? small : large;
      applyQ(left, transpose, m, n, p, a, aOffset, lda, tau, c, cOffset, ldc);
    },
    formQ: (m, n, p, a, aOffset, lda, tau, c, cOffset, ldc) => {
      (m * n < QR ? small : large).formQ(m, n, p, a, aOffset, lda, tau, c, cOffset, ldc);
    },
  };
}

function triangular(left: boolean, kernel: Triangular, loops: Triangular): Triangular {
  return (lower, transpose, unit, m, n, t, tOffset, ldt, b, bOffset, ldb) => {
    const order = left ? m : n, count = left ? n : m;
    const pays = order * order * count >= SOLVE && !(count === 1 && order * order > ONCE);
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
