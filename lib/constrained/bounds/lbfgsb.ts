/**
 * L-BFGS-B: minimize `f(x)` subject to `lower <= x <= upper`.
 *
 * ```
 * m(z) = f + g·(z - x) + ½ (z - x)ᵀB(z - x)                      B of L-BFGS, in compact form
 * z = the first local minimizer of m along P(x - t g), t >= 0    the Cauchy point: which variables are at bounds
 * x̄ = the minimizer of m over the other ones, brought back into the box
 * x⁺ = P(x + a (x̄ - x)),   a by a strong Wolfe search of φ(a) = f(P(x + a (x̄ - x)))
 * B learns from s = x⁺ - x,  y = ∇f(x⁺) - ∇f(x)  unless  s·y <= 1e-10 |s| |y|
 * ```
 *
 * All iterates lie in the box, to the last bit. The first step along a direction is 1, and `min(1, 1/|d|₁)` while B is
 * I, unless all variables have two bounds. Without bounds this is L-BFGS.
 *
 * Sources: Byrd, Lu, Nocedal and Zhu, A limited memory algorithm for bound constrained optimization (1995); Morales and
 * Nocedal, Remark on Algorithm 778: L-BFGS-B (2011), for the projection of x̄.
 *
 * @module
 */
import {
  DomainError,
  dot,
  figure,
  projectedGradientNorm,
  type Smooth,
  type Solver,
  type Vector,
  withinBounds,
} from "../../core/mod.ts";
import {
  countIdle,
  firstStep,
  type Line,
  lineFrom,
  type LineSearch,
  type Lowest,
  moreThuente,
  noStep,
} from "../../smooth/mod.ts";
import { type BoundConstrained, checkBoundsAlone } from "../problem.ts";
import { type Box, type CauchyPath, cauchyPath, followCauchyPath } from "./cauchy_point.ts";
import { type CompactHessian, compactHessian, forget, learn } from "./compact_hessian.ts";
import { minimizeInSubspace } from "./subspace.ts";

/** Options of `lbfgsb`. */
export interface LbfgsbOptions {
  /** The number of pairs. Default 10. */
  readonly memory?: number;
  /** The line search. Default Moré-Thuente with `c₁ = 1e-4`, `c₂ = 0.9`. */
  readonly search?: LineSearch;
}

/** The state of `lbfgsb`. */
export interface LbfgsbState extends Lowest {
  /** `|x - P(x - ∇f(x))|∞`. */
  estimate: number;
  /** `∇f(x)`. */
  gradient: Vector;
  /** `∇f` at the trial of the line, all entries. */
  trialGradient: Vector;
  /** The bounds. */
  readonly box: Box;
  /** B. */
  readonly hessian: CompactHessian;
  /** The way to the Cauchy point. */
  readonly path: CauchyPath;
  /** The line of the last step. */
  readonly line: Line;
}

/** So many steps without a lower value or estimate end a run. */
const PATIENCE = 50;

/**
 * L-BFGS-B. Memory is O(mn), work per step O(mn), and O(m²) for each variable at a bound, or for each free one,
 * whichever are fewer (for all, where the pairs live on the fewer). A start outside the box is projected on it.
 *
 * @throws {DomainError} On a memory below 1; in `init` when there are constraints other than bounds.
 *
 * @example Rosenbrock's function where its minimizer is out of reach
 * ```ts
 * import { lbfgsb } from "@gradus/gradus/constrained";
 * import { solve } from "@gradus/gradus/core";
 * import { rosenbrock } from "@gradus/gradus/problems";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { problem: objective, start } = rosenbrock(2), upper = Float64Array.of(0.5, Infinity);
 * const { x, status } = solve({ kind: "constrained", objective, constraints: { upper } }, lbfgsb(), { start });
 * assertEquals(status, "converged");
 * assertEquals(x[0], 0.5);
 * assertAlmostEquals(x[1], 0.25);
 * ```
 */
