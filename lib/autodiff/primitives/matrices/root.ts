/**
 * Square roots of symmetric positive definite matrices and their inverses. The tangent X of `S = A^(1/2)` solves
 * Lyapunov's equation `S X + X S = A'`, that of `R = A^(-1/2)` the equation `R X + X R = -R² A' R²`; the solution is
 * its own transpose.
 *
 * Source: Song, Sebe and Wang, Fast differentiable matrix square root (2022), section 3.3.
 *
 * @module
 */
import {
  eigh,
  invSqrtmPade,
  lyapunovSign,
  matmul as product,
  type Matrix,
  sqrtmNewtonSchulz,
  sqrtmPade,
  sqrtmTaylor,
  symmetricFunction,
  transpose,
} from "../../../linalg/mod.ts";
import { refuse } from "../../errors.ts";
import { make, type Node } from "../../node.ts";
import { definePrimitive, type Primitive } from "../../primitive.ts";
import { sameNumbers } from "../../shape.ts";
import { add, negate, plus } from "../arithmetic.ts";
import { matmul } from "../products.ts";
import { computeOrNaN, eachMatrix, orderOf, stacked } from "./stacks.ts";

/** How a root is computed, and its derivative with it: from eigenvalues, or by products of matrices alone. */
export type RootMethod = "eigen" | "taylor" | "pade" | "newtonSchulz";

/** The methods in the order of their numbers, with roots and inverse roots. */
const METHODS: readonly { name: RootMethod; root: (A: Matrix) => Matrix; inverse?: (A: Matrix) => Matrix }[] = [
  {
    name: "eigen",
    root: (A) => symmetricFunction(A, Math.sqrt),
    inverse: (A) => symmetricFunction(A, (value) => 1 / Math.sqrt(value)),
  },
  { name: "taylor", root: (A) => sqrtmTaylor(A) },
  { name: "pade", root: sqrtmPade, inverse: invSqrtmPade },
  {
    name: "newtonSchulz",
    root: (A) => sqrtmNewtonSchulz(A, { terms: 10 }).root,
    inverse: (A) => sqrtmNewtonSchulz(A, { terms: 10 }).inverseRoot,
  },
];

/** `A^(1/2)`; the attribute is the number of the method. */
export const sqrtmPrimitive: Primitive<number> = definePrimitive<number>({
  name: "sqrtm",
  emission: "kernel",
  shape: ([a]) => (orderOf("sqrtm", a), a),
  jvp: (root, [t]) => t && lyapunov(root, t, root.attribute),
  batch: stacked,
  kernel({ shape, attribute }) {
    const n = shape[shape.length - 1], { root } = METHODS[attribute];
    return eachMatrix([n, n], n * n, (A, out) => out.set(root(A).data));
  },
});

/** `A^(-1/2)`; the attribute is the number of the method. */
export const inverseSqrtmPrimitive: Primitive<number> = definePrimitive<number>({
  name: "inverseSqrtm",
  emission: "kernel",
  shape: ([a]) => (orderOf("inverseSqrtm", a), a),
  jvp(root, [t]) {
    const inverse = matmul(root, root);
    return t && lyapunov(root, negate(matmul(inverse, matmul(t, inverse))), root.attribute);
  },
  batch: stacked,
  kernel({ shape, attribute }) {
    const n = shape[shape.length - 1], { inverse } = METHODS[attribute];
    return eachMatrix([n, n], n * n, (A, out) => out.set(inverse!(A).data));
  },
});

/** The X with `S X + X S = G` by the eigenvalues of S. */
function lyapunovByEigenvalues(S: Matrix, G: Matrix): Matrix {
  const { values, vectors } = eigh(S), turned = product(transpose(vectors), product(G, vectors)), n = S.rows;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) turned.data[i * n + j] /= values[i] + values[j];
  return product(vectors, product(turned, transpose(vectors)));
}

/** The X with `S X + X S = G`; the attribute is the number of the method. */
export const lyapunovPrimitive: Primitive<number> = definePrimitive<number>({
  name: "lyapunov",
  emission: "kernel",
  shape: ([s, g]) => sameNumbers(s, g) ? (orderOf("lyapunov", s), s) : refuse("lyapunov", "equal shapes", s, g),
  jvp(x, [t, u]) {
    const right = plus(t && negate(add(matmul(t, x), matmul(x, t))), u);
    return right && lyapunov(x.inputs[0], right, x.attribute);
  },
  transpose: ({ inputs: [s], attribute }, c) => [undefined, lyapunov(s, c, attribute)],
  batch: stacked,
  kernel({ shape, attribute }) {
    const n = shape[shape.length - 1], solve = attribute === 0 ? lyapunovByEigenvalues : lyapunovSign;
    return ([s, g], out) => {
      for (let k = 0; k < out.length; k += n * n) {
        const part = (x: Float64Array): Matrix => ({ rows: n, columns: n, data: x.subarray(k, k + n * n) });
        const S = part(s), G = part(g), X = part(out).data;
        computeOrNaN([S, G], X, () => X.set(solve(S, G).data));
      }
    };
  },
});

/** The number of a method, if it is there for roots, or for inverse roots. */
export function numberOf(method: RootMethod, inverse: boolean): number | undefined {
  const found = METHODS.findIndex(({ name, inverse: other }) => name === method && (!inverse || other !== undefined));
  return found < 0 ? undefined : found;
}

/** `A^(1/2)` by the method with this number. */
export const sqrtm = (a: Node, method: number): Node => make(sqrtmPrimitive, [a], method);
/** `A^(-1/2)` by the method with this number. */
export const inverseSqrtm = (a: Node, method: number): Node => make(inverseSqrtmPrimitive, [a], method);
/** The X with `S X + X S = G` by the method with this number. */
export const lyapunov = (s: Node, g: Node, method: number): Node => make(lyapunovPrimitive, [s, g], method);
