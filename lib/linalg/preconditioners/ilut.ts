/**
 * Incomplete LU factorization by size, with exchange of columns, ILUTP: `A Q ≈ L U`.
 *
 * Elimination of Gauss row by row, in which entries are dropped twice:
 *
 * ```
 * for row i of A:  w = row i,  τ = dropTolerance |w|₂
 *   for k < i with wₖ ≠ 0, rising:  wₖ is dropped if |wₖ| <= τ,  else  wₖ ← wₖ / uₖₖ,  w ← w - wₖ (row k of U)
 *   of what is right of the diagonal, drop |wⱼ| <= τ
 *   keep the largest of the left part and of the right part, in number as in row i of A and `fill` more
 *   where |wᵢ| is below pivotThreshold max |wⱼ|, columns i and j are exchanged
 *   where what was dropped has left no pivot, it is τ
 * ```
 *
 * Tolerances compare entries of a row with its length, so that scaling rows changes nothing.
 *
 * Source: Saad, ILUT: a dual threshold incomplete LU factorization (1994); exchanges: Saad, Iterative Methods for
 * Sparse Linear Systems (2nd edition, 2003), section 10.4.4.
 *
 * @module
 */
import { DomainError, SingularMatrixError, type SparseEntries } from "../../core/mod.ts";
import { GrowingColumns } from "../sparse/growing_columns.ts";
import { type IncompleteLu, incompleteLu } from "./incomplete_lu.ts";
import { type SquareRows, squareRows } from "./square_rows.ts";

/** What to drop. */
export interface IlutOptions {
  /** Entries of at most this size, relative to the length of the row, are dropped. Default 1e-3. */
  readonly dropTolerance?: number;
  /** How many more entries than A a row may have left, and right, of the diagonal. Default 10. */
  readonly fill?: number;
  /**
   * Columns are exchanged where a pivot is below this part of the largest entry; 0 for never unless it is zero, 1 for
   * always. Default 0.1.
   */
  readonly pivotThreshold?: number;
}

/**
 * Factors A.
 *
 * @throws {ShapeError} When A is not square.
 * @throws {DomainError} When an option is negative, or the threshold exceeds 1.
 * @throws {SingularMatrixError} When no entry is left for a pivot, without any having been dropped.
 *
 * @example A zero on the diagonal
 * ```ts
 * import { fromTriplets, ilut } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const A = fromTriplets(2, 2, [0, 1, 1], [1, 0, 1], [2, 4, 5]), x = new Float64Array(2);
 * const factors = ilut(A);
 * factors.apply(Float64Array.of(2, 9), x);
 * assertEquals(x, Float64Array.of(1, 1));
 * assertEquals([...factors.columnOrder], [1, 0]);
 * ```
 */
