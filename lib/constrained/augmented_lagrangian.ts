/**
 * The augmented Lagrangian method for equality constraints: a sequence of smooth problems.
 *
 * ```
 * x ≈ argmin L_ρ(x) = f + λᵀc + ρ/2 |c|²   until |∇L_ρ| <= ω
 * |c| <= η:   λ ← λ + ρ c,  η ← η/ρ^0.9,  ω ← ω/ρ
 * else:       ρ ← γ ρ,      η ← 1/ρ^0.1,  ω ← 1/ρ
 * ```
 *
 * A step of this solver is a step of the method for smooth problems, or one of the two updates.
 *
 * Source: Nocedal and Wright, Numerical Optimization (2006), algorithm 17.4; Conn, Gould and Toint, A globally convergent
 * augmented Lagrangian algorithm for optimization with general constraints and simple bounds (1991).
 *
 * @module
 */
import {
  axpy,
  DomainError,
  dot,
  normInf,
  type Rng,
  type Smooth,
  type Solver,
  type State,
  type Stop,
  type Vector,
} from "../core/mod.ts";
import { lbfgs } from "../smooth/mod.ts";
import { checkEqualities, type EqualityConstrained } from "./problem.ts";

/** Options of `augmentedLagrangian`. */
export interface AugmentedLagrangianOptions {
  /** The method for the smooth problems. Default `lbfgs()`. */
  readonly inner?: Solver<Smooth>;
  /** ρ at the start. Default 10. */
  readonly penalty?: number;
  /** γ > 1. Default 10. */
  readonly growth?: number;
}

/** The state. */
export interface AugmentedLagrangianState extends State {
  /** λ. */
  readonly multipliers: Vector;
  /** ρ. */
  penalty: number;
  /** η. */
  feasibility: number;
  /** ω. */
  optimality: number;
  /** The state of the inner method. */
  inner: State;
  /** c(x). */
  readonly violation: Vector;
  /** c, or λ + ρ c, at the point that the inner method looks at. */
  readonly trialViolation: Vector;
  /** Room for n numbers. */
  readonly room: Vector;
  /** Smooth problems solved. */
  rounds: number;
  /** The generator of the run, for the inner method. */
  readonly generator: Rng;
}

/** The penalty that ends a run; η and ω are never below the second. */
const MOST = 1e12, LEAST = 1e-11;

/**
 * The augmented Lagrangian method.
 *
 * @throws {DomainError} When an option is out of range; in `init` for inequalities or more equalities than variables.
 *
 * @example First derivatives are enough
 * ```ts
 * import { dot, objective, type Operand, subtract, take, vectorFunction } from "@gradus/gradus/autodiff";
 * import { augmentedLagrangian } from "@gradus/gradus/constrained";
 * import { solve } from "@gradus/gradus/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { point } = solve({
 *   kind: "constrained",
 *   objective: objective((x: Operand) => take(x, 1), { dimension: 2 }),
 *   constraints: { equality: vectorFunction((x: Operand) => subtract(dot(x, x), 1), { dimension: 2 }) },
 * }, augmentedLagrangian(), { start: [0.5, -0.5] });
 * assertAlmostEquals(point.x[1], -1, 1e-8);
 * assertAlmostEquals(point.multipliers![0], 0.5, 1e-8);
 * ```
 */
