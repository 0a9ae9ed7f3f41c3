/**
 * Newton-Krylov: solve `F(x) = 0` by inexact Newton steps without a Jacobian matrix.
 *
 * ```
 * |F(x) + J s| <= η |F(x)|                                     GMRES; where the problem has no products with J,
 *                                                              J v ≈ (F(x + ε v) - F(x))/ε, ε = √u (1 + |x|)/|v|, u the
 *                                                              unit of rounding
 * x⁺ = x + a s,   |F(x⁺)| <= (1 - 10⁻⁴ a) |F(x)|               backtracking
 * η⁺ = 0.9 (|F(x⁺)|/|F(x)|)²,  at least 0.9 η² where that is above 0.1,  at most 0.9
 * ```
 *
 * Near a solution with a regular Jacobian the order of convergence is two, with differences until their error shows.
 *
 * Sources: Eisenstat and Walker, Choosing the forcing terms in an inexact Newton method (1996), choice 2; Kelley,
 * Solving Nonlinear Equations with Newton's Method (2003), chapter 3.
 *
 * @module
 */
import { along, DomainError, type LinearOperator, norm2, type Solver } from "../../core/mod.ts";
import { gmres } from "../../linalg/mod.ts";
import {
  acceptTrial,
  type Equation,
  type EquationState,
  equationState,
  noLowerResidual,
  searchResidual,
} from "./equation.ts";

/** Options of `newtonKrylov`. */
export interface NewtonKrylovOptions {
  /** GMRES keeps so many vectors, and starts anew up to ten times. Default 40. */
  readonly restart?: number;
  /** An approximation of `J⁻¹`, applied as a product. */
  readonly preconditioner?: LinearOperator;
  /** η of the first step, in (0, 1). Default 0.5. */
  readonly forcing?: number;
}

/** The state of `newtonKrylov`. */
export interface NewtonKrylovState extends EquationState {
  /** η. */
  forcing: number;
  /** The iterations of GMRES so far. */
  innerSteps: number;
}

/** A direction that fails is computed once more with so small an η. */
const TIGHT = 1e-6;

/**
 * Newton-Krylov.
 *
 * @throws {DomainError} When an option is out of range; in `init` on a problem with a resolvent.
 *
 * @example Two equations
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { newtonKrylov } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const { x, status } = solve({
 *   kind: "operator",
 *   dimension: 2,
 *   operator: (x, out) => {
 *     out[0] = x[0] ** 2 + x[1] ** 2 - 2; // a circle
 *     out[1] = x[0] - x[1]; // and a line
 *   },
 * }, newtonKrylov(), { start: [3, 1] });
 * assertEquals(status, "converged");
 * assertAlmostEquals(x[1], 1);
 * ```
 */
export function newtonKrylov(options: NewtonKrylovOptions = {}): Solver<Equation, NewtonKrylovState> {
  const { restart = 40, preconditioner, forcing = 0.5 } = options, verb = "run Newton-Krylov";
  if (!Number.isSafeInteger(restart) || restart < 1 || !(forcing > 0 && forcing < 1)) {
    throw new DomainError(
      `Cannot ${verb}: expected a restart >= 1 and a forcing in (0, 1), got ${restart} and ${forcing}`,
    );
  }
  return {
    name: "Newton-Krylov",
    options: { restart, forcing, preconditioned: preconditioner !== undefined },
    reference: {
      title: "Choosing the forcing terms in an inexact Newton method",
      authors: "Eisenstat, Walker",
      year: 1996,
      identifier: "doi:10.1137/0917003",
    },
    needs: ["operator"],
    traced: ["innerSteps"],
    init: (problem, { x }) => ({ ...equationState(verb, problem, x), forcing, innerSteps: 0 }),
    step(problem, state) {
      const before = norm2(state.residual), J = jacobian(problem, state);
      let eta = state.forcing;
      while (true) {
        const inner = { tolerance: eta, restart, maxIterations: 10 * restart, ...preconditioner && { preconditioner } };
        const { x: s, iterations } = gmres(J, state.residual.map((f) => -f), inner);
        state.direction.set(s);
        state.innerSteps += iterations;
        if (searchResidual(problem, state)) break;
        if (eta <= TIGHT) {
          state.stop = noLowerResidual(problem, state);
          return;
        }
        eta = TIGHT;
      }
      acceptTrial(state);
      const floor = 0.9 * eta * eta;
      state.forcing = Math.min(0.9, Math.max(0.9 * (norm2(state.residual) / before) ** 2, floor > 0.1 ? floor : 0));
    },
    point: (_, { x }) => ({ x }),
  };
}

/** J at the state's x, by the problem's products or by differences. */
function jacobian(problem: Equation, { x, residual, trial }: NewtonKrylovState): LinearOperator {
  const n = x.length, size = Math.sqrt(Number.EPSILON) * (1 + norm2(x)), { jacobianVector } = problem;
  return {
    rows: n,
    columns: n,
    apply: (v, out) => {
      if (jacobianVector) return jacobianVector(x, v, out);
      const length = norm2(v);
      if (length === 0) {
        out.fill(0);
        return;
      }
      const epsilon = size / length;
      along(x, epsilon, v, trial);
      problem.operator(trial, out);
      for (let i = 0; i < n; i++) out[i] = (out[i] - residual[i]) / epsilon;
    },
    applyTranspose: () => {
      throw new DomainError("Cannot apply the transpose of a Jacobian known by its products");
    },
  };
}
