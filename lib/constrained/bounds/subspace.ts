/**
 * The model's minimizer over the variables that the Cauchy point leaves free, brought back into the box.
 *
 * ```
 * r = (g + θ (z - x) - W M c)_F                         the model's gradient at the Cauchy point z, free part
 * d = -B_FF⁻¹ r = -r/θ - W_F K⁻¹ W_Fᵀ r / θ²,           K = M⁻¹ - W_Fᵀ W_F / θ
 * x̄ = P(z + d), if g·(x̄ - x) < 0; else z + a d, the longest a <= 1 that stays in the box
 * ```
 *
 * Of few free variables `B_FF = θI - W_F M W_Fᵀ` itself is factored. With A the variables at bounds, K is summed
 * without cancellation: `-I - Y_FᵀY_F/θ`, `θ S_AᵀS_A`, and off the diagonal `Sᵀ_AY_A` below, `-S_FᵀY_F` on and above.
 *
 * After Byrd, Lu, Nocedal and Zhu, A limited memory algorithm for bound constrained optimization (1995), section 5.1;
 * Morales and Nocedal, Remark on Algorithm 778 (2011), for the projection.
 *
 * @module
 */
import { axpy, type Vector } from "../../core/mod.ts";
import { backend, ldlt, type Matrix, matrix, matvec, substitute } from "../../linalg/mod.ts";
import type { Box, CauchyPath } from "./cauchy_point.ts";
import { addW, applyWTranspose, type CompactHessian, rowOfW } from "./compact_hessian.ts";

/** Writes x̄ into `out`. `room` has n entries. Where K is singular, x̄ is the Cauchy point. */
export function minimizeInSubspace(
  path: CauchyPath,
  x: Vector,
  g: Vector,
  box: Box,
  B: CompactHessian,
  out: Vector,
  room: Vector,
): void {
  const { point: z, c, queue } = path, n = x.length, { theta } = B, k2 = 2 * B.count, { lower, upper } = box;
  out.set(z);
  if (k2 === 0) return; // of B = θI the Cauchy point is the minimizer already
  let held = 0; // variables at bounds fill the queue from its front, free ones from its end
  for (let i = 0, end = n; i < n; i++) queue[z[i] > lower[i] && z[i] < upper[i] ? --end : held++] = i;
  if (held === n) return;
  const bound = queue.subarray(0, held), free = queue.subarray(held), r = room;
  for (let i = 0; i < n; i++) r[i] = g[i] + theta * (z[i] - x[i]);
  addW(B, -1, matvec(B.middle, c.subarray(0, k2)), r);
  for (let j = 0; j < held; j++) r[bound[j]] = 0;
  if (!(free.length <= B.count && solveDirectly(B, free, r)) && !solveByPairs(B, bound, free, r)) return;
  const d = r;
  let longest = 1;
  for (let j = 0; j < free.length; j++) {
    const i = free[j], all = z[i] + d[i];
    out[i] = Math.max(lower[i], Math.min(upper[i], all));
    if (out[i] !== all) longest = Math.min(longest, (out[i] - z[i]) / d[i]);
  }
  let slope = 0;
  for (let i = 0; i < n; i++) slope += g[i] * (out[i] - x[i]);
  if (slope < 0) return;
  for (let j = 0; j < free.length; j++) {
    const i = free[j];
    out[i] = Math.max(lower[i], Math.min(upper[i], z[i] + longest * d[i]));
  }
}

/** `r_F ← -B_FF⁻¹ r_F` by Cholesky's factorization; false, and r as it was, where rounding leaves it indefinite. */
function solveDirectly(B: CompactHessian, free: Uint32Array, r: Vector): boolean {
  const { count: k, theta, middle: M } = B, q = free.length, k2 = 2 * k, { gemm, cholesky } = backend();
  const room = new Float64Array(q * (2 * k2 + q + 1)), image = q * k2, system = 2 * image, right = system + q * q;
  for (let j = 0; j < q; j++) rowOfW(B, free[j], room.subarray(j * k2, (j + 1) * k2));
  for (let j = 0; j < q; j++) room[system + j * (q + 1)] = theta;
  gemm(false, false, q, k2, k2, 1, room, 0, k2, M.data, 0, k2, 0, room, image, k2);
  gemm(false, true, q, q, k2, -1, room, image, k2, room, 0, k2, 1, room, system, q);
  if (cholesky(q, room, system, q) >= 0) return false;
  for (let j = 0; j < q; j++) room[right + j] = -r[free[j]];
  substitute(true, false, false, q, room, system, q, room, right);
  substitute(true, true, false, q, room, system, q, room, right);
  for (let j = 0; j < q; j++) r[free[j]] = room[right + j];
  return true;
}

