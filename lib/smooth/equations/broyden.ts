/**
 * Broyden's method: solve `F(x) = 0` with an approximation H of the inverse Jacobian that learns from each step.
 *
 * ```
 * d = -H F(x),   x⁺ = x + a d,   |F(x⁺)| <= (1 + 1/k² - 10⁻⁴ a) |F(x)|         backtracking, in step k
 * H⁺ = H + (s - H y) sᵀH / (sᵀ H y) = (I + u sᵀ) H,   u = (s - H y)/(sᵀ H y)   with s = x⁺ - x, y = F(x⁺) - F(x)
 * ```
 *
 * which is the "good" update: of all matrices B with `B s = y`, `(H⁺)⁻¹` is the nearest to `H⁻¹`. H begins as the
 * inverse of a Jacobian by differences, and is dense; or as a multiple of I, and then only the last steps with their u
 * are kept, at O(mn). Where a search fails, a dense H is slow (two steps in a row that lower |F| by less than a tenth),
 * or the memory is full, H begins anew.
 *
 * Sources: Broyden, A class of methods for solving nonlinear simultaneous equations (1965), method 1; Kelley, Iterative
 * Methods for Linear and Nonlinear Equations (1995), section 7.3, for the product form.
 *
 * @module
 */
import { axpy, DomainError, dot, norm2, SingularMatrixError, type Solver, type Vector } from "../../core/mod.ts";
import { inv, type Matrix, matrix, matvec, pinv } from "../../linalg/mod.ts";
import {
  acceptTrial,
  type Equation,
  type EquationState,
  equationState,
  noLowerResidual,
  searchResidual,
} from "./equation.ts";

/** Options of `broyden`. */
export interface BroydenOptions {
  /**
   * What H begins as: the inverse of a Jacobian by differences, at n evaluations and O(n³), or a multiple of I. Default
   * `differences`.
   */
  readonly start?: "differences" | "identity";
  /** With `identity`, the number of steps that are kept. Default 40. */
  readonly memory?: number;
}

/** The state of `broyden`. */
export interface BroydenState extends EquationState {
  /** H where it is dense, else empty. */
  inverse: Matrix;
  /** H₀ = scale I where it is not. */
  scale: number;
  /** u of the steps kept; of the last one where H is dense. */
  readonly u: readonly Vector[];
  /** s of these steps. */
  readonly s: readonly Vector[];
  /** Their number. */
  count: number;
  /** Whether H has learnt nothing since it began. */
  fresh: boolean;
  /** The number of steps so far. */
  steps: number;
  /** The number of steps in a row that lowered |F| by less than a tenth. */
  slow: number;
  /** The lowest `|F|₂` so far. */
  lowest: number;
  /** The number of steps in a row that brought no lower one. */
  idle: number;
  /** Work space. */
  readonly room: Vector;
}

/** So many steps without a lower |F| end a run. */
const PATIENCE = 100;

/**
 * Broyden's method.
 *
 * @throws {DomainError} When an option is out of range; in `init` on a problem with a resolvent.
 *
 * @example Two equations
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { broyden } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { x, status } = solve({
 *   kind: "operator",
 *   dimension: 2,
 *   operator: (x, out) => {
 *     out[0] = x[0] ** 2 + x[1] ** 2 - 2; // a circle
 *     out[1] = x[0] - x[1]; // and a line
 *   },
 * }, broyden(), { start: [3, 1] });
 * assertEquals(status, "converged");
 * assertAlmostEquals(x[1], 1);
 * ```
 */
