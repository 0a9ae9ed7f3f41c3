/**
 * Broyden's method: solve `F(x) = 0` with an approximation H of the inverse Jacobian that learns from each step.
 *
 * ```
 * d = -H F(x),   x⁺ = x + a d,   |F(x⁺)| <= (1 + 1/k² - 10⁻⁴ a) |F(x)|         backtracking, in step k
 * H⁺ = H + t (s - H y) sᵀH / (t sᵀHy + (1 - t) sᵀs) = (I + u sᵀ) H      with s = x⁺ - x, y = F(x⁺) - F(x)
 * ```
 *
 * which for t = 1 is the "good" update: of all matrices B with `B s = y`, `(H⁺)⁻¹` is the nearest to `H⁻¹`. Where that
 * would be all but singular, |sᵀHy| < sᵀs/10, t is less, so that the divisor is a tenth of sᵀs. H begins as the inverse
 * of a Jacobian by differences, and is dense; or as the multiple of I that is best along F, and then only the last
 * steps with their u are kept, at O(mn).
 *
 * A dense H begins anew where a search fails, or after two steps in a row that lowered |F| by less than a tenth; a
 * limited one where its memory is full. Where no step longer than a hundredth will do, a limited one begins anew, too,
 * and goes on learning at the same x: by Broyden's method for the linear system, each product with J by a difference,
 *
 * ```
 * d = -H r,   p⁺ = p + d,   r⁺ = r + J d,   H learns from d and J d,      from p = 0, r = F, until |r| <= |F|/10
 * ```
 *
 * and x moves along p.
 *
 * Sources: Broyden, A class of methods for solving nonlinear simultaneous equations (1965), method 1; Kelley, Iterative
 * Methods for Linear and Nonlinear Equations (1995), sections 7.2.1 and 7.3, for linear systems and the product form;
 * Moré and Trangenstein, On the global convergence of Broyden's method (1976), for t.
 *
 * @module
 */
import {
  along,
  axpy,
  checkChoice,
  DomainError,
  dot,
  norm2,
  SingularMatrixError,
  type Solver,
  type Vector,
} from "../../core/mod.ts";
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
   * What H begins as: the inverse of a Jacobian by differences, at n evaluations and O(n³), or a multiple of I, at one
   * evaluation. Default `differences`.
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
  /** Work space for y. */
  readonly room: Vector;
  /** The solution p of a linear system that H learns from. */
  readonly solution: Vector;
  /** Its residual r. */
  readonly rest: Vector;
}

/** So many steps without a lower |F| end a run. */
const PATIENCE = 100;

/** The shortest step, relative to the full one, along a direction of a limited H that is not learnt at x. */
const SHORT = 0.01;

/** Learning at x ends when the residual of the linear system is this share of |F|. */
const ACCURACY = 0.1;

