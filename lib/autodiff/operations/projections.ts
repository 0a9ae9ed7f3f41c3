/**
 * Projections on convex sets and proximal operators as array functions, to be differentiated: what conditions of
 * optimality are made of. At kinks the derivative is one of a neighbouring piece.
 *
 * @module
 */
import { refuse } from "../errors.ts";
import { constant, type Node } from "../node.ts";
import { add, divide, multiply, negate, subtract } from "../primitives/arithmetic.ts";
import { abs, greater, max, relu, select, sign } from "../primitives/comparison.ts";
import { cumulativeSum } from "../primitives/cumulative.ts";
import { normAlong } from "../primitives/macros.ts";
import { sorted } from "../primitives/order.ts";
import { sum } from "../primitives/reductions.ts";
import type { Operand } from "../values.ts";
import { apply } from "./apply.ts";
import { clamp } from "./comparison.ts";

/** Applies a function of a vector and of another array. */
function applyToVector(name: string, of: (x: Node, y: Node) => Node, x: Operand, y: Operand): Operand {
  return apply(
    name,
    (a, b) => a.shape.length === 1 && a.shape[0] > 0 ? of(a, b) : refuse(name, "a vector with entries", a.shape),
    x,
    y,
  );
}

/** The projection on the box of all u with `low <= u <= high`; bounds are numbers or arrays. */
export function projectBox(x: Operand, low: Operand, high: Operand): Operand {
  return clamp(x, low, high);
}

/** The projection on the arrays without negative entries. */
export function projectNonnegative(x: Operand): Operand {
  return apply("projectNonnegative", relu, x);
}

/**
 * The τ with `Σ max(xᵢ - τ, 0) = radius`: the mean of the largest entries, as many as lie above it, less their share of
 * the radius.
 */
function threshold(x: Node, radius: Node): Node {
  const n = x.shape[0], ascending = sorted(x), total = sum(x);
  // the sum and the number of entries from each on
  const sums = subtract(total, subtract(cumulativeSum(ascending, 0, 0), ascending));
  const counts = constant([n], Float64Array.from({ length: n }, (_, i) => n - i));
  const above = greater(add(multiply(counts, ascending), radius), sums); // Σ_{j >= i} (xⱼ - xᵢ) < radius
  return divide(subtract(sum(select(above, ascending, 0)), radius), sum(above));
}

/**
 * The projection of a vector on the simplex of all u with nonnegative entries of sum `radius`.
 *
 * Source: Duchi, Shalev-Shwartz, Singer and Chandra, Efficient projections onto the l1-ball for learning in high
 * dimensions (2008), figure 1.
 *
 * @param radius Positive. Default: 1.
 * @throws {ShapeError} When x is no vector, or empty.
 *
 * @example A point outside
 * ```ts
 * import { projectSimplex } from "@gradus/gradus/autodiff";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(projectSimplex(Float64Array.of(1, 0.5, -2)), Float64Array.of(0.75, 0.25, 0));
 * ```
 */
export function projectSimplex(x: Operand, radius: Operand = 1): Operand {
  return applyToVector(
    "projectSimplex",
    (a, r) => relu(subtract(a, threshold(a, r))),
    x,
    radius,
  );
}

/**
 * The projection of a vector on the ball of all u with `Σ |uᵢ| <= radius`.
 *
 * @param radius Positive. Default: 1.
 * @throws {ShapeError} When x is no vector, or empty.
 */
export function projectL1Ball(x: Operand, radius: Operand = 1): Operand {
  return applyToVector(
    "projectL1Ball",
    (a, r) => {
      const sizes = abs(a), outside = greater(sum(sizes), r);
      return select(outside, multiply(sign(a), relu(subtract(sizes, threshold(sizes, r)))), a);
    },
    x,
    radius,
  );
}

/**
 * The projection of a vector on the ball of all u with `|u| <= radius`.
 *
 * @param radius Positive. Default: 1.
 * @throws {ShapeError} When x is no vector, or empty.
 */
export function projectL2Ball(x: Operand, radius: Operand = 1): Operand {
  return applyToVector(
    "projectL2Ball",
    (a, r) => divide(multiply(r, a), max(r, normAlong(a, [0, 1]))),
    x,
    radius,
  );
}

/** `sign(x) max(|x| - t, 0)`, the proximal operator of `t Σ |xᵢ|`; t is a number or an array. */
export function softThreshold(x: Operand, t: Operand): Operand {
  return apply("softThreshold", (a, b) => subtract(relu(subtract(a, b)), relu(negate(add(a, b)))), x, t);
}

/**
 * `x max(1 - t / |x|, 0)`, the proximal operator of `t |x|` for a vector and t >= 0.
 *
 * @throws {ShapeError} When x is no vector, or empty.
 */
export function blockSoftThreshold(x: Operand, t: Operand): Operand {
  return applyToVector(
    "blockSoftThreshold",
    (a, b) => {
      const size = normAlong(a, [0, 1]), outside = greater(size, b);
      return multiply(select(outside, subtract(1, divide(b, select(outside, size, 1))), 0), a);
    },
    x,
    t,
  );
}
