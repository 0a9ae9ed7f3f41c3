/**
 * The linear systems of implicit differentiation: `∂₁F(x, θ) u = b`, or with the transpose, as a primitive. Its own
 * derivative is a system with the same matrix, so that solutions are differentiated as often as one likes.
 *
 * Only products with the matrix are computed, by tangents or cotangents of F; of these, what does not depend on the
 * vector is computed once.
 *
 * @module
 */
import { GradusError, type LinearOperator, SingularMatrixError, type Vector } from "../../core/mod.ts";
import { bicgstab, cg, gmres, type IterativeSolution, lu, minres } from "../../linalg/mod.ts";
import { pullback, pushforward } from "../differentiate.ts";
import { interpreter } from "../interpret.ts";
import { input, make, type Node, topological } from "../node.ts";
import { definePrimitive, type Primitive, type Tangent } from "../primitive.ts";
import { negate, plus } from "../primitives/arithmetic.ts";
import { pack, unpack } from "../primitives/packing.ts";
import { zeros } from "../primitives/structure.ts";
import { type Shape, sizeOf } from "../shape.ts";
import { lower, substitute } from "../substitute.ts";
import type { Program } from "../trace.ts";

/**
 * What solves `A u = b`: elimination with all columns of A, a Krylov method, or a function. A is `∂₁F`, or its
 * transpose: symmetric for stationary points, positive definite at minimizers; "cg" and "minres" are for these alone.
 */
export type LinearSolve = "lu" | "cg" | "minres" | "gmres" | "bicgstab" | ((A: LinearOperator, b: Vector) => Vector);

/** How the linear systems are solved. */
export interface LinearSolveOptions {
  /** By what. Default: "lu" for up to 100 unknowns, else "gmres". */
  readonly solve?: LinearSolve;
  /** A Krylov method ends at `|b - A u| <= tolerance |b|`. Default: 1e-10. */
  readonly tolerance?: number;
  /** At most so many iterations of a Krylov method. Default: its own. */
  readonly maxIterations?: number;
  /** `A + ridge I` is solved with instead of A, where A may be singular. Default: 0. */
  readonly ridge?: number;
}

/** The most unknowns for which all columns are computed by default. */
const DENSE = 100;

/** The system with `∂₁F` or its transpose as a program in x, θ and u. */
export interface LinearSystem {
  /** Stands for x and θ, leaf by leaf. */
  readonly parameters: readonly Node[];
  /** Stands for the packed u. */
  readonly vector: Node;
  /** The packed product. */
  readonly product: Node;
  /** How it is solved. */
  readonly options: LinearSolveOptions;
  /** The transposed system. */
  readonly transposed: LinearSystem;
}

/**
 * Both systems of F.
 *
 * @param program F, over the leaves of x and then those of θ.
 * @param count How many leaves x has.
 */
export function linearSystem({ inputs, outputs }: Program, count: number, options: LinearSolveOptions): LinearSystem {
  const shapes = outputs.map((output) => output.shape), x = inputs.slice(0, count), vector = input([sizeOfAll(shapes)]);
  const filled = (parts: readonly Tangent[]): Node => pack(parts.map((part, i) => part ?? zeros(shapes[i])));
  const directions = shapes.map((shape) => input(shape));
  const tangents = pushforward(outputs, new Map(x.map((node, i) => [node, directions[i]])));
  const parts = unpack(vector, shapes);
  const forward = substitute([filled(tangents)], new Map(directions.map((node, i) => [node, parts[i]])))[0];
  const system = { parameters: inputs, vector, product: forward, options } as {
    -readonly [K in keyof LinearSystem]: LinearSystem[K];
  };
  const transposed: LinearSystem = {
    ...system,
    product: filled(pullback(tangents, directions, parts)),
    transposed: system,
  };
  system.transposed = transposed;
  return system;
}

/** How many entries arrays of these shapes have together. */
export function sizeOfAll(shapes: readonly Shape[]): number {
  return shapes.reduce((total, shape) => total + sizeOf(shape), 0);
}

/** The product with a vector, after what depends on the parameters alone was computed for these. */
function productWith(
  { parameters, vector, product }: LinearSystem,
): (at: readonly Vector[]) => (v: Vector, out: Vector) => void {
  const [lowered] = lower([product]), moving = new Set([vector]), still = new Set<Node>();
  for (const node of topological([lowered])) {
    if (!node.inputs.some((argument) => moving.has(argument))) continue;
    moving.add(node);
    for (const argument of node.inputs) if (!moving.has(argument)) still.add(argument);
  }
  const known = [...still].filter((node) => node.inputs.length > 0 || parameters.includes(node));
  const prepare = interpreter({ inputs: parameters, outputs: known });
  const stands = known.map((node) => input(node.shape));
  const outputs = substitute([lowered], new Map(known.map((node, i) => [node, stands[i]])));
  const multiply = interpreter({ inputs: [vector, ...stands], outputs });
  const rest = known.map((node) => new Float64Array(sizeOf(node.shape)));
  return (at) => {
    prepare.run(at, rest);
    return (v, out) => void multiply.run([v, ...rest], [out]);
  };
}

