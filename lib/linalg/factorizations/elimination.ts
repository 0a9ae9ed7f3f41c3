/**
 * Gaussian elimination, safe and by the fastest kernels: with partial pivoting; where that lets entries grow, once more
 * with complete pivoting. And substitution with what comes of it.
 *
 * @module
 */
import { DomainError, type Vector } from "../../core/mod.ts";
import { eliminateCompletely } from "./complete_pivoting.ts";
import { backend } from "../kernels/mod.ts";
import { solveFromLeft } from "../matrices/level3.ts";
import { exchange } from "../matrices/permutation.ts";
import { substitute } from "../matrices/substitution.ts";

/** What elimination makes of a matrix: `P A Q = L U`. */
export interface Elimination {
  /** L below the diagonal, U on and above it. */
  readonly factors: Vector;
  /** Row k was exchanged with row `swaps[k]`, in this order. */
  readonly swaps: Int32Array;
  /** Column k was exchanged with column `columnSwaps[k]`; left out where columns stayed. */
  readonly columnSwaps?: Int32Array;
  /** The index of the first zero pivot, or -1. */
  readonly zeroPivot: number;
}

/** Growth of entries that does no harm; random matrices reach about `n^(2/3)`. */
export function harmlessGrowth(n: number): number {
  return 8 + n;
}

/**
 * Eliminates a matrix whose largest magnitude is known, into `factors`; `a` is left alone. The growth is
 * `max |uᵢⱼ| / max |aᵢⱼ|`.
 *
 * @throws {DomainError} When entries are so large that they overflow.
 */
export function eliminateSafely(
  verb: string,
  n: number,
  a: Vector,
  largest: number,
  factors: Vector,
): { elimination: Elimination; growth: number } {
  const swaps = new Int32Array(n);
  factors.set(a);
  let elimination: Elimination = { factors, swaps, zeroPivot: backend().lu(n, n, factors, 0, n, swaps) };
  let grown = largestOfUpper(n, factors);
  if (!(grown <= harmlessGrowth(n) * largest)) {
    factors.set(a);
    elimination = eliminateCompletely(n, factors);
    grown = largestOfUpper(n, factors);
  }
  if (!Number.isFinite(grown)) {
    throw new DomainError(`Cannot ${verb}: expected entries far from overflow, got ${largest}`);
  }
  return { elimination, growth: largest === 0 ? 1 : grown / largest };
}

/** The largest magnitude on and above the diagonal; NaN if there is one. */
function largestOfUpper(n: number, a: Vector): number {
  let largest = 0;
  for (let i = 0; i < n; i++) {
    for (let k = i * (n + 1); k < (i + 1) * n; k++) {
      const size = Math.abs(a[k]);
      if (!(size <= largest)) { // also taken for NaN
        if (size !== size) return NaN;
        largest = size;
      }
    }
  }
  return largest;
}

/** `X ← A⁻¹ X` or `A⁻ᵀ X` for so many columns, row by row. */
export function solveEliminated(n: number, e: Elimination, x: Vector, columns: number, transposed: boolean): void {
  const a = e.factors;
  swapRows(n, transposed ? e.columnSwaps : e.swaps, x, columns, false);
  if (columns === 1) {
    substitute(!transposed, transposed, !transposed, n, a, 0, n, x, 0);
    substitute(transposed, transposed, transposed, n, a, 0, n, x, 0);
  } else {
    solveFromLeft(!transposed, transposed, !transposed, n, columns, a, 0, n, x, 0, columns);
    solveFromLeft(transposed, transposed, transposed, n, columns, a, 0, n, x, 0, columns);
  }
  swapRows(n, transposed ? e.swaps : e.columnSwaps, x, columns, true);
}

function swapRows(n: number, swaps: Int32Array | undefined, x: Vector, columns: number, backwards: boolean): void {
  if (!swaps) return;
  for (let step = 0; step < n; step++) {
    const k = backwards ? n - 1 - step : step, q = swaps[k];
    if (q !== k) exchange(x, k * columns, q * columns, columns);
  }
}
