/**
 * Inner, matrix-vector and matrix-matrix products. Transposition is a flag, so that no transposed matrix is ever
 * copied.
 *
 * @module
 */
import { dot as innerProduct } from "../../core/mod.ts";
import { backend, matvec as multiplyVector } from "../../linalg/mod.ts";
import { refuse } from "../errors.ts";
import { make, type Node } from "../node.ts";
import { definePrimitive, type Kernel, type Primitive } from "../primitive.ts";
import { sameNumbers, sizeOf } from "../shape.ts";
import { multiply, plus } from "./arithmetic.ts";
import { sum } from "./reductions.ts";
import { broadcastAxes, swapsLast } from "./structure.ts";

/** The inner product of two vectors. */
export const dotPrimitive: Primitive<null> = definePrimitive({
  name: "dot",
  emission: "kernel",
  shape: ([a, b]) => a.length === 1 && sameNumbers(a, b) ? [] : refuse("dot", "vectors of one length", a, b),
  jvp: ({ inputs: [a, b] }, [s, t]) => plus(s && dot(s, b), t && dot(a, t)),
  transpose: ({ inputs: [a, b] }, c, linear) => linear[0] ? [multiply(c, b), undefined] : [undefined, multiply(c, a)],
  expand: ({ inputs: [a, b] }) => sum(multiply(a, b)),
  kernel: () => ([a, b], out) => void (out[0] = innerProduct(a, b)),
});

/** `A x`, or `Aᵀ x` if the attribute is 1. */
export const matvecPrimitive: Primitive<number> = definePrimitive<number>({
  name: "matvec",
  emission: "kernel",
  shape([a, x], transposed) {
    const fits = a.length === 2 && x.length === 1 && a[1 - transposed] === x[0];
    return fits ? [a[transposed]] : refuse("matvec", "a matrix and a vector of as many entries as columns", a, x);
  },
  simplify: ([a, x], transposed) => swapsLast(a) ? matvec(a.inputs[0], x, 1 - transposed) : undefined,
  jvp: ({ inputs: [a, x], attribute: f }, [s, t]) => plus(s && matvec(s, x, f), t && matvec(a, t, f)),
  transpose({ inputs: [a, x], attribute: f }, c, linear) {
    if (!linear[0]) return [undefined, matvec(a, c, 1 - f)];
    return [f === 0 ? outer(c, x) : outer(x, c), undefined];
  },
  expand({ inputs: [a, x], attribute: f }) {
    return sum(multiply(a, broadcastAxes(x, a.shape, [1 - f])), [1 - f]);
  },
  kernel({ inputs: [{ shape: [m, n] }], attribute: f }) {
    if (f === 1) return n < PAGE ? sumOfRows(m, n) : sumOfRowsByFours(m, n);
    return n < PAGE ? rowByRow(m, n) : ([data, x], out) => void multiplyVector({ rows: m, columns: n, data }, x, out);
  },
});

/**
 * Rows at least this long are read four at a time, which is up to three times as fast; shorter ones, of which several
 * lie on one page of memory, are read one after the other, for the processor then foresees what is read next.
 */
const PAGE = 512;

function rowByRow(m: number, n: number): Kernel {
  return ([a, x], out) => {
    for (let i = 0; i < m; i++) {
      const p = i * n;
      let total = 0;
      for (let j = 0; j < n; j++) total += a[p + j] * x[j];
      out[i] = total;
    }
  };
}

function sumOfRows(m: number, n: number): Kernel {
  return ([a, x], out) => {
    out.fill(0);
    for (let i = 0; i < m; i++) {
      const p = i * n, factor = x[i];
      for (let j = 0; j < n; j++) out[j] += a[p + j] * factor;
    }
  };
}

function sumOfRowsByFours(m: number, n: number): Kernel {
  return ([a, x], out) => {
    out.fill(0);
    let i = 0;
    for (; i + 3 < m; i += 4) {
      const p = i * n, q = p + n, r = q + n, s = r + n, x0 = x[i], x1 = x[i + 1], x2 = x[i + 2], x3 = x[i + 3];
      for (let j = 0; j < n; j++) out[j] += (a[p + j] * x0 + a[q + j] * x1) + (a[r + j] * x2 + a[s + j] * x3);
    }
    for (; i < m; i++) for (let j = 0, p = i * n, factor = x[i]; j < n; j++, p++) out[j] += a[p] * factor;
  };
}

/** Whether the first and the second matrix are transposed, 0 or 1. */
export type Flags = readonly [number, number];

/** Products of matrices, or of stacks of as many; leading axes are equal. */
export const matmulPrimitive: Primitive<Flags> = definePrimitive<Flags>({
  name: "matmul",
  emission: "kernel",
  shape([a, b], [f, g]) {
    const rank = a.length, stack = a.slice(0, -2);
    const fits = rank >= 2 && b.length === rank && sameNumbers(stack, b.slice(0, -2)) &&
      a[rank - 1 - f] === b[rank - 2 + g];
    if (!fits) refuse("matmul", "matrices, the first with as many columns as the second has rows", a, b);
    return [...stack, a[rank - 2 + f], b[rank - 1 - g]];
  },
  simplify([a, b], [f, g]) {
    if (swapsLast(a)) return matmul(a.inputs[0], b, 1 - f, g);
    return swapsLast(b) ? matmul(a, b.inputs[0], f, 1 - g) : undefined;
  },
  jvp: ({ inputs: [a, b], attribute: [f, g] }, [s, t]) => plus(s && matmul(s, b, f, g), t && matmul(a, t, f, g)),
  transpose({ inputs: [a, b], attribute: [f, g] }, c, linear) {
    if (linear[0]) return [f === 0 ? matmul(c, b, 0, 1 - g) : matmul(b, c, g, 1), undefined];
    return [undefined, g === 0 ? matmul(a, c, 1 - f, 0) : matmul(c, a, 1, f)];
  },
  kernel({ inputs: [a, b], attribute: [f, g], shape }) {
    const rank = shape.length, m = shape[rank - 2], n = shape[rank - 1], k = a.shape[rank - 1 - f];
    const count = sizeOf(shape.slice(0, -2)), lda = a.shape[rank - 1], ldb = b.shape[rank - 1];
    return ([x, y], out) => {
      for (let i = 0; i < count; i++) {
        backend().gemm(f === 1, g === 1, m, n, k, 1, x, i * m * k, lda, y, i * k * n, ldb, 0, out, i * m * n, n);
      }
    };
  },
});

/** The inner product of two vectors. */
export function dot(a: Node, b: Node): Node {
  return make(dotPrimitive, [a, b], null);
}

/** `A x`, or `Aᵀ x`. */
export function matvec(a: Node, x: Node, transposed: number = 0): Node {
  return make(matvecPrimitive, [a, x], transposed);
}

/** `op(A) op(B)`. */
export function matmul(a: Node, b: Node, transposeA: number = 0, transposeB: number = 0): Node {
  return make(matmulPrimitive, [a, b], [transposeA, transposeB]);
}

/** `u vᵀ`. */
export function outer(u: Node, v: Node): Node {
  const shape = [u.shape[0], v.shape[0]];
  return multiply(broadcastAxes(u, shape, [0]), broadcastAxes(v, shape, [1]));
}
