/**
 * Where the interior-point method starts: with distances and multipliers that are positive and not too different.
 *
 * x has the smallest norm of the solutions of `Ax = s` (of a quadratic program the least value of its curvature), y
 * makes the reduced costs small. What is negative then is lifted: all distances by `1.5 max(-t)`, and once more by half
 * the mean of them with the multipliers as weights; the multipliers likewise. So does Mehrotra (1992), section 7.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";
import type { SymmetricAnalysis } from "../../linalg/mod.ts";
import { hasLower, hasUpper, type Iterate, type Room } from "./iterate.ts";
import { NewtonSystem, PRECISE } from "./newton_system.ts";
import type { ScaledProgram } from "./program.ts";

/** Writes the starting point into `at`. */
export function startingPoint(
  program: ScaledProgram,
  analysis: SymmetricAnalysis,
  rho: number,
  at: Iterate,
  { right, solution, product }: Room,
): void {
  const { n, m, cost, lower, upper } = program, diagonal = new Float64Array(n + m).fill(1, 0, n);
  for (let k = n; k < n + m; k++) if (lower[k] < upper[k]) diagonal[k] = -1;
  const system = new NewtonSystem(program, analysis, diagonal, rho, PRECISE), { v, y, t, w, z, q } = at;
  const nearest = (k: number): number => Math.min(Math.max(0, lower[k]), upper[k]);
  for (let k = 0; k < n + m; k++) right[k] = k < n ? 0 : nearest(k);
  system.solve(right, solution);
  for (let k = 0; k < n; k++) v[k] = solution[k];
  system.product(solution, product);
  for (let k = n; k < n + m; k++) v[k] = lower[k] < upper[k] ? product[k] : lower[k];
  for (let k = 0; k < n + m; k++) right[k] = k < n ? -cost[k] : 0;
  system.solve(right, solution);
  for (let i = 0; i < m; i++) y[i] = solution[n + i];
  for (let k = 0; k < n; k++) solution[k] = v[k];
  system.product(solution, product);
  for (let k = 0; k < n + m; k++) {
    const gradient = k < n ? product[k] + cost[k] : -y[k - n], both = hasLower(program, k) && hasUpper(program, k);
    t[k] = hasLower(program, k) ? v[k] - lower[k] : 0;
    w[k] = hasUpper(program, k) ? upper[k] - v[k] : 0;
    z[k] = hasLower(program, k) ? both ? Math.max(gradient, 0) : gradient : 0;
    q[k] = hasUpper(program, k) ? both ? Math.max(-gradient, 0) : -gradient : 0;
  }
  lift(program, [t, w], [z, q]);
}

function lift(program: ScaledProgram, distances: [Vector, Vector], multipliers: [Vector, Vector]): void {
  const each = (visit: (side: 0 | 1, k: number) => void): void => {
    for (let k = 0; k < distances[0].length; k++) {
      if (hasLower(program, k)) visit(0, k);
      if (hasUpper(program, k)) visit(1, k);
    }
  };
  let p = 0, d = 0;
  each((side, k) => {
    p = Math.max(p, -1.5 * distances[side][k]);
    d = Math.max(d, -1.5 * multipliers[side][k]);
  });
  let sum = 0, sumOfDistances = 0, sumOfMultipliers = 0;
  each((side, k) => {
    const t = distances[side][k] += p, z = multipliers[side][k] += d;
    sum += t * z;
    sumOfDistances += t;
    sumOfMultipliers += z;
  });
  p = sumOfMultipliers > 0 && sum > 0 ? sum / sumOfMultipliers / 2 : 1;
  d = sumOfDistances > 0 && sum > 0 ? sum / sumOfDistances / 2 : 1;
  each((side, k) => {
    distances[side][k] += p;
    multipliers[side][k] += d;
  });
}
