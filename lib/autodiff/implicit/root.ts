/**
 * Derivatives through solvers, whatever these do inside: of x that solves `F(x, θ) = 0` by the implicit function
 * theorem,
 *
 * ```
 * ∂₁F(x, θ) x' = -∂₂F(x, θ) θ'          forward: one linear system for each tangent
 * θ̄ = -∂₂F(x, θ)ᵀ ∂₁F(x, θ)⁻ᵀ x̄           reverse: one for each cotangent
 * ```
 *
 * Iterations are neither stored nor differentiated. The derivative errs in proportion to the solver.
 *
 * Source: Blondel, Berthet, Cuturi, Frostig, Hoyer, Llinares-López, Pedregosa and Vert, Efficient and modular implicit
 * differentiation (2021), sections 2.1 and 2.2, arXiv:2105.15183.
 *
 * @module
 */
import { DomainError, normInf, ShapeError } from "../../core/mod.ts";
import { pushforward } from "../differentiate.ts";
import { callerLine, TraceError } from "../errors.ts";
import { evaluate, type Executable, interpreter } from "../interpret.ts";
import { input, make, type Node } from "../node.ts";
import { definePrimitive, type Primitive } from "../primitive.ts";
import { negate, subtract } from "../primitives/arithmetic.ts";
import { pack, unpack } from "../primitives/packing.ts";
import { zeros } from "../primitives/structure.ts";
import { formatShape, sameNumbers, type Shape } from "../shape.ts";
import { substitute } from "../substitute.ts";
import { type Program, traceClosed } from "../trace.ts";
import { leaves, replaceLeaves, type Tree } from "../tree.ts";
import { contents, isTraced, type Operand, present, toNode } from "../values.ts";
import { implicitSolve, type LinearSolveOptions, type LinearSystem, linearSystem, sizeOfAll } from "./linear_system.ts";

/** Options of implicit differentiation. */
export interface ImplicitOptions extends LinearSolveOptions {
  /** A solution with `max |Fᵢ| > residual (1 + max |xᵢ|)` is refused: it is none. Default: 1e-4. */
  readonly residual?: number;
}

/** A call of a solver: what is computed, and what is differentiated. */
interface Call {
  /** The solver, on values. */
  readonly solver: (init: Tree, ...theta: Tree[]) => Tree;
  /** The arguments, with any arrays at their leaves: the start, then θ. */
  readonly tree: readonly Tree[];
  /** The shapes of the leaves of x. */
  readonly shapes: readonly Shape[];
  /** F over the leaves of x, then those of θ. */
  readonly program: Program;
  /** The linear systems, made when first asked for. */
  readonly system: () => LinearSystem;
  readonly residual: number;
}

const VERB = "differentiate a solution";

/** The packed solution; arguments are the leaves of the start, then those of θ. */
const solutionPrimitive: Primitive<Call> = definePrimitive<Call>({
  name: "solution",
  emission: "kernel",
  shape: (_, { shapes }) => [sizeOfAll(shapes)],
  jvp(node, tangents) {
    const { shapes, program: { inputs, outputs }, system } = node.attribute, count = shapes.length;
    const parameters = inputs.slice(count), at = [...unpack(node, shapes), ...node.inputs.slice(count)];
    const moved = parameters.flatMap((parameter, i) => tangents[count + i] === undefined ? [] : [{ parameter, i }]);
    if (moved.length === 0) return undefined; // the start has no influence
    const directions = moved.map(({ parameter }) => input(parameter.shape));
    const change = pushforward(outputs, new Map(moved.map(({ parameter }, k) => [parameter, directions[k]])));
    const bound = substitute(
      [pack(change.map((part, i) => part ?? zeros(shapes[i])))],
      new Map([
        ...inputs.map((parameter, i): [Node, Node] => [parameter, at[i]]),
        ...moved.map(({ i }, k): [Node, Node] => [directions[k], tangents[count + i]!]),
      ]),
    )[0];
    return implicitSolve(system(), at, negate(bound));
  },
  kernel({ inputs, attribute: { solver, tree, shapes, program, residual } }) {
    let check: Executable | undefined;
    return (arrays, out) => {
      const values = inputs.map(({ shape }, i) => present(shape, arrays[i].slice())); // solvers may keep what they are given
      const [init, ...theta] = replaceLeaves(tree, values) as Tree[];
      const x = checkedSolution(solver(init, ...theta), shapes);
      const f = (check ??= interpreter(program)).run([...x, ...arrays.slice(shapes.length)]);
      const size = Math.max(0, ...f.map(normInf)), limit = residual * (1 + Math.max(0, ...x.map(normInf)));
      if (!(size <= limit)) {
        throw new DomainError(
          `Cannot ${VERB}: expected max |F| at most ${limit.toExponential(1)}, got ${
            size.toExponential(1)
          }; solve it more ` +
            "exactly, or allow a larger residual",
        );
      }
      for (let i = 0, k = 0; i < x.length; k += x[i++].length) out.set(x[i], k);
    };
  },
});

function checkedSolution(x: Tree, shapes: readonly Shape[]): Float64Array[] {
  const found = leaves(x).map((leaf) => contents(leaf, VERB));
  const fits = found.length === shapes.length && found.every(({ shape }, i) => sameNumbers(shape, shapes[i]));
  if (fits) return found.map(({ data }) => data);
  throw new ShapeError(
    `Cannot ${VERB}: expected ${shapes.map(formatShape).join(", ")}, as the start, got ${
      found.map(({ shape }) => formatShape(shape)).join(", ")
    }`,
  );
}

