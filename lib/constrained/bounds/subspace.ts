/**
 * The model's minimizer over the variables that the Cauchy point leaves free, brought back into the box.
 *
 * ```
 * r = (g + θ (z - x) - W M c)_F                         the model's gradient at the Cauchy point z, free part
 * d = -B_FF⁻¹ r = -r/θ - W_F K⁻¹ W_Fᵀ r / θ²,           K = M⁻¹ - W_Fᵀ W_F / θ
 * x̄ = P(z + d), if g·(x̄ - x) < 0; else z + a d, the longest a <= 1 that stays in the box
 * ```
 *
 * With A the variables at bounds, K is summed without cancellation: `-I - Y_FᵀY_F/θ`, `θ S_AᵀS_A`, and off the diagonal `Sᵀ_AY_A`
 * below, `-S_FᵀY_F` on and above.
 *
 * After Byrd, Lu, Nocedal and Zhu, A limited memory algorithm for bound constrained optimization (1995), section 5.1;
 * Morales and Nocedal, Remark on Algorithm 778 (2011), for the projection.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";
import { ldlt, matrix, matvec } from "../../linalg/mod.ts";
import type { Box, CauchyPath } from "./cauchy_point.ts";
import { addW, applyWTranspose, type CompactHessian } from "./compact_hessian.ts";

/** Writes x̄ into `out`. `room` has n entries. Where K is singular, x̄ is the Cauchy point. */
export function minimizeInSubspace(
  { point: z, c }: CauchyPath,
  x: Vector,
  g: Vector,
  box: Box,
  B: CompactHessian,
  out: Vector,
  room: Vector,
): void {
  const n = x.length, { theta } = B, k2 = 2 * B.count, r = room, { lower, upper } = box;
  out.set(z);
  if (k2 === 0) return; // of B = θI the Cauchy point is the minimizer already
  const isFree = (i: number): boolean => z[i] > lower[i] && z[i] < upper[i];
  for (let i = 0; i < n; i++) r[i] = g[i] + theta * (z[i] - x[i]);
  addW(B, -1, matvec(B.middle, c.subarray(0, k2)), r);
  let free = 0;
  for (let i = 0; i < n; i++) {
    if (isFree(i)) free++;
    else r[i] = 0;
  }
  if (free === 0) return;
  const K = ldlt(reducedMiddle(B, z, box)), u = new Float64Array(k2);
  if (K.zeroPivot >= 0) return;
  applyWTranspose(B, r, u);
  K.solve(u, u);
  const d = r;
  for (let i = 0; i < n; i++) d[i] = -r[i] / theta;
  addW(B, -1 / (theta * theta), u, d);
  let slope = 0, longest = 1;
  for (let i = 0; i < n; i++) {
    if (isFree(i)) {
      out[i] = Math.max(lower[i], Math.min(upper[i], z[i] + d[i]));
      if (d[i] > 0) longest = Math.min(longest, (upper[i] - z[i]) / d[i]);
      else if (d[i] < 0) longest = Math.min(longest, (lower[i] - z[i]) / d[i]);
    }
    slope += g[i] * (out[i] - x[i]);
  }
  if (slope < 0) return;
  for (let i = 0; i < n; i++) {
    if (isFree(i)) out[i] = Math.max(lower[i], Math.min(upper[i], z[i] + longest * d[i]));
  }
}

/** K. */
function reducedMiddle({ s, y, count: k, theta }: CompactHessian, z: Vector, { lower, upper }: Box) {
  const K = matrix(2 * k, 2 * k), n = z.length, k2 = 2 * k;
  for (let a = 0; a < k; a++) {
    const sa = s[a], ya = y[a];
    for (let b = 0; b <= a; b++) {
      const sb = s[b], yb = y[b];
      let yyFree = 0, ssBound = 0, below = 0, above = 0; // a is the newer one of the two
      for (let i = 0; i < n; i++) {
        if (z[i] > lower[i] && z[i] < upper[i]) {
          yyFree += ya[i] * yb[i];
          above += sb[i] * ya[i];
        } else {
          ssBound += sa[i] * sb[i];
          below += sa[i] * yb[i];
        }
      }
      K.data[a * k2 + b] = K.data[b * k2 + a] = -yyFree / theta - (a === b ? 1 : 0);
      K.data[(k + a) * k2 + k + b] = K.data[(k + b) * k2 + k + a] = theta * ssBound;
      K.data[(k + b) * k2 + a] = K.data[a * k2 + k + b] = -above;
      if (a !== b) K.data[(k + a) * k2 + b] = K.data[b * k2 + k + a] = below;
    }
  }
  return K;
}
