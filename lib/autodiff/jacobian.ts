/**
 * Whole Jacobians and Hessians: one pushforward for each entry of the argument, or one pullback for each entry of the result.
 *
 * @module
 */
import { TraceError } from "./errors.ts";
import { grad } from "./grad.ts";
import { input, type Node, sharing } from "./node.ts";
import { permute, reshape } from "./primitives/structure.ts";
import { concatenate } from "./primitives/window.ts";
import { range, type Shape, sizeOf } from "./shape.ts";
import { conclude, cotangentsOf, fixed, tangentsOf, traceAt } from "./transform.ts";
import { leaves, type Tree } from "./tree.ts";
import { contents, isTraced, type Operand, present } from "./values.ts";

/** Options of `jacobian`. */
export interface JacobianOptions {
  /** Columns by pushforwards or rows by pullbacks. Default: whichever are fewer. */
  readonly mode?: "forward" | "reverse";
}

/** The derivatives, for each unit vector of one side, of the other side; stacked along a first axis of as many entries as units. */
function alongUnits(map: (given: readonly unknown[]) => Operand[], units: Shape, result: Shape): Operand {
  const count = sizeOf(units), rows: Operand[] = [];
  for (let i = 0; i < count; i++) {
    const unit = new Float64Array(count);
    unit[i] = 1;
    rows.push(map([present(units, unit)])[0]);
  }
  const size = sizeOf(result);
  if (rows.some(isTraced)) {
    return count === 0
      ? present([0, size], new Float64Array(0))
      : concatenate(rows.map((row) => reshape(row as Node, [1, size])), 0);
  }
  const data = new Float64Array(count * size);
  rows.forEach((row, i) => data.set(contents(row, "stack derivatives").data, i * size));
  return present([count, size], data);
}

/**
 * The Jacobian of a function of arrays with respect to its first argument, an array; its result is an array, too. Entry `[i…, j…]` is
 * `∂fᵢ/∂xⱼ`: the shape is that of the result followed by that of the argument.
 *
 * @throws {TraceError} By the function, when argument or result are made of several arrays.
 *
 * @example The Jacobian of polar coordinates
 * ```ts
 * import { asMatrix, cos, jacobian, multiply, type Operand, sin, stack, take } from "@gradus/gradus/autodiff";
 * import { assertEquals } from "@std/assert";
 *
 * const f = (p: Operand) => stack([multiply(take(p, 0), cos(take(p, 1))), multiply(take(p, 0), sin(take(p, 1)))]);
 * assertEquals([...asMatrix(jacobian(f)(Float64Array.of(2, 0))).data], [1, 0, 0, 2]);
 * ```
 */
export function jacobian<Rest extends readonly Tree[]>(
  f: (x: Operand, ...rest: Rest) => Operand,
  options: JacobianOptions = {},
): (x: Operand, ...rest: Rest) => Operand {
  return (x, ...rest) =>
    sharing(() => {
      const { inputs, variables, outputs, operands } = traceAt(f, [x, ...rest], 1);
      if (variables.length !== 1 || outputs.length !== 1) {
        throw new TraceError(
          `Cannot take a Jacobian: expected one array as argument and one as result, got ${leaves(x).length} and ` +
            `${outputs.length}`,
        );
      }
      const from = variables[0].shape, to = outputs[0].shape;
      const forward = (options.mode ?? (sizeOf(from) < sizeOf(to) ? "forward" : "reverse")) === "forward";
      const side = input(forward ? from : to);
      const derivative = forward ? tangentsOf(outputs, variables, [side]) : cotangentsOf(outputs, variables, [side]);
      const rows = alongUnits(fixed(derivative, inputs, operands, [side]), side.shape, forward ? to : from);
      const node = input([sizeOf(side.shape), sizeOf(forward ? to : from)]);
      const arranged = forward
        ? permute(reshape(node, [...from, ...to]), [
          ...range(from.length, from.length + to.length),
          ...range(0, from.length),
        ])
        : reshape(node, [...to, ...from]);
      return conclude([arranged], [node], [rows])[0];
    });
}

/**
 * The Hessian of a scalar function of an array, its first argument: the Jacobian of the gradient by forward over reverse, of the
 * shape of x twice.
 *
 * @throws {TraceError} By the function, when f does not return a scalar.
 */
export function hessian<Rest extends readonly Tree[]>(
  f: (x: Operand, ...rest: Rest) => Operand,
): (x: Operand, ...rest: Rest) => Operand {
  const gradient = grad(f);
  return jacobian((x: Operand, ...rest: Rest): Operand => gradient(x, ...rest), { mode: "forward" });
}
