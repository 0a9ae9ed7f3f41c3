/**
 * Gradients of scalar functions by reverse mode, and Hessian-vector products by forward over reverse.
 *
 * @module
 */
import { literal, sharing } from "./node.ts";
import {
  checkedLeaves,
  conclude,
  cotangentsOf,
  type Differentiable,
  freshLike,
  scalarOutput,
  shaped,
  tangentsOf,
  traceAt,
} from "./transform.ts";
import type { Like, Tree } from "./tree.ts";
import type { Operand } from "./values.ts";

/** A value and the gradient. */
export interface ValueAndGradient<X> {
  /** `f(x)`. */
  readonly value: Operand;
  /** `∇f(x)`, in the form of x. */
  readonly gradient: Like<X>;
}

function gradientNodes({ outputs, variables }: Differentiable, verb: string): ReturnType<typeof cotangentsOf> {
  return cotangentsOf([scalarOutput(verb, outputs)], variables, [literal(1)]);
}

/**
 * The function that gives value and gradient of a scalar function with respect to its first argument, an array or a
 * tuple or record of arrays; others are passed on.
 *
 * @throws {TraceError} By the function, when f does not return a scalar.
 */
export function valueAndGrad<X extends Tree, Rest extends readonly Tree[]>(
  f: (x: X, ...rest: Rest) => Operand,
): <Y extends X>(x: Y, ...rest: Rest) => ValueAndGradient<Y> {
  return (x, ...rest) =>
    sharing(() => {
      const program = traceAt(f, [x, ...rest], 1), { outputs, inputs, operands } = program;
      const [value, ...gradient] = conclude(
        [outputs[0], ...gradientNodes(program, "take a gradient")],
        inputs,
        operands,
      );
      return { value, gradient: shaped(x, gradient) as Like<typeof x> };
    });
}

/**
 * The gradient of a scalar function with respect to its first argument, an array or a tuple or record of arrays; others
 * are passed on. It is a function of arrays again, hence `grad(grad(f))`.
 *
 * @throws {TraceError} By the function, when f does not return a scalar.
 *
 * @example The gradient of a sum of squares, and a third derivative
 * ```ts
 * import { grad, type Operand, power, square, sum } from "@gradus/gradus/autodiff";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(grad((x: Operand) => sum(square(x)))(Float64Array.of(1, 2)), Float64Array.of(2, 4));
 * assertEquals(grad(grad(grad((x: Operand) => power(x, 4))))(2), 48); // 24 x
 * ```
 */
export function grad<X extends Tree, Rest extends readonly Tree[]>(
  f: (x: X, ...rest: Rest) => Operand,
): <Y extends X>(x: Y, ...rest: Rest) => Like<Y> {
  return (x, ...rest) =>
    sharing(() => {
      const program = traceAt(f, [x, ...rest], 1), { inputs, operands } = program;
      return shaped(x, conclude(gradientNodes(program, "take a gradient"), inputs, operands)) as Like<typeof x>;
    });
}

/**
 * The product `∇²f(x) v` of the Hessian with respect to the first argument and a vector of its form: the derivative of
 * the gradient along v, at a small multiple of the cost of f.
 *
 * @throws {TraceError} By the function, when f does not return a scalar.
 * @throws {ShapeError} By the function, when v has not the form of x.
 *
 * @example A column of the Hessian of Rosenbrock's function
 * ```ts
 * import { add, hvp, multiply, type Operand, square, subtract, take } from "@gradus/gradus/autodiff";
 * import { assertEquals } from "@std/assert";
 *
 * const f = (x: Operand) => {
 *   const a = take(x, 0), b = take(x, 1);
 *   return add(square(subtract(1, a)), multiply(100, square(subtract(b, square(a)))));
 * };
 * assertEquals(hvp(f)(Float64Array.of(1, 1), Float64Array.of(1, 0)), Float64Array.of(802, -400));
 * ```
 */
export function hvp<X extends Tree, Rest extends readonly Tree[]>(
  f: (x: X, ...rest: Rest) => Operand,
): <Y extends X>(x: Y, v: X, ...rest: Rest) => Like<Y> {
  return (x, v, ...rest) =>
    sharing(() => {
      const program = traceAt(f, [x, ...rest], 1), { inputs, variables, operands } = program;
      const directions = freshLike(variables), given = checkedLeaves("multiply by a Hessian", v, variables);
      const product = tangentsOf(gradientNodes(program, "multiply by a Hessian"), variables, directions);
      return shaped(x, conclude(product, [...inputs, ...directions], [...operands, ...given])) as Like<typeof x>;
    });
}