export function broyden(options: BroydenOptions = {}): Solver<Equation, BroydenState> {
  const { start = "differences", memory = 40 } = options,
    verb = "run Broyden's method",
    dense = start === "differences";
  if (!dense && start !== "identity") {
    throw new DomainError(`Cannot ${verb}: expected the start "differences" or "identity", got ${start}`);
  }
  if (!Number.isSafeInteger(memory) || memory < 1) {
    throw new DomainError(`Cannot ${verb}: expected a memory of at least 1 step, got ${memory}`);
  }
  return {
    name: dense ? "Broyden" : "Broyden, limited memory",
    options: dense ? { start } : { start, memory },
    reference: {
      title: "A class of methods for solving nonlinear simultaneous equations",
      authors: "Broyden",
      year: 1965,
      identifier: "doi:10.1090/S0025-5718-1965-0198670-6",
    },
    needs: ["operator"],
    init: (problem, { x }) => {
      const kept = (): Vector[] => Array.from({ length: dense ? 1 : memory }, () => new Float64Array(x.length));
      const first = equationState(verb, problem, x), scale = scaleAt(first), room = new Float64Array(x.length);
      const counters = { count: 0, fresh: true, steps: 0, slow: 0, lowest: norm2(first.residual), idle: 0 };
      return { ...first, inverse: matrix(0, 0), scale, u: kept(), s: kept(), ...counters, room };
    },
    step(problem, state) {
      const anew = (): void => dense ? begin(problem, state) : forget(state);
      if (dense && (state.inverse.rows === 0 || state.slow > 1 && !state.fresh)) anew();
      const before = norm2(state.residual);
      aim(state);
      const slack = 1 / (++state.steps) ** 2;
      while (!searchResidual(problem, state, slack)) {
        if (!state.fresh) {
          anew();
        } else if (!dense && state.scale > 0) {
          state.scale = -state.scale; // of I and -I one may fit
        } else {
          state.stop = noLowerResidual(problem, state);
          return;
        }
        aim(state);
      }
      learn(state, dense);
      acceptTrial(state);
      const after = norm2(state.residual);
      state.slow = after > 0.9 * before ? state.slow + 1 : 0;
      state.idle = after < state.lowest ? 0 : state.idle + 1;
      state.lowest = Math.min(after, state.lowest);
      if (state.idle >= PATIENCE) state.stop = noLowerResidual(problem, state);
    },
    point: (_, { x }) => ({ x }),
  };
}

/** `d = -H F`. */
function aim(state: BroydenState): void {
  const { direction, residual } = state;
  applyInverse(state, residual, direction);
  for (let i = 0; i < direction.length; i++) direction[i] = -direction[i];
}

/** `out ← H v`. */
function applyInverse({ inverse, scale, u, s, count }: BroydenState, v: Vector, out: Vector): void {
  if (inverse.rows > 0) matvec(inverse, v, out);
  else for (let i = 0; i < v.length; i++) out[i] = scale * v[i];
  for (let j = 0; j < count; j++) axpy(dot(s[j], out), u[j], out);
}

/** H is the inverse, or the pseudoinverse, of the Jacobian at x by differences. */
function begin(problem: Equation, state: BroydenState): void {
  const { x, residual, trial, trialResidual } = state, n = x.length, J = matrix(n, n);
  trial.set(x);
  for (let j = 0; j < n; j++) {
    trial[j] = x[j] + Math.sqrt(Number.EPSILON) * (Math.abs(x[j]) || 1);
    const step = trial[j] - x[j];
    problem.operator(trial, trialResidual);
    for (let i = 0; i < n; i++) {
      const slope = (trialResidual[i] - residual[i]) / step;
      J.data[i * n + j] = Number.isFinite(slope) ? slope : 0; // outside the domain: nothing is known
    }
    trial[j] = x[j];
  }
  try {
    state.inverse = inv(J);
  } catch (error) {
    if (!(error instanceof SingularMatrixError)) throw error;
    state.inverse = pinv(J);
  }
  state.fresh = true;
}

/** 1, or less where that would be a step longer than `1 + |x|`. */
function scaleAt({ x, residual }: EquationState): number {
  const size = norm2(residual), most = 1 + norm2(x);
  return size > most ? most / size : 1;
}

/** H is a multiple of I. */
function forget(state: BroydenState): void {
  state.count = 0;
  state.scale = scaleAt(state);
  state.fresh = true;
  state.slow = 0;
}

/** Learns from the step to the trial. */
function learn(state: BroydenState, dense: boolean): void {
  const { x, trial, residual, trialResidual, room: y, inverse } = state, n = x.length;
  if (!dense && state.count === state.s.length) forget(state);
  const s = state.s[dense ? 0 : state.count], u = state.u[dense ? 0 : state.count];
  for (let i = 0; i < n; i++) {
    s[i] = trial[i] - x[i];
    y[i] = trialResidual[i] - residual[i];
  }
  const multiple = dot(s, y) / dot(y, y); // of I, the one nearest to H⁺
  if (!dense && state.count === 0 && multiple !== 0 && Number.isFinite(multiple)) state.scale = multiple;
  applyInverse(state, y, u);
  const sHy = dot(s, u);
  if (!(Math.abs(sHy) > 1e-10 * norm2(s) * norm2(u))) return; // H⁺ would be all but infinite
  for (let i = 0; i < n; i++) u[i] = (s[i] - u[i]) / sHy;
  state.fresh = false;
  if (!dense) {
    state.count++;
    return;
  }
  const sH = y.fill(0), { data: H } = inverse;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) sH[j] += s[i] * H[i * n + j];
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) H[i * n + j] += u[i] * sH[j];
}
