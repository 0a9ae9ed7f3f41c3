/**
 * Closed convex sets, known by their projections.
 *
 * @module
 */
import type { Proximable, Vector } from "../core/mod.ts";

/**
 * A closed convex set C as the function that is 0 on it and infinite elsewhere; its proximal operator is the
 * projection.
 */
export interface ConvexSet extends Proximable {
  /** Writes `argmin_{u ∈ C} |u - x|` into `out`, which may be x itself. */
  readonly project: (x: Vector, out: Vector) => void;
}

/** A bounded convex set, over which linear functions have minimizers. */
export interface CompactSet extends ConvexSet {
  /** Writes a vertex `argmin_{s ∈ C} gᵀs` into `out`, which may be g itself. */
  readonly minimizeLinear: (g: Vector, out: Vector) => void;
}

/** What rounding may add to a constraint, relative to its size. */
const FEASIBLE = 1e-9;

/** Whether `value <= limit` up to rounding. */
export function atMost(value: number, limit: number, size: number = Math.abs(limit)): boolean {
  return value <= limit + FEASIBLE * size;
}

/** A set from a test of membership and a projection. */
export function convexSet(contains: (x: Vector) => boolean, project: (x: Vector, out: Vector) => void): ConvexSet {
  return {
    value: (x) => contains(x) ? 0 : Infinity,
    proximal: (x, _step, out) => project(x, out),
    project,
  };
}

/** Memory that grows with what is asked of it, so that only the first call allocates. */
export class Scratch {
  #memory: Vector = new Float64Array(0);

  /** At least n numbers. */
  of(n: number): Vector {
    if (this.#memory.length < n) this.#memory = new Float64Array(n);
    return this.#memory;
  }

  /** Just n numbers. */
  exactly(n: number): Vector {
    if (this.#memory.length !== n) this.#memory = new Float64Array(n);
    return this.#memory;
  }
}
