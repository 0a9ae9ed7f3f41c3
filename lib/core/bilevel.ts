/**
 * Bilevel problems: one level's solution is a variable of the other.
 *
 * @module
 */
import type { Described } from "./problem.ts";
import type { Vector } from "./vector.ts";

/** A differentiable function of two vectors, `x` of the upper and `y` of the lower level. */
export interface TwoLevelFunction {
  /** The function at `(x, y)`. */
  readonly value: (x: Vector, y: Vector) => number;
  /** Writes `∇ₓ` into `out`. */
  readonly gradientX: (x: Vector, y: Vector, out: Vector) => void;
  /** Writes `∇ᵧ` into `out`. */
  readonly gradientY: (x: Vector, y: Vector, out: Vector) => void;
}

/** The lower level of a bilevel problem, strongly convex in `y`. */
export interface LowerFunction extends TwoLevelFunction {
  /** Writes `∇²ᵧᵧ g(x, y) v`, of the length of `y`, into `out`. */
  readonly hessianVector: (x: Vector, y: Vector, v: Vector, out: Vector) => void;
  /** Writes `∇²ₓᵧ g(x, y) v`, of the length of `x`, into `out`: the gradient in `x` of `vᵀ∇ᵧg`. */
  readonly crossVector: (x: Vector, y: Vector, v: Vector, out: Vector) => void;
}

/** Minimize `Φ(x) = f(x, y(x))` where `y(x)` minimizes `g(x, ·)`. A point's `lower` is its `y`. */
export interface Bilevel extends Described {
  /** Tells the kind. */
  readonly kind: "bilevel";
  /** The length of `x`. */
  readonly dimension: number;
  /** The length of `y`. */
  readonly lowerDimension: number;
  /** `f`. */
  readonly upper: TwoLevelFunction;
  /** `g`. */
  readonly lower: LowerFunction;
}

/** Where a block of a bilevel problem is looked at. */
export interface BlockPoint {
  /** Which block. */
  readonly block: number;
  /** `x`. */
  readonly x: Vector;
  /** `yᵢ`. */
  readonly y: Vector;
}

/**
 * The blocks of a bilevel problem whose levels are means over them, seen in samples: `fᵢ(x, yᵢ)` and `gᵢ(x, yᵢ)`. A
 * batch lists samples, from 0 to `samples - 1`; the same ones give the same functions.
 */
export interface BilevelBlocks {
  /** Their number m. */
  readonly count: number;
  /** The length of each `yᵢ`. */
  readonly size: number;
  /** The number of samples of a block. */
  readonly samples: number;
  /** Writes the mean of `∇ₓfᵢ` over the batch into `out`. */
  readonly upperGradientX: (at: BlockPoint, batch: Uint32Array, out: Vector) => void;
  /** Writes the mean of `∇ᵧfᵢ` over the batch into `out`. */
  readonly upperGradientY: (at: BlockPoint, batch: Uint32Array, out: Vector) => void;
  /** Writes the mean of `∇ᵧgᵢ` over the batch into `out`. */
  readonly lowerGradientY: (at: BlockPoint, batch: Uint32Array, out: Vector) => void;
  /** Writes the mean of `∇²ᵧᵧgᵢ v` over the batch into `out`. */
  readonly lowerHessianVector: (at: BlockPoint, batch: Uint32Array, v: Vector, out: Vector) => void;
  /** Writes the mean of `∇²ₓᵧgᵢ v` over the batch, of the length of `x`, into `out`. */
  readonly lowerCrossVector: (at: BlockPoint, batch: Uint32Array, v: Vector, out: Vector) => void;
}

/**
 * A bilevel problem that shows its blocks: `y` is one block after another, `f` the mean of the `fᵢ`, `g` of the `gᵢ`.
 */
export interface BlockBilevel extends Bilevel {
  /** The blocks. */
  readonly blocks: BilevelBlocks;
}
