// What the factors of every backend must be.
import type { Backend } from "../../lib/linalg/kernels/mod.ts";
import {
  type Block,
  block,
  entry,
  error,
  guarded,
  intact,
  magnitudes,
  must,
  naive,
  opposite,
} from "./kernels_reference.ts";

const eps = Number.EPSILON;
const orders = [0, 1, 2, 3, 5, 7, 12, 33, 64, 66, 131];

const plain = (rows: number, columns: number): Block => opposite(block(rows, columns, 0));

/** A positive definite matrix whose upper half, which must not be read, is NaN. */
function definite(n: number): Block {
  const g = block(n, n), a = block(n, n), s = naive(false, true, n, n, n, 1, g, g, 0, g);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) a.data[a.offset + i * a.ld + j] = j > i ? NaN : s[i * n + j] + (i === j ? 1 : 0);
  }
  return a;
}

function cholesky(backend: Backend): void {
  for (const n of orders) {
    const a = definite(n), l = guarded(a);
    must(backend.cholesky(n, l.data, l.offset, l.ld) === -1, "Cholesky finds no bad minor");
    const product = naive(false, true, n, n, n, 1, l, l, 0, l), size = magnitudes(false, true, n, n, n, 1, l, l, 0, l);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const off = j > i ? Math.abs(entry(l, i, j)) : Math.abs(product[i * n + j] - entry(a, i, j));
        must(off <= (j > i ? 0 : (n + 2) * eps * size[i * n + j]), `Cholesky, n = ${n}, at ${i}, ${j}: ${off}`);
      }
    }
    intact(l, a, "Cholesky");
    for (const k of [0, n >> 1, n - 1]) {
      if (n === 0) break;
      const bad = guarded(a);
      bad.data[bad.offset + k * (bad.ld + 1)] = k % 2 === 0 ? -1 : NaN;
      must(backend.cholesky(n, bad.data, bad.offset, bad.ld) === k, `Cholesky, n = ${n}, finds the bad minor ${k}`);
    }
  }
}

function lu(backend: Backend): void {
  for (const n of orders) {
    const shapes = [[n, n], [n + 9, n], [n, n + 6], [3 * n, n], [n, 2 * n + 1]];
    for (const [rows, columns] of n > 100 ? shapes.slice(0, 1) : shapes) {
      const a = block(rows, columns), f = guarded(a), count = Math.min(rows, columns), swaps = new Int32Array(count);
      must(backend.lu(rows, columns, f.data, f.offset, f.ld, swaps) === -1, "LU finds no zero pivot");
      intact(f, a, "LU");
      const l = plain(rows, count), u = plain(count, columns), p = opposite(a);
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          if (i > j) l.data[i * count + j] = entry(f, i, j);
          else u.data[i * columns + j] = entry(f, i, j);
        }
        if (i < count) l.data[i * (count + 1)] = 1;
      }
      must(l.data.every((x) => Math.abs(x) <= 1), "multipliers of partial pivoting are at most 1");
      swaps.forEach((q, k) => {
        must(q >= k && q < rows, "rows are exchanged with later ones");
        const row = p.data.slice(k * columns, (k + 1) * columns);
        p.data.copyWithin(k * columns, q * columns, (q + 1) * columns);
        p.data.set(row, q * columns);
      });
      const off = error(
        naive(false, false, rows, columns, count, 1, l, u, 0, p),
        p,
        magnitudes(false, false, rows, columns, count, 1, l, u, 0, p),
      );
      must(off <= (count + 2) * eps, `LU ${rows} x ${columns}: ${off / eps} eps`);
    }
  }
  for (const n of [3, 20, 90]) { // an exact zero pivot: a column of zeros
    const a = block(n, n), k = n >> 1;
    for (let i = 0; i < n; i++) a.data[a.offset + i * a.ld + k] = 0;
    must(backend.lu(n, n, a.data, a.offset, a.ld, new Int32Array(n)) === k, `LU finds the zero pivot ${k}`);
    must(a.data.every(Number.isFinite), "singular matrices have finite factors");
  }
}