export function ilut(
  A: SparseEntries,
  { dropTolerance = 1e-3, fill = 10, pivotThreshold = 0.1 }: IlutOptions = {},
): IncompleteLu {
  const verb = "factor a matrix incompletely", { rows: n, rowStarts, columnIndices, values } = squareRows(verb, A);
  if (!(dropTolerance >= 0 && fill >= 0 && pivotThreshold >= 0 && pivotThreshold <= 1)) {
    throw new DomainError(
      `Cannot ${verb}: expected dropTolerance and fill from 0 on and pivotThreshold in [0, 1], ` +
        `got ${dropTolerance}, ${fill} and ${pivotThreshold}`,
    );
  }
  const columnOrder = Uint32Array.from({ length: n }, (_, k) => k), place = columnOrder.slice(); // inverse to each other
  const diagonal = new Uint32Array(n), factors = new GrowingColumns(n, 2 * values.length + n); // L and U, rows for columns
  const { starts } = factors;
  const w = new Float64Array(n), state = new Uint8Array(n); // row i by columns of A; what is in it
  const pending = new Heap(),
    left: number[] = [],
    right: number[] = [],
    bySize = (a: number, b: number): number => Math.abs(w[b]) - Math.abs(w[a]) || place[a] - place[b];
  let dropped = false;
  for (let i = 0; i < n; i++) {
    let squares = 0, leftCount = fill, rightCount = fill;
    left.length = right.length = 0;
    const enter = (j: number, value: number): void => {
      w[j] = value;
      state[j] = 1;
      if (place[j] < i) pending.push(place[j]);
      else right.push(j);
    };
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) {
      const j = columnIndices[k];
      if (values[k] === 0) continue;
      squares += values[k] * values[k];
      if (place[j] < i) leftCount++;
      else rightCount++;
      enter(j, values[k]);
    }
    const tau = dropTolerance * Math.sqrt(squares);
    while (pending.size > 0) {
      const k = pending.pop(), column = columnOrder[k];
      state[column] = 0;
      if (Math.abs(w[column]) <= tau) {
        if (w[column] !== 0) dropped = true;
        continue;
      }
      const at = diagonal[k], end = starts[k + 1], multiplier = w[column] /= factors.values[at];
      left.push(column);
      for (let p = at + 1; p < end; p++) {
        const j = factors.indices[p], change = multiplier * factors.values[p];
        if (state[j] === 1) w[j] -= change;
        else enter(j, -change);
      }
    }
    let pivot = choosePivot(right, w, columnOrder[i], pivotThreshold);
    if (pivot < 0) {
      if (!dropped || tau === 0) {
        throw new SingularMatrixError(
          `Cannot ${verb}: expected a matrix of full rank, got no pivot other than zero in row ${i}`,
          i,
        );
      }
      pivot = columnOrder[i];
      w[pivot] = tau;
    }
    for (const j of right) state[j] = 0;
    exchange(columnOrder, place, i, place[pivot]);
    const lower = largest(left, leftCount, bySize), large = right.filter((j) => j !== pivot && Math.abs(w[j]) > tau);
    const upper = largest(large, rightCount, bySize);
    if (lower.length < left.length || upper.length < right.length - 1) dropped = true;
    factors.reserve(lower.length + 1 + upper.length);
    for (const j of lower) factors.push(j, w[j]);
    diagonal[i] = factors.count;
    factors.push(pivot, w[pivot]);
    for (const j of upper) factors.push(j, w[j]);
    starts[i + 1] = factors.count;
  }
  return incompleteLu(verb, inOrder(n, factors, place), columnOrder);
}

/** The column of the pivot: the diagonal's, unless the largest entry is too much larger; -1 when all are zero. */
function choosePivot(right: readonly number[], w: Float64Array, own: number, threshold: number): number {
  let best = -1, size = 0, diagonalSize = 0;
  for (const j of right) {
    const s = Math.abs(w[j]);
    if (j === own) diagonalSize = s;
    if (s > size) {
      size = s;
      best = j;
    }
  }
  return diagonalSize > 0 && diagonalSize >= threshold * size ? own : best;
}

/** Exchanges what stands at two places. */
function exchange(columnOrder: Uint32Array, place: Uint32Array, i: number, k: number): void {
  const a = columnOrder[i], b = columnOrder[k];
  columnOrder[i] = b;
  columnOrder[k] = a;
  place[b] = i;
  place[a] = k;
}

/** The `count` first ones of a list by the given order. */
function largest(list: number[], count: number, order: (a: number, b: number) => number): number[] {
  return list.length <= count ? list : list.slice().sort(order).slice(0, count);
}

/** Both triangles with their columns where the exchanges have put them, sorted. */
function inOrder(n: number, factors: GrowingColumns, place: Uint32Array): SquareRows {
  const { count } = factors, columnIndices = factors.indices.slice(0, count), values = factors.values.slice(0, count);
  const rowStarts = Uint32Array.from(factors.starts);
  for (let k = 0; k < count; k++) columnIndices[k] = place[columnIndices[k]];
  return squareRows("factor a matrix incompletely", { rows: n, columns: n, rowStarts, columnIndices, values });
}

/** Numbers of which the smallest comes first. */
class Heap {
  readonly #items: number[] = [];

  get size(): number {
    return this.#items.length;
  }

  push(item: number): void {
    const items = this.#items;
    let at = items.length;
    for (; at > 0; at = (at - 1) >> 1) {
      const parent = (at - 1) >> 1;
      if (items[parent] <= item) break;
      items[at] = items[parent];
    }
    items[at] = item;
  }

  pop(): number {
    const items = this.#items, top = items[0], last = items.pop()!, n = items.length;
    if (n === 0) return top;
    let at = 0;
    for (let child = 1; child < n; child = 2 * at + 1) {
      if (child + 1 < n && items[child + 1] < items[child]) child++;
      if (items[child] >= last) break;
      items[at] = items[child];
      at = child;
    }
    items[at] = last;
    return top;
  }
}
