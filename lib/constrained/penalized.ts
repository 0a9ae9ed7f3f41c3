/**
 * The augmented Lagrangian of Powell, Hestenes and Rockafellar: a problem with bounds alone.
 *
 * ```
 * L_ρ(x) = f + Σ_E (λᵢ cᵢ + ρᵢ/2 cᵢ²) + Σ_I (max(0, ωᵢ + ρᵢ gᵢ)² - ωᵢ²)/2ρᵢ,   ρᵢ = ρ wᵢ
 * λ⁺ = λ + ρc,  ω⁺ = max(0, ω + ρg):   ∇L_ρ = ∇f + Jᵀ(λ⁺, ω⁺),   ∇²L_ρ = ∇²L(λ⁺, ω⁺) + Σ ρᵢ ∇cᵢ∇cᵢᵀ  over E and ωᵢ⁺ > 0
 * θ(x) = ½ Σ wᵢ vᵢ²,   v = (c, max(0, g)):   what is left where f and the multipliers are left out
 * ```
 *
 * ∇²L_ρ jumps where an `ωᵢ + ρᵢgᵢ` changes sign; ∇L_ρ does not.
 *
 * Source: Birgin and Martínez, Practical augmented Lagrangian methods for constrained optimization (2014), chapter 4.
 *
 * @module
 */
import {
  axpy,
  type Constrained,
  copy,
  normInf,
  type Smooth,
  type TwiceSmooth,
  type Vector,
  type VectorFunction,
  writeJacobian,
} from "../core/mod.ts";
import { matrix } from "../linalg/mod.ts";
import type { Kinked, Kinks } from "./bounds/faces.ts";
import { evaluateConstraints, hasSecondDerivatives, type Limits } from "./evaluation.ts";
import type { BoundConstrained } from "./problem.ts";

/** An augmented Lagrangian, and what is known of it where it was evaluated last. */
export interface Penalized {
  /** The sizes and bounds of the problem. */
  readonly limits: Limits;
  /** λ, then ω. */
  readonly multipliers: Vector;
  /** w. */
  readonly weights: Vector;
  /** ρ. */
  penalty: number;
  /** Whether it is θ that is minimized. */
  violationAlone: boolean;
  /** Where it was evaluated last. */
  readonly x: Vector;
  /** f there. */
  objective: number;
  /** c and g there. */
  readonly constraints: Vector;
  /** λ⁺ and ω⁺ there; of θ, the `wᵢ vᵢ`. */
  readonly shifted: Vector;
  /** The gradient there, if the last evaluation was one of it. */
  readonly gradient: Vector;
  /** Whether it was. */
  hasGradient: boolean;
  /** `|∇f|∞` or `|Jᵀλ⁺|∞` there, whichever is larger: what rounding errors of the gradient are relative to. */
  size: number;
}

/** An augmented Lagrangian that has not been evaluated. */
export function penalized(limits: Limits, multipliers: Vector, weights: Vector, penalty: number): Penalized {
  const { variables: n } = limits, m = multipliers.length;
  return {
    limits,
    multipliers,
    weights,
    penalty,
    violationAlone: false,
    x: new Float64Array(n).fill(NaN),
    objective: NaN,
    constraints: new Float64Array(m),
    shifted: new Float64Array(m),
    gradient: new Float64Array(n),
    hasGradient: false,
    size: 0,
  };
}

/** Writes λ⁺ and ω⁺, or for θ the `wᵢ vᵢ`, of the constraints' values in `L`; returns what the constraints add to the value. */
function shift(L: Penalized): number {
  const { limits: { equalities }, multipliers, weights, constraints, shifted, violationAlone } = L;
  let added = 0;
  for (let i = 0; i < shifted.length; i++) {
    const lambda = violationAlone ? 0 : multipliers[i], rho = (violationAlone ? 1 : L.penalty) * weights[i];
    const c = constraints[i], moved = lambda + rho * c;
    if (i < equalities || moved > 0) {
      shifted[i] = moved;
      added += (lambda + rho / 2 * c) * c;
    } else {
      shifted[i] = moved === moved ? 0 : NaN;
      added -= lambda * lambda / (2 * rho);
    }
  }
  return added;
}

