/**
 * The Jacobian matrix of a vector function, and products with it.
 *
 * @module
 */
import type { VectorFunction } from "./problem.ts";
import type { Matrix } from "./storage.ts";
import { axpy, dot, type Vector } from "./vector.ts";

/** Writes `J(x)`, m x n: by the function's own `jacobian`, or by n products with unit vectors. */
export function writeJacobian(f: VectorFunction, x: Vector, out: Matrix): void {
  if (f.jacobian) return f.jacobian(x, out);
  const { rows: m, columns: n, data } = out, unit = new Float64Array(n), column = new Float64Array(m);
  for (let j = 0; j < n; j++) {
    unit[j] = 1;
    f.jacobianVector(x, unit, column);
    unit[j] = 0;
    for (let i = 0; i < m; i++) data[i * n + j] = column[i];
  }
}

/** `J(x) v` and `J(x)ᵀ w` of a function that can write J, m x n, as a whole: each product writes it anew. */
export function jacobianProducts(
  m: number,
  n: number,
  jacobian: (x: Vector, out: Matrix) => void,
): Pick<VectorFunction, "jacobianVector" | "jacobianTransposeVector"> {
  const J: Matrix = { rows: m, columns: n, data: new Float64Array(m * n) };
  const row = (i: number): Vector => J.data.subarray(i * n, (i + 1) * n);
  return {
    jacobianVector: (x, v, out) => {
      jacobian(x, J);
      for (let i = 0; i < m; i++) out[i] = dot(row(i), v);
    },
    jacobianTransposeVector: (x, w, out) => {
      jacobian(x, J);
      out.fill(0);
      for (let i = 0; i < m; i++) axpy(w[i], row(i), out);
    },
  };
}
