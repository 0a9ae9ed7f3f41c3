// @ts-nocheck: AssemblyScript
// Level 2: matrices and vectors that stay in the memory of the kernels. Four rows at a time, so that the vectors are
// read and written a quarter as often.
import { Lanes } from "./lanes.ts";
import { axpy, dot } from "./vector.ts";

/** `y ← α A x + β y`, A m x n; y is not read where β is 0. */
export function gemv(m: i32, n: i32, alpha: f64, a: usize, lda: usize, x: usize, beta: f64, y: usize): void {
  let i = m;
  for (; i >= 4; i -= 4) {
    let p0 = a, p1 = p0 + lda, p2 = p1 + lda, p3 = p2 + lda, q = x, j = n;
    let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
    for (; j >= 4; j -= 4) {
      const u = v128.load(q), v = v128.load(q, 16);
      s0 = Lanes.fma(v128.load(p0), u, s0);
      s1 = Lanes.fma(v128.load(p1), u, s1);
      s2 = Lanes.fma(v128.load(p2), u, s2);
      s3 = Lanes.fma(v128.load(p3), u, s3);
      t0 = Lanes.fma(v128.load(p0, 16), v, t0);
      t1 = Lanes.fma(v128.load(p1, 16), v, t1);
      t2 = Lanes.fma(v128.load(p2, 16), v, t2);
      t3 = Lanes.fma(v128.load(p3, 16), v, t3);
      p0 += 32;
      p1 += 32;
      p2 += 32;
      p3 += 32;
      q += 32;
    }
    for (; j > 0; --j) {
      const u = v128.load64_zero(q);
      s0 = Lanes.fma(v128.load64_zero(p0), u, s0);
      s1 = Lanes.fma(v128.load64_zero(p1), u, s1);
      s2 = Lanes.fma(v128.load64_zero(p2), u, s2);
      s3 = Lanes.fma(v128.load64_zero(p3), u, s3);
      p0 += 8;
      p1 += 8;
      p2 += 8;
      p3 += 8;
      q += 8;
    }
    put(y, alpha, Lanes.sum(f64x2.add(s0, t0)), beta);
    put(y + 8, alpha, Lanes.sum(f64x2.add(s1, t1)), beta);
    put(y + 16, alpha, Lanes.sum(f64x2.add(s2, t2)), beta);
    put(y + 24, alpha, Lanes.sum(f64x2.add(s3, t3)), beta);
    a += 4 * lda;
    y += 32;
  }
  for (; i > 0; --i) {
    put(y, alpha, dot(n, a, x), beta);
    a += lda;
    y += 8;
  }
}

function put(y: usize, alpha: f64, sum: f64, beta: f64): void {
  store<f64>(y, beta == 0 ? alpha * sum : alpha * sum + beta * load<f64>(y));
}

/** `y ← α Aᵀ x + β y`, A m x n; y is not read where β is 0. */
export function gemvTransposed(m: i32, n: i32, alpha: f64, a: usize, lda: usize, x: usize, beta: f64, y: usize): void {
  if (beta == 0) memory.fill(y, 0, usize(n) << 3);
  else if (beta != 1) {
    for (let j = 0; j < n; ++j) {
      const p = y + (usize(j) << 3);
      store<f64>(p, beta * load<f64>(p));
    }
  }
  let i = m;
  for (; i >= 4; i -= 4) {
    const x0 = f64x2.splat(alpha * load<f64>(x)), x1 = f64x2.splat(alpha * load<f64>(x, 8));
    const x2 = f64x2.splat(alpha * load<f64>(x, 16)), x3 = f64x2.splat(alpha * load<f64>(x, 24));
    let p0 = a, p1 = p0 + lda, p2 = p1 + lda, p3 = p2 + lda, q = y, j = n;
    for (; j >= 2; j -= 2) {
      let s = Lanes.fma(x0, v128.load(p0), v128.load(q));
      s = Lanes.fma(x1, v128.load(p1), s);
      s = Lanes.fma(x2, v128.load(p2), s);
      v128.store(q, Lanes.fma(x3, v128.load(p3), s));
      p0 += 16;
      p1 += 16;
      p2 += 16;
      p3 += 16;
      q += 16;
    }
    if (j > 0) {
      let s = Lanes.fma(x0, v128.load64_zero(p0), v128.load64_zero(q));
      s = Lanes.fma(x1, v128.load64_zero(p1), s);
      s = Lanes.fma(x2, v128.load64_zero(p2), s);
      v128.store64_lane(q, Lanes.fma(x3, v128.load64_zero(p3), s), 0);
    }
    a += 4 * lda;
    x += 32;
  }
  for (; i > 0; --i) {
    axpy(n, alpha * load<f64>(x), a, y);
    a += lda;
    x += 8;
  }
}

