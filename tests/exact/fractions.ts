// Fractions for tests, and elimination with them: the slow route to the reduced row echelon form.
import { rng, uniform } from "../../lib/core/mod.ts";
import { type Rational, rational, type RationalEntries, rationals } from "../../lib/exact/mod.ts";

/** Integers in -size … size, the same for the same seed. */
export function integers(seed: number, size: number): () => number {
  const generator = rng(seed);
  return () => Math.floor((2 * size + 1) * uniform(generator)) - size;
}

/** A random sparse matrix with this many entries in a row, numerators up to 9, denominators up to 9. */
export function sparseRandom(rows: number, columns: number, perRow: number, seed: number): RationalEntries {
  const small = integers(seed, 9), generator = rng(seed + 1);
  const entries = Array.from({ length: rows * perRow }, (_, k) => {
    const column = Math.floor(columns * uniform(generator));
    return [Math.floor(k / perRow), column, rational(small(), 5 + Math.trunc(small() / 2))] as const;
  });
  return { rows, columns, entries };
}

/** The Hilbert matrix: `1 / (i + j + 1)`. */
export const hilbert = (n: number): Rational[][] =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => rational(1, i + j + 1)));

/** The reduced row echelon form by Gauss-Jordan elimination in fractions, dense; rows of zeros are left out. */
export function eliminate({ rows, columns, entries }: RationalEntries): { pivots: number[]; rows: Rational[][] } {
  const { zero, add, subtract, multiply, divide } = rationals;
  const a: Rational[][] = Array.from({ length: rows }, () => Array(columns).fill(zero)), pivots: number[] = [];
  for (const [i, j, value] of entries) a[i][j] = add(a[i][j], rational(value));
  for (let j = 0; j < columns && pivots.length < rows; j++) {
    const top = pivots.length, i = a.findIndex((row, i) => i >= top && row[j].numerator !== 0n);
    if (i < 0) continue;
    [a[i], a[top]] = [a[top], a[i]];
    a[top] = a[top].map((v) => v.numerator === 0n ? v : divide(v, a[top][j]));
    for (let k = 0; k < rows; k++) {
      const factor = a[k][j];
      if (k === top || factor.numerator === 0n) continue;
      a[k] = a[k].map((v, c) => a[top][c].numerator === 0n ? v : subtract(v, multiply(factor, a[top][c])));
    }
    pivots.push(j);
  }
  return { pivots, rows: a.slice(0, pivots.length) };
}
