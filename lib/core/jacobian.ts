/**
 * The Jacobian matrix of a vector function.
 *
 * @module
 */
import type { VectorFunction } from "./problem.ts";
import type { Matrix } from "./storage.ts";
import type { Vector } from "./vector.ts";

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
