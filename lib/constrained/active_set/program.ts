/**
 * Dense strictly convex quadratic programs, and what a dual active-set method knows of one.
 *
 * @module
 */
import type { Matrix, Vector } from "../../core/mod.ts";
import { matrix } from "../../linalg/mod.ts";
import { type ActiveFactors, activeFactors } from "./factors.ts";

/**
 * Minimize `½ xᵀBx + gᵀx + γ Σ distance(aᵢᵀx, [lowerᵢ, upperᵢ])` over the rows aᵢ, within the bounds of the variables.
 * With `γ = Infinity` the rows must hold. Plain data. Vectors over all hold the m rows first, then the n variables.
 */
export interface DenseProgram {
  /** B, n x n, symmetric positive definite. */
  readonly hessian: Matrix;
  /** g. */
  readonly gradient: Vector;
  /** The aᵢ, m x n. */
  readonly rows: Matrix;
  /** Lower bounds, over all. */
  readonly lower: Vector;
  /** Upper bounds, over all. */
  readonly upper: Vector;
  /** γ. */
  limit: number;
  /** How far the bounds are off by rounding, over all. */
  readonly rounding: Vector;
}

/** How a row or variable stands: its multiplier is 0, at its limit, or makes it keep to a bound. */
export const FREE = 0, AT_LOWER = 1, AT_UPPER = 2, BELOW = 3, ABOVE = 4;

/** What is known of the solution of a `DenseProgram`. */
export interface ActiveSet {
  /** x. */
  readonly x: Vector;
  /** y over all: `Bx + g + Σ yₖ aₖ = 0`; those of variables have unit vectors as normals. */
  readonly multipliers: Vector;
  /** Over all: `FREE`, `AT_LOWER`, `AT_UPPER`; rows whose multipliers are at -γ or γ are `BELOW` or `ABOVE`. */
  readonly standing: Uint8Array;
  /** The active ones, `AT_LOWER` or `AT_UPPER`, in the order of the factorization. */
  readonly active: Int32Array;
  /** Over all: 1 where a constraint was found to follow from others. */
  readonly implied: Uint8Array;
  /** The factorization. */
  readonly factors: ActiveFactors;
  /** The largest `|x|∞` so far, the unit of rounding. */
  size: number;
  /** Whether x and y are as accurate as the factorization makes them. */
  isFresh: boolean;
  /** Constraints that came and went. */
  changes: number;
  /** `|aᵢ|₁` of the rows. */
  readonly sums: Vector;
  /** `|aᵢ|₂` of the rows. */
  readonly norms: Vector;
  /** `aᵢᵀx` of the rows. */
  readonly values: Vector;
  /** Jᵀa of the constraint that comes. */
  readonly d: Vector;
  /** `R⁻¹ d₁`. */
  readonly r: Vector;
  /** Room for n numbers. */
  readonly z: Vector;
}

/** A program to be filled in. */
export function denseProgram(m: number, n: number): DenseProgram {
  return {
    hessian: matrix(n, n),
    gradient: new Float64Array(n),
    rows: matrix(m, n),
    lower: new Float64Array(m + n).fill(-Infinity),
    upper: new Float64Array(m + n).fill(Infinity),
    limit: Infinity,
    rounding: new Float64Array(m + n),
  };
}

/** Room for the solution of a program with m rows and n variables. */
export function activeSetOf(m: number, n: number): ActiveSet {
  return {
    ...solutionOf(m, n),
    active: new Int32Array(n),
    implied: new Uint8Array(m + n),
    factors: activeFactors(n),
    sums: new Float64Array(m),
    norms: new Float64Array(m),
    values: new Float64Array(m),
    d: new Float64Array(n),
    r: new Float64Array(n),
    z: new Float64Array(n),
  };
}

/**
 * Room for the solution of another program of the same size, solved in the same room: the factorization is of the last
 * one.
 */
export function besides(set: ActiveSet): ActiveSet {
  return { ...set, ...solutionOf(set.norms.length, set.d.length) };
}

function solutionOf(
  m: number,
  n: number,
): Pick<ActiveSet, "x" | "multipliers" | "standing" | "size" | "isFresh" | "changes"> {
  return {
    x: new Float64Array(n),
    multipliers: new Float64Array(m + n),
    standing: new Uint8Array(m + n),
    size: 0,
    isFresh: false,
    changes: 0,
  };
}

/** What the last infeasible program's multipliers prove: the violation of their sum, in units of its terms. */
export function contradictionOf({ lower, upper }: DenseProgram, { multipliers: y }: ActiveSet): number {
  let least = 0;
  for (let k = 0; k < y.length; k++) if (y[k] !== 0) least -= y[k] * (y[k] > 0 ? upper[k] : lower[k]);
  return least;
}
