/**
 * Matrices over a semiring, as rows: products, and sums of all powers.
 *
 * ```
 * (A B)ᵢⱼ = Σₖ aᵢₖ bₖⱼ            A* = I + A + A² + …:  for each k:  aᵢⱼ ← aᵢⱼ + aᵢₖ (star aₖₖ) aₖⱼ,  last + I
 * ```
 *
 * The closure is one algorithm for reachability (booleans), shortest paths (minPlus; Floyd and Warshall), numbers of
 * paths (naturals) and `(I - A)⁻¹` (fields; Gauss and Jordan).
 *
 * Source: Lehmann, Algebraic structures for transitive closure, Theoretical Computer Science 4 (1977) 59-76.
 *
 * @module
 */
import { ShapeError } from "../core/mod.ts";
import type { Semiring } from "./semiring.ts";

function columnsOf<T>(verb: string, A: readonly (readonly T[])[]): number {
  const columns = A.length > 0 ? A[0].length : 0, i = A.findIndex((row) => row.length !== columns);
  if (i >= 0) {
    throw new ShapeError(`Cannot ${verb}: expected rows of ${columns} entries, got ${A[i].length} in row ${i}`);
  }
  return columns;
}

/**
 * The product of two matrices.
 *
 * @throws {ShapeError} When `A` has not as many columns as `B` has rows, or rows differ in length.
 *
 * @example Cheapest ways of two steps
 * ```ts
 * import { minPlus, semiringProduct } from "@gradus/gradus/exact";
 * import { assertEquals } from "@std/assert";
 *
 * const cost = [[0, 1, 9], [Infinity, 0, 2], [Infinity, Infinity, 0]];
 * assertEquals(semiringProduct(minPlus, cost, cost)[0], [0, 1, 3]);
 * ```
 */
export function semiringProduct<T>(
  semiring: Semiring<T>,
  A: readonly (readonly T[])[],
  B: readonly (readonly T[])[],
): T[][] {
  const { zero, add, multiply } = semiring, inner = columnsOf("multiply matrices", A);
  const columns = columnsOf("multiply matrices", B);
  if (A.length > 0 && inner !== B.length) {
    throw new ShapeError(`Cannot multiply matrices: expected ${inner} rows on the right, got ${B.length}`);
  }
  return A.map((row) => {
    const sum: T[] = Array(columns).fill(zero);
    row.forEach((a, k) => {
      if (semiring.equal(a, zero)) return;
      B[k].forEach((b, j) => sum[j] = add(sum[j], multiply(a, b)));
    });
    return sum;
  });
}

/**
 * The closure `A* = I + A + A² + …` of a square matrix.
 *
 * @throws {ShapeError} When `A` is not square.
 * @throws {DomainError} When a sum of powers does not exist, as on a circle with negative cost.
 */
export function semiringClosure<T>(semiring: Semiring<T>, A: readonly (readonly T[])[]): T[][] {
  const { one, add, multiply, star } = semiring, n = A.length;
  if (n > 0 && columnsOf("close a matrix", A) !== n) {
    throw new ShapeError(`Cannot close a matrix: expected a square one, got ${n} x ${A[0].length}`);
  }
  let closed = A.map((row) => row.slice());
  for (let k = 0; k < n; k++) {
    const around = star(closed[k][k]), through = closed[k];
    closed = closed.map((row) => {
      const there = multiply(row[k], around);
      return row.map((a, j) => add(a, multiply(there, through[j])));
    });
  }
  return closed.map((row, i) => row.map((a, j) => i === j ? add(a, one) : a));
}
