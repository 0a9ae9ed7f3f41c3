/**
 * An estimate of the largest eigenvalue of `D⁻¹A`, by which smoothers are scaled.
 *
 * @module
 */
import { fillNormal, normInf, rng, type Vector } from "../../../core/mod.ts";
import type { SquareRows } from "../square_rows.ts";

/** So many steps of the power method, and what their quotient may lack. */
const STEPS = 15, MARGIN = 1.05;

/**
 * `λ_max(D⁻¹A)` for symmetric A and positive D: the smaller of Gershgorin's bound and, with a margin of 5 %, the
 * quotient of Rayleigh after some steps of the power method.
 */
export function largestEigenvalue(A: SquareRows, reciprocals: Vector): number {
  const { rows: n, rowStarts, columnIndices, values } = A;
  let bound = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) sum += Math.abs(values[k]);
    bound = Math.max(bound, sum * reciprocals[i]);
  }
  let v: Vector = fillNormal(rng(0), new Float64Array(n)), next: Vector = new Float64Array(n), quotient = 0;
  for (let step = 0; step < STEPS; step++) {
    let energy = 0, mass = 0;
    for (let i = 0; i < n; i++) {
      let s = 0;
      for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) s += values[k] * v[columnIndices[k]];
      energy += s * v[i];
      mass += v[i] * v[i] / reciprocals[i];
      next[i] = s * reciprocals[i];
    }
    quotient = energy / mass;
    const size = normInf(next);
    if (!(size > 0)) break;
    for (let i = 0; i < n; i++) next[i] /= size;
    [v, next] = [next, v];
  }
  return Math.min(bound, MARGIN * quotient);
}
