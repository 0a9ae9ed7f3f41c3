/**
 * Systems of equations `F(x) = 0`, `F: Rⁿ → Rⁿ`, and the search along a line that their solvers share.
 *
 * ```
 * |F(x + a d)|₂ <= (1 + slack - 10⁻⁴ a) |F(x)|₂,   a = 1, then shorter
 * ```
 *
 * After a trial that fails, a moves to the minimizer of the parabola `q` with `q(0) = |F(x)|²`, `q'(0) = -2 |F(x)|²`
 * (the slope along Newton's direction) and the value seen at a, but within `[a/10, a/2]`. Slacks of a finite sum let
 * |F| grow now and then, but not without bound: directions that are still learning need that (Li and Fukushima, A
 * derivative-free line search and global convergence of Broyden-like method for nonlinear equations, 2000).
 *
 * @module
 */
import {
  along,
  axpy,
  DomainError,
  figure,
  norm2,
  normInf,
  type State,
  type Stop,
  type VariationalInequality,
  type Vector,
} from "../../core/mod.ts";

/** Find `x` with `F(x) = 0`. */
export interface Equation extends VariationalInequality {
  /** There is none: no set restricts x. */
  readonly resolvent?: never;
}

/**
 * The equation `x - G(x) = 0` of a fixed point.
 *
 * @param dimension The number of variables.
 * @param map Writes `G(x)` into `out`.
 *
 * @example The number that is its own cosine
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { anderson, fixedPoint } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const problem = fixedPoint(1, (x, out) => void (out[0] = Math.cos(x[0])));
 * assertAlmostEquals(solve(problem, anderson(), { start: [1] }).x[0], 0.7390851332151607);
 * ```
 */
export function fixedPoint(dimension: number, map: (x: Vector, out: Vector) => void): Equation {
  return {
    kind: "operator",
    dimension,
    operator: (x, out) => {
      map(x, out);
      for (let i = 0; i < dimension; i++) out[i] = x[i] - out[i];
    },
  };
}

/** What the state of every solver of equations has. */
export interface EquationState extends State {
  /** `|F(x)|∞`. */
  estimate: number;
  /** `F(x)`. */
  residual: Vector;
  /** The trial point of a search. */
  trial: Vector;
  /** F there. */
  trialResidual: Vector;
  /** The direction of the last step. */
  readonly direction: Vector;
}

/**
 * Evaluates at the start.
 *
 * @throws {DomainError} When the problem has a resolvent.
 */
export function equationState(verb: string, problem: Equation, start: Vector): EquationState {
  if (problem.resolvent !== undefined) {
    throw new DomainError(`Cannot ${verb}: expected an equation F(x) = 0, got a problem with a resolvent`);
  }
  const room = (): Vector => new Float64Array(start.length), residual = room();
  problem.operator(start, residual);
  return {
    x: start.slice(),
    value: NaN,
    estimate: normInf(residual),
    residual,
    trial: room(),
    trialResidual: room(),
    direction: room(),
  };
}

/** The shortest step that is tried, relative to the full one. */
const SHORTEST = 2 ** -40;

/** Searches along the direction, down to a shortest step; returns whether the trial is acceptable. */
export function searchResidual(problem: Equation, state: EquationState, slack = 0, shortest = SHORTEST): boolean {
  const { x, direction, trial, trialResidual } = state, before = norm2(state.residual);
  for (let a = 1; a >= shortest;) {
    along(x, a, direction, trial);
    problem.operator(trial, trialResidual);
    const after = norm2(trialResidual);
    if (after <= (1 + slack - 1e-4 * a) * before) return true;
    const growth = (after / before) ** 2, best = a * a / (growth - 1 + 2 * a);
    a = growth < Infinity ? Math.max(0.1 * a, Math.min(0.5 * a, best)) : 0.25 * a; // NaN and ∞ are outside F's domain
  }
  return false;
}

/** Moves to the trial: the vectors of iterate and trial change places. */
export function acceptTrial(state: EquationState): void {
  const { x, residual } = state;
  state.x = state.trial;
  state.trial = x;
  state.residual = state.trialResidual;
  state.trialResidual = residual;
  state.estimate = normInf(state.residual);
}

/**
 * Why a search along the best direction there is found nothing: F is all rounding errors, if it changes by a tenth of
 * itself where x changes in its last digit.
 */
export function noLowerResidual(problem: Equation, { x, residual, trial, trialResidual }: EquationState): Stop {
  const size = norm2(residual);
  for (let i = 0; i < x.length; i++) trial[i] = x[i] * (1 + (i % 2 === 0 ? Number.EPSILON : -Number.EPSILON));
  problem.operator(trial, trialResidual);
  axpy(-1, residual, trialResidual);
  const change = norm2(trialResidual);
  return change > 0.1 * size
    ? {
      status: "stalled-at-precision",
      message: `no step lowers |F| ${figure(size)}, which changes by ${figure(change)} with the last digit of x`,
    }
    : {
      status: "line-search-failed",
      message: `no step lowers |F| ${figure(size)}: it has a local minimum here, or F is not smooth`,
    };
}
