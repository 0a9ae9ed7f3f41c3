// What every backend must do, as functions that throw; they run in any engine.
import type { Backend } from "../../lib/linalg/kernels/mod.ts";
import { factorChecks } from "./kernels_factors.ts";
import {
  type Block,
  block,
  both,
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

/** Shapes around the edges of the register tiles, and beyond the blocks of the large ones. */
const small = [[0, 3, 2], [3, 0, 2], [1, 1, 1], [1, 4, 6], [9, 1, 7], [1, 3, 0], [2, 3, 0], [5, 3, 7], [6, 4, 8], [
  7,
  5,
  1,
], [11, 9, 13]];
const large = [[97, 9, 259], [14, 517, 6], [103, 101, 10]];
const shapes = [...small, ...large];

/** α and β, among them those that forbid to read. */
const factors = [[1, 0], [-1, 1], [0.75, -0.5], [0, 0.5]];

function products(backend: Backend): void {
  for (const [m, n, k] of shapes) {
    for (const [ta, tb] of both(2)) {
      for (const [alpha, beta] of k > 100 ? factors.slice(2, 3) : factors) {
        const a = ta ? block(k, m) : block(m, k),
          b = tb ? block(n, k) : block(k, n),
          c = block(m, n),
          before = guarded(c);
        if (beta === 0) fill(c, NaN);
        if (alpha === 0) fill(a, NaN);
        const expected = naive(ta, tb, m, n, k, alpha, a, b, beta, before);
        const size = magnitudes(ta, tb, m, n, k, alpha, a, b, beta, before);
        gemm(backend, ta, tb, m, n, k, alpha, a, b, beta, c);
        const what = `gemm ${m} x ${n} x ${k}, ${ta}, ${tb}, alpha ${alpha}, beta ${beta}`;
        for (let i = 0; i < m * n; i++) {
          const at = entry(c, Math.floor(i / n), i % n);
          must(Math.abs(at - expected[i]) <= (k + 3) * eps * size[i], `${what}: ${at} for ${expected[i]}`);
        }
        intact(c, before, what);
      }
    }
  }
}

function lowerProducts(backend: Backend): void {
  for (const [n, k] of [[0, 2], [1, 3], [5, 4], [8, 7], [13, 0], [29, 5], [101, 30], [106, 9]]) {
    for (const [ta, tb] of both(2)) {
      for (const [alpha, beta] of n > 30 ? factors.slice(2, 3) : factors) {
        const a = ta ? block(k, n) : block(n, k),
          b = tb ? block(n, k) : block(k, n),
          c = block(n, n),
          before = guarded(c);
        const expected = naive(ta, tb, n, n, k, alpha, a, b, beta, before);
        const size = magnitudes(ta, tb, n, n, k, alpha, a, b, beta, before), { data, offset, ld } = c;
        backend.gemmLower(ta, tb, n, k, alpha, a.data, a.offset, a.ld, b.data, b.offset, b.ld, beta, data, offset, ld);
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) {
            const off = Math.abs(entry(c, i, j) - (j <= i ? expected[i * n + j] : entry(before, i, j)));
            must(
              off <= (j <= i ? (k + 3) * eps * size[i * n + j] : 0),
              `gemmLower ${n} x ${k} at ${i}, ${j}: ${off}`,
            );
          }
        }
        intact(c, before, `gemmLower ${n} x ${k}`);
      }
    }
  }
}

/** A triangle with NaN wherever it must not be read, and what it stands for. */
function triangle(n: number, lower: boolean, unit: boolean): { stored: Block; meant: Float64Array } {
  const stored = block(n, n), meant = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const at = stored.offset + i * stored.ld + j;
      if (i === j) stored.data[at] = unit ? NaN : 1 + Math.abs(stored.data[at]);
      else if (lower !== i > j) stored.data[at] = NaN;
      else stored.data[at] /= n;
      meant[i * n + j] = i === j && unit ? 1 : lower ? i >= j ? stored.data[at] : 0 : i <= j ? stored.data[at] : 0;
    }
  }
  return { stored, meant };
}

