/**
 * Strictly convex quadratic programs with dense matrices,
 *
 *     minimize ½ xᵀPx + cᵀx  where  rowLower <= Ax <= rowUpper, lower <= x <= upper,
 *
 * by the dual active-set method of `dual.ts`: from the minimizer without constraints, one violated constraint after
 * another becomes active. All iterates minimize the objective under the constraints that are active, which are few at
 * first: x is feasible at the end alone. The end is exact up to rounding.
 *
 * Source: Goldfarb and Idnani, A numerically stable dual method for solving strictly convex quadratic programs (1983).
 *
 * @module
 */
import {
  type Certificate,
  DomainError,
  dot,
  type LinearOperator,
  type Matrix,
  type QuadraticProgram,
  type Solver,
  type State,
  type Vector,
} from "../../core/mod.ts";
import { matvec } from "../../linalg/mod.ts";
import { checkInfeasible } from "../interior_point/ray.ts";
import { advance, beginProgram } from "./dual.ts";
import { type ActiveSet, activeSetOf, contradictionOf, type DenseProgram, denseProgram } from "./program.ts";

/** The state of `activeSet`. */
export interface ActiveSetState extends State {
  /** The program. */
  readonly program: DenseProgram;
  /** Its solution under the active constraints. */
  readonly set: ActiveSet;
  /** y of the rows. */
  readonly multipliers: Vector;
  /** What multipliers prove where nothing is feasible. */
  certificate?: Certificate;
}

/**
 * The dual active-set method for strictly convex quadratic programs: a step takes up one constraint. Memory
 * `O(n² + mn)`, a step `O(n² + mn)`. The start is not used. Constraints that contradict each other end the run
 * `infeasible` with a certificate.
 *
 * @throws {DomainError} In `init`, when the Hessian is not positive definite.
 *
 * @example The point of a polygon that is nearest to (3, 2)
 * ```ts
 * import { activeSet } from "@gradus/gradus/constrained";
 * import { solve } from "@gradus/gradus/core";
 * import { fromTriplets, sparseIdentity } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { x } = solve({
 *   kind: "quadratic-program",
 *   hessian: sparseIdentity(2),
 *   linear: {
 *     kind: "linear-program",
 *     objective: Float64Array.of(-3, -2),
 *     matrix: fromTriplets(1, 2, [0, 0], [0, 1], [1, 1]),
 *     rowLower: Float64Array.of(-Infinity),
 *     rowUpper: Float64Array.of(2),
 *     lower: Float64Array.of(0, 0),
 *     upper: Float64Array.of(1.2, 2),
 *   },
 * }, activeSet(), { start: [0, 0] });
 * assertAlmostEquals(x[0], 1.2, 1e-12);
 * assertAlmostEquals(x[1], 0.8, 1e-12);
 * ```
 */
export function activeSet(): Solver<QuadraticProgram, ActiveSetState> {
  return {
    name: "active set",
    options: {},
    reference: {
      title: "A numerically stable dual method for solving strictly convex quadratic programs",
      authors: "Goldfarb, Idnani",
      year: 1983,
      identifier: "doi:10.1007/BF02591962",
    },
    needs: ["hessian.apply", "linear.matrix.applyTranspose"],
    init: ({ hessian, linear }) => {
      const m = linear.matrix.rows, n = linear.objective.length, program = denseProgram(m, n), set = activeSetOf(m, n);
      writeColumns(n, hessian.apply, program.hessian);
      writeColumns(m, linear.matrix.applyTranspose, program.rows);
      program.gradient.set(linear.objective);
      program.lower.set(linear.rowLower);
      program.lower.set(linear.lower, m);
      program.upper.set(linear.rowUpper);
      program.upper.set(linear.upper, m);
      if (beginProgram(program, set) === "indefinite") {
        throw new DomainError(
          "Cannot run a dual active-set method: expected a positive definite Hessian, got one that is not",
        );
      }
      const state: ActiveSetState = {
        x: set.x,
        value: NaN,
        program,
        set,
        multipliers: set.multipliers.subarray(0, m),
      };
      evaluate(state);
      return state;
    },
    step(problem, state) {
      const { program, set } = state, outcome = advance(program, set);
      if (outcome === "infeasible") {
        const { ray, radius } = checkInfeasible(problem, state.multipliers);
        state.certificate = { proves: "infeasible", ray, radius };
        state.stop = {
          status: "infeasible",
          message: `constraints contradict each other by ${contradictionOf(program, set).toExponential(2)}`,
        };
      } else if (outcome === "solved") {
        state.stop = { status: "stalled-at-precision", message: "x is the solution up to rounding" };
      } else evaluate(state);
    },
    point: (_, { x, multipliers }) => ({ x, multipliers }),
    certificate: (_, { certificate }) => certificate,
  };
}

/**
 * Row k of `out` is the k-th column of an operator: the matrix itself where that is symmetric or its transpose is
 * applied.
 */
function writeColumns(count: number, apply: LinearOperator["apply"], out: Matrix): void {
  const n = out.columns, unit = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    unit[k] = 1;
    apply(unit, out.data.subarray(k * n, (k + 1) * n));
    unit[k] = 0;
  }
}

/** The objective at x. */
function evaluate(state: ActiveSetState): void {
  const { program: { hessian, gradient }, set: { z: product }, x } = state;
  matvec(hessian, x, product);
  state.value = dot(x, product) / 2 + dot(gradient, x);
}
