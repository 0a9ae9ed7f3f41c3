/**
 * What can be read off the entries of a sparse matrix.
 *
 * @module
 */
import { norm2, normInf, type SparseEntries, type Vector } from "../../core/mod.ts";
import { sortedEntries } from "./layout.ts";

/** The entries on the diagonal, also those that are not stored, of a matrix of any shape. */
export function diagonalOfSparse({ rows, columns, rowStarts, columnIndices, values }: SparseEntries): Vector {
  const d = new Float64Array(Math.min(rows, columns));
  for (let i = 0; i < d.length; i++) {
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) if (columnIndices[k] === i) d[i] += values[k];
  }
  return d;
}

/**
 * Whether `|aᵢⱼ - aⱼᵢ| <= tolerance max |a|` for all entries; exactly by default.
 *
 * @example Exactly, nearly
 * ```ts
 * import { fromTriplets, isSymmetricSparse } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = fromTriplets(2, 2, [0, 1], [1, 0], [1, 1 + 1e-12]);
 * assertEquals([isSymmetricSparse(A), isSymmetricSparse(A, 1e-8)], [false, true]);
 * ```
 */
export function isSymmetricSparse(A: SparseEntries, tolerance = 0): boolean {
  if (A.rows !== A.columns) return false;
  const { rows, rowStarts, columnIndices, values } = sortedEntries(A), room = tolerance * normInf(values);
  const next = new Uint32Array(rows); // the first entry right of the diagonal that no mirror image was compared with
  for (let i = 0; i < rows; i++) {
    let k = rowStarts[i];
    for (; k < rowStarts[i + 1] && columnIndices[k] < i; k++) {
      const j = columnIndices[k], end = rowStarts[j + 1];
      for (; next[j] < end && columnIndices[next[j]] < i; next[j]++) if (Math.abs(values[next[j]]) > room) return false;
      const mirrored = next[j] < end && columnIndices[next[j]] === i ? values[next[j]++] : 0;
      if (Math.abs(values[k] - mirrored) > room) return false;
    }
    next[i] = k < rowStarts[i + 1] && columnIndices[k] === i ? k + 1 : k;
  }
  for (let j = 0; j < rows; j++) {
    for (let k = next[j]; k < rowStarts[j + 1]; k++) if (Math.abs(values[k]) > room) return false;
  }
  return true;
}

/**
 * A norm of a sparse matrix, as `norm` has it for a dense one: `1`, the largest column sum of magnitudes; `Infinity`,
 * the largest row sum; `"frobenius"`, by default, `√Σ aᵢⱼ²`.
 *
 * @example Three norms
 * ```ts
 * import { fromTriplets, normSparse } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = fromTriplets(2, 2, [0, 1], [0, 0], [3, -4]);
 * assertEquals([normSparse(A, 1), normSparse(A, Infinity), normSparse(A)], [7, 4, 5]);
 * ```
 */
export function normSparse(A: SparseEntries, kind: 1 | typeof Infinity | "frobenius" = "frobenius"): number {
  const { rows, columns, rowStarts, columnIndices, values } = sortedEntries(A);
  if (kind === "frobenius") return norm2(values);
  const sums = new Float64Array(kind === 1 ? columns : rows);
  for (let i = 0; i < rows; i++) {
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) {
      sums[kind === 1 ? columnIndices[k] : i] += Math.abs(values[k]);
    }
  }
  return normInf(sums);
}
