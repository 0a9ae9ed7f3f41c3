/**
 * Whole Jacobians and Hessians: the pushforward over a batch of unit vectors, one for each entry of the argument, or
 * the pullback over one for each entry of the result.
 *
 * @module
 */
import { TraceError } from "./errors.ts";
import { batch, repeated } from "./batching/batch.ts";
import { grad } from "./grad.ts";
import { input, type Node, sharing } from "./node.ts";
import { concatenate, slice } from "./operations/structure.ts";
import { permute, reshape } from "./primitives/structure.ts";
import { range, sizeOf } from "./shape.ts";
import { conclude, cotangentsOf, fixed, tangentsOf, traceAt } from "./transform.ts";
import { leaves, type Tree } from "./tree.ts";
import { type Operand, present } from "./values.ts";

/** Options of `jacobian`. */
export interface JacobianOptions {
  /** Columns by pushforwards or rows by pullbacks. Default: whichever are fewer. */
  readonly mode?: "forward" | "reverse";
}

/** So many unit vectors at once: more would gain little time, and need as many times the memory. */
const AT_ONCE = 64;

/**
 * A derivative for every unit vector of its side, stacked along a first axis.
 *
 * @param derivative A node over `side` and over `inputs`, which are fixed at the operands.
 */
function alongUnits(derivative: Node, side: Node, inputs: readonly Node[], operands: readonly unknown[]): Operand {
  const count = sizeOf(side.shape), size = sizeOf(derivative.shape);
  if (count === 0) return present([0, size], new Float64Array(0));
  const parts = Math.ceil(count / AT_ONCE), each = Math.ceil(count / parts), units = input([each, ...side.shape]);
  const [{ node, batched }] = batch([derivative], new Map([[side, { node: units, batched: true }]]), each);
  const map = fixed([reshape(batched ? node : repeated(node, each), [each, size])], inputs, operands, [units]);
  const blocks: Operand[] = [];
  for (let part = 0; part < parts; part++) {
    const data = new Float64Array(each * count);
    for (let i = 0, j = part * each; i < each && j < count; i++, j++) data[i * count + j] = 1;
    blocks.push(map([present(units.shape, data)])[0]);
  }
  const all = concatenate(blocks);
  return each * parts === count ? all : slice(all, 0, count);
}

/**
 * The Jacobian of a function of arrays with respect to its first argument, an array; its result is an array, too. Entry
 * `[i…, j…]` is `∂fᵢ/∂xⱼ`: the shape is that of the result followed by that of the argument.
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
      const rows = alongUnits(derivative[0], side, inputs, operands);
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
 * The Hessian of a scalar function of an array, its first argument: the Jacobian of the gradient by forward over
 * reverse, of the shape of x twice.
 *
 * @throws {TraceError} By the function, when f does not return a scalar.
 */
export function hessian<Rest extends readonly Tree[]>(
  f: (x: Operand, ...rest: Rest) => Operand,
): (x: Operand, ...rest: Rest) => Operand {
  const gradient = grad(f);
  return jacobian((x: Operand, ...rest: Rest): Operand => gradient(x, ...rest), { mode: "forward" });
}
