/**
 * Norms of matrices.
 *
 * @module
 */
import { type Matrix, norm1, norm2, normInf, type Vector } from "../../core/mod.ts";
import { checkShape } from "./checks.ts";
import { svdvals } from "../eigen/svd.ts";

/** Which norm: see `norm`. */
export type NormKind = 1 | 2 | typeof Infinity | "frobenius" | "nuclear";

/**
 * A norm of a matrix with entries `aᵢⱼ` and singular values `σₖ`:
 *
 * - `1`: the largest column sum, `maxⱼ Σᵢ |aᵢⱼ|`;
 * - `2`: the largest singular value, `σ₁`;
 * - `Infinity`: the largest row sum, `maxᵢ Σⱼ |aᵢⱼ|`;
 * - `"frobenius"`, by default: `√Σ aᵢⱼ²`, without overflow of the squares;
 * - `"nuclear"`: `Σ σₖ`.
 *
 * The norm of an empty matrix is 0, that of a matrix with a NaN is NaN.
 *
 * @throws {ShapeError} When the data do not fit the shape.
 *
 * @example Three norms
 * ```ts
 * import { matrix, norm } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = matrix([[3, 0], [4, 0]]);
 * assertEquals([norm(A, 1), norm(A, Infinity), norm(A)], [7, 4, 5]);
 * ```
 */
export function norm(A: Matrix, kind: NormKind = "frobenius"): number {
  checkShape("take a norm", A);
  if (kind === "frobenius") return norm2(A.data);
  if (kind === 2 || kind === "nuclear") {
    const largest = normInf(A.data), values = largest < Infinity ? svdvals(A) : Float64Array.of(largest);
    return kind === 2 ? values[0] ?? 0 : norm1(values);
  }
  return largest(kind === 1 ? columnSums(A) : rowSums(A));
}

function columnSums({ rows, columns, data }: Matrix): Vector {
  const sums = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) sums[j] += Math.abs(data[i * columns + j]);
  }
  return sums;
}

function rowSums({ rows, columns, data }: Matrix): Vector {
  const sums = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += Math.abs(data[i * columns + j]);
    sums[i] = sum;
  }
  return sums;
}

function largest(sums: Vector): number {
  let m = 0;
  for (const s of sums) m = Math.max(m, s); // NaN wins
  return m;
}
