/**
 * Functions from vectors to vectors with products of their Jacobians: residuals of least-squares problems, constraints.
 *
 * @module
 */
import { type LeastSquares, type Matrix, ShapeError, type Vector, type VectorFunction } from "../../core/mod.ts";
import { callerLine, TraceError } from "../errors.ts";
import { input, type Node } from "../node.ts";
import { reshape } from "../primitives/structure.ts";
import { formatShape, sizeOf } from "../shape.ts";
import { trace, type TracedProgram } from "../trace.ts";
import { cotangentsOf, freshLike, tangentsOf } from "../transform.ts";
import type { Operand } from "../values.ts";
import { type Blocks, type InBlocks, type OneVector, parametersOf } from "./parameters.ts";
import { whenNeeded } from "./programs.ts";

/** A vector function with all derivatives that a problem can have. */
export type DifferentiableFunction = Required<VectorFunction>;

/**
 * A function of named arrays whose result is an array, of any shape, as a vector function with products `J v`, `Jᵀw`,
 * `Σ wᵢ∇²cᵢ v` and the dense Jacobian.
 *
 * @throws {TraceError} When f returns no array, or uses a traced array as a number.
 *
 * @example The unit circle as an equality
 * ```ts
 * import { dot, type Operand, reshape, subtract, vectorFunction } from "@gradus/gradus/autodiff";
 * import { assertEquals } from "@std/assert";
 *
 * const circle = vectorFunction((x: Operand) => subtract(dot(x, x), 1), { dimension: 2 });
 * const out = new Float64Array(1);
 * circle.jacobianVector(Float64Array.of(3, 4), Float64Array.of(1, 0), out);
 * assertEquals([circle.components, out[0]], [1, 6]);
 * ```
 */
export function vectorFunction<Name extends string>(
  f: (blocks: Blocks<Name>) => Operand,
  options: InBlocks<Name>,
): DifferentiableFunction;
/** A function of one vector, as a vector function. */
export function vectorFunction(f: (x: Operand) => Operand, options: OneVector): DifferentiableFunction;
export function vectorFunction(
  f: (x: never) => Operand,
  options: Partial<OneVector & InBlocks<string>>,
): DifferentiableFunction {
  const { example, count, view, dimension } = parametersOf(options);
  const traced = (): TracedProgram & { readonly result: Node } => {
    const program = trace(f, example), output = program.outputs[0];
    if (program.outputs.length !== 1) {
      throw new TraceError(
        `Cannot make a vector function: expected one array, got ${program.outputs.length}${callerLine()}`,
      );
    }
    const result = reshape(output, [sizeOf(output.shape)]);
    return { ...program, outputs: [result], result };
  };
  const components = sizeOf(traced().outputs[0].shape);

  const value = whenNeeded(traced, ({ inputs, outs, run }) => {
    const setX = view(inputs, 0);
    return (x: Vector, out: Vector): void => {
      setX(x);
      outs[0] = out;
      run();
    };
  });
  const forward = whenNeeded(() => {
    const { inputs, outputs } = traced(), directions = freshLike(inputs);
    return { inputs: [...inputs, ...directions], outputs: tangentsOf(outputs, inputs, directions) };
  }, ({ inputs, outs, run }) => {
    const setX = view(inputs, 0), setV = view(inputs, count);
    return (x: Vector, v: Vector, out: Vector): void => {
      setX(x);
      setV(v);
      outs[0] = out;
      run();
    };
  });
  const reverse = whenNeeded(() => {
    const { inputs, outputs } = traced(), weights = input([components]);
    return { inputs: [...inputs, weights], outputs: cotangentsOf(outputs, inputs, [weights]) };
  }, ({ inputs, outs, run }) => {
    const setX = view(inputs, 0), setOut = view(outs, 0);
    return (x: Vector, w: Vector, out: Vector): void => {
      setX(x);
      inputs[count] = w;
      setOut(out);
      run();
    };
  });
  const second = whenNeeded(() => {
    const { inputs, outputs } = traced(), weights = input([components]), directions = freshLike(inputs);
    const pulled = cotangentsOf(outputs, inputs, [weights]);
    return { inputs: [...inputs, weights, ...directions], outputs: tangentsOf(pulled, inputs, directions) };
  }, ({ inputs, outs, run }) => {
    const setX = view(inputs, 0), setV = view(inputs, count + 1), setOut = view(outs, 0);
    return (x: Vector, w: Vector, v: Vector, out: Vector): void => {
      setX(x);
      inputs[count] = w;
      setV(v);
      setOut(out);
      run();
    };
  });

  const byRows = components <= dimension, unit = new Float64Array(byRows ? components : dimension);
  const column = new Float64Array(byRows ? 0 : components);
  const jacobian = (x: Vector, out: Matrix): void => {
    if (out.rows !== components || out.columns !== dimension) {
      throw new ShapeError(
        `Cannot write a Jacobian: expected ${formatShape([components, dimension])}, got ${
          formatShape([out.rows, out.columns])
        }`,
      );
    }
    const { data } = out;
    unit.fill(0);
    if (byRows) { // by pullbacks
      for (let i = 0; i < components; i++) {
        unit[i] = 1;
        reverse()(x, unit, data.subarray(i * dimension, (i + 1) * dimension));
        unit[i] = 0;
      }
      return;
    }
    for (let j = 0; j < dimension; j++) { // columns by pushforwards
      unit[j] = 1;
      forward()(x, unit, column);
      unit[j] = 0;
      for (let i = 0; i < components; i++) data[i * dimension + j] = column[i];
    }
  };
  return {
    components,
    value: (x, out) => value()(x, out),
    jacobianVector: (x, v, out) => forward()(x, v, out),
    jacobianTransposeVector: (x, w, out) => reverse()(x, w, out),
    hessianVector: (x, w, v, out) => second()(x, w, v, out),
    jacobian,
  };
}

/** What else a least-squares objective says of itself. */
export interface LeastSquaresOptions {
  /** A name for tables, charts and messages. */
  readonly name?: string;
}

/**
 * The least-squares problem of a residual function: minimize `½ |r|²`, r an array of any shape.
 *
 * @throws {TraceError} When the residual is no array, or uses a traced array as a number.
 */
export function leastSquaresObjective<Name extends string>(
  residual: (blocks: Blocks<Name>) => Operand,
  options: InBlocks<Name> & LeastSquaresOptions,
): LeastSquares;
/** The least-squares problem of a residual function of one vector. */
export function leastSquaresObjective(
  residual: (x: Operand) => Operand,
  options: OneVector & LeastSquaresOptions,
): LeastSquares;
export function leastSquaresObjective(
  residual: (x: never) => Operand,
  options: Partial<OneVector & InBlocks<string>> & LeastSquaresOptions,
): LeastSquares {
  const { dimension } = parametersOf(options), { name } = options;
  return {
    kind: "least-squares",
    dimension,
    ...(name !== undefined && { name }),
    residual: vectorFunction(residual as (x: Operand) => Operand, options as OneVector),
  };
}
