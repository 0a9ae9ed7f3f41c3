/**
 * The state of the homogeneous interior-point method.
 *
 * @module
 */
import {
  complementarity,
  emptyIterate,
  emptyResiduals,
  hasLower,
  hasUpper,
  type Iterate,
  type Residuals,
} from "./iterate.ts";
import type { MethodOptions } from "./options.ts";
import type { SparseProgram } from "./program.ts";
import type { RayCheck } from "./ray.ts";
import { type ProgramState, programState, toProblem } from "./state.ts";

/** Below this share of κ τ is negligible. */
const NEGLIGIBLE = 1e-8;

/** τ, κ, or changes of these. */
export interface Homogenizer {
  /** τ. */
  tau: number;
  /** κ. */
  kappa: number;
}

/** The state of `homogeneousInteriorPoint`. */
export interface HomogeneousState extends ProgramState {
  /** τ and κ. */
  readonly pair: Homogenizer;
  /** The predictor's step of them. */
  readonly pairTrial: Homogenizer;
  /** The step of them. */
  readonly pairDirection: Homogenizer;
  /** Δ₂. */
  readonly perTau: Iterate;
  /** What residuals change by with τ. */
  readonly residualsPerTau: Residuals;
  /** A direction in which the objective falls for ever, once it is found. */
  ray?: RayCheck;
  /** The run that then looks for a feasible point. */
  inner?: HomogeneousState;
}

/** The state at the start, `τ = 1`. */
export function homogeneousState(problem: SparseProgram, options: MethodOptions): HomogeneousState {
  const base = programState(problem, options), { program, at } = base, { n, m, lower, upper, cost } = program;
  const residualsPerTau = emptyResiduals(n, m), { dual, primal } = residualsPerTau;
  dual.set(cost);
  for (let i = 0; i < m; i++) if (lower[n + i] === upper[n + i]) primal[i] = -lower[n + i];
  for (let k = 0; k < n + m; k++) {
    if (hasLower(program, k)) residualsPerTau.lower[k] = -lower[k];
    if (hasUpper(program, k)) residualsPerTau.upper[k] = upper[k];
  }
  const mu = complementarity(program, at);
  const state: HomogeneousState = {
    ...base,
    pair: { tau: 1, kappa: mu > 0 ? mu : 1 },
    pairTrial: { tau: 0, kappa: 0 },
    pairDirection: { tau: 0, kappa: 0 },
    perTau: emptyIterate(n, m),
    residualsPerTau,
  };
  if (!state.stop) publish(state);
  return state;
}

/** x/τ and y/τ in terms of the problem; where τ is negligible, those from before stay. */
export function publish(state: HomogeneousState): void {
  const { at: { v, y }, pair: { tau, kappa } } = state;
  if (tau < NEGLIGIBLE * kappa) return;
  toProblem(state, "solution", v.map((a) => a / tau), y.map((a) => a / tau), state.x, state.multipliers);
}
