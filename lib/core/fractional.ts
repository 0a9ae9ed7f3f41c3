/**
 * Fractional problems: a composite objective divided by a positive function.
 *
 * @module
 */
import type { Described, Proximable, Smooth } from "./problem.ts";
import type { Vector } from "./vector.ts";

/** The function `g` below a fraction: convex, or not further from it than a parabola. */
export interface Denominator {
  /** `g(x)`. */
  readonly value: (x: Vector) => number;
  /**
   * Writes a vector v with `g(y) >= g(x) + vᵀ(y - x) - M/2 |y - x|²` for all y into `out`, and returns `g(x)`: a
   * subgradient where g is convex, the gradient where it is smooth.
   */
  readonly subgradient: (x: Vector, out: Vector) => number;
  /** `M >= 0`: 0 for a convex g, a Lipschitz constant of the gradient for another one. */
  readonly curvature: number;
}

/**
 * What g shows of itself along coordinates: `t ↦ g(x + t eᵢ)` is made of pieces, on each of which a power of g is a
 * polynomial of degree 2,
 *
 * ```
 * g(x + t eᵢ)ᵖ = g(x)ᵖ + a + b t + c t²   from the piece's first t up to that of the next one
 * ```
 *
 * The memory is what g keeps along with x so that this costs less than `g(x)` itself.
 */
export interface DenominatorLines {
  /** p. */
  readonly power: 1 | 2;
  /** The number of pieces of a line, at most. */
  readonly mostPieces: number;
  /** The number of entries of the memory. */
  readonly memoryLength: number;
  /** Writes the memory of x into `memory`. */
  readonly remember: (x: Vector, memory: Vector) => void;
  /** `g(x)`. */
  readonly value: (x: Vector, memory: Vector) => number;
  /**
   * Writes the pieces along coordinate i into `out`, four numbers `from, a, b, c` for each, and returns how many there
   * are. They go from left to right, the first one is from `-Infinity`; where 0 is inside, `a` is exactly 0.
   */
  readonly pieces: (x: Vector, i: number, memory: Vector, out: Vector) => number;
  /** Makes the memory that of x, of which coordinate i was `before`. */
  readonly follow: (x: Vector, i: number, before: number, memory: Vector) => void;
}

/** A denominator that shows its lines. */
export interface LinedDenominator extends Denominator {
  /** The lines. */
  readonly lines: DenominatorLines;
}

/** Minimize `(f(x) + h(x))/g(x)`, f smooth, h convex with a proximal operator, where `f + h >= 0` and `g > 0`. */
export interface Fractional extends Described {
  /** Tells the kind. */
  readonly kind: "fractional";
  /** `f`. */
  readonly smooth: Smooth;
  /** `h`. */
  readonly regularizer: Proximable;
  /** `g`. */
  readonly denominator: Denominator;
}
