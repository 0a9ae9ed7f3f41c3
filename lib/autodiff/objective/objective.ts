/**
 * Functions of arrays as smooth problems: value, gradient and Hessian-vector product are three programs, each made when
 * it is first asked for.
 *
 * @module
 */
import type { Constants, TwiceSmooth, Vector } from "../../core/mod.ts";
import { TraceError } from "../errors.ts";
import { applies, literal, literalPrimitive, type Node } from "../node.ts";
import { type Program, trace, type TracedProgram } from "../trace.ts";
import { cotangentsOf, freshLike, scalarOutput, tangentsOf } from "../transform.ts";
import type { Operand } from "../values.ts";
import { type Blocks, type InBlocks, type OneVector, type Parameters, parametersOf } from "./parameters.ts";
import { whenNeeded } from "./programs.ts";

/** What else an objective says of itself. */
export interface ObjectiveOptions {
  /** A name for tables, charts and messages. */
  readonly name?: string;
  /** `L` and `μ`, where they are known. */
  readonly constants?: Constants;
}

/** `f`, `∇f` and `∇²f v` of a scalar program in its first `count` inputs; the vector `v` stands behind all inputs. */
export interface Derivatives {
  /** `f`. */
  readonly value: () => Program;
  /** `f`, then `∇f`. */
  readonly gradient: () => Program;
  /** `∇²f v`. */
  readonly hessianVector: () => Program;
}

/** The derivatives of a scalar function that `traced` traces. */
export function derivativesOf(traced: () => TracedProgram, count: number): Derivatives {
  const gradientOf = ({ inputs, outputs }: Program): Node[] =>
    cotangentsOf([scalarOutput("make an objective", outputs)], inputs.slice(0, count), [literal(1)]);
  return {
    value: traced,
    gradient: () => {
      const program = traced();
      return { inputs: program.inputs, outputs: [program.outputs[0], ...gradientOf(program)] };
    },
    hessianVector: () => {
      const program = traced(), variables = program.inputs.slice(0, count), directions = freshLike(variables);
      return {
        inputs: [...program.inputs, ...directions],
        outputs: tangentsOf(gradientOf(program), variables, directions),
      };
    },
  };
}

/** The oracles of a smooth problem over programs that are made when needed. */
export function smoothOracles(
  { value, gradient, hessianVector }: Derivatives,
  { view, count }: Parameters,
): Pick<TwiceSmooth, "value" | "gradient" | "hessianVector"> {
  const values = whenNeeded(value, ({ inputs, outs, run }) => {
    const setX = view(inputs, 0), f = outs[0] = new Float64Array(1);
    return (x: Vector): number => {
      setX(x);
      run();
      return f[0];
    };
  });
  const gradients = whenNeeded(gradient, ({ inputs, outs, run }) => {
    const setX = view(inputs, 0), f = outs[0] = new Float64Array(1), setOut = view(outs, 1);
    return (x: Vector, out: Vector): number => {
      setX(x);
      setOut(out);
      run();
      return f[0];
    };
  });
  const products = whenNeeded(hessianVector, ({ inputs, outs, run }) => {
    const setX = view(inputs, 0), setV = view(inputs, count), setOut = view(outs, 0);
    return (x: Vector, v: Vector, out: Vector): void => {
      setX(x);
      setV(v);
      setOut(out);
      run();
    };
  });
  return {
    value: (x) => values()(x),
    gradient: (x, out) => gradients()(x, out),
    hessianVector: (x, v, out) => products()(x, v, out),
  };
}

/**
 * A function of named arrays as a smooth problem with second derivatives. The vector of variables is the blocks of the
 * layout one after the other; `blocksOf` takes a solution apart.
 *
 * @param f Gets the blocks as traced arrays and returns a scalar. It is called a few times, when a program is made, not
 * at every evaluation, and must depend on nothing that changes.
 * @throws {TraceError} When f returns no scalar, uses a traced array as a number, or takes its entries by `x[0]`.
 * @throws {ShapeError} When shapes do not fit in f.
 *
 * @example A line through three points, by slope and intercept
 * ```ts
 * import { add, multiply, objective, square, subtract, sum } from "@gradus/gradus/autodiff";
 * import { layout, solve } from "@gradus/gradus/core";
 * import { lbfgs } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const t = Float64Array.of(0, 1, 2), y = Float64Array.of(1, 3, 5), line = layout({ slope: [1], intercept: [1] });
 * const problem = objective(
 *   ({ slope, intercept }) => sum(square(subtract(add(multiply(slope, t), intercept), y))),
 *   { layout: line },
 * );
 * const { x } = solve(problem, lbfgs(), { start: [0, 0] });
 * assertAlmostEquals(x[0], 2, 1e-6);
 * assertAlmostEquals(x[1], 1, 1e-6);
 * ```
 */
export function objective<Name extends string>(
  f: (blocks: Blocks<Name>) => Operand,
  options: InBlocks<Name> & ObjectiveOptions,
): TwiceSmooth;
/** A function of one vector as a smooth problem with second derivatives. */
export function objective(f: (x: Operand) => Operand, options: OneVector & ObjectiveOptions): TwiceSmooth;
export function objective(
  f: (x: never) => Operand,
  options: Partial<OneVector & InBlocks<string>> & ObjectiveOptions,
): TwiceSmooth {
  const { name, constants } = options, parameters = parametersOf(options);
  const traced = (): TracedProgram => trace(f, parameters.example);
  const output = scalarOutput("make an objective", traced().outputs); // what is wrong with f shows here
  if (applies(output, literalPrimitive) && Number.isNaN(output.attribute)) {
    throw new TraceError(
      "Cannot make an objective: expected an array program, got NaN for all arguments: write take(x, i) for an entry, " +
        "and add, multiply, square and the like for arithmetic",
    );
  }
  return {
    kind: "smooth",
    dimension: parameters.dimension,
    ...(name !== undefined && { name }),
    ...(constants !== undefined && { constants }),
    ...smoothOracles(derivativesOf(traced, parameters.count), parameters),
  };
}