/** The same by K, with entries of r at bounds that are used up; false where K is singular. */
function solveByPairs(B: CompactHessian, bound: Uint32Array, free: Uint32Array, r: Vector): boolean {
  const { theta } = B, K = ldlt(reducedMiddle(B, bound, free)), u = new Float64Array(2 * B.count);
  if (K.zeroPivot >= 0) return false;
  applyWTranspose(B, r, u);
  K.solve(u, u);
  for (let i = 0; i < r.length; i++) r[i] = -r[i] / theta;
  addW(B, -1 / (theta * theta), u, r);
  return true;
}

/** Inner products of the pairs over some of the variables, k x k, or over all of them. */
interface Products {
  readonly ss: Matrix;
  /** Row a, column b: `sₐ·y_b`. */
  readonly sy: Matrix;
  readonly yy: Matrix;
}

/** K from the products over free variables and over those at bounds. */
function reducedMiddle(B: CompactHessian, bound: Uint32Array, free: Uint32Array): Matrix {
  const { count: k, theta } = B, K = matrix(2 * k, 2 * k), k2 = 2 * k;
  const smaller = productsOver(B, free.length < bound.length ? free : bound);
  const larger = remainder(B, smaller) ?? productsOver(B, free.length < bound.length ? bound : free);
  const [F, A] = free.length < bound.length ? [smaller, larger] : [larger, smaller];
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < k; b++) {
      const at = a * k + b;
      K.data[a * k2 + b] = -F.yy.data[at] / theta - (a === b ? 1 : 0);
      K.data[(k + a) * k2 + k + b] = theta * A.ss.data[at];
      K.data[(k + a) * k2 + b] = K.data[b * k2 + k + a] = a > b ? A.sy.data[at] : -F.sy.data[at];
    }
  }
  return K;
}

/**
 * The products over all other variables, if at least half of every vector's square is left for them: then nothing
 * cancels.
 */
function remainder(B: CompactHessian, some: Products): Products | undefined {
  const k = B.count, rest = { ss: corner(B.ss, k), sy: corner(B.sy, k), yy: corner(B.yy, k) };
  for (const name of ["ss", "sy", "yy"] as const) axpy(-1, some[name].data, rest[name].data);
  for (let at = 0; at < k * k; at += k + 1) {
    if (!(some.ss.data[at] <= rest.ss.data[at] && some.yy.data[at] <= rest.yy.data[at])) return undefined;
  }
  return rest;
}

/** The upper left corner, k x k. */
function corner({ data, columns }: Matrix, k: number): Matrix {
  const out = matrix(k, k);
  for (let a = 0; a < k; a++) out.data.set(data.subarray(a * columns, a * columns + k), a * k);
  return out;
}

/** The products over some variables. */
function productsOver({ s, y, count: k }: CompactHessian, variables: Uint32Array): Products {
  const [ss, sy, yy] = [matrix(k, k), matrix(k, k), matrix(k, k)], n = variables.length;
  for (let a = 0; a < k; a++) {
    const sa = s[a], ya = y[a];
    for (let b = 0; b <= a; b++) {
      const sb = s[b], yb = y[b];
      let sasb = 0, sayb = 0, sbya = 0, yayb = 0;
      for (let j = 0; j < n; j++) {
        const i = variables[j];
        sasb += sa[i] * sb[i];
        sayb += sa[i] * yb[i];
        sbya += sb[i] * ya[i];
        yayb += ya[i] * yb[i];
      }
      ss.data[a * k + b] = ss.data[b * k + a] = sasb;
      sy.data[a * k + b] = sayb;
      sy.data[b * k + a] = sbya;
      yy.data[a * k + b] = yy.data[b * k + a] = yayb;
    }
  }
  return { ss, sy, yy };
}
