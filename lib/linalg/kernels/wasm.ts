/**
 * The kernels in WebAssembly as a backend. They work on a memory of their own: each call copies its matrices in and the
 * result out.
 *
 * @module
 */
import { Arena, parts, runs, type Variant } from "../../../kernels/wasm/mod.ts";
import type { Backend, Triangular } from "./backend.ts";
import { Resident } from "./resident.ts";

const flag = (b: boolean): 0 | 1 => b ? 1 : 0;

/** The backend for one build of the kernels, or undefined where the engine does not run it. */
export function wasmBackend(build: Variant): Backend | undefined {
  if (!runs(build)) return undefined;
  const arena = new Arena(build);
  return {
    name: "wasm",
    variant: describe(arena),
    gemm: (ta, tb, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc) => {
      const kernels = arena.open();
      const x = ta ? arena.put(k, m, a, aOffset, lda) : arena.put(m, k, a, aOffset, lda);
      const y = tb ? arena.put(n, k, b, bOffset, ldb) : arena.put(k, n, b, bOffset, ldb);
      const z = beta === 0 ? arena.room(m, n) : arena.put(m, n, c, cOffset, ldc), p = flag(ta), q = flag(tb);
      kernels.multiply(
        parts.full,
        p,
        q,
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
    },
    gemmLower: (ta, tb, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc) => {
      const kernels = arena.open(), same = a === b && aOffset === bOffset && lda === ldb && ta !== tb;
      const x = ta ? arena.put(k, n, a, aOffset, lda) : arena.put(n, k, a, aOffset, lda);
      const y = same ? x : tb ? arena.put(n, k, b, bOffset, ldb) : arena.put(k, n, b, bOffset, ldb);
      const z = arena.put(n, n, c, cOffset, ldc), p = flag(ta), q = flag(tb); // with what is above the diagonal
      kernels.multiply(
        parts.lower,
        p,
        q,
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
    },
    solveFromLeft: triangular(arena, true, true),
    solveFromRight: triangular(arena, true, false),
    multiplyFromLeft: triangular(arena, false, true),
    multiplyFromRight: triangular(arena, false, false),
    cholesky: (n, a, aOffset, lda) => {
      const kernels = arena.open(), x = arena.put(n, n, a, aOffset, lda, true);
      const minor = kernels.cholesky(n, x.address, x.pitch);
      arena.get(n, n, x, a, aOffset, lda);
      for (let i = 0; i < n; i++) a.fill(0, aOffset + i * lda + i + 1, aOffset + i * lda + n);
      return minor - 1;
    },
    lu: (m, n, a, aOffset, lda, swaps) => {
      const kernels = arena.open(), x = arena.put(m, n, a, aOffset, lda, true), count = Math.min(m, n);
      const p = arena.take(4 * count), zero = kernels.lu(m, n, x.address, x.pitch, p);
      arena.get(m, n, x, a, aOffset, lda);
      arena.getIntegers(p, swaps, count);
      return zero - 1;
    },
    qr: (m, n, a, aOffset, lda, tau) => {
      const kernels = arena.open(), x = arena.put(m, n, a, aOffset, lda, true), count = Math.min(m, n);
      const t = arena.room(1, count), work = arena.take(kernels.qrWork(m, n));
      kernels.qr(m, n, x.address, x.pitch, t.address, work);
      arena.get(m, n, x, a, aOffset, lda);
      arena.get(1, count, t, tau, 0, count);
    },
    applyQ: (left, transpose, m, n, p, a, aOffset, lda, tau, c, cOffset, ldc) => {
      const kernels = arena.open(), x = arena.put(m, p, a, aOffset, lda, true), t = arena.put(1, p, tau, 0, p);
      const rows = left ? m : n, columns = left ? n : m, y = arena.put(rows, columns, c, cOffset, ldc, true);
      const work = arena.take(kernels.qrWork(m, n)), q = flag(transpose);
      kernels.applyQ(flag(left), q, m, n, p, x.address, x.pitch, t.address, y.address, y.pitch, work);
      arena.get(rows, columns, y, c, cOffset, ldc);
    },
    formQ: (m, n, p, a, aOffset, lda, tau, c, cOffset, ldc) => {
      const kernels = arena.open(), x = arena.put(m, p, a, aOffset, lda, true), t = arena.put(1, p, tau, 0, p);
      const y = arena.room(m, n, true), work = arena.take(kernels.qrWork(m, n));
      kernels.formQ(m, n, p, x.address, x.pitch, t.address, y.address, y.pitch, work);
      arena.get(m, n, y, c, cOffset, ldc);
    },
    resident: (lengths) => new Resident(build, lengths),
  };
}

function triangular(arena: Arena, solve: boolean, left: boolean): Triangular {
  return (lower, transpose, unit, m, n, t, tOffset, ldt, b, bOffset, ldb) => {
    const kernels = arena.open(), order = left ? m : n, run = left ? kernels.fromLeft : kernels.fromRight;
    const x = arena.put(order, order, t, tOffset, ldt, true), y = arena.put(m, n, b, bOffset, ldb, true);
    run(flag(solve), flag(lower), flag(transpose), flag(unit), m, n, x.address, x.pitch, y.address, y.pitch);
    arena.get(m, n, y, b, bOffset, ldb);
  };
}

function describe(arena: Arena): string {
  if (arena.variant === "plain") return "SIMD";
  const a = 1 + 2 ** -30; // its square has more digits than a number holds
  return arena.open().multiplyAdd(a, a, -(a * a)) === 0 ? "relaxed SIMD" : "SIMD, fused multiply-add";
}