/** `∂₁F⁻¹ b` for x and θ, leaf by leaf, and b, packed. */
export const implicitSolvePrimitive: Primitive<LinearSystem> = definePrimitive<LinearSystem>({
  name: "implicitSolve",
  emission: "kernel",
  shape: (shapes) => shapes[shapes.length - 1],
  jvp(node, tangents) {
    const { inputs, attribute: system } = node, at = inputs.slice(0, -1), b = tangents[at.length];
    const moved = system.parameters.filter((_, i) => tangents[i] !== undefined);
    const directions = moved.map((parameter) => input(parameter.shape));
    const [change] = pushforward([system.product], new Map(moved.map((parameter, i) => [parameter, directions[i]])));
    const given = tangents.slice(0, -1).filter((tangent) => tangent !== undefined);
    const [bound] = change === undefined ? [undefined] : substitute(
      [change],
      new Map([
        ...system.parameters.map((parameter, i): [Node, Node] => [parameter, at[i]]),
        [system.vector, node as Node],
        ...directions.map((direction, i): [Node, Node] => [direction, given[i]]),
      ]),
    );
    const right = plus(b, bound && negate(bound));
    return right && implicitSolve(system, at, right);
  },
  transpose({ inputs, attribute }, c) {
    const at = inputs.slice(0, -1);
    return [...at.map(() => undefined), implicitSolve(attribute.transposed, at, c)];
  },
  kernel({ attribute: system, shape: [n] }) {
    const forward = productWith(system);
    let backward: ReturnType<typeof productWith> | undefined;
    const { ridge = 0 } = system.options;
    const shifted = (product: (v: Vector, out: Vector) => void) => (v: Vector, out: Vector): void => {
      product(v, out);
      if (ridge !== 0) { for (let i = 0; i < n; i++) out[i] += ridge * v[i]; }
    };
    return (arrays, out) => {
      const at = arrays.slice(0, -1), b = arrays[at.length];
      let transposed: ((v: Vector, out: Vector) => void) | undefined;
      const A: LinearOperator = {
        rows: n,
        columns: n,
        apply: shifted(forward(at)),
        applyTranspose: (v, result) =>
          (transposed ??= shifted((backward ??= productWith(system.transposed))(at)))(v, result),
      };
      out.set(solved(A, b, system.options));
    };
  },
});

/** The packed `∂₁F(x, θ)⁻¹ b`. */
export function implicitSolve(system: LinearSystem, at: readonly Node[], b: Node): Node {
  return make(implicitSolvePrimitive, [...at, b], system);
}

function solved(A: LinearOperator, b: Vector, options: LinearSolveOptions): Vector {
  const { solve = A.rows <= DENSE ? "lu" : "gmres", tolerance = 1e-10, maxIterations } = options;
  if (typeof solve === "function") return solve(A, b);
  if (solve === "lu") return eliminated(A, b);
  const settings = { tolerance, ...(maxIterations !== undefined && { maxIterations }) };
  return ended(solve, { cg, minres, gmres, bicgstab }[solve](A, b, settings));
}

function ended(name: string, { x, status, message }: IterativeSolution): Vector {
  if (status === "converged") return x;
  throw new GradusError(
    `Cannot differentiate a solution: expected ${name} to solve a linear system with its Jacobian, got ${status} (${message}); ` +
      "another method, more iterations, or a ridge may help",
  );
}

/** By elimination with all columns. */
function eliminated(A: LinearOperator, b: Vector): Vector {
  const n = A.rows, data = new Float64Array(n * n), unit = new Float64Array(n);
  for (let i = 0; i < n; i++) { // row i of the transpose is column i
    unit[i] = 1;
    A.apply(unit, data.subarray(i * n, (i + 1) * n));
    unit[i] = 0;
  }
  const factors = lu({ rows: n, columns: n, data }), reciprocal = n === 0 ? 1 : factors.reciprocalCondition();
  if (reciprocal > 1e-15) return factors.solveTranspose(b);
  throw new SingularMatrixError(
    `Cannot differentiate a solution: expected a Jacobian that can be inverted, got the condition ${
      (1 / reciprocal).toExponential(1)
    }; fix what is not determined, or give a ridge`,
    Math.max(0, factors.zeroPivot),
  );
}
