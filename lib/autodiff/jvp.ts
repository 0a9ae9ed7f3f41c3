/**
 * Forward mode: `∂f(x) v` along with `f(x)`.
 *
 * @module
 */
import { sharing } from "./node.ts";
import {
  type ArrayFunction,
  checkedLeaves,
  conclude,
  fixed,
  freshLike,
  shaped,
  tangentsOf,
  traceAt,
} from "./transform.ts";
import type { Tree } from "./tree.ts";

/** A value and its tangent. */
export interface ValueAndTangent {
  /** `f(x)`. */
  readonly value: Tree;
  /** `∂f(x) v`. */
  readonly tangent: Tree;
}

/**
 * The value of a function and its derivative along tangents of all arguments: `f(x)` and `∂f(x) v`, at about twice the
 * cost of f.
 *
 * @param primals The arguments.
 * @param tangents As many, of the same shapes.
 * @throws {ShapeError} When the shapes differ.
 *
 * @example The derivative of a product along a direction
 * ```ts
 * import { jvp, multiply, type Operand } from "@gradus/gradus/autodiff";
 * import { assertEquals } from "@std/assert";
 *
 * const { value, tangent } = jvp((x: Operand, y: Operand) => multiply(x, y), [3, 5], [1, 10]);
 * assertEquals([value, tangent], [15, 35]);
 * ```
 */
export function jvp(f: ArrayFunction, primals: readonly Tree[], tangents: readonly Tree[]): ValueAndTangent {
  return sharing(() => {
    const { outputs, result, variables, operands } = traceAt(f, primals, primals.length);
    const given = checkedLeaves("push tangents forward", tangents, variables), directions = freshLike(variables);
    const pushed = tangentsOf(outputs, variables, directions);
    const all = conclude([...outputs, ...pushed], [...variables, ...directions], [...operands, ...given]);
    return { value: shaped(result, all), tangent: shaped(result, all.slice(outputs.length)) };
  });
}

/** A value and the linear map of its derivative. */
export interface Linearization {
  /** `f(x)`. */
  readonly value: Tree;
  /** `v ↦ ∂f(x) v`. */
  readonly pushforward: (...tangents: Tree[]) => Tree;
}

/**
 * The value of a function and its derivative as a linear map, for many tangents at one point: what does not depend on
 * the tangent is computed once.
 *
 * @throws {ShapeError} By the map, when tangents have other shapes than the arguments.
 */
export function linearize(f: ArrayFunction, ...primals: readonly Tree[]): Linearization {
  return sharing(() => {
    const { outputs, result, variables, operands } = traceAt(f, primals, primals.length),
      directions = freshLike(variables);
    const push = fixed(tangentsOf(outputs, variables, directions), variables, operands, directions);
    return {
      value: shaped(result, conclude(outputs, variables, operands)),
      pushforward: (...tangents) =>
        sharing(() => shaped(result, push(checkedLeaves("push tangents forward", tangents, variables)))),
    };
  });
}