/** `y ← α A x + y` for a symmetric A of order n of which the lower triangle is read, once. */
export function symv(n: i32, alpha: f64, a: usize, lda: usize, x: usize, y: usize): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const xi = x + (usize(i) << 3), yi = y + (usize(i) << 3);
    const x0 = f64x2.splat(alpha * load<f64>(xi)), x1 = f64x2.splat(alpha * load<f64>(xi, 8));
    const x2 = f64x2.splat(alpha * load<f64>(xi, 16)), x3 = f64x2.splat(alpha * load<f64>(xi, 24));
    let p0 = a, p1 = p0 + lda, p2 = p1 + lda, p3 = p2 + lda, p = x, q = y, j = i;
    let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (; j > 0; j -= 2) { // rows of the triangle to the left of the corner, and as columns above it
      const a0 = v128.load(p0), a1 = v128.load(p1), a2 = v128.load(p2), a3 = v128.load(p3), u = v128.load(p);
      s0 = Lanes.fma(a0, u, s0);
      s1 = Lanes.fma(a1, u, s1);
      s2 = Lanes.fma(a2, u, s2);
      s3 = Lanes.fma(a3, u, s3);
      v128.store(q, Lanes.fma(x3, a3, Lanes.fma(x2, a2, Lanes.fma(x1, a1, Lanes.fma(x0, a0, v128.load(q))))));
      p0 += 16;
      p1 += 16;
      p2 += 16;
      p3 += 16;
      p += 16;
      q += 16;
    }
    add(yi, alpha * Lanes.sum(s0));
    add(yi + 8, alpha * Lanes.sum(s1));
    add(yi + 16, alpha * Lanes.sum(s2));
    add(yi + 24, alpha * Lanes.sum(s3));
    corner(4, alpha, p0, lda, xi, yi);
    a += 4 * lda;
  }
  if (i == n) return;
  for (let r = i; r < n; ++r) {
    const row = a + usize(r - i) * lda;
    add(y + (usize(r) << 3), alpha * dot(i, row, x));
    axpy(i, alpha * load<f64>(x + (usize(r) << 3)), row, y);
  }
  corner(n - i, alpha, a + (usize(i) << 3), lda, x + (usize(i) << 3), y + (usize(i) << 3));
}

/** `symv` for the few rows on the diagonal. */
function corner(n: i32, alpha: f64, a: usize, lda: usize, x: usize, y: usize): void {
  for (let i = 0; i < n; ++i) {
    let sum: f64 = 0;
    for (let j = 0; j < n; ++j) {
      const entry = i >= j ? a + usize(i) * lda + (usize(j) << 3) : a + usize(j) * lda + (usize(i) << 3);
      sum += load<f64>(entry) * load<f64>(x + (usize(j) << 3));
    }
    add(y + (usize(i) << 3), alpha * sum);
  }
}

function add(y: usize, value: f64): void {
  store<f64>(y, load<f64>(y) + value);
}

/** `A ← A + α x yᵀ`, A m x n. */
export function ger(m: i32, n: i32, alpha: f64, x: usize, y: usize, a: usize, lda: usize): void {
  for (let i = 0; i < m; ++i) {
    axpy(n, alpha * load<f64>(x), y, a);
    a += lda;
    x += 8;
  }
}
