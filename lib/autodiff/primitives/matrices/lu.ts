/**
 * Systems and determinants by Gaussian elimination. Solution, determinant and their derivatives are replaced by nodes
 * that share one factorization. A singular matrix gives infinite entries or NaN, as a division by zero does.
 *
 * @module
 */
import { backend, lu } from "../../../linalg/mod.ts";
import { make, type Node } from "../../node.ts";
import { definePrimitive, type Primitive } from "../../primitive.ts";
import { multiply, negate, plus } from "../arithmetic.ts";
import { matmul } from "../products.ts";
import { eachMatrix, identities, innerProducts, orderOf, stacked, stackOf } from "./stacks.ts";
import { solutionShape } from "./triangular.ts";

const undifferentiated = (): never => {
  throw new Error("Cannot differentiate a factorization: it stands in lowered programs alone");
};

/** For every matrix L below U in one, then the two permutations of `P A Q = L U`. */
export const eliminatedPrimitive: Primitive<null> = definePrimitive({
  name: "eliminated",
  emission: "kernel",
  shape([a]) {
    const n = orderOf("eliminated", a);
    return [...stackOf(a), n * (n + 2)];
  },
  jvp: undifferentiated,
  kernel({ inputs: [{ shape }] }) {
    const n = shape[shape.length - 1];
    return eachMatrix([n, n], n * (n + 2), (A, out) => {
      const { L, U, permutation, columnPermutation } = lu(A);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) out[i * n + j] = j < i ? L.data[i * n + j] : U.data[i * n + j];
      }
      out.set(permutation, n * n);
      out.set(columnPermutation, n * (n + 1));
    });
  },
});

/** `A⁻¹ B`, or with Aᵀ if the attribute is 1, from what elimination made of A. */
export const solveEliminatedPrimitive: Primitive<number> = definePrimitive<number>({
  name: "solveEliminated",
  emission: "kernel",
  shape: ([, b]) => b,
  jvp: undifferentiated,
  kernel({ shape, attribute: transposed }) {
    const n = shape[shape.length - 2], count = shape[shape.length - 1], size = n * (n + 2);
    const from = transposed === 1 ? n : 0, to = n - from, x = new Float64Array(n * count);
    return ([factors, b], out) => {
      const { solveFromLeft } = backend();
      for (let f = 0, k = 0; k < out.length; f += size, k += n * count) {
        const first = f + n * n + from, last = f + n * n + to;
        for (let i = 0; i < n; i++) {
          for (let j = 0, p = k + factors[first + i] * count; j < count; j++) x[i * count + j] = b[p + j];
        }
        if (transposed === 1) {
          solveFromLeft(false, true, false, n, count, factors, f, n, x, 0, count);
          solveFromLeft(true, true, true, n, count, factors, f, n, x, 0, count);
        } else {
          solveFromLeft(true, false, true, n, count, factors, f, n, x, 0, count);
          solveFromLeft(false, false, false, n, count, factors, f, n, x, 0, count);
        }
        for (let i = 0; i < n; i++) {
          for (let j = 0, p = k + factors[last + i] * count; j < count; j++) out[p + j] = x[i * count + j];
        }
      }
    };
  },
});

/** The number of exchanges of a permutation, 0 or 1 if it is even or odd. */
function parity(order: Float64Array): number {
  const left = order.slice();
  let odd = 0;
  for (let i = 0; i < left.length; i++) {
    while (left[i] !== i) {
      const k = left[i];
      left[i] = left[k];
      left[k] = k;
      odd = 1 - odd;
    }
  }
  return odd;
}

/** `det A`, or `log |det A|` if the attribute is 1, from what elimination made of A. */
export const pivotProductPrimitive: Primitive<number> = definePrimitive<number>({
  name: "pivotProduct",
  emission: "kernel",
  shape: ([given]) => given.slice(0, -1),
  jvp: undifferentiated,
  kernel({ inputs: [{ shape }], attribute: logarithm }) {
    const size = shape[shape.length - 1], n = Math.round(Math.sqrt(size + 1)) - 1;
    return ([factors], out) => {
      for (let k = 0, f = 0; k < out.length; k++, f += size) {
        const rows = f + n * n, columns = rows + n;
        let result = logarithm;
        if (logarithm === 1) {
          result = 0;
          for (let i = 0; i < n; i++) result += Math.log(Math.abs(factors[f + i * (n + 1)]));
        } else {
          const finite = factors[f] === factors[f] || n === 0;
          result = finite && parity(factors.subarray(rows, columns)) !== parity(factors.subarray(columns, columns + n))
            ? -1
            : 1;
          for (let i = 0; i < n; i++) result *= factors[f + i * (n + 1)];
        }
        out[k] = result;
      }
    };
  },
});

const eliminated = (a: Node): Node => make(eliminatedPrimitive, [a], null);

/** `A⁻¹ B`, or with Aᵀ if the attribute is 1. */
export const solvePrimitive: Primitive<number> = definePrimitive<number>({
  name: "solve",
  emission: "macro",
  shape: ([a, b]) => solutionShape("solve", a, b),
  jvp(node, [s, t]) {
    const right = plus(s && negate(matmul(s, node, node.attribute, 0)), t);
    return right && solve(node.inputs[0], right, node.attribute);
  },
  transpose: ({ inputs: [a], attribute }, c) => [undefined, solve(a, c, 1 - attribute)],
  batch: stacked,
  lower: ({ inputs: [a, b], attribute }) => make(solveEliminatedPrimitive, [eliminated(a), b], attribute),
});

/** `A⁻ᵀ`. */
const inverseTranspose = (a: Node): Node => solve(a, identities(a.shape), 1);

/** `log |det A|`; the derivative is `tr A⁻¹ A'`. */
export const logdetPrimitive: Primitive<null> = definePrimitive({
  name: "logdet",
  emission: "macro",
  shape: ([a]) => (orderOf("logdet", a), stackOf(a)),
  jvp: ({ inputs: [a] }, [t]) => t && innerProducts(inverseTranspose(a), t),
  batch: stacked,
  lower: ({ inputs: [a] }) => make(pivotProductPrimitive, [eliminated(a)], 1),
});

/** `det A`; the derivative is `det A tr A⁻¹ A'`, NaN where A is singular. */
export const detPrimitive: Primitive<null> = definePrimitive({
  name: "det",
  emission: "macro",
  shape: ([a]) => (orderOf("det", a), stackOf(a)),
  jvp: (node, [t]) => t && multiply(node, innerProducts(inverseTranspose(node.inputs[0]), t)),
  batch: stacked,
  lower: ({ inputs: [a] }) => make(pivotProductPrimitive, [eliminated(a)], 0),
});

/** `op(A)⁻¹ B`. */
export const solve = (a: Node, b: Node, transposed: number = 0): Node => make(solvePrimitive, [a, b], transposed);
/** `log |det A|`. */
export const logdet = (a: Node): Node => make(logdetPrimitive, [a], null);
/** `det A`. */
export const det = (a: Node): Node => make(detPrimitive, [a], null);