/** The problem of bounds alone that L stands for; it has second derivatives where the problem has them. */
export function subproblem(problem: Constrained, L: Penalized): BoundConstrained {
  const { objective, constraints } = problem, { lower, upper } = constraints, n = L.x.length;
  const room = new Float64Array(n), parts = partsOf(problem, L);
  const value = (x: Vector): number => {
    if (!L.violationAlone) L.objective = objective.value(x);
    return arrive(x, false);
  };
  const arrive = (x: Vector, hasGradient: boolean): number => {
    copy(x, L.x);
    L.hasGradient = hasGradient;
    evaluateConstraints(constraints, L);
    return (L.violationAlone ? 0 : L.objective) + shift(L);
  };
  const gradient = (x: Vector, out: Vector): number => {
    if (L.violationAlone) out.fill(0);
    else L.objective = objective.gradient(x, out);
    const penalized = arrive(x, true);
    L.size = normInf(out);
    for (const { part, shifted } of parts) {
      part.jacobianTransposeVector(x, shifted, room);
      axpy(1, room, out);
      L.size = Math.max(L.size, normInf(room));
    }
    copy(out, L.gradient);
    return penalized;
  };
  const smooth: (Smooth | TwiceSmooth) & Partial<Kinked> = {
    kind: "smooth",
    dimension: n,
    value,
    gradient,
    ...(hasSecondDerivatives(problem) && { hessianVector: hessianOf(objective as TwiceSmooth, L, parts, value) }),
    ...(constraints.inequality && { kinks: kinksOf(constraints.inequality, L, value) }),
  };
  return {
    kind: "constrained",
    objective: smooth,
    constraints: { ...(lower && { lower }), ...(upper && { upper }) },
  };
}

/** A vector of constraints with its share of λ⁺. */
interface Part {
  readonly part: VectorFunction;
  readonly shifted: Vector;
  readonly weights: Vector;
  readonly isEquality: boolean;
  /** Room for one number for each constraint. */
  readonly room: Vector;
}

function partsOf({ constraints: { equality, inequality } }: Constrained, L: Penalized): Part[] {
  const { limits: { equalities: m }, shifted, weights } = L, parts: Part[] = [];
  const add = (part: VectorFunction, from: number, to: number, isEquality: boolean): void => {
    const room = new Float64Array(to - from);
    parts.push({ part, shifted: shifted.subarray(from, to), weights: weights.subarray(from, to), isEquality, room });
  };
  if (equality) add(equality, 0, m, true);
  if (inequality) add(inequality, m, shifted.length, false);
  return parts;
}

/** Where inequalities come in. */
function kinksOf(inequality: VectorFunction, L: Penalized, value: (x: Vector) => number): (x: Vector) => Kinks {
  const { limits: { equalities }, multipliers, constraints, weights } = L, k = inequality.components;
  return (x) => {
    if (!isAt(L, x)) value(x);
    const rows = matrix(k, x.length), levels = new Float64Array(k), rhos = new Float64Array(k);
    writeJacobian(inequality, x, rows);
    for (let i = 0; i < k; i++) {
      const j = equalities + i;
      rhos[i] = (L.violationAlone ? 1 : L.penalty) * weights[j];
      levels[i] = (L.violationAlone ? 0 : multipliers[j]) + rhos[i] * constraints[j];
    }
    return { rows, levels, weights: rhos };
  };
}

function isAt(L: Penalized, x: Vector): boolean {
  return L.x.every((at, i) => at === x[i]);
}

function hessianOf(objective: TwiceSmooth, L: Penalized, parts: readonly Part[], value: (x: Vector) => number) {
  const product = new Float64Array(L.x.length);
  return (x: Vector, v: Vector, out: Vector): void => {
    if (!isAt(L, x)) value(x);
    if (L.violationAlone) out.fill(0);
    else objective.hessianVector(x, v, out);
    const rho = L.violationAlone ? 1 : L.penalty;
    for (const { part, shifted, weights, isEquality, room } of parts) {
      part.hessianVector!(x, shifted, v, product);
      axpy(1, product, out);
      part.jacobianVector(x, v, room);
      for (let i = 0; i < room.length; i++) room[i] *= isEquality || shifted[i] > 0 ? rho * weights[i] : 0;
      part.jacobianTransposeVector(x, room, product);
      axpy(1, product, out);
    }
  };
}
