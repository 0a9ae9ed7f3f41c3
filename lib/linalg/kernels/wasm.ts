/**
 * The backend in WebAssembly. Its kernels work on a memory of their own: a call copies its matrices in and the result
 * out, which costs a few percent where it pays, and leaves small work to plain TypeScript, where it would not.
 *
 * @module
 */
import { Arena, parts, runs, type Variant } from "../../../kernels/wasm/mod.ts";
import type { Backend, Triangular } from "./backend.ts";
import { typescript } from "./typescript/mod.ts";

/** Measured: from so many multiplications on a call is faster than loops, in spite of its 0.15 µs and the copies. */
const PRODUCT = 200, SOLVE = 256, APPLICATION = 400;

/** The same in entries of a matrix to factor. */
const CHOLESKY = 200, LU = 100, QR = 120;

/** A matrix with more entries than this that is used for one vector is not worth its copy. */
const ONCE = 4e5;

/** Products of more entries than this are split: so the memory of the kernels stays below half a gigabyte. */
const MOST = 2 ** 26;

const flag = (b: boolean): 0 | 1 => b ? 1 : 0;

/** The backend for one build of the kernels, or undefined where the engine does not run it. */
export function wasmBackend(build: Variant): Backend | undefined {
  if (!runs(build)) return undefined;
  const arena = new Arena(build);
  const gemm = product(arena);
  return {
    name: "wasm",
    variant: describe(arena),
    gemm,
    gemmLower: lowerProduct(arena),
    solveFromLeft: triangular(arena, true, true, typescript.solveFromLeft),
    solveFromRight: triangular(arena, true, false, typescript.solveFromRight),
    multiplyFromLeft: triangular(arena, false, true, typescript.multiplyFromLeft),
    multiplyFromRight: triangular(arena, false, false, typescript.multiplyFromRight),
    cholesky: (n, a, aOffset, lda) => {
      if (n * n < CHOLESKY) return typescript.cholesky(n, a, aOffset, lda);
      const kernels = arena.open(), x = arena.put(n, n, a, aOffset, lda, true);
      const minor = kernels.cholesky(n, x.address, x.pitch);
      arena.get(n, n, x, a, aOffset, lda);
      for (let i = 0; i < n; i++) a.fill(0, aOffset + i * lda + i + 1, aOffset + i * lda + n);
      return minor - 1;
    },
    lu: (m, n, a, aOffset, lda, swaps) => {
      if (m * n < LU) return typescript.lu(m, n, a, aOffset, lda, swaps);
      const kernels = arena.open(), x = arena.put(m, n, a, aOffset, lda, true), count = Math.min(m, n);
      const p = arena.take(4 * count), zero = kernels.lu(m, n, x.address, x.pitch, p);
      arena.get(m, n, x, a, aOffset, lda);
      arena.getIntegers(p, swaps, count);
      return zero - 1;
    },
    qr: (m, n, a, aOffset, lda, tau) => {
      if (m * n < QR) return typescript.qr(m, n, a, aOffset, lda, tau);
      const kernels = arena.open(), x = arena.put(m, n, a, aOffset, lda, true), count = Math.min(m, n);
      const t = arena.room(1, count), work = arena.take(kernels.qrWork(m, n));
      kernels.qr(m, n, x.address, x.pitch, t.address, work);
      arena.get(m, n, x, a, aOffset, lda);
      arena.get(1, count, t, tau, 0, count);
    },
    applyQ: (left, transpose, m, n, p, a, aOffset, lda, tau, c, cOffset, ldc) => {
      if (n === 1 || m * n * p < APPLICATION) {
        typescript.applyQ(left, transpose, m, n, p, a, aOffset, lda, tau, c, cOffset, ldc);
        return;
      }
      const kernels = arena.open(), x = arena.put(m, p, a, aOffset, lda, true), t = arena.put(1, p, tau, 0, p);
      const rows = left ? m : n, columns = left ? n : m, y = arena.put(rows, columns, c, cOffset, ldc, true);
      const work = arena.take(kernels.qrWork(m, n)), q = flag(transpose);
      kernels.applyQ(flag(left), q, m, n, p, x.address, x.pitch, t.address, y.address, y.pitch, work);
      arena.get(rows, columns, y, c, cOffset, ldc);
    },
    formQ: (m, n, p, a, aOffset, lda, tau, c, cOffset, ldc) => {
      if (m * n < QR) return typescript.formQ(m, n, p, a, aOffset, lda, tau, c, cOffset, ldc);
      const kernels = arena.open(), x = arena.put(m, p, a, aOffset, lda, true), t = arena.put(1, p, tau, 0, p);
      const y = arena.room(m, n, true), work = arena.take(kernels.qrWork(m, n));
      kernels.formQ(m, n, p, x.address, x.pitch, t.address, y.address, y.pitch, work);
      arena.get(m, n, y, c, cOffset, ldc);
    },
  };
}

