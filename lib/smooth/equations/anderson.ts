/**
 * Anderson acceleration: find the fixed point of G, for `F(x) = x - G(x) = 0`.
 *
 * ```
 * f = G(x) - x = -F(x)
 * γ minimizes |f - ΔF γ|₂                       ΔX, ΔF: changes of x and f over the last m steps
 * x⁺ = x + β f - (ΔX + β ΔF) γ
 * ```
 *
 * Without memory this is the damped iteration `x⁺ = (1-β) x + β G(x)`. On `G(x) = A x + b` with full memory and β = 1,
 * `x⁺` is G of the iterate of GMRES on `(I - A) x = b`, as long as GMRES does not stand still. No search guards it: on
 * maps that are no contractions it may diverge.
 *
 * Sources: Anderson, Iterative procedures for nonlinear integral equations (1965); Walker and Ni, Anderson acceleration
 * for fixed-point iterations (2011), algorithm AA, equation (2.2), theorem 2.2.
 *
 * @module
 */
import { DomainError, figure, isFiniteVector, normInf, type Solver, type Vector } from "../../core/mod.ts";
import { lstsq, matrix } from "../../linalg/mod.ts";
import { acceptTrial, type Equation, type EquationState, equationState } from "./equation.ts";

/** Options of `anderson`. */
export interface AndersonOptions {
  /** m; 0 for the plain iteration. Default 10. */
  readonly memory?: number;
  /** β in (0, 1]. Default 1. */
  readonly damping?: number;
}

/** The state of `anderson`. */
export interface AndersonState extends EquationState {
  /** Changes of x, oldest first; those from `count` on are unused. */
  readonly dx: Vector[];
  /** Changes of f, likewise. */
  readonly df: Vector[];
  /** The number of changes kept. */
  count: number;
  /** `|F(x)|∞` at the start. */
  readonly first: number;
}

/** So much more than at the start is called divergence. */
const FAR = 1e10;

/**
 * Anderson acceleration.
 *
 * @throws {DomainError} When an option is out of range; in `init` on a problem with a resolvent.
 *
 * @example A linear map in three steps
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { anderson, fixedPoint } from "@gradus/gradus/smooth";
 * import { assert, assertAlmostEquals } from "@std/assert";
 *
 * const problem = fixedPoint(2, (x, out) => {
 *   out[0] = 0.9 * x[1] + 1;
 *   out[1] = 0.9 * x[0] - 1;
 * });
 * const { x, iterations } = solve(problem, anderson(), { start: [0, 0] });
 * assert(iterations <= 3);
 * assertAlmostEquals(x[0], 1 / 1.9);
 * ```
 */
export function anderson(options: AndersonOptions = {}): Solver<Equation, AndersonState> {
  const { memory = 10, damping = 1 } = options, verb = "run Anderson acceleration";
  if (!Number.isSafeInteger(memory) || memory < 0 || !(damping > 0 && damping <= 1)) {
    throw new DomainError(
      `Cannot ${verb}: expected a memory of at least 0 steps and a damping in (0, 1], got ${memory} and ${damping}`,
    );
  }
  return {
    name: "Anderson",
    options: { memory, damping },
    reference: {
      title: "Iterative procedures for nonlinear integral equations",
      authors: "Anderson",
      year: 1965,
      identifier: "doi:10.1145/321296.321305",
    },
    needs: ["operator"],
    init: (problem, { x }) => {
      const kept = (): Vector[] => Array.from({ length: memory }, () => new Float64Array(x.length));
      const state = equationState(verb, problem, x);
      return { ...state, dx: kept(), df: kept(), count: 0, first: state.estimate };
    },
    step(problem, state) {
      const { residual, trial, direction: d } = state, n = d.length;
      for (let i = 0; i < n; i++) d[i] = -damping * residual[i];
      if (state.count > 0) subtractChanges(state, damping);
      for (let i = 0; i < n; i++) trial[i] = state.x[i] + d[i];
      problem.operator(trial, state.trialResidual);
      if (memory > 0) keep(state);
      acceptTrial(state);
      if (!(state.estimate > FAR * (1 + state.first))) return;
      state.stop = {
        status: "diverged",
        message: `|F| ${figure(state.estimate)}, at the start ${figure(state.first)}`,
      };
    },
    point: (_, { x }) => ({ x }),
  };
}

/** `d ← d - (ΔX + β ΔF) γ`. */
function subtractChanges({ residual, direction: d, dx, df, count: k }: AndersonState, damping: number): void {
  const n = d.length, A = matrix(n, k), f = residual.map((r) => -r);
  for (let j = 0; j < k; j++) for (let i = 0; i < n; i++) A.data[i * k + j] = df[j][i];
  const gamma = lstsq(A, f).x;
  for (let j = 0; j < k; j++) {
    const g = gamma[j], xj = dx[j], fj = df[j];
    for (let i = 0; i < n; i++) d[i] -= g * (xj[i] + damping * fj[i]);
  }
}

/** Keeps the step to the trial; one without a change of f says nothing. */
function keep(state: AndersonState): void {
  const { dx, df, x, trial, residual, trialResidual } = state;
  if (!isFiniteVector(trialResidual)) return; // the run will end
  if (state.count === dx.length) {
    dx.push(dx.shift()!);
    df.push(df.shift()!);
    state.count--;
  }
  const last = state.count, s = dx[last], y = df[last];
  for (let i = 0; i < x.length; i++) {
    s[i] = trial[i] - x[i];
    y[i] = residual[i] - trialResidual[i];
  }
  if (normInf(y) > 0) state.count++;
}
