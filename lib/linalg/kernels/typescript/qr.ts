/**
 * Householder QR in plain TypeScript, reflector by reflector.
 *
 * @module
 */

/** A row of products, kept from call to call: small matrices are done sooner than an array is made. */
let row = new Float64Array(64);

function rowOf(n: number): Float64Array {
  if (row.length < n) row = new Float64Array(2 * n);
  return row;
}

/** `A = Q R` over A, and the factors of the reflectors. */
export function qr(m: number, n: number, a: Float64Array, aOffset: number, lda: number, tau: Float64Array): void {
  const w = rowOf(n);
  for (let k = 0; k < m && k < n; k++) {
    const d = aOffset + k * (lda + 1);
    tau[k] = reflector(m - k, a, d, lda);
    reflect(m - k, n - k - 1, tau[k], a, d, lda, a, d + 1, lda, w);
  }
}

/** `C ← op(Q) C` (left, C m x n) or `C op(Q)` (C n x m) for the first p reflectors in A. */
export function applyQ(
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
): void {
  const w = rowOf(left ? n : 0);
  for (let step = 0; step < p; step++) {
    const k = left === transpose ? step : p - 1 - step, d = aOffset + k * (lda + 1);
    if (left) reflect(m - k, n, tau[k], a, d, lda, c, cOffset + k * ldc, ldc, w);
    else reflectRows(m - k, n, tau[k], a, d, lda, c, cOffset + k, ldc);
  }
}

/** The first n columns of Q, m x n. */
export function formQ(
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
): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) c[cOffset + i * ldc + j] = i === j ? 1 : 0;
  }
  applyQ(true, false, m, n, p, a, aOffset, lda, tau, c, cOffset, ldc);
}

/**
 * The reflector `H = I - τ v vᵀ`, v₀ = 1, that takes the column x of m entries at `d` to `β e₁`, `β = -sign(x₀) |x|`:
 * writes β and the rest of v over x and returns τ, 0 for a multiple of e₁.
 */
function reflector(m: number, a: Float64Array, d: number, lda: number): number {
  let size = 0;
  for (let i = 1, at = d + lda; i < m; i++, at += lda) {
    const x = Math.abs(a[at]);
    if (!(x <= size)) size = x;
    if (x !== x) break;
  }
  if (size === 0) return 0;
  const x = a[d], scale = Math.max(size, Math.abs(x));
  let sum = 0; // of squares of x / scale, which neither overflow nor vanish together
  for (let i = 0, at = d; i < m; i++, at += lda) sum += (a[at] / scale) * (a[at] / scale);
  const norm = scale * Math.sqrt(sum), beta = x > 0 ? -norm : norm, v0 = x - beta;
  for (let i = 1, at = d + lda; i < m; i++, at += lda) a[at] /= v0;
  a[d] = beta;
  return -v0 / beta;
}

/** `C ← H C`, C m x n, for the reflector of m entries at `d`. */
function reflect(
  m: number,
  n: number,
  tau: number,
  a: Float64Array,
  d: number,
  lda: number,
  c: Float64Array,
  cOffset: number,
  ldc: number,
  w: Float64Array,
): void {
  if (tau === 0) return;
  for (let j = 0; j < n; j++) w[j] = c[cOffset + j];
  for (let i = 1; i < m; i++) {
    const v = a[d + i * lda], at = cOffset + i * ldc;
    for (let j = 0; j < n; j++) w[j] += v * c[at + j];
  }
  for (let j = 0; j < n; j++) {
    w[j] *= tau;
    c[cOffset + j] -= w[j];
  }
  for (let i = 1; i < m; i++) {
    const v = a[d + i * lda], at = cOffset + i * ldc;
    for (let j = 0; j < n; j++) c[at + j] -= v * w[j];
  }
}

/** `C ← C H`, C n x m. */
function reflectRows(
  m: number,
  n: number,
  tau: number,
  a: Float64Array,
  d: number,
  lda: number,
  c: Float64Array,
  cOffset: number,
  ldc: number,
): void {
  for (let j = 0; j < n; j++) {
    const at = cOffset + j * ldc;
    let sum = c[at];
    for (let i = 1; i < m; i++) sum += c[at + i] * a[d + i * lda];
    sum *= tau;
    c[at] -= sum;
    for (let i = 1; i < m; i++) c[at + i] -= sum * a[d + i * lda];
  }
}
