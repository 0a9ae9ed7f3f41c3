/**
 * What is left of data when only products of columns matter.
 *
 * @module
 */
import { DomainError, isFiniteVector, type Matrix } from "../../core/mod.ts";
import { matmul, matrix, pivotedCholesky, transpose } from "../../linalg/mod.ts";

/** Covariances, made positive definite where they are not. */
export interface GraphData {
  /** `S = XᵀX/n + ρI` of centred columns. */
  readonly S: Matrix;
  /** ρ; 0 where no column depends on others. */
  readonly ridge: number;
  /** Columns that are constant, or sums of multiples of others. */
  readonly dependent: readonly number[];
}

/** A column depends on others that leave no more of its variance than so many times all of it. */
const DEPENDENCE = 1e-10;

/**
 * Centres columns, and takes their covariances.
 *
 * @param penalty λ; where it is positive, dependent columns need no ridge.
 */
export function graphData(verb: string, X: Matrix, penalty: number): GraphData {
  const { rows: n, columns: d, data } = X, penalized = penalty > 0;
  if (!(penalty >= 0 && penalty < Infinity)) {
    throw new DomainError(`Cannot ${verb}: expected a finite penalty >= 0, got ${penalty}`);
  }
  if (n < 1 || d < 1) throw new DomainError(`Cannot ${verb}: expected rows and columns, got ${n} by ${d}`);
  if (!isFiniteVector(data)) throw new DomainError(`Cannot ${verb}: expected finite data`);
  if (d > n && !penalized) {
    throw new DomainError(`Cannot ${verb}: expected a penalty, as there are more columns than rows, got ${d} and ${n}`);
  }
  const centred = matrix(n, d, data), squares = new Float64Array(d);
  for (let j = 0; j < d; j++) {
    let mean = 0;
    for (let i = 0; i < n; i++) {
      mean += data[i * d + j] / n;
      squares[j] += data[i * d + j] ** 2 / n;
    }
    for (let i = 0; i < n; i++) centred.data[i * d + j] -= mean;
  }
  const S = matmul(transpose(centred), centred);
  for (let k = 0; k < d * d; k++) S.data[k] /= n;
  const varies = squares.map((square, j) => S.data[j * (d + 1)] > 1e-20 * square ? 1 : 0);
  const dependent = dependentColumns(S, varies);
  let ridge = 0;
  if (dependent.length > 0 && !penalized) {
    let trace = 0;
    for (let j = 0; j < d; j++) trace += varies[j] * S.data[j * (d + 1)];
    ridge = trace > 0 ? 1e-8 * trace / d : 1;
    for (let j = 0; j < d; j++) S.data[j * (d + 1)] += ridge;
  }
  return { S, ridge, dependent };
}

/** The columns without which the others are independent. */
function dependentColumns(S: Matrix, varies: ArrayLike<number>): number[] {
  const d = S.rows, deviation = Array.from({ length: d }, (_, j) => Math.sqrt(S.data[j * (d + 1)]));
  const correlation = matrix(d, d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      if (varies[i] && varies[j]) correlation.data[i * d + j] = S.data[i * d + j] / (deviation[i] * deviation[j]);
    }
  }
  const { rank, permutation } = pivotedCholesky(correlation, { tolerance: DEPENDENCE });
  return [...permutation.subarray(rank)].sort((a, b) => a - b);
}