function describe(arena: Arena): string {
  if (arena.variant === "plain") return "SIMD";
  const a = 1 + 2 ** -30; // its square has more digits than a number holds
  return arena.open().multiplyAdd(a, a, -(a * a)) === 0 ? "relaxed SIMD" : "SIMD, fused multiply-add";
}

function product(arena: Arena): Backend["gemm"] {
  return function gemm(ta, tb, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc) {
    const work = m * n * k, once = m === 1 || n === 1;
    if (work < PRODUCT || once && work > ONCE) {
      typescript.gemm(ta, tb, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc);
      return;
    }
    if (m * k + k * n + m * n > MOST) {
      const part = (
        i: number,
        j: number,
        p: number,
        rows: number,
        columns: number,
        depth: number,
        beta: number,
      ): void => {
        const x = aOffset + (ta ? p * lda + i : i * lda + p), y = bOffset + (tb ? j * ldb + p : p * ldb + j);
        gemm(ta, tb, rows, columns, depth, alpha, a, x, lda, b, y, ldb, beta, c, cOffset + i * ldc + j, ldc);
      };
      byHalves(m, n, k, beta, part);
      return;
    }
    const kernels = arena.open();
    const x = ta ? arena.put(k, m, a, aOffset, lda) : arena.put(m, k, a, aOffset, lda);
    const y = tb ? arena.put(n, k, b, bOffset, ldb) : arena.put(k, n, b, bOffset, ldb);
    const z = beta === 0 ? arena.room(m, n) : arena.put(m, n, c, cOffset, ldc), { full } = parts, p = flag(ta);
    kernels.multiply(
      full,
      p,
      flag(tb),
      m,
      n,
      k,
      alpha,
      x.address,
      x.pitch,
      y.address,
      y.pitch,
      beta,
      z.address,
      z.pitch,
    );
    arena.get(m, n, z, c, cOffset, ldc);
  };
}

/** Splits the longest side of a product; `part` takes the corner and the lengths of a piece, and what to do with C. */
function byHalves(
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

function lowerProduct(arena: Arena): Backend["gemmLower"] {
  return (ta, tb, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc) => {
    if (n * n * k < 2 * PRODUCT) {
      typescript.gemmLower(ta, tb, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc);
      return;
    }
    const kernels = arena.open(), same = a === b && aOffset === bOffset && lda === ldb && ta !== tb;
    const x = ta ? arena.put(k, n, a, aOffset, lda) : arena.put(n, k, a, aOffset, lda);
    const y = same ? x : tb ? arena.put(n, k, b, bOffset, ldb) : arena.put(k, n, b, bOffset, ldb);
    const z = arena.put(n, n, c, cOffset, ldc), { lower } = parts, p = flag(ta);
    kernels.multiply(
      lower,
      p,
      flag(tb),
      n,
      n,
      k,
      alpha,
      x.address,
      x.pitch,
      y.address,
      y.pitch,
      beta,
      z.address,
      z.pitch,
    );
    arena.get(n, n, z, c, cOffset, ldc);
  };
}

function triangular(arena: Arena, solve: boolean, left: boolean, loops: Triangular): Triangular {
  return (lower, transpose, unit, m, n, t, tOffset, ldt, b, bOffset, ldb) => {
    const order = left ? m : n, count = left ? n : m;
    if (order * order * count < SOLVE || count === 1 && order * order > ONCE) {
      loops(lower, transpose, unit, m, n, t, tOffset, ldt, b, bOffset, ldb);
      return;
    }
    const kernels = arena.open(), run = left ? kernels.fromLeft : kernels.fromRight;
    const x = arena.put(order, order, t, tOffset, ldt, true), y = arena.put(m, n, b, bOffset, ldb, true);
    run(flag(solve), flag(lower), flag(transpose), flag(unit), m, n, x.address, x.pitch, y.address, y.pitch);
    arena.get(m, n, y, b, bOffset, ldb);
  };
}
