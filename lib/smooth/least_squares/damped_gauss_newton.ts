/**
 * The damped Gauss-Newton method for nonlinear least squares.
 *
 * ```
 * minimize f = ½ |r(x)|²
 * p = argmin |J p + r|,   of several the one of least |D p|,  Dⱼ = the norm of column j of J
 * x ← x + a p,   a by a line search of f from 1                                f'(x; p) = -|J p|²
 * ```
 *
 * It converges quadratically where r = 0 at the solution, and linearly where residuals are small against the curvature
 * of r. Where no a lowers f, as J is near to losing rank, the step goes along the steepest descent;
 * `levenbergMarquardt` is at home there.
 *
 * Source: Björck, Numerical Methods for Least Squares Problems (1996), section 9.2.1.
 *
 * @module
 */
import {
  checkNoBounds,
  dot,
  type LeastSquares,
  normInf,
  type Smooth,
  type Solver,
  writeJacobian,
} from "../../core/mod.ts";
import { lstsq } from "../../linalg/mod.ts";
import { noSlope, noStep } from "../failure.ts";
import { type Line, lineFrom, type LineSearch } from "../line.ts";
import { backtracking } from "../linesearch/backtracking.ts";
import { columnNorms, halfSquares, type LinearModel, linearModelOf, writeGradient } from "./model.ts";
import type { LinearizedState } from "./move.ts";

/** Options of `dampedGaussNewton`. */
export interface DampedGaussNewtonOptions {
  /** The line search. Default `backtracking()`. */
  readonly search?: LineSearch;
}

/** The state: the linear models at x and at the trial, and the line. */
export interface DampedGaussNewtonState extends LinearizedState {
  /** `|Jᵀr|∞`. */
  estimate: number;
  /** r, J and Jᵀr at x. */
  model: LinearModel;
  /** The same at the last trial. */
  trialModel: LinearModel;
  /** The line of the last step. */
  readonly line: Line;
}

/**
 * The damped Gauss-Newton method. A trial costs the residuals and a Jacobian matrix, a step one least-squares solution
 * besides. There may be fewer residuals than variables.
 *
 * @throws {DomainError} In `init` on a problem with bounds.
 *
 * @example Two circles that meet
 * ```ts
 * import { type LeastSquares, solve } from "@gradus/gradus/core";
 * import { dampedGaussNewton } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const circles: LeastSquares = {
 *   kind: "least-squares",
 *   dimension: 2,
 *   residual: {
 *     components: 2,
 *     value: ([x, y], out) => out.set([x * x + y * y - 25, (x - 6) ** 2 + y * y - 25]),
 *     jacobianVector: ([x, y], [v, w], out) => out.set([2 * x * v + 2 * y * w, 2 * (x - 6) * v + 2 * y * w]),
 *     jacobianTransposeVector: ([x, y], [v, w], out) => out.set([2 * x * v + 2 * (x - 6) * w, 2 * y * (v + w)]),
 *   },
 * };
 * const { status, x } = solve(circles, dampedGaussNewton(), { start: [1, 1] });
 * assertEquals(status, "converged");
 * assertAlmostEquals(x[0], 3, 1e-9);
 * assertAlmostEquals(x[1], 4, 1e-9);
 * ```
 */
export function dampedGaussNewton(
  options: DampedGaussNewtonOptions = {},
): Solver<LeastSquares, DampedGaussNewtonState> {
  const { search = backtracking() } = options;
  return {
    name: "damped Gauss-Newton",
    options: { search: { name: search.name, ...search.options } },
    reference: {
      title: "Numerical Methods for Least Squares Problems",
      authors: "Björck",
      year: 1996,
      identifier: "doi:10.1137/1.9781611971484",
    },
    needs: ["residual.value", "residual.jacobianVector"],
    init: (problem, start) => {
      checkNoBounds("run damped Gauss-Newton", problem);
      const x = start.x.slice(),
        state: DampedGaussNewtonState = {
          x,
          value: NaN,
          estimate: NaN,
          model: linearModelOf(problem),
          trialModel: linearModelOf(problem),
          line: lineFrom(x, search),
        };
      state.value = evaluation(problem, state.model).gradient(x, state.model.gradient);
      state.estimate = normInf(state.model.gradient);
      return state;
    },
    step(problem, state) {
      const { line, model: { gradient } } = state, along = evaluation(problem, state.trialModel);
      line.x = state.x;
      line.value0 = state.value;
      line.direction.set(shortestStep(state.model));
      line.slope0 = dot(gradient, line.direction);
      if (!(line.slope0 < 0) || search.search(along, line, 1) === "failed") {
        for (let j = 0; j < gradient.length; j++) line.direction[j] = -gradient[j];
        line.slope0 = -dot(gradient, gradient);
        const first = 1 / state.estimate;
        if (!(line.slope0 < 0 && line.slope0 > -Infinity)) state.stop = noSlope(line.slope0);
        else if (search.search(along, line, first) === "failed") state.stop = noStep(along, line, first);
        if (state.stop) return;
      }
      accept(state);
    },
    point: (_, { x }) => ({ x }),
  };
}

/** `f` and `∇f = Jᵀr`, which leaves r and J in a model. */
function evaluation({ dimension, residual }: LeastSquares, model: LinearModel): Smooth {
  return {
    kind: "smooth",
    dimension,
    value: (x) => {
      residual.value(x, model.residual);
      return halfSquares(model.residual);
    },
    gradient: (x, out) => {
      residual.value(x, model.residual);
      const value = halfSquares(model.residual);
      if (!Number.isFinite(value)) {
        out.fill(NaN);
        return value;
      }
      writeJacobian(residual, x, model.jacobian);
      writeGradient(model.jacobian, model.residual, out);
      return value;
    },
  };
}

/** `argmin |J p + r|` with the least `|D p|`. */
function shortestStep({ residual, jacobian: { rows, columns, data } }: LinearModel): Float64Array {
  const D = columnNorms({ rows, columns, data }).map((d) => d || 1);
  const scaled = { rows, columns, data: data.map((v, k) => v / D[k % columns]) };
  return lstsq(scaled, residual.map((r) => -r)).x.map((p, j) => p / D[j]);
}

/** Moves to the trial of the line: what belongs to iterate and trial changes places. */
function accept(state: DampedGaussNewtonState): void {
  const { line, x, model, trialModel } = state;
  state.x = line.trial;
  line.trial = x;
  state.model = trialModel;
  state.trialModel = model;
  state.model.gradient.set(line.gradient);
  state.value = line.value;
  state.estimate = normInf(line.gradient);
}