/** Cosines below this, of s and y in some scale, say little about a scale. */
const COSINE = 0.1;

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
  checkChoice(verb, "a start", start, ["differences", "identity"]);
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
      const first = equationState(verb, problem, x), [room, solution, rest] = [0, 0, 0].map(() => x.slice());
      const counters = { count: 0, fresh: true, steps: 0, slow: 0, lowest: norm2(first.residual), idle: 0 };
      return { ...first, inverse: matrix(0, 0), scale: 1, u: kept(), s: kept(), ...counters, room, solution, rest };
    },
    step(problem, state) {
      const isDue = dense ? state.slow > 1 && !state.fresh : state.count === state.s.length;
      if (state.steps === 0 || isDue) begin(problem, state, dense);
      const before = norm2(state.residual), slack = 1 / (++state.steps) ** 2;
      aim(state, state.residual);
      if (!searchResidual(problem, state, slack, dense ? undefined : SHORT)) {
        const knowsMore = !dense || !state.fresh;
        if (knowsMore) {
          begin(problem, state, dense);
          if (dense) aim(state, state.residual);
          else solveLinearized(problem, state);
        }
        if (!knowsMore || !searchResidual(problem, state, slack)) {
          state.stop = noLowerResidual(problem, state);
          return;
        }
      }
      along(state.trial, -1, state.x, state.direction);
      along(state.trialResidual, -1, state.residual, state.room);
      learn(state, state.direction, state.room);
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

/** `d = -H r`. */
function aim(state: BroydenState, r: Vector): void {
  const { direction } = state;
  applyInverse(state, r, direction);
  for (let i = 0; i < direction.length; i++) direction[i] = -direction[i];
}

/** `out ← H v`. */
function applyInverse({ inverse, scale, u, s, count }: BroydenState, v: Vector, out: Vector): void {
  if (inverse.rows > 0) matvec(inverse, v, out);
  else for (let i = 0; i < v.length; i++) out[i] = scale * v[i];
  for (let j = 0; j < count; j++) axpy(dot(s[j], out), u[j], out);
}

/** H begins, anew if there was one. */
function begin(problem: Equation, state: BroydenState, dense: boolean): void {
  if (dense) invertDifferences(problem, state);
  else takeMultiple(problem, state);
  state.count = 0;
  state.fresh = true;
}

/** H is the inverse, or the pseudoinverse, of the Jacobian at x by differences. */
function invertDifferences(problem: Equation, state: BroydenState): void {
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
}

/** H is the multiple of I that is best along F, at most as large as to make a step of length `1 + |x|`. */
function takeMultiple(problem: Equation, state: BroydenState): void {
  const { x, residual, direction, trialResidual } = state, most = (1 + norm2(x)) / norm2(residual);
  direction.set(residual);
  differentiate(problem, state);
  const multiple = bestMultiple(residual, trialResidual) ?? most;
  state.scale = Math.max(-most, Math.min(most, multiple));
}

/** `s·y/y·y`, of all c the one with the least `|s - c y|`, but away from 0; undefined where y says nothing. */
function bestMultiple(s: Vector, y: Vector): number | undefined {
  const multiple = dot(s, y) / dot(y, y), least = COSINE * norm2(s) / norm2(y);
  if (!Number.isFinite(multiple) || !(least > 0)) return undefined;
  return multiple < 0 ? Math.min(multiple, -least) : Math.max(multiple, least);
}

/** The trial residual becomes `J d`, by a difference. */
function differentiate(problem: Equation, { x, residual, direction, trial, trialResidual }: BroydenState): void {
  const step = Math.sqrt(Number.EPSILON) * (1 + norm2(x)) / norm2(direction);
  along(x, step, direction, trial);
  problem.operator(trial, trialResidual);
  for (let i = 0; i < x.length; i++) trialResidual[i] = (trialResidual[i] - residual[i]) / step;
}

/** Solves `J p = -F` roughly, where H learns; the direction becomes p, or -H F if that is no better than nothing. */
function solveLinearized(problem: Equation, state: BroydenState): void {
  const { residual, direction, trialResidual: Jd, solution: p, rest: r } = state, size = norm2(residual);
  p.fill(0);
  r.set(residual);
  for (let k = 0; k + 1 < state.s.length && !(norm2(r) <= ACCURACY * size); k++) {
    aim(state, r);
    differentiate(problem, state);
    axpy(1, direction, p);
    axpy(1, Jd, r);
    learn(state, direction, Jd);
  }
  if (norm2(r) < size) direction.set(p);
  else aim(state, residual);
}

/** Learns from a step s that changed F by y, which is overwritten. */
function learn(state: BroydenState, step: Vector, y: Vector): void {
  const { inverse } = state,
    n = step.length,
    dense = inverse.rows > 0,
    s = state.s[state.count],
    u = state.u[state.count];
  s.set(step);
  if (!dense && state.count === 0 && state.fresh) state.scale = bestMultiple(s, y) ?? state.scale;
  applyInverse(state, y, u);
  const sHy = dot(s, u), ss = dot(s, s), share = sHy / ss;
  if (!Number.isFinite(share)) return;
  const t = Math.abs(share) >= 0.1 ? 1 : (share < 0 ? 1.1 : 0.9) / (1 - share), divisor = t * sHy + (1 - t) * ss;
  for (let i = 0; i < n; i++) u[i] = t * (s[i] - u[i]) / divisor;
  state.fresh = false;
  if (!dense) {
    state.count++;
    return;
  }
  const sH = y.fill(0), { data: H } = inverse;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) sH[j] += s[i] * H[i * n + j];
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) H[i * n + j] += u[i] * sH[j];
}
