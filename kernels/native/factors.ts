/**
 * LAPACK's factors of row-major blocks.
 *
 * A row-major matrix is to LAPACK, which goes by columns, its transpose. A lower triangle is an upper one then, and an
 * LQ factorization of Aᵀ is a QR factorization of A, its reflectors where they belong. Only elimination with exchanges
 * of rows needs a transposed copy.
 *
 * @module
 */
import { type Backend, transposeBlock } from "../../lib/linalg/mod.ts";
import { character, from, Integer, type Scratch } from "./arguments.ts";
import type { Library } from "./library.ts";

const upper = character("U"), left = character("L"), right = character("R");
const plain = character("N"), transposed = character("T");

/** The widest panels that LAPACK has, for its work space; and what it stores of a block of reflectors. */
const PANEL = 64, BLOCK = 65 * 64;

/** The factorizations of a backend. */
export type Factors = Pick<Backend, "cholesky" | "lu" | "qr" | "applyQ" | "formQ">;

/** Factors by dpotrf, dgetrf and dgelqf; Q by dormlq and dorglq. */
export function factors(library: Library, scratch: Scratch): Factors {
  const M = new Integer(), N = new Integer(), K = new Integer(), LDA = new Integer(), LDC = new Integer();
  const LWORK = new Integer(), info = new Integer().at;
  return {
    cholesky: (n, a, aOffset, lda) => {
      if (n === 0) return -1;
      library.functions.dpotrf_(upper, N.of(n), from(a, aOffset), LDA.of(lda), info, 1n);
      for (let i = 0; i < n; i++) a.fill(0, aOffset + i * lda + i + 1, aOffset + i * lda + n);
      let minor = info[0] - 1;
      for (let i = 0; i < n && minor < 0; i++) if (Number.isNaN(a[aOffset + i * (lda + 1)])) minor = i;
      return minor;
    },
    lu: (m, n, a, aOffset, lda, swaps) => {
      if (m === 0 || n === 0) return -1;
      const t = scratch.reals(m * n);
      transposeBlock(m, n, a, aOffset, lda, t, 0, m);
      library.functions.dgetrf_(M.of(m), N.of(n), t, M.at, swaps, info);
      transposeBlock(n, m, t, 0, m, a, aOffset, lda);
      for (let k = 0; k < Math.min(m, n); k++) swaps[k]--;
      return info[0] - 1;
    },
    qr: (m, n, a, aOffset, lda, tau) => {
      if (m === 0 || n === 0) return;
      const count = n * PANEL, work = scratch.reals(count);
      library.functions.dgelqf_(
        N.of(n),
        M.of(m),
        from(a, aOffset),
        LDA.of(lda),
        tau,
        work,
        LWORK.of(count),
        info,
      );
    },
    applyQ: (onLeft, transpose, m, n, p, a, aOffset, lda, tau, c, cOffset, ldc) => {
      if (m === 0 || n === 0 || p === 0) return;
      const count = n * PANEL + BLOCK, work = scratch.reals(count), rows = onLeft ? n : m, columns = onLeft ? m : n;
      library.functions.dormlq_(
        onLeft ? right : left,
        transpose ? transposed : plain,
        M.of(rows),
        N.of(columns),
        K.of(p),
        from(a, aOffset),
        LDA.of(lda),
        tau,
        from(c, cOffset),
        LDC.of(ldc),
        work,
        LWORK.of(count),
        info,
        1n,
        1n,
      );
    },
    formQ: (m, n, p, a, aOffset, lda, tau, c, cOffset, ldc) => {
      if (m === 0 || n === 0) return;
      for (let i = 1; i < m; i++) {
        const row = aOffset + i * lda;
        c.set(a.subarray(row, row + Math.min(i, p)), cOffset + i * ldc);
      }
      const count = n * PANEL, work = scratch.reals(count), C = from(c, cOffset);
      library.functions.dorglq_(N.of(n), M.of(m), K.of(p), C, LDC.of(ldc), tau, work, LWORK.of(count), info);
    },
  };
}