export function augmentedLagrangian(
  options: AugmentedLagrangianOptions = {},
): Solver<EqualityConstrained, AugmentedLagrangianState> {
  const verb = "run the augmented Lagrangian method", { inner = lbfgs(), penalty = 10, growth = 10 } = options;
  if (!(penalty > 0 && penalty < MOST && growth > 1 && growth < Infinity)) {
    throw new DomainError(
      `Cannot ${verb}: expected a penalty in (0, ${MOST}) and a growth above 1, got ${penalty} and ${growth}`,
    );
  }
  return {
    name: `augmented Lagrangian (${inner.name})`,
    options: { inner: { name: inner.name, ...inner.options }, penalty, growth },
    reference: {
      title: "Numerical Optimization",
      authors: "Nocedal, Wright",
      year: 2006,
      identifier: "doi:10.1007/978-0-387-40065-5",
    },
    needs: [
      "objective.value",
      "objective.gradient",
      "constraints.equality.value",
      "constraints.equality.jacobianTransposeVector",
    ],
    traced: ["penalty", "rounds"],
    init: (problem, { x, multipliers }, { rng }) => {
      checkEqualities(verb, problem);
      const m = problem.constraints.equality.components;
      const state: AugmentedLagrangianState = {
        x: x.slice(),
        value: NaN,
        multipliers: multipliers?.slice() ?? new Float64Array(m),
        penalty,
        feasibility: penalty ** -0.1,
        optimality: 1 / penalty,
        inner: { x, value: NaN },
        violation: new Float64Array(m),
        trialViolation: new Float64Array(m),
        room: new Float64Array(x.length),
        rounds: 0,
        generator: rng,
      };
      begin(problem, state, inner);
      settle(problem, state);
      return state;
    },
    step(problem, state) {
      const { inner: run } = state;
      if (run.estimate !== undefined && run.estimate > state.optimality && !run.stop) {
        inner.step(subproblem(problem, state), run);
      } else {
        update(state, growth);
        if (state.penalty > MOST) state.stop = exhausted(state);
        begin(problem, state, inner);
      }
      settle(problem, state);
    },
    point: (_, { x, multipliers, violation, penalty }) => {
      const shifted = multipliers.slice();
      axpy(penalty, violation, shifted);
      return { x, multipliers: shifted };
    },
  };
}

/** Starts the inner method at x. */
function begin(problem: EqualityConstrained, state: AugmentedLagrangianState, inner: Solver<Smooth>): void {
  state.inner = inner.init(subproblem(problem, state), { x: state.x }, { rng: state.generator });
}

/** `L_ρ` with the λ and ρ of a state. */
function subproblem({ objective, constraints }: EqualityConstrained, state: AugmentedLagrangianState): Smooth {
  const { multipliers, penalty, trialViolation: c, room } = state, { equality } = constraints;
  const penalized = (f: number): number => f + dot(multipliers, c) + penalty / 2 * dot(c, c);
  return {
    kind: "smooth",
    dimension: objective.dimension,
    value: (x) => {
      equality.value(x, c);
      return penalized(objective.value(x));
    },
    gradient: (x, out) => {
      equality.value(x, c);
      const value = penalized(objective.gradient(x, out));
      for (let i = 0; i < c.length; i++) c[i] = multipliers[i] + penalty * c[i];
      equality.jacobianTransposeVector(x, c, room);
      axpy(1, room, out);
      return value;
    },
  };
}

/** Takes x from the inner method, and what is known there. */
function settle({ constraints: { equality } }: EqualityConstrained, state: AugmentedLagrangianState): void {
  const { inner, multipliers, penalty, violation: c } = state;
  state.x = inner.x;
  equality.value(inner.x, c);
  state.value = inner.value - dot(multipliers, c) - penalty / 2 * dot(c, c);
  if (inner.estimate !== undefined) state.estimate = Math.max(inner.estimate, normInf(c));
}

/** New multipliers where x is feasible enough, else a larger penalty. */
function update(state: AugmentedLagrangianState, growth: number): void {
  const { multipliers, violation } = state;
  state.rounds++;
  if (normInf(violation) <= state.feasibility) {
    axpy(state.penalty, violation, multipliers);
    state.feasibility = Math.max(state.feasibility / state.penalty ** 0.9, LEAST);
    state.optimality = Math.max(state.optimality / state.penalty, LEAST);
  } else {
    state.penalty *= growth;
    state.feasibility = state.penalty ** -0.1;
    state.optimality = 1 / state.penalty;
  }
}

function exhausted({ penalty, violation }: AugmentedLagrangianState): Stop {
  const size = normInf(violation);
  return {
    status: size > 1e-6 ? "infeasible" : "stalled-at-precision",
    message: `penalty ${penalty} > ${MOST}, largest violation ${size.toExponential(2)}`,
  };
}
