// What is true of every preconditioner, and matrices to try them on.
import { assert } from "@std/assert";
import {
  fillNormal,
  type LinearOperator,
  type Matrix,
  type Rng,
  rng,
  type SparseMatrix,
} from "../../../lib/core/mod.ts";
import { addSparse, fromTriplets, sparseDiagonal, transposeSparse } from "../../../lib/linalg/mod.ts";

/** The matrix of an operator, from products with the columns of the identity. */
export function matrixOf(M: LinearOperator): Matrix {
  const n = M.columns, data = new Float64Array(M.rows * n), e = new Float64Array(n), out = new Float64Array(M.rows);
  for (let j = 0; j < n; j++) {
    e.fill(0);
    e[j] = 1;
    M.apply(e, out);
    for (let i = 0; i < M.rows; i++) data[i * n + j] = out[i];
  }
  return { rows: M.rows, columns: n, data };
}

/** The transpose is that of the matrix, products are repeatable, leave their argument alone, and may be in place. */
export function assertOperator(M: LinearOperator, what: string): void {
  const n = M.rows, B = matrixOf(M), size = Math.max(...B.data.map(Math.abs)), T = new Float64Array(n);
  const r = fillNormal(rng(7), new Float64Array(n)), before = r.slice(), out = new Float64Array(n), again = r.slice();
  for (const transposed of [false, true]) {
    const apply = transposed ? M.applyTranspose : M.apply;
    apply(r, out);
    again.set(r);
    apply(again, again);
    for (let i = 0; i < n; i++) {
      let expected = 0;
      for (let j = 0; j < n; j++) expected += B.data[transposed ? j * n + i : i * n + j] * r[j];
      T[i] = expected;
    }
    for (let i = 0; i < n; i++) {
      assert(Math.abs(out[i] - T[i]) <= 1e-12 * size * n, `${what}, transposed ${transposed}: ${out[i]} for ${T[i]}`);
      assert(out[i] === again[i], `${what}, in place`);
      assert(r[i] === before[i], `${what} changes its argument`);
    }
  }
}

/** A random sparse matrix with a dominant diagonal, rows unsorted and some entries given in two parts. */
export function dominant(n: number, random: Rng, symmetric = false): SparseMatrix {
  const rows: number[] = [],
    columns: number[] = [],
    values: number[] = [],
    numbers = fillNormal(random, new Float64Array(8 * n));
  for (let k = 0; k < 4 * n; k++) {
    rows.push(k % n);
    columns.push(Math.floor(Math.abs(numbers[k] * 1000)) % n);
    values.push(numbers[4 * n + k]);
  }
  const R = fromTriplets(n, n, rows, columns, values);
  const S = symmetric ? addSparse(0.5, R, 0.5, transposeSparse(R)) : R;
  return addSparse(1, S, 1, sparseDiagonal(new Float64Array(n).fill(9)));
}
