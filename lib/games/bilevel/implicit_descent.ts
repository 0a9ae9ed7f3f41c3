/**
 * Descent along hypergradients: the lower level is solved, the upper one goes down.
 *
 * ```
 * each step:  the step a of the last one, twice as long, then halved until
 *             Φ(x - a∇Φ(x)) <= Φ(x) - 0.05 a |∇Φ(x)|²,  Φ by a solve of the lower level from where it was
 *             x ← x - a∇Φ(x),  y ← y(x),  ∇Φ by `hypergradient`
 * ```
 *
 * Source: Ghadimi and Wang, Approximation methods for bilevel programming (2018), arXiv 1802.02246, algorithm 1, with a
 * line search in place of a fixed step.
 *
 * @module
 */
import {
  along,
  type Bilevel,
  dot,
  figure,
  normInf,
  rng,
  type Smooth,
  type Solver,
  type State,
  type Vector,
} from "../../core/mod.ts";
import { lbfgs } from "../../smooth/mod.ts";
import { checkHypergradient, hypergradient, type HypergradientOptions } from "./hypergradient.ts";

/** Options of `implicitDescent`. */
export interface ImplicitDescentOptions {
  /** How hypergradients are taken. Default by conjugate gradients. */
  readonly hypergradient?: HypergradientOptions;
  /** The solver of the lower level. Default L-BFGS. */
  readonly inner?: Solver<Smooth>;
  /** The lower level is solved until the largest entry of its gradient is at most this. Default 1e-10. */
  readonly innerTolerance?: number;
  /** Steps of the lower level's solver at most. Default 1000. */
  readonly innerSteps?: number;
}

/** The state: both levels and the last step length. */
export interface ImplicitDescentState extends State {
  /** `|∇Φ(x)|∞`. */
  estimate: number;
  /** `y(x)`. */
  y: Vector;
  /** `∇Φ(x)`. */
  readonly gradient: Vector;
  /** The length of the last step. */
  length: number;
}

const SUFFICIENT = 0.05;

/**
 * Descent along hypergradients. Its measure is exact where the lower level is solved exactly and hypergradients are by
 * conjugate gradients.
 *
 * @throws {DomainError} When an option is out of range.
 */
export function implicitDescent(options: ImplicitDescentOptions = {}): Solver<Bilevel, ImplicitDescentState> {
  const { hypergradient: how = { mode: "cg" }, inner = lbfgs(), innerTolerance = 1e-10, innerSteps = 1000 } = options;
  checkHypergradient(how);
  /** Φ at x, and y(x), from y on. */
  const solveLower = (problem: Bilevel, x: Vector, y: Vector): { value: number; y: Vector } => {
    const lower: Smooth = {
      kind: "smooth",
      dimension: problem.lowerDimension,
      value: (z) => problem.lower.value(x, z),
      gradient: (z, out) => {
        problem.lower.gradientY(x, z, out);
        return problem.lower.value(x, z);
      },
    };
    const state = inner.init(lower, { x: y }, { rng: rng(0) });
    for (let k = 0; k < innerSteps && !state.stop && !((state.estimate ?? Infinity) <= innerTolerance); k++) {
      inner.step(lower, state);
    }
    const solution = inner.point(lower, state).x.slice();
    return { value: problem.upper.value(x, solution), y: solution };
  };
  const turn = (problem: Bilevel, state: ImplicitDescentState): void => {
    hypergradient(problem, state.x, how.mode === "unrolled" ? state.y.slice() : state.y, state.gradient, how);
    state.estimate = normInf(state.gradient);
  };
  return {
    name: `implicit descent (${how.mode})`,
    options: { hypergradient: how, inner: { name: inner.name, ...inner.options }, innerTolerance, innerSteps },
    reference: {
      title: "Approximation methods for bilevel programming",
      authors: "Ghadimi, Wang",
      year: 2018,
      identifier: "arXiv:1802.02246",
    },
    needs: [
      "upper.value",
      "upper.gradientX",
      "upper.gradientY",
      "lower.value",
      "lower.gradientY",
      "lower.hessianVector",
      "lower.crossVector",
    ],
    init: (problem, { x, lower }) => {
      const { value, y } = solveLower(problem, x, lower ?? new Float64Array(problem.lowerDimension));
      const gradient = new Float64Array(x.length);
      const state: ImplicitDescentState = { x: x.slice(), value, estimate: NaN, y, gradient, length: NaN };
      turn(problem, state);
      state.length = 0.5 / state.estimate; // the first trial moves x by 1
      return state;
    },
    step(problem, state) {
      const { x, y, gradient } = state, square = dot(gradient, gradient), trial = new Float64Array(x.length);
      const rounding = 1e-15 * (1 + Math.abs(state.value));
      for (state.length *= 2; state.length * square > rounding; state.length /= 2) {
        along(x, -state.length, gradient, trial);
        const next = solveLower(problem, trial, y);
        if (!(next.value <= state.value - SUFFICIENT * state.length * square)) continue;
        state.x = trial;
        state.y = next.y;
        state.value = next.value;
        turn(problem, state);
        return;
      }
      state.stop = {
        status: "stalled-at-precision",
        message: `no value below ${figure(state.value)} can be told from rounding along the hypergradient, |∇Φ| ${
          figure(state.estimate)
        }`,
      };
    },
    point: (_, { x, y }) => ({ x, lower: y }),
  };
}
