/**
 * What coordinate methods need of a fraction: blocks, kinks, lines.
 *
 * @module
 */
import {
  type BlockSmooth,
  DomainError,
  type Fractional,
  kindOf,
  type LinedDenominator,
  ShapeError,
  type Vector,
} from "../../core/mod.ts";
import type { BoundedL1 } from "../../proximal/mod.ts";

/** `(f(x) + Σ wᵢ |xᵢ|)/g(x)` between bounds; f shows its blocks, g its lines. */
export interface BlockFractional extends Fractional {
  /** `f`. */
  readonly smooth: BlockSmooth;
  /** `h`. */
  readonly regularizer: BoundedL1;
  /** `g`. */
  readonly denominator: LinedDenominator;
}

/**
 * The fraction of a smooth function with blocks and a regularizer, above, and a denominator.
 *
 * @throws {ShapeError} When the regularizer has another number of entries.
 *
 * @example A fraction of one variable
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { sparseIdentity } from "@gradus/gradus/linalg";
 * import { sparseQuadratic } from "@gradus/gradus/problems";
 * import { boundedL1 } from "@gradus/gradus/proximal";
 * import { blockFractional, concaveQuadratic, fractionalCoordinateDescent } from "@gradus/gradus/splitting";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { problem } = sparseQuadratic(sparseIdentity(1), [0]); // x²/2
 * const fraction = blockFractional(problem, boundedL1(1, { lower: 1, upper: 2 }), concaveQuadratic(5));
 * const { x, value } = solve(fraction, fractionalCoordinateDescent(), { start: [2] });
 * assertAlmostEquals(x[0], 1);
 * assertAlmostEquals(value, 1 / 9); // ½ / (5 - ½)
 * ```
 */
export function blockFractional(
  smooth: BlockSmooth,
  regularizer: BoundedL1,
  denominator: LinedDenominator,
): BlockFractional {
  const { name, dimension } = kindOf(smooth) && smooth, length = regularizer.weights.length;
  if (length !== dimension) {
    throw new ShapeError(`Cannot regularize ${name ?? "a problem"}: expected ${dimension} weights, got ${length}`);
  }
  return { kind: "fractional", ...(name !== undefined && { name }), smooth, regularizer, denominator };
}

/**
 * `F(x)` from its parts, at a start.
 *
 * @throws {DomainError} When `g(x)` is not positive, `h(x)` not finite, or `f(x) + h(x)` negative.
 */
export function fractionAt({ regularizer }: Fractional, x: Vector, f: number, g: number): number {
  const h = regularizer.value(x), cannot = "Cannot start on a fraction: expected";
  if (!(g > 0)) throw new DomainError(`${cannot} g(x) > 0, got ${g}`);
  if (!(h < Infinity)) throw new DomainError(`${cannot} a start in the domain of h, got h(x) = ${h}`);
  if (f + h < 0) throw new DomainError(`${cannot} f(x) + h(x) >= 0, got ${f + h}`);
  return (f + h) / g;
}
