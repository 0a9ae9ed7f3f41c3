/**
 * Which primitives act on each Taylor coefficient, and the recurrences of products, quotients and linear systems.
 *
 * @module
 */
import { make, type Node } from "../node.ts";
import type { Primitive, Tangent } from "../primitive.ts";
import {
  addPrimitive,
  dividePrimitive,
  multiply,
  multiplyPrimitive,
  negate,
  negatePrimitive,
  over,
  plus,
  reciprocalPrimitive,
  squarePrimitive,
  subtractPrimitive,
  times,
} from "../primitives/arithmetic.ts";
import { selectPrimitive } from "../primitives/comparison.ts";
import {
  convolutionImagesPrimitive,
  convolutionPrimitive,
  convolutionWeightsPrimitive,
} from "../primitives/convolution.ts";
import { cumulativeSumPrimitive } from "../primitives/cumulative.ts";
import { fourierPrimitive } from "../primitives/fourier.ts";
import { gatherPrimitive, scatterAddPrimitive } from "../primitives/index.ts";
import { solvePositiveDefinitePrimitive } from "../primitives/matrices/cholesky.ts";
import { expmPrimitive } from "../primitives/matrices/exponential.ts";
import { solvePrimitive } from "../primitives/matrices/lu.ts";
import { lyapunovPrimitive } from "../primitives/matrices/root.ts";
import { triangle, trianglePrimitive } from "../primitives/matrices/triangle.ts";
import { solveTriangularPrimitive } from "../primitives/matrices/triangular.ts";
import { addPatchesPrimitive, patchesPrimitive } from "../primitives/patches.ts";
import { dotPrimitive, matmul, matmulPrimitive, matvecPrimitive } from "../primitives/products.ts";
import { sumPrimitive } from "../primitives/reductions.ts";
import { sparseProductPrimitive, sparseTransposeProductPrimitive } from "../primitives/sparse_product.ts";
import { broadcastPrimitive, permutePrimitive, reshapePrimitive, zeros } from "../primitives/structure.ts";
import { concatenate, concatenatePrimitive, padPrimitive, slice, slicePrimitive } from "../primitives/window.ts";
import { range } from "../shape.ts";

/** Coefficients of one argument from order 0 on. */
type Series = readonly Tangent[];

/**
 * The coefficient of the next order, from those of the arguments up to it and those of the result below it. The
 * arguments of `at` are those at t = 0.
 */
export type Rule = (at: Node, series: readonly Series[], result: Series) => Tangent;

const linear: ReadonlySet<number> = new Set(
  [
    addPrimitive,
    subtractPrimitive,
    negatePrimitive,
    selectPrimitive,
    broadcastPrimitive,
    reshapePrimitive,
    permutePrimitive,
    slicePrimitive,
    padPrimitive,
    concatenatePrimitive,
    gatherPrimitive,
    scatterAddPrimitive,
    sumPrimitive,
    cumulativeSumPrimitive,
    sparseProductPrimitive,
    sparseTransposeProductPrimitive,
    trianglePrimitive,
    fourierPrimitive,
    patchesPrimitive,
    addPatchesPrimitive,
  ].map(({ id }) => id),
);

/** Whether a primitive is linear in all that has a tangent, so that its tangent rule is it itself. */
export function isLinear(node: Node): boolean {
  return linear.has(node.primitive.id);
}

/** The sum `Σ f(aⱼ, bₖ₋ⱼ)` over `from <= j <= k`. */
function convolved(a: Series, b: Series, k: number, from: number, f: (s: Node, t: Node) => Tangent): Tangent {
  let total: Tangent;
  for (let j = from; j <= k; j++) {
    const s = a[j], t = b[k - j];
    if (s !== undefined && t !== undefined) total = plus(total, f(s, t));
  }
  return total;
}

const bilinear: Rule = (at, [a, b], { length: k }) =>
  convolved(a, b, k, 0, (s, t) => make(at.primitive, [s, t], at.attribute));

/** The right-hand side `bₖ - Σ f(aⱼ, xₖ₋ⱼ)` over `j >= 1` of a system for `xₖ`. */
function rightSide(a: Series, b: Tangent, x: Series, f: (s: Node, t: Node) => Tangent): Tangent {
  const known = convolved(a, x, x.length, 1, f);
  return known ? plus(b, negate(known)) : b;
}

/** `op(A) X = B` for the primitive that solves it. */
const system = (product: (at: Node, s: Node, x: Node) => Node): Rule => (at, [a, b], x) => {
  const right = rightSide(a, b[x.length], x, (s, t) => product(at, s, t));
  return right && make(at.primitive, [at.inputs[0], right], at.attribute);
};

/**
 * The exponential of the block Toeplitz matrix with `A₀` on the diagonal, `A₁` beside it and so on has `Yₖ` in its last
 * block.
 */
function exponential(at: Node, [a]: readonly Series[], { length: k }: Series): Tangent {
  const shape = at.shape, rank = shape.length, n = shape[rank - 1];
  const block = (j: number): Node => a[j] ?? zeros(shape);
  const rows = range(0, k + 1).map((i) =>
    concatenate(range(0, k + 1).map((j) => j < i ? zeros(shape) : block(j - i)), rank - 1)
  );
  const all = make(expmPrimitive as Primitive, [concatenate(rows, rank - 2)], null);
  return slice(all, [...range(0, rank - 1).map(() => 0), n * k], shape);
}

const table: readonly (readonly [Pick<Primitive, "id">, Rule])[] = [
  [multiplyPrimitive, (_, [a, b], { length: k }) => convolved(a, b, k, 0, times)],
  [squarePrimitive, (_, [a], { length: k }) => {
    const half = convolved(a.slice(0, (k + 1) >> 1), a, k, 0, times), twice = half && multiply(2, half);
    const middle = k % 2 === 0 ? a[k / 2] : undefined;
    return plus(twice, middle && times(middle, middle));
  }],
  [dividePrimitive, ({ inputs: [, divisor] }, [a, b], q) => over(rightSide(b, a[q.length], q, times), divisor)],
  [reciprocalPrimitive, (_, [a], q) => times(q[0]!, rightSide(a, undefined, q, times))],
  [dotPrimitive, bilinear],
  [matvecPrimitive, bilinear],
  [matmulPrimitive, bilinear],
  [convolutionPrimitive, bilinear],
  [convolutionImagesPrimitive, bilinear],
  [convolutionWeightsPrimitive, bilinear],
  [solvePrimitive, system(({ attribute }, s, x) => matmul(s, x, attribute as number, 0))],
  [solvePositiveDefinitePrimitive, system((_, s, x) => matmul(s, x))],
  [
    solveTriangularPrimitive,
    system(({ attribute }, s, x) => {
      const [lower, transposed, unit] = attribute as readonly number[];
      const part = unit === 1 ? (lower === 1 ? "strictLower" : "strictUpper") : lower === 1 ? "lower" : "upper";
      return matmul(triangle(s, part), x, transposed, 0);
    }),
  ],
  [lyapunovPrimitive, system((_, s, x) => plus(matmul(s, x), matmul(x, s))!)],
  [expmPrimitive, exponential],
];

/** Recurrences by the number of the primitive; those that are not here follow from the tangent rule. */
export const rules: ReadonlyMap<number, Rule> = new Map(table.map(([{ id }, rule]) => [id, rule]));
