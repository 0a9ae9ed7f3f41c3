/**
 * Sequential quadratic programming for equality constraints with a line search on the ℓ₁ merit function, the systems
 * solved inexactly.
 *
 * ```
 * K z = -R up to |K z + R| <= κ |R|,   z = (d, Δλ)
 * φ(x) = f + μ |c|₁,   D = ∇f·d - μ (|c|₁ - |c + J d|₁)
 * μ ← max(μ, 2 (∇f·d + ½ max(dᵀB d, 0))/(|c|₁ - |c + J d|₁))       where μ is too small for D to be negative
 * (x, λ) += a z, the first a of 1, ½, ¼, … with φ(a) <= φ(0) + β a D
 * ```
 *
 * Where the violation that the step removes is too small for that, the system is solved ten times more exactly. φ has
 * kinks, and may refuse good steps near a solution: what smooth merit functions are for.
 *
 * Sources: Nocedal and Wright, Numerical Optimization (2006), algorithm 18.3, equations (18.36) and (18.29); Byrd,
 * Curtis and Nocedal, An inexact SQP method for equality constrained optimization (2008), for inexact steps.
 *
 * @module
 */
import { DomainError, dot, norm1, norm2, type Solver } from "../../core/mod.ts";
import { matvec } from "../../linalg/mod.ts";
import { backtrack, type FirstOrder, type KktState, kktState, newtonSystem, pointOfState } from "../kkt.ts";
import { SECOND_ORDER, type TwiceEqualityConstrained } from "../problem.ts";
import { gmresSystem, type SystemSolver } from "../system_solver.ts";

/** Options of `equalitySqp`. */
export interface EqualitySqpOptions {
  /** How the systems are solved. Default `gmresSystem()`. */
  readonly system?: SystemSolver;
  /** κ in (0, 1). Default 0.1. */
  readonly accuracy?: number;
  /** μ at the start. Default 1. */
  readonly penalty?: number;
  /** β in (0, ½). Default 1e-8. */
  readonly sufficientDecrease?: number;
}

/** The state: what all Newton methods have, and μ. */
export interface EqualitySqpState extends KktState {
  /** μ. */
  penalty: number;
}

/** What is asked of second derivatives. */
const ASK = { definiteness: 0.1, independence: 0 };

/** κ is cut so often before the method settles for what it has. */
const REFINEMENTS = 12;

/**
 * SQP for equality constraints under an ℓ₁ merit function.
 *
 * @throws {DomainError} When an option is out of range; in `init` for inequalities or more equalities than variables.
 *
 * @example A line in the plane
 * ```ts
 * import { dot, objective, type Operand, subtract, sum, vectorFunction } from "@gradus/gradus/autodiff";
 * import { equalitySqp } from "@gradus/gradus/constrained";
 * import { solve } from "@gradus/gradus/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { x } = solve({
 *   kind: "constrained",
 *   objective: objective((x: Operand) => dot(x, x), { dimension: 2 }),
 *   constraints: { equality: vectorFunction((x: Operand) => subtract(sum(x), 2), { dimension: 2 }) },
 * }, equalitySqp(), { start: [5, 1] });
 * assertAlmostEquals(x[0], 1, 1e-8);
 * ```
 */
export function equalitySqp(options: EqualitySqpOptions = {}): Solver<TwiceEqualityConstrained, EqualitySqpState> {
  const { system = gmresSystem(), accuracy = 0.1, penalty = 1, sufficientDecrease = 1e-8 } = options;
  const verb = "run SQP";
  if (!(accuracy > 0 && accuracy < 1 && penalty > 0 && penalty < Infinity)) {
    throw new DomainError(
      `Cannot ${verb}: expected an accuracy in (0, 1) and a positive penalty, got ${accuracy} and ${penalty}`,
    );
  }
  if (!(sufficientDecrease > 0 && sufficientDecrease < 0.5)) {
    throw new DomainError(`Cannot ${verb}: expected a sufficient decrease in (0, 1/2), got ${sufficientDecrease}`);
  }
  return {
    name: `SQP, ℓ₁ merit (${system.name})`,
    options: { ...system.options, accuracy, penalty, sufficientDecrease },
    reference: {
      title: "Numerical Optimization",
      authors: "Nocedal, Wright",
      year: 2006,
      identifier: "doi:10.1007/978-0-387-40065-5",
    },
    needs: SECOND_ORDER,
    traced: ["innerSteps", "flops"],
    init: (problem, start, context) => ({ ...kktState(verb, problem, start, context), penalty }),
    step(problem, state) {
      const least = newtonSystem(problem, state, ASK);
      if (typeof least !== "number") {
        state.stop = least;
        return;
      }
      const { system: K, right, direction: z, residual: R } = state, size = norm2(R);
      let slope = 0, kappa = accuracy;
      z.fill(0);
      for (let k = 0; k < REFINEMENTS; k++, kappa /= 10) {
        system.improve({ K, b: right, z, goal: kappa * size, generator: state.generator, work: state });
        slope = slopeOf(state);
        if (slope < 0) break;
      }
      const n = state.x.length, { penalty: mu } = state;
      const merit = ({ value, residual }: FirstOrder): number => value + mu * norm1(residual.subarray(n));
      const stop = backtrack(problem, state, merit, slope, sufficientDecrease);
      if (stop) state.stop = stop;
    },
    point: (_, state) => pointOfState(state),
  };
}

/** D, with μ raised where that makes it negative. */
function slopeOf(state: EqualitySqpState): number {
  const { gradient, residual: R, direction: z, jacobian: J, system: K, room } = state, n = gradient.length;
  const d = z.subarray(0, n), linear = room.subarray(n), c = R.subarray(n);
  matvec(J, d, linear);
  for (let i = 0; i < linear.length; i++) linear[i] += c[i];
  const removed = norm1(c) - norm1(linear), along = dot(gradient, d);
  let curvature = 0;
  for (let i = 0; i < n; i++) curvature += z[i] * dot(K.data.subarray(i * (n + c.length), i * (n + c.length) + n), d);
  const model = along + Math.max(curvature, 0) / 2;
  if (removed > 0 && model > state.penalty * removed / 2) state.penalty = 2 * model / removed;
  return along - state.penalty * removed;
}
