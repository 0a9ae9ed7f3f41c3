/**
 * Products of a matrix, however it is known, with blocks of vectors.
 *
 * @module
 */
import { DomainError, fillNormal, type LinearOperator, type Matrix, type Rng } from "../../core/mod.ts";
import { checkFinite, shapeOf } from "../matrices/checks.ts";
import { gemm } from "../matrices/level3.ts";
import { matmul } from "../matrices/matmul.ts";
import { matrix, row, transpose } from "../matrices/matrix.ts";

/** A matrix that is known by its entries, or by its products: sparse matrices and linear operators. */
export type Multipliable = Matrix | LinearOperator;

/** `A V` for V of n rows. */
export function multiply(A: Multipliable, V: Matrix): Matrix {
  return "data" in A ? matmul(A, V) : columnwise(A.rows, A.apply, V);
}

/** `Aᵀ Y` for Y of m rows. */
export function multiplyTransposed(A: Multipliable, Y: Matrix): Matrix {
  if (!("data" in A)) return columnwise(A.columns, A.applyTranspose, Y);
  const { rows: m, columns: n } = A, l = Y.columns, product = matrix(n, l);
  gemm(true, false, n, l, m, 1, A.data, 0, n, Y.data, 0, l, 0, product.data, 0, l);
  return product;
}

/** `XᵀY`. */
export function inner(X: Matrix, Y: Matrix): Matrix {
  return multiplyTransposed(X, Y);
}

function columnwise(rows: number, apply: LinearOperator["apply"], V: Matrix): Matrix {
  const vectors = transpose(V), products = matrix(V.columns, rows);
  for (let j = 0; j < V.columns; j++) apply(row(vectors, j), row(products, j));
  return transpose(products);
}

/** A matrix of independent standard normal numbers. */
export function gaussianMatrix(rows: number, columns: number, random: Rng): Matrix {
  return { rows, columns, data: fillNormal(random, new Float64Array(rows * columns)) };
}

/** Refuses a matrix that is not finite, and a rank that it cannot have. */
export function checkMultipliable(verb: string, A: Multipliable, rank: number): void {
  if ("data" in A) checkFinite(verb, A);
  if (Number.isSafeInteger(rank) && rank >= 1 && rank <= Math.min(A.rows, A.columns)) return;
  const shape = "data" in A ? shapeOf(A) : `${A.rows} x ${A.columns}`;
  throw new DomainError(`Cannot ${verb}: expected a rank from 1 to the shorter side of ${shape}, got ${rank}`);
}
