/**
 * Kinds of problem. A problem is a plain immutable object of oracles; its `kind` says which ones it must have. More
 * structure is never assignable to less: a composite problem holds a smooth one, it is none.
 *
 * Oracles are synchronous, write into `out`, and allocate nothing.
 *
 * @module
 */
import type { Vector } from "./vector.ts";

/** Constants of a smooth function that accelerated methods need. */
export interface Constants {
  /** A Lipschitz constant `L` of the gradient. */
  readonly smoothness: number;
  /** The modulus `μ` of strong convexity; 0 for a function that is only convex. */
  readonly strongConvexity: number;
}

/** What every kind of problem may say about itself. */
export interface Described {
  /** A name for tables, charts and messages. */
  readonly name?: string;
  /** What an oracle costs where it differs from the kind's own unit, as `{ gradient: dimension + 1 }`. */
  readonly costs?: Readonly<Record<string, number>>;
}

/** Minimize a differentiable function `f: Rⁿ → R`. */
export interface Smooth extends Described {
  readonly kind: "smooth";
  /** The number `n` of variables. */
  readonly dimension: number;
  /** `f(x)`. */
  readonly value: (x: Vector) => number;
  /** Writes `∇f(x)` into `out` and returns `f(x)`. */
  readonly gradient: (x: Vector, out: Vector) => number;
  /** `L` and `μ`, where they are known. */
  readonly constants?: Constants;
}

/** A smooth problem with second derivatives, as products with the Hessian. */
export interface TwiceSmooth extends Smooth {
  /** Writes `∇²f(x) v` into `out`. */
  readonly hessianVector: (x: Vector, v: Vector, out: Vector) => void;
}

/** A convex function known by its proximal operator. */
export interface Proximable {
  /** `r(x)`; `Infinity` outside its domain. */
  readonly value: (x: Vector) => number;
  /** Writes `argminᵤ r(u) + |u - x|²/(2 step)` into `out`, which may be `x` itself. */
  readonly proximal: (x: Vector, step: number, out: Vector) => void;
}

/** Minimize `f(x) + r(x)`, `f` smooth, `r` convex with a proximal operator. */
export interface Composite extends Described {
  readonly kind: "composite";
  readonly smooth: Smooth;
  readonly regularizer: Proximable;
}

/** A problem with a standard start and known minima, as test sets, `compare` and the command line use it. */
export interface Instance<P = Problem> {
  /** Unique among the instances that are compared with each other. */
  readonly name: string;
  readonly problem: P;
  /** The standard start. */
  readonly start: Vector;
  /** Known minima of the value, the global one first; empty where none is known. */
  readonly minima: readonly number[];
  /** Identifies the data behind the problem, so that results of several studies can be merged. */
  readonly dataHash?: string;
}

/** Any kind of problem. */
export type Problem = Smooth | Composite;
