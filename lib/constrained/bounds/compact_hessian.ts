/**
 * The matrix of L-BFGS in compact form.
 *
 * ```
 * B = θ I - W M Wᵀ,   W = [Y  θS],   M = [-D  Lᵀ; L  θ SᵀS]⁻¹
 * D = diag(sᵢ·yᵢ),   Lᵢⱼ = sᵢ·yⱼ for i newer than j, else 0,   θ = y·y / s·y of the newest pair
 * ```
 *
 * B does not change when a pair is scaled, so pairs are kept with `s·y = 1`: then `D = I`, and M is as well scaled as B
 * is. With `T = θ SᵀS + L Lᵀ`, which is positive definite, `M = [Lᵀ T⁻¹ L - I, Lᵀ T⁻¹; T⁻¹ L, T⁻¹]`.
 *
 * After Byrd, Nocedal and Schnabel, Representations of quasi-Newton matrices and their use in limited memory methods
 * (1994), theorem 2.3; Byrd, Lu, Nocedal and Zhu, A limited memory algorithm for bound constrained optimization (1995),
 * equations (3.2) to (3.4).
 *
 * @module
 */
import { dot, type Matrix, type Vector, vectors } from "../../core/mod.ts";
import { backend, matrix } from "../../linalg/mod.ts";

/** B: plain data. */
export interface CompactHessian {
  /** Steps, oldest first, scaled; those from `count` on are unused. */
  readonly s: Vector[];
  /** Changes of the gradient, scaled alike. */
  readonly y: Vector[];
  /** The number k of pairs held. */
  count: number;
  /** θ. */
  theta: number;
  /** `SᵀS`, in the upper left corner. */
  readonly ss: Matrix;
  /** `SᵀY`, likewise. */
  readonly sy: Matrix;
  /** `YᵀY`, likewise. */
  readonly yy: Matrix;
  /** M, 2k x 2k. */
  middle: Matrix;
  /** Room for four matrices. */
  readonly room: Vector;
}

/** B = I with room for m pairs. */
export function compactHessian(n: number, m: number): CompactHessian {
  const [ss, sy, yy] = [matrix(m, m), matrix(m, m), matrix(m, m)];
  return {
    s: vectors(n, m),
    y: vectors(n, m),
    count: 0,
    theta: 1,
    ss,
    sy,
    yy,
    middle: matrix(0, 0),
    room: new Float64Array(4 * m * m),
  };
}

/** B = I again. */
export function forget(B: CompactHessian): void {
  B.count = 0;
  B.theta = 1;
  B.middle = matrix(0, 0);
}

/**
 * Learns from the step to `after` with the gradient `gradientAfter`, unless `s·y <= 1e-10 |s| |y|`. Where rounding
 * leaves T indefinite, B is I again.
 */
export function learn(B: CompactHessian, x: Vector, after: Vector, gradient: Vector, gradientAfter: Vector): void {
  let sy = 0, ss = 0, yy = 0;
  for (let i = 0; i < x.length; i++) {
    const s = after[i] - x[i], y = gradientAfter[i] - gradient[i];
    sy += s * y;
    ss += s * s;
    yy += y * y;
  }
  if (!(sy > 1e-10 * Math.sqrt(ss) * Math.sqrt(yy) && sy < Infinity)) return;
  const m = B.s.length;
  if (B.count === m) dropOldest(B);
  const last = B.count++, s = B.s[last], y = B.y[last], root = Math.sqrt(sy);
  for (let i = 0; i < x.length; i++) {
    s[i] = (after[i] - x[i]) / root;
    y[i] = (gradientAfter[i] - gradient[i]) / root;
  }
  B.theta = yy / sy;
  for (let j = 0; j <= last; j++) {
    B.ss.data[last * m + j] = B.ss.data[j * m + last] = dot(s, B.s[j]);
    B.yy.data[last * m + j] = B.yy.data[j * m + last] = dot(y, B.y[j]);
    B.sy.data[last * m + j] = dot(s, B.y[j]);
    B.sy.data[j * m + last] = dot(B.s[j], y);
  }
  if (!updateMiddle(B)) forget(B);
}

/** The oldest pair's place becomes the newest's. */
function dropOldest(B: CompactHessian): void {
  const m = B.s.length;
  B.s.push(B.s.shift()!);
  B.y.push(B.y.shift()!);
  for (const { data } of [B.ss, B.sy, B.yy]) {
    for (let i = 1; i < m; i++) data.copyWithin((i - 1) * m, i * m + 1, (i + 1) * m);
  }
  B.count--;
}

/** M from θ, SᵀS and L; false where T is not positive definite. */
function updateMiddle(B: CompactHessian): boolean {
  const { count: k, theta, ss, sy, s: { length: m }, room } = B, { gemm, cholesky, solveFromLeft } = backend();
  const L = 0, T = k * k, inverse = 2 * k * k, below = 3 * k * k;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      room[L + i * k + j] = j < i ? sy.data[i * m + j] : 0;
      room[T + i * k + j] = theta * ss.data[i * m + j];
      room[inverse + i * k + j] = i === j ? 1 : 0;
    }
  }
  gemm(false, true, k, k, k, 1, room, L, k, room, L, k, 1, room, T, k);
  if (cholesky(k, room, T, k) >= 0) return false;
  solveFromLeft(true, false, false, k, k, room, T, k, room, inverse, k);
  solveFromLeft(true, true, false, k, k, room, T, k, room, inverse, k);
  gemm(false, false, k, k, k, 1, room, inverse, k, room, L, k, 0, room, below, k);
  if (B.middle.rows !== 2 * k) B.middle = matrix(2 * k, 2 * k);
  const { data: M } = B.middle, k2 = 2 * k;
  gemm(true, false, k, k, k, 1, room, L, k, room, below, k, 0, M, 0, k2);
  for (let i = 0; i < k; i++) {
    M[i * (k2 + 1)] -= 1;
    for (let j = 0; j < k; j++) {
      M[(k + i) * k2 + j] = M[j * k2 + k + i] = room[below + i * k + j];
      M[(k + i) * k2 + k + j] = room[inverse + i * k + j];
    }
  }
  return true;
}

/** Writes row i of W into `out`. */
export function rowOfW({ s, y, count: k, theta }: CompactHessian, i: number, out: Vector): void {
  for (let j = 0; j < k; j++) {
    out[j] = y[j][i];
    out[k + j] = theta * s[j][i];
  }
}

/** `out ← Wᵀ v`. */
export function applyWTranspose({ s, y, count: k, theta }: CompactHessian, v: Vector, out: Vector): void {
  for (let j = 0; j < k; j++) {
    out[j] = dot(y[j], v);
    out[k + j] = theta * dot(s[j], v);
  }
}

/** `v ← v + a W u`. */
export function addW({ s, y, count: k, theta }: CompactHessian, a: number, u: Vector, v: Vector): void {
  for (let j = 0; j < k; j++) {
    const b = a * u[j], c = a * theta * u[k + j], yj = y[j], sj = s[j];
    for (let i = 0; i < v.length; i++) v[i] += b * yj[i] + c * sj[i];
  }
}