/** Q, rows x columns, formed, and checked to have orthonormal columns. */
function formed(backend: Backend, q: Block, tau: Float64Array, columns: number, p: number): Block {
  const Q = block(q.rows, columns, 0), m = q.rows, before = guarded(Q);
  backend.formQ(m, columns, p, q.data, q.offset, q.ld, tau, Q.data, Q.offset, Q.ld);
  intact(Q, before, "Q");
  const gram = naive(true, false, columns, columns, m, 1, Q, Q, 0, Q);
  gram.forEach((x, i) => {
    const off = Math.abs(x - (i % (columns + 1) === 0 ? 1 : 0));
    must(off <= 4 * (columns + 8) * eps, `QᵀQ of ${m} x ${columns}: ${off / eps} eps`);
  });
  return Q;
}

/** A, its columns scaled by `scale(j)`. */
function scaled(rows: number, columns: number, scale: (j: number) => number): Block {
  const a = block(rows, columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) a.data[a.offset + i * a.ld + j] *= scale(j);
  return a;
}

function qr(backend: Backend): void {
  const scales: ((j: number) => number)[] = [() => 1, () => 1e-170, () => 1e250, (j) => 10 ** (j % 2 === 0 ? -j : j)];
  for (
    const [m, n] of [[1, 1], [1, 3], [3, 1], [4, 4], [5, 5], [9, 7], [7, 10], [33, 33], [50, 18], [18, 50], [101, 98]]
  ) {
    for (const scale of scales) {
      const a = scaled(m, n, scale), p = Math.min(m, n), f = guarded(a), tau = new Float64Array(p);
      backend.qr(m, n, f.data, f.offset, f.ld, tau);
      intact(f, a, "QR");
      const Q = formed(backend, f, tau, m, p), r = plain(m, n);
      for (let i = 0; i < p; i++) for (let j = i; j < n; j++) r.data[i * n + j] = entry(f, i, j);
      const product = naive(false, false, m, n, m, 1, Q, r, 0, a);
      for (let j = 0; j < n; j++) { // columnwise, as scaling of columns does not matter to Householder's method
        const size = Math.hypot(...Array.from({ length: m }, (_, i) => entry(a, i, j)));
        for (let i = 0; i < m; i++) {
          const off = Math.abs(product[i * n + j] - entry(a, i, j)) / size;
          must(off <= 4 * (n + 8) * eps, `QR ${m} x ${n} at ${i}, ${j}: ${off / eps} eps`);
        }
      }
    }
  }
  const zeros = block(6, 4, 0), tau = new Float64Array(4).fill(NaN);
  backend.qr(6, 4, zeros.data, zeros.offset, zeros.ld, tau);
  must(tau.every((t) => t === 0), "columns of zeros need no reflectors");
}

function applications(backend: Backend): void {
  for (const [m, p, n] of [[1, 1, 1], [5, 3, 2], [8, 8, 5], [12, 5, 0], [40, 17, 9], [70, 66, 11], [130, 98, 7]]) {
    const f = block(m, p), tau = new Float64Array(p);
    backend.qr(m, p, f.data, f.offset, f.ld, tau);
    const Q = formed(backend, f, tau, m, p);
    for (const left of [true, false]) {
      for (const transpose of [true, false]) {
        const c = left ? block(m, n) : block(n, m), before = guarded(c);
        backend.applyQ(left, transpose, m, n, p, f.data, f.offset, f.ld, tau, c.data, c.offset, c.ld);
        intact(c, before, "Q C");
        const expected = left
          ? naive(transpose, false, m, n, m, 1, Q, before, 0, c)
          : naive(false, transpose, n, m, m, 1, before, Q, 0, c);
        const off = error(expected, c, new Float64Array(n * m).fill(1));
        must(off <= 20 * (m + 8) * eps, `applyQ ${m}, ${p}, ${n}, ${left}, ${transpose}: ${off / eps} eps`);
      }
    }
  }
}

/** Each throws if a backend's factors are wrong. */
export const factorChecks: Readonly<Record<string, (backend: Backend) => void>> = {
  "cholesky() gives A = L Lᵀ to n eps, and the first bad minor": cholesky,
  "lu() gives P A = L U to n eps, and the first zero pivot": lu,
  "qr() gives A = Q R to n eps for each column, Q orthogonal": qr,
  "applyQ() and formQ() agree, from both sides": applications,
};