function triangles(backend: Backend): void {
  const shapes = [[0, 2], [2, 0], [1, 1], [3, 2], [6, 4], [7, 5], [13, 6], [65, 9], [134, 3], [5, 131], [2, 70]];
  for (const [m, n] of shapes) {
    for (const [left, lower, transpose, unit] of both(4)) {
      const order = left ? m : n, { stored: t, meant } = triangle(order, lower, unit);
      const run = (solve: boolean, b: Block): void => {
        const kernel = solve
          ? left ? backend.solveFromLeft : backend.solveFromRight
          : left
          ? backend.multiplyFromLeft
          : backend.multiplyFromRight;
        kernel(lower, transpose, unit, m, n, t.data, t.offset, t.ld, b.data, b.offset, b.ld);
      };
      const T: Block = { rows: order, columns: order, data: meant, offset: 0, ld: order };
      const times = (b: Block, by: typeof naive): Float64Array =>
        left ? by(transpose, false, m, n, m, 1, T, b, 0, b) : by(false, transpose, m, n, n, 1, b, T, 0, b);
      for (const solve of [false, true]) {
        const b = block(m, n), before = guarded(b);
        run(solve, b);
        intact(b, before, "triangle");
        const [right, wrong] = solve ? [b, before] : [before, b];
        const off = error(times(right, naive), wrong, times(right, magnitudes));
        must(
          off <= 3 * (order + 2) * eps,
          `triangle ${m} x ${n}, ${left}, ${lower}, ${transpose}, ${unit}: ${off / eps}`,
        );
      }
    }
  }
}

function repeats(backend: Backend): void {
  const n = 75,
    a = block(n, n),
    b = block(n, n),
    run = (): number[] => {
      const c = block(n, n, 0), l = opposite(a), swaps = new Int32Array(n), tau = new Float64Array(n), q = opposite(a);
      gemm(backend, false, true, n, n, n, 0.3, a, b, 0, c);
      backend.lu(n, n, l.data, l.offset, l.ld, swaps);
      backend.qr(n, n, q.data, q.offset, q.ld, tau);
      return [...c.data, ...l.data, ...swaps, ...q.data, ...tau];
    };
  const first = run(), dirt = block(300, 300), other = block(300, 300);
  fill(dirt, NaN); // the memory is now full of it, and has grown
  gemm(backend, false, false, 300, 300, 300, 1, dirt, dirt, 0, other);
  backend.qr(300, 300, dirt.data, dirt.offset, dirt.ld, new Float64Array(300));
  const second = run();
  must(first.every((x, i) => Object.is(x, second[i])), "the same call gives the same bits");
}

function spreads(backend: Backend): void {
  for (const bad of [NaN, Infinity, -Infinity]) {
    const m = 20, n = 17, k = 9, a = block(m, k), b = block(k, n), c = block(m, n, 0);
    a.data[a.offset + 4 * a.ld + 3] = bad;
    gemm(backend, false, false, m, n, k, 1, a, b, 0, c);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) must(Number.isFinite(entry(c, i, j)) === (i !== 4), `${bad} at ${i}, ${j}`);
    }
  }
  const n = 40, a = block(n, n), tau = new Float64Array(n);
  a.data[a.offset + 7 * a.ld + 5] = NaN;
  const q = opposite(a);
  backend.qr(n, n, q.data, q.offset, q.ld, tau);
  must(Number.isNaN(entry(q, n - 1, n - 1)), "QR hides no NaN");
  backend.lu(n, n, a.data, a.offset, a.ld, new Int32Array(n));
  must(Number.isNaN(entry(a, n - 1, n - 1)), "LU hides no NaN");
}

function fill(b: Block, value: number): void {
  for (let i = 0; i < b.rows; i++) b.data.fill(value, b.offset + i * b.ld, b.offset + i * b.ld + b.columns);
}

function gemm(
  backend: Backend,
  ta: boolean,
  tb: boolean,
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: Block,
  b: Block,
  beta: number,
  c: Block,
): void {
  const { data, offset, ld } = c;
  backend.gemm(ta, tb, m, n, k, alpha, a.data, a.offset, a.ld, b.data, b.offset, b.ld, beta, data, offset, ld);
}

/** Each throws if a backend does not do what it must. */
export const conformance: Readonly<Record<string, (backend: Backend) => void>> = {
  "gemm() errs by n eps |A||B| at most, reads and writes only what it may": products,
  "gemmLower() is gemm on and below the diagonal and nothing above": lowerProducts,
  "triangular kernels read one half of T, and solving undoes multiplying": triangles,
  ...factorChecks,
  "the same call gives the same bits, whatever the memory held": repeats,
  "NaN and infinities spread to exactly what depends on them": spreads,
};
