/**
 * Reverse mode: `∂f(x)ᵀ u` along with `f(x)`, as the transpose of forward mode.
 *
 * @module
 */
import { sharing } from "./node.ts";
import {
  type ArrayFunction,
  checkedLeaves,
  conclude,
  cotangentsOf,
  fixed,
  freshLike,
  shaped,
  traceAt,
} from "./transform.ts";
import type { Tree } from "./tree.ts";

/** A value and the transpose of its derivative. */
export interface ValueAndPullback {
  /** `f(x)`. */
  readonly value: Tree;
  /** `u ↦ ∂f(x)ᵀ u`, one tree for each argument. */
  readonly pullback: (cotangent: Tree) => readonly Tree[];
}

/**
 * The value of a function and the transpose of its derivative as a linear map, for many cotangents at one point.
 *
 * @throws {ShapeError} By the map, when the cotangent has another shape than the value.
 *
 * @example The derivatives of a product with respect to both factors
 * ```ts
 * import { multiply, type Operand, vjp } from "@gradus/gradus/autodiff";
 * import { assertEquals } from "@std/assert";
 *
 * const { value, pullback } = vjp((x: Operand, y: Operand) => multiply(x, y), 3, 5);
 * assertEquals([value, pullback(1)], [15, [5, 3]]);
 * ```
 */
export function vjp(f: ArrayFunction, ...primals: readonly Tree[]): ValueAndPullback {
  return sharing(() => {
    const { outputs, result, variables, operands } = traceAt(f, primals, primals.length), seeds = freshLike(outputs);
    const pull = fixed(cotangentsOf(outputs, variables, seeds), variables, operands, seeds);
    return {
      value: shaped(result, conclude(outputs, variables, operands)),
      pullback: (cotangent) =>
        sharing(() =>
          shaped(primals, pull(checkedLeaves("pull a cotangent back", cotangent, outputs))) as readonly Tree[]
        ),
    };
  });
}
