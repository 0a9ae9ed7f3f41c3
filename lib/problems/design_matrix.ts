/**
 * Products with the matrix of features, for several outputs at once.
 *
 * @module
 */
import { dot, fillNormal, norm2, rng, scale, type Vector } from "../core/mod.ts";
import type { Csr, Dataset } from "./dataset.ts";

/** The features `A` as an operator from weights `W` (one block per output) to scores `Z` (one block per row). */
export interface DesignMatrix {
  /** The number of weights of an output: the columns, and one more for the intercept. */
  readonly width: number;
  /** `Z[i K + k] = Σⱼ A[i, j] W[k width + j]`, plus the intercept `W[k width + columns]`. */
  readonly multiply: (W: Vector, Z: Vector) => void;
  /** `G[k width + j] = Σᵢ A[i, j] C[i K + k]`. */
  readonly multiplyTranspose: (C: Vector, G: Vector) => void;
}

/** The features of `data` as an operator for `outputs` outputs; an intercept is a last column of ones. */
export function designMatrix(data: Dataset, intercept: boolean, outputs = 1): DesignMatrix {
  const { features } = data;
  return features instanceof Float64Array
    ? dense(features, data, intercept, outputs)
    : sparse(features, data, intercept, outputs);
}

function dense(A: Vector, { rows, columns }: Dataset, intercept: boolean, outputs: number): DesignMatrix {
  const width = columns + (intercept ? 1 : 0), even = columns - (columns & 3);
  return {
    width,
    multiply: (W, Z) => {
      for (let i = 0, z = 0; i < rows; i++) {
        const row = i * columns;
        for (let k = 0; k < outputs; k++) {
          const w = k * width;
          let a = intercept ? W[w + columns] : 0, b = 0, c = 0, d = 0;
          for (let j = 0; j < even; j += 4) {
            a += A[row + j] * W[w + j];
            b += A[row + j + 1] * W[w + j + 1];
            c += A[row + j + 2] * W[w + j + 2];
            d += A[row + j + 3] * W[w + j + 3];
          }
          for (let j = even; j < columns; j++) a += A[row + j] * W[w + j];
          Z[z++] = (a + b) + (c + d);
        }
      }
    },
    multiplyTranspose: (C, G) => {
      G.fill(0);
      for (let i = 0, z = 0; i < rows; i++) {
        const row = i * columns;
        for (let k = 0; k < outputs; k++) {
          const g = k * width, c = C[z++];
          for (let j = 0; j < columns; j++) G[g + j] += c * A[row + j];
          if (intercept) G[g + columns] += c;
        }
      }
    },
  };
}

function sparse(A: Csr, { rows, columns }: Dataset, intercept: boolean, outputs: number): DesignMatrix {
  const { rowStarts, columnIndices, values } = A, width = columns + (intercept ? 1 : 0);
  return {
    width,
    multiply: (W, Z) => {
      for (let i = 0, z = 0; i < rows; i++) {
        const begin = rowStarts[i], end = rowStarts[i + 1];
        for (let k = 0; k < outputs; k++) {
          const w = k * width;
          let s = intercept ? W[w + columns] : 0;
          for (let p = begin; p < end; p++) s += values[p] * W[w + columnIndices[p]];
          Z[z++] = s;
        }
      }
    },
    multiplyTranspose: (C, G) => {
      G.fill(0);
      for (let i = 0, z = 0; i < rows; i++) {
        const begin = rowStarts[i], end = rowStarts[i + 1];
        for (let k = 0; k < outputs; k++) {
          const g = k * width, c = C[z++];
          for (let p = begin; p < end; p++) G[g + columnIndices[p]] += c * values[p];
          if (intercept) G[g + columns] += c;
        }
      }
    },
  };
}

/**
 * The largest eigenvalue of `AᵀA` from above: power iteration from a random vector until the residual
 * `ρ = |AᵀA v - θ v|` is below 1 % of the Rayleigh quotient `θ`, then `θ + ρ`; some eigenvalue lies within `ρ` of `θ`,
 * and from a random vector it is the largest one. Never more than the trace, which always bounds it.
 */
export function largestSquare(data: Dataset, intercept: boolean): number {
  const { width, multiply, multiplyTranspose } = designMatrix(data, intercept);
  const v = fillNormal(rng(0), new Float64Array(width)), w = new Float64Array(width), z = new Float64Array(data.rows);
  const stored = data.features instanceof Float64Array ? data.features : data.features.values;
  const trace = dot(stored, stored) + (intercept ? data.rows : 0);
  scale(1 / norm2(v), v);
  let bound = trace;
  for (let k = 0; k < 100; k++) {
    multiply(v, z);
    multiplyTranspose(z, w);
    const quotient = dot(v, w);
    let square = 0;
    for (let j = 0; j < width; j++) {
      const r = w[j] - quotient * v[j];
      square += r * r;
    }
    const residual = Math.sqrt(square), length = norm2(w);
    bound = quotient + residual;
    if (length === 0 || residual <= 0.01 * quotient) break;
    for (let j = 0; j < width; j++) v[j] = w[j] / length;
  }
  return Math.min(bound, trace);
}
