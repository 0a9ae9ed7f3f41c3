/**
 * Preconditioning by blocks of the diagonal.
 *
 * @module
 */
import {
  DomainError,
  type LinearOperator,
  ShapeError,
  SingularMatrixError,
  type SparseEntries,
  type Vector,
} from "../../core/mod.ts";
import { inv } from "../systems/inverse.ts";
import { squareRows } from "./square_rows.ts";

/**
 * `out = M⁻¹ r`, M what is left of A when entries between different blocks are dropped. The blocks are inverted, which
 * takes `Σ nₖ²` numbers.
 *
 * @param blocks The size of consecutive blocks, the last of which may be smaller, or the indices of each block; each
 * index has to be in exactly one.
 *
 * @throws {ShapeError} When A is not square, or the blocks are no partition.
 * @throws {DomainError} When the size is no positive integer.
 * @throws {SingularMatrixError} When a block is singular; `pivot` is the number of the block.
 *
 * @example Exact without entries between blocks
 * ```ts
 * import { blockJacobi, fromTriplets } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = fromTriplets(3, 3, [0, 0, 1, 1, 2], [0, 1, 0, 1, 2], [2, 1, 1, 1, 4]), x = new Float64Array(3);
 * blockJacobi(A, 2).apply(Float64Array.of(3, 2, 4), x);
 * assertEquals(x, Float64Array.of(1, 1, 1));
 * ```
 */
export function blockJacobi(A: SparseEntries, blocks: number | readonly Uint32Array[]): LinearOperator {
  const n = A.rows, rows = squareRows(verb, A), parts = typeof blocks === "number" ? consecutive(n, blocks) : blocks;
  const within = positions(n, parts), owner = new Uint32Array(n);
  parts.forEach((indices, k) => indices.forEach((i) => owner[i] = k));
  const inverses = parts.map((indices, k) => {
    const size = indices.length, data = new Float64Array(size * size);
    for (const i of indices) {
      for (let at = rows.rowStarts[i]; at < rows.rowStarts[i + 1]; at++) {
        const j = rows.columnIndices[at];
        if (owner[j] === k) data[within[i] * size + within[j]] = rows.values[at];
      }
    }
    return inverse({ rows: size, columns: size, data }, k);
  });
  const largest = parts.reduce((most, { length }) => Math.max(most, length), 0), work = new Float64Array(largest);
  const operator = (transposed: boolean) => (r: Vector, out: Vector): void => {
    for (let k = 0; k < parts.length; k++) {
      const indices = parts[k], size = indices.length, block = inverses[k];
      const row = transposed ? 1 : size, column = transposed ? size : 1;
      for (let i = 0; i < size; i++) work[i] = r[indices[i]];
      for (let i = 0; i < size; i++) {
        let s = 0;
        for (let j = 0, at = i * row; j < size; j++, at += column) s += block[at] * work[j];
        out[indices[i]] = s;
      }
    }
  };
  return { rows: n, columns: n, apply: operator(false), applyTranspose: operator(true) };
}

const verb = "precondition by blocks";

function consecutive(n: number, size: number): Uint32Array[] {
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new DomainError(`Cannot ${verb}: expected a positive integer for the size of blocks, got ${size}`);
  }
  return Array.from(
    { length: Math.ceil(n / size) },
    (_, k) => Uint32Array.from({ length: Math.min(size, n - k * size) }, (_, i) => k * size + i),
  );
}

/** Where each index is in its block. */
function positions(n: number, parts: readonly Uint32Array[]): Int32Array {
  const within = new Int32Array(n).fill(-1);
  let count = 0;
  for (const indices of parts) {
    indices.forEach((i, p) => {
      if (!(i < n) || within[i] >= 0) {
        throw new ShapeError(`Cannot ${verb}: expected each index below ${n} in one block, got ${i} in another place`);
      }
      within[i] = p;
      count++;
    });
  }
  if (count !== n) throw new ShapeError(`Cannot ${verb}: expected ${n} indices in blocks, got ${count}`);
  return within;
}

function inverse(block: Parameters<typeof inv>[0], k: number): Vector {
  try {
    return inv(block).data;
  } catch (error) {
    if (!(error instanceof SingularMatrixError)) throw error;
    throw new SingularMatrixError(`Cannot ${verb}: expected blocks of full rank, block ${k} is singular`, k);
  }
}