export function lbfgsb(options: LbfgsbOptions = {}): Solver<BoundConstrained, LbfgsbState> {
  const { memory: m = 10, search = moreThuente() } = options;
  if (!Number.isSafeInteger(m) || m < 1) {
    throw new DomainError(`Cannot run L-BFGS-B: expected a memory of at least 1 pair, got ${m}`);
  }
  return {
    name: "L-BFGS-B",
    options: { memory: m, search: { name: search.name, ...search.options } },
    reference: {
      title: "A limited memory algorithm for bound constrained optimization",
      authors: "Byrd, Lu, Nocedal, Zhu",
      year: 1995,
      identifier: "doi:10.1137/0916069",
    },
    needs: ["objective.gradient"],
    init: (problem, start) => {
      checkBoundsAlone("run L-BFGS-B", problem);
      const { objective, constraints } = problem, n = objective.dimension;
      const box = {
        lower: constraints.lower?.slice() ?? new Float64Array(n).fill(-Infinity),
        upper: constraints.upper?.slice() ?? new Float64Array(n).fill(Infinity),
      };
      const x = withinBounds(start.x, box.lower, box.upper);
      const gradient = new Float64Array(n), value = objective.gradient(x, gradient);
      const estimate = projectedGradientNorm(x, gradient, box.lower, box.upper);
      return {
        x,
        value,
        estimate,
        gradient,
        trialGradient: new Float64Array(n),
        box,
        hessian: compactHessian(n, m),
        path: cauchyPath(n, m),
        line: lineFrom(x, search),
        lowestValue: value,
        lowestEstimate: estimate,
        idle: 0,
      };
    },
    step({ objective }, state) {
      const { line, hessian } = state, along = projected(objective, state);
      line.x = state.x;
      line.value0 = state.value;
      while (true) {
        const first = aim(state), fresh = hessian.count === 0;
        if (line.slope0 < 0 && line.slope0 > -Infinity) {
          if (search.search(along, line, first) !== "failed") break;
          if (fresh) state.stop = noStep(along, line, first);
        } else if (fresh) {
          state.stop = line.slope0 - line.slope0 === 0
            ? { status: "stalled-at-precision", message: "the projected gradient is 0 to rounding" }
            : { status: "line-search-failed", message: `the slope is ${line.slope0}: too large to search along` };
        }
        if (fresh) return;
        forget(hessian);
      }
      learn(hessian, state.x, line.trial, state.gradient, state.trialGradient);
      accept(state);
    },
    point: (_, { x }) => ({ x }),
  };
}

/** Sets the line's direction and slope; returns the first step to try. */
function aim(state: LbfgsbState): number {
  const { x, gradient, box, hessian, path, line: { direction, trial }, line } = state;
  followCauchyPath(path, x, gradient, box, hessian);
  minimizeInSubspace(path, x, gradient, box, hessian, trial, direction);
  let boxed = true;
  for (let i = 0; i < x.length; i++) {
    direction[i] = trial[i] - x[i];
    boxed &&= box.lower[i] > -Infinity && box.upper[i] < Infinity;
  }
  line.slope0 = dot(gradient, direction);
  return hessian.count > 0 || boxed ? 1 : firstStep(direction);
}

/** Rounding of `x + (x̄ - x)`: nearer to a bound than this is at it. */
const SNAP = 4 * Number.EPSILON;

/**
 * `f(P(x))` for the line search: it moves the trial into the box, and leaves out of the gradient what the projection
 * holds.
 */
function projected(objective: Smooth, { box: { lower, upper }, trialGradient, line }: LbfgsbState): Smooth {
  return {
    kind: "smooth",
    dimension: objective.dimension,
    value: objective.value,
    gradient: (trial, out) => {
      const { x, direction } = line, n = trial.length;
      for (let i = 0; i < n; i++) {
        const t = trial[i], slack = SNAP * Math.max(Math.abs(x[i]), Math.abs(t));
        // marked by an infinity until the gradient is there
        out[i] = direction[i] < 0 && t < lower[i] - slack || direction[i] > 0 && t > upper[i] + slack ? Infinity : 0;
        if (t <= lower[i] + slack && direction[i] < 0) trial[i] = lower[i];
        else if (t >= upper[i] - slack && direction[i] > 0) trial[i] = upper[i];
      }
      const value = objective.gradient(trial, trialGradient);
      for (let i = 0; i < n; i++) out[i] = out[i] === 0 ? trialGradient[i] : 0;
      return value;
    },
  };
}

/** Moves to the trial: the vectors of iterate and trial change places. */
function accept(state: LbfgsbState): void {
  const { line, x, gradient } = state;
  state.x = line.trial;
  line.trial = x;
  state.gradient = state.trialGradient;
  state.trialGradient = gradient;
  state.value = line.value;
  state.estimate = projectedGradientNorm(state.x, state.gradient, state.box.lower, state.box.upper);
  countIdle(state);
  if (state.idle < PATIENCE) return;
  state.stop = {
    status: "stalled-at-precision",
    message: `no lower value or projected gradient in ${state.idle} iterations; it is ${figure(state.estimate)}`,
  };
}
