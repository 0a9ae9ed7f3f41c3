/**
 * The last digits: a step of Newton's method on the conditions of first order, where a round ends by rounding or
 * crawls.
 *
 * ```
 * [ H   Jₐᵀ ] [ p ]     [ ∇L ]
 * [ Jₐ  0   ] [ δ ] = - [ cₐ ]    over the variables that are off their bounds, a: equalities, and inequalities with ωᵢ > 0
 * ```
 *
 * Where the inner method takes first derivatives alone `p = 0`, and δ is the correction of the multipliers that makes
 * ∇L least. The step is taken where it is short and halves the residual. Rounding errors of c, times the penalty, are
 * errors of the multipliers `λ + ρc` and of ∇L; here they are not.
 *
 * See Birgin and Martínez, Improving ultimate convergence of an augmented Lagrangian method (2008).
 *
 * @module
 */
import { type Constrained, isFiniteVector, largestPart, normInf, type Vector } from "../../core/mod.ts";
import { lstsq, matrix } from "../../linalg/mod.ts";
import {
  evaluateFirst,
  type Evaluation,
  evaluationAt,
  lagrangianGradient,
  lagrangianHessian,
  partsAt,
} from "../evaluation.ts";
import type { AugmentedLagrangianState } from "./state.ts";

/** Systems of a larger order are left alone. */
const LARGEST_ORDER = 300;

/** A step of more than this share of x is not one of the last. */
const SHORT = 1e-3;

/** Takes the step, with second derivatives or without, if it halves the estimate; returns whether it did. */
export function polish(problem: Constrained, state: AugmentedLagrangianState, isTwice: boolean): boolean {
  const { lagrangian: L, multipliers, x } = state, { limits } = L, { lower, upper } = limits;
  const free = [...x.keys()].filter((j) => x[j] > lower[j] && x[j] < upper[j]);
  const active = [...multipliers.keys()].filter((i) => i < limits.equalities || multipliers[i] > 0);
  if (active.length === 0 || free.length + active.length > LARGEST_ORDER) return false;
  const at = evaluationAt(limits, x);
  if (!evaluateFirst(problem, at)) return false;
  const z = stepFrom(problem, at, state, free, active, isTwice);
  const next = evaluationAt(limits, x), after = multipliers.slice(), gradient = new Float64Array(x.length);
  free.forEach((j, k) => next.x[j] = Math.max(lower[j], Math.min(upper[j], x[j] + z[k])));
  active.forEach((i, k) => {
    after[i] += z[free.length + k];
    if (i >= limits.equalities) after[i] = Math.max(0, after[i]);
  });
  const length = normInf(z.subarray(0, free.length));
  if (!isFiniteVector(z) || length > SHORT * Math.max(1, normInf(x)) || !evaluateFirst(problem, next)) return false;
  lagrangianGradient(next, after, gradient);
  const estimate = largestPart(partsAt(limits, next, after, gradient));
  if (!(2 * estimate < state.estimate)) return false;
  state.x = next.x;
  state.value = next.value;
  state.estimate = estimate;
  state.gradient.set(gradient);
  multipliers.set(after);
  L.shifted.set(after);
  L.constraints.set(next.constraints);
  return true;
}

/** p over the free variables, then δ over the active constraints. */
function stepFrom(
  problem: Constrained,
  { x, constraints, jacobian: { columns: n, data } }: Evaluation,
  { multipliers, gradient }: AugmentedLagrangianState,
  free: readonly number[],
  active: readonly number[],
  isTwice: boolean,
): Vector {
  const f = free.length, N = f + active.length;
  const K = matrix(N, N), right = new Float64Array(N);
  if (isTwice) {
    const H = matrix(n, n);
    lagrangianHessian(problem, x, multipliers, H);
    for (let k = 0; k < f; k++) for (let l = 0; l < f; l++) K.data[k * N + l] = H.data[free[k] * n + free[l]];
  }
  for (let k = 0; k < f; k++) right[k] = -gradient[free[k]];
  active.forEach((i, l) => {
    if (isTwice) right[f + l] = -constraints[i];
    for (let k = 0; k < f; k++) {
      K.data[k * N + f + l] = data[i * n + free[k]];
      if (isTwice) K.data[(f + l) * N + k] = data[i * n + free[k]];
    }
  });
  return lstsq(K, right).x;
}
