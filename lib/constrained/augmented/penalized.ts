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
 * See Birgin and Martínez, Practical augmented Lagrangian methods for constrained optimization (2014), chapter 4.
 *
 * @module
 */
import {
  axpy,
  type Constrained,
  copy,
  dot,
  type Matrix,
  normInf,
  type Smooth,
  type TwiceSmooth,
  type Vector,
  type VectorFunction,
  writeJacobian,
} from "../../core/mod.ts";
import { matrix } from "../../linalg/mod.ts";
import type { Kinked, Kinks } from "../bounds/faces.ts";
import { evaluateConstraints, hasSecondDerivatives, type Limits } from "../evaluation.ts";
import type { BoundConstrained } from "../problem.ts";

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
  /** J at the x it was evaluated at last, where constraints write it and it has at most 10⁶ entries. */
  readonly jacobian?: Matrix;
  /** Whether J is that of `x`. */
  hasJacobian: boolean;
  /** `|∇f|∞` or `|Jᵀλ⁺|∞` there, whichever is larger: what rounding errors of the gradient are relative to. */
  size: number;
  /** Room for n numbers. */
  readonly room: Vector;
  /** Room for a number for each constraint. */
  readonly weighted: Vector;
}

/** An augmented Lagrangian that has not been evaluated. */
export function penalized(
  { equality, inequality }: Constrained["constraints"],
  limits: Limits,
  multipliers: Vector,
  weights: Vector,
  penalty: number,
): Penalized {
  const { variables: n } = limits, m = multipliers.length;
  const isWritten = [equality, inequality].every((part) => !part || part.jacobian);
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
    ...(isWritten && m * n <= DENSE && { jacobian: matrix(m, n) }),
    hasJacobian: false,
    size: 0,
    room: new Float64Array(n),
    weighted: new Float64Array(m),
  };
}

/** The Jacobian of more entries than that is taken by products. */
const DENSE = 1e6;

/**
 * Writes λ⁺ and ω⁺, or for θ the `wᵢ vᵢ`, of the constraints' values in `L`; returns what the constraints add to the
 * value.
 */
function shift(L: Penalized): number {
  const { limits: { equalities }, constraints, shifted } = L;
  let added = 0;
  for (let i = 0; i < shifted.length; i++) {
    const lambda = multiplierAt(L, i), rho = penaltyAt(L, i), c = constraints[i], moved = lambda + rho * c;
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

/** λᵢ or ωᵢ; 0 for θ. */
function multiplierAt({ violationAlone, multipliers }: Penalized, i: number): number {
  return violationAlone ? 0 : multipliers[i];
}

/** ρᵢ; wᵢ for θ. */
function penaltyAt({ violationAlone, penalty, weights }: Penalized, i: number): number {
  return (violationAlone ? 1 : penalty) * weights[i];
}

/** The problem of bounds alone that L stands for; it has second derivatives where the problem has them. */
export function subproblem(problem: Constrained, L: Penalized): BoundConstrained {
  const { objective, constraints } = problem, { lower, upper } = constraints, n = L.x.length;
  const { room } = L, parts = partsOf(problem, L);
  const value = (x: Vector): number => {
    if (!L.violationAlone) L.objective = objective.value(x);
    return arrive(x, false);
  };
  const arrive = (x: Vector, hasGradient: boolean): number => {
    if (!isAt(L, x)) L.hasJacobian = false;
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
    ...(constraints.inequality && L.jacobian && { kinks: kinksOf(L, parts, value) }),
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
  /** The index of its first constraint. */
  readonly first: number;
  /** Room for a number for each. */
  readonly weighted: Vector;
}

function partsOf({ constraints: { equality, inequality } }: Constrained, L: Penalized): Part[] {
  const { limits: { equalities: m }, shifted, weighted } = L, parts: Part[] = [];
  const add = (part: VectorFunction, first: number, end: number): void => {
    parts.push({ part, first, shifted: shifted.subarray(first, end), weighted: weighted.subarray(first, end) });
  };
  if (equality) add(equality, 0, m);
  if (inequality) add(inequality, m, shifted.length);
  return parts;
}

/** J at the x of L, evaluated once there. */
function jacobianAt(L: Penalized, parts: readonly Part[], J: Matrix): Matrix {
  if (L.hasJacobian) return J;
  for (const { part, first } of parts) writeJacobian(part, L.x, rowsOf(J, first, part.components));
  L.hasJacobian = true;
  return J;
}

function rowsOf({ columns, data }: Matrix, first: number, rows: number): Matrix {
  return { rows, columns, data: data.subarray(first * columns, (first + rows) * columns) };
}

/** Where inequalities come in. */
function kinksOf(L: Penalized, parts: readonly Part[], value: (x: Vector) => number): (x: Vector) => Kinks {
  const { limits: { equalities, inequalities: k }, constraints } = L;
  return (x) => {
    if (!isAt(L, x)) value(x);
    const rows = rowsOf(jacobianAt(L, parts, L.jacobian!), equalities, k);
    const levels = new Float64Array(k), rhos = new Float64Array(k);
    for (let i = 0; i < k; i++) {
      const j = equalities + i;
      rhos[i] = penaltyAt(L, j);
      levels[i] = multiplierAt(L, j) + rhos[i] * constraints[j];
    }
    return { rows, levels, weights: rhos };
  };
}

/** Whether x is where L was evaluated last. */
export function isAt(L: Penalized, x: Vector): boolean {
  return L.x.every((at, i) => at === x[i]);
}

function hessianOf(objective: TwiceSmooth, L: Penalized, parts: readonly Part[], value: (x: Vector) => number) {
  const { room: product, limits: { equalities } } = L;
  return (x: Vector, v: Vector, out: Vector): void => {
    if (!isAt(L, x)) value(x);
    if (L.violationAlone) out.fill(0);
    else objective.hessianVector(x, v, out);
    for (const { part, shifted } of parts) {
      part.hessianVector!(x, shifted, v, product);
      axpy(1, product, out);
    }
    if (L.jacobian) {
      const { rows, columns: n, data } = jacobianAt(L, parts, L.jacobian);
      for (let i = 0; i < rows; i++) {
        if (i >= equalities && !(L.shifted[i] > 0)) continue;
        const row = data.subarray(i * n, (i + 1) * n);
        axpy(penaltyAt(L, i) * dot(row, v), row, out);
      }
      return;
    }
    for (const { part, first, shifted, weighted } of parts) {
      part.jacobianVector(x, v, weighted);
      for (let i = 0; i < weighted.length; i++) {
        weighted[i] *= first + i < equalities || shifted[i] > 0 ? penaltyAt(L, first + i) : 0;
      }
      part.jacobianTransposeVector(x, weighted, product);
      axpy(1, product, out);
    }
  };
}