/** F as a program over the leaves of x and θ, refused if it has other results than x has leaves. */
function programOf(F: (x: never, ...theta: never) => Tree, tree: readonly Tree[], shapes: readonly Shape[]): Program {
  const { inputs, outputs, captured } = traceClosed(F as (...inputs: never) => Tree, ...tree);
  if (captured.length > 0) {
    throw new TraceError(
      `Cannot ${VERB}: expected conditions that depend on their arguments alone, got one that uses a traced array of shape ` +
        `${formatShape(captured[0].shape)} from outside${callerLine()}; pass it as an argument`,
    );
  }
  if (outputs.length === shapes.length && outputs.every(({ shape }, i) => sameNumbers(shape, shapes[i]))) {
    return { inputs, outputs };
  }
  throw new ShapeError(
    `Cannot ${VERB}: expected conditions of the shapes of x, ${shapes.map(formatShape).join(", ")}, got ${
      outputs.map(({ shape }) => formatShape(shape)).join(", ")
    }${callerLine()}`,
  );
}

/** A solver as it is wrapped: from a start and parameters to a solution in the form of the start. */
export type SolverFunction<X extends Tree, Theta extends readonly Tree[]> = (init: X, ...theta: Theta) => X;

/**
 * Gives a solver derivatives with respect to θ: its solutions satisfy `F(x, θ) = 0`. Both modes, nested at will; the
 * start has no derivative. Where x is not determined by F, as at a singular `∂₁F`, there is none.
 *
 * @param F Conditions as many as unknowns, in array functions; may depend on its arguments alone.
 * @returns What wraps a solver `(start, ...θ) ↦ x`, a function of values that may use anything. x and θ are arrays, or
 * tuples or records of them.
 * @throws {ShapeError} By the wrapped solver, when F or the solution has not the shapes of the start.
 * @throws {DomainError} By the wrapped solver, when its solution is none.
 * @throws {SingularMatrixError} When differentiated where `∂₁F` cannot be inverted.
 *
 * @example The derivative of a cube root found by bisection
 * ```ts
 * import { customRoot, grad, type Operand, power, subtract } from "@gradus/gradus/autodiff";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const F = (x: Operand, a: Operand) => subtract(power(x, 3), a);
 * const cubeRoot = customRoot(F)((_start: Operand, a: Operand) => {
 *   let low = 0, high = Number(a);
 *   while (high - low > 1e-13) (low + high) ** 3 / 8 < Number(a) ? low = (low + high) / 2 : high = (low + high) / 2;
 *   return low;
 * });
 * assertAlmostEquals(grad((a: Operand) => cubeRoot(1, a))(8), 1 / 12, 1e-12); // 1 / (3 x²)
 * ```
 */
export function customRoot<X extends Tree, Theta extends readonly Tree[]>(
  F: (x: X, ...theta: Theta) => Tree,
  options: ImplicitOptions = {},
): (solver: SolverFunction<X, Theta>) => SolverFunction<X, Theta> {
  return (solver) => (init, ...theta) => {
    const tree = [init, ...theta], operands = leaves(tree), nodes = operands.map((leaf) => toNode(leaf, VERB));
    const count = leaves(init).length, shapes = nodes.slice(0, count).map(({ shape }) => shape);
    const program = programOf(F as never, tree, shapes);
    let system: LinearSystem | undefined;
    const call: Call = {
      solver: solver as unknown as Call["solver"],
      tree,
      shapes,
      program,
      system: () => system ??= linearSystem(program, count, options),
      residual: options.residual ?? 1e-4,
    };
    const parts = unpack(make(solutionPrimitive, nodes, call), shapes);
    const x: readonly Operand[] = operands.some(isTraced)
      ? parts
      : evaluate(parts).map((data, i) => present(shapes[i], data));
    return replaceLeaves(init, x) as X;
  };
}

/**
 * Gives a solver derivatives with respect to θ: its solutions satisfy `x = T(x, θ)`. As `customRoot` with `F = x - T`.
 *
 * @throws {ShapeError} By the wrapped solver, when T or the solution has not the shapes of the start.
 * @throws {DomainError} By the wrapped solver, when its solution is none.
 * @throws {SingularMatrixError} When differentiated where `I - ∂₁T` cannot be inverted.
 *
 * @example The derivative of `x = cos(θ x)`
 * ```ts
 * import { cos, customFixedPoint, grad, multiply, type Operand } from "@gradus/gradus/autodiff";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const solve = customFixedPoint((x: Operand, a: Operand) => cos(multiply(a, x)))((x: Operand, a: Operand) => {
 *   for (let i = 0; i < 200; i++) x = Math.cos(Number(a) * Number(x));
 *   return x;
 * });
 * const x = Number(solve(0.5, 1)), slope = -Math.sin(x) * x / (1 + Math.sin(x));
 * assertAlmostEquals(grad((a: Operand) => solve(0.5, a))(1), slope, 1e-12);
 * ```
 */
export function customFixedPoint<X extends Tree, Theta extends readonly Tree[]>(
  T: (x: X, ...theta: Theta) => Tree,
  options: ImplicitOptions = {},
): (solver: SolverFunction<X, Theta>) => SolverFunction<X, Theta> {
  const F = (x: X, ...theta: Theta): Tree => {
    const image = T(x, ...theta), moved = leaves(image).map((leaf) => toNode(leaf, VERB));
    const from = leaves(x).map((leaf) => toNode(leaf, VERB));
    if (moved.length !== from.length || moved.some(({ shape }, i) => !sameNumbers(shape, from[i].shape))) return image;
    return replaceLeaves(image, moved.map((node, i) => subtract(from[i], node)));
  };
  return customRoot(F, options);
}
