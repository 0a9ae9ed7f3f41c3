/**
 * Rank-one changes of a QR factorization: from `A = Q R` that of `A + u vᵀ`, at the cost of a few products with
 * vectors.
 *
 * `A + u vᵀ = [Q q] ([R; 0] + w vᵀ)` with `[Q q] w = u`, q a unit vector orthogonal to the columns of Q. Rotations that
 * make all of w but its first entry zero leave a matrix with one diagonal below the triangle; then rotations that make
 * that zero leave the new triangle.
 *
 * Source: Golub and Van Loan, Matrix Computations (4th edition, 2013), section 6.5.1; Daniel, Gragg, Kaufman and
 * Stewart, Reorthogonalization and stable algorithms for updating the Gram-Schmidt QR factorization (1976), for a thin
 * Q.
 *
 * @module
 */
import { type Matrix, norm2, ShapeError, type Vector } from "../../core/mod.ts";
import { checkFinite, checkFiniteEntries, checkLength, shapeOf } from "../matrices/checks.ts";
import { matrix } from "../matrices/matrix.ts";

/** The explicit factors of `A = Q R`. */
export interface QrPair {
  /** Orthonormal columns, m x k. */
  readonly Q: Matrix;
  /** Upper triangular, k x n. */
  readonly R: Matrix;
}

/**
 * The factors of `A + u vᵀ` from those of `A = Q R`, which stay as they are. Q is m x k with k = n (thin) or k = m
 * (full); a downdate is the update with `-u`.
 *
 * @throws {ShapeError} When the shapes do not fit.
 * @throws {DomainError} When an entry is not finite.
 *
 * @example A column that changes
 * ```ts
 * import { matmul, matrix, norm, qr, qrUpdate, subtract } from "@gradus/gradus/linalg";
 * import { assert } from "@std/assert";
 *
 * const A = matrix([[1, 0], [1, 1], [1, 2]]), B = matrix([[1, 0], [1, 1], [1, 5]]);
 * const { Q, R } = qrUpdate(qr(A), Float64Array.of(0, 0, 3), Float64Array.of(0, 1));
 * assert(norm(subtract(B, matmul(Q, R))) < 1e-14);
 * ```
 */
export function qrUpdate({ Q, R }: QrPair, u: Vector, v: Vector): QrPair {
  const verb = "update a QR factorization", m = Q.rows, k = Q.columns, n = R.columns;
  checkFinite(verb, Q);
  checkFinite(verb, R);
  if (R.rows !== k || k !== m && k !== n || k > m) {
    throw new ShapeError(
      `Cannot ${verb}: expected Q, m x k, and R, k x n, with k = m or k = n, got ${shapeOf(Q)} and ${shapeOf(R)}`,
    );
  }
  for (const [what, x, length] of [["u", u, m], ["v", v, n]] as const) {
    checkLength(verb, what, x, length);
    checkFiniteEntries(verb, x);
  }
  const thin = k < m, rows = thin ? k + 1 : k; // of the triangle while it is worked on
  const q = matrix(m, rows), r = matrix(rows, n), w = new Float64Array(rows);
  for (let i = 0; i < m; i++) q.data.set(Q.data.subarray(i * k, (i + 1) * k), i * rows);
  r.data.set(R.data);
  expand(q, k, u, w);
  for (let i = rows - 2; i >= 0; i--) rotate(q, r, i, w[i], w[i + 1], w);
  if (rows > 0) { for (let j = 0; j < n; j++) r.data[j] += w[0] * v[j]; }
  for (let i = 0; i + 1 < rows && i < n; i++) {
    rotate(q, r, i, r.data[i * n + i], r.data[(i + 1) * n + i]);
    r.data[(i + 1) * n + i] = 0;
  }
  if (!thin) return { Q: q, R: r };
  const narrow = matrix(m, k);
  for (let i = 0; i < m; i++) narrow.data.set(q.data.subarray(i * rows, i * rows + k), i * k);
  return { Q: narrow, R: { rows: k, columns: n, data: r.data.slice(0, k * n) } };
}

/** `w ← Qᵀ u`, and what is left of u, as a unit vector, to column k of Q, where there is one. Twice is enough. */
function expand(Q: Matrix, k: number, u: Vector, w: Vector): void {
  const { rows: m, columns, data: q } = Q, rest = u.slice();
  for (let pass = 0; pass < 2; pass++) {
    const c = new Float64Array(k);
    for (let i = 0; i < m; i++) for (let j = 0; j < k; j++) c[j] += q[i * columns + j] * rest[i];
    for (let i = 0; i < m; i++) for (let j = 0; j < k; j++) rest[i] -= q[i * columns + j] * c[j];
    for (let j = 0; j < k; j++) w[j] += c[j];
  }
  if (columns === k) return;
  const length = norm2(rest);
  w[k] = length > 2 ** -52 * norm2(u) ? length : 0; // below that u is in the range of Q
  if (w[k] > 0) { for (let i = 0; i < m; i++) q[i * columns + k] = rest[i] / length; }
}

/** Rotates rows i and i + 1 of R, and columns of Q with them, so that (a, b) becomes (r, 0); in `w`, too, if given. */
function rotate(Q: Matrix, R: Matrix, i: number, a: number, b: number, w?: Vector): void {
  if (b === 0) return;
  const length = Math.hypot(a, b), c = a / length, s = b / length, { columns: n, data: r } = R;
  for (let p = i * n, q = p + n, end = q; p < end; p++, q++) {
    const x = r[p], y = r[q];
    r[p] = c * x + s * y;
    r[q] = c * y - s * x;
  }
  const { columns: k, data } = Q;
  for (let p = i; p < data.length; p += k) {
    const x = data[p], y = data[p + 1];
    data[p] = c * x + s * y;
    data[p + 1] = c * y - s * x;
  }
  if (!w) return;
  w[i] = length;
  w[i + 1] = 0;
}
