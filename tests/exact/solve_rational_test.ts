// Exact solutions of rational systems: against elimination in fractions, closed formulas, and doubles.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { DomainError, ShapeError, SingularMatrixError } from "../../lib/core/mod.ts";
import {
  dixonSolve,
  formatRational,
  InconsistentSystemError,
  type Rational,
  rational,
  rationalReconstruct,
  rationals,
  rrefMod,
  rrefRational,
  solveRational,
} from "../../lib/exact/mod.ts";
import { integerSquareRoot } from "../../lib/exact/reconstruct.ts";
import { eliminate, hilbert, integers, sparseRandom } from "./fractions.ts";

const dense = (rows: number, columns: number, draw: () => number): number[][] =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, draw));

/** `Σ aᵢ xᵢ`. */
const combination = (a: readonly Rational[], x: readonly Rational[]): Rational =>
  a.reduce((sum, ai, i) => rationals.add(sum, rationals.multiply(ai, x[i])), rationals.zero);

/** The entry of the inverse Hilbert matrix: (-1)^{i+j} (i+j-1) C(n+i-1, n-j) C(n+j-1, n-i) C(i+j-2, i-1)², from 1. */
function inverseHilbert(n: number, i: number, j: number): bigint {
  const choose = (a: number, b: number): bigint => {
    let c = 1n;
    for (let k = 1; k <= b; k++) c = c * BigInt(a - b + k) / BigInt(k);
    return c;
  };
  const sign = (i + j) % 2 === 0 ? 1n : -1n;
  return sign * BigInt(i + j - 1) * choose(n + i - 1, n - j) * choose(n + j - 1, n - i) *
    choose(i + j - 2, i - 1) ** 2n;
}

/** The reduced form as rows of text, all columns. */
function textOf(A: ReturnType<typeof rrefRational>, columns: number): string[][] {
  return A.entries.map((row, i) => {
    const full: string[] = Array(columns).fill("0");
    full[A.pivots[i]] = "1";
    A.free.forEach((j, k) => full[j] = formatRational(row[k]));
    return full;
  });
}

// @must rrefRational: Hilbert matrix n = 30, all entries of the inverse equal the closed formula
// @measured reached: all 900 integers, up to 43 digits, with 11 primes
Deno.test("rrefRational() inverts the Hilbert matrix of order 30", () => {
  const n = 30, identity = (i: number): number[] => Array.from({ length: n }, (_, j) => i === j ? 1 : 0);
  const { pivots, entries } = rrefRational(hilbert(n).map((row, i) => [...row, ...identity(i)]));
  assertEquals(pivots, [...Array(n).keys()]);
  entries.forEach((row, i) => row.forEach((a, j) => assertEquals(a, rational(inverseHilbert(n, i + 1, j + 1)))));
});

// @must rrefRational: a random sparse rational system, the form equals elimination in BigInt fractions
// @measured reached: every entry at 60 x 66, 30 x 30 of lower rank, 12 x 5 and 5 x 12; 200 x 220 in bench/exact.ts
Deno.test("rrefRational() equals elimination in fractions", () => {
  for (const [rows, columns, perRow] of [[60, 66, 4], [30, 30, 2], [12, 5, 3], [5, 12, 3]]) {
    const A = sparseRandom(rows, columns, perRow, rows), slow = eliminate(A), fast = rrefRational(A);
    assertEquals(fast.pivots, slow.pivots);
    assertEquals(textOf(fast, columns), slow.rows.map((row) => row.map(formatRational)));
  }
});

// @must solveRational: the number of primes is about log₂(bound)/31, the bound twice the squared size of the solution
// @measured reached: that, rounded up, and 1 to confirm for n = 5, 20, 60 (3, 10, 29 primes)
Deno.test("solveRational() uses as many primes as the size of the solution asks for", () => {
  for (const n of [5, 20, 60]) {
    const draw = integers(n, 50), { x, primes } = solveRational(dense(n, n, draw), Array.from({ length: n }, draw));
    const size = x.flatMap(({ numerator: a, denominator: b }) => [a < 0n ? -a : a, b]).reduce((a, b) => a > b ? a : b);
    const wanted = Math.ceil((2n * size * size).toString(2).length / 31);
    assertEquals(primes, wanted + 1);
  }
});

Deno.test("solveRational() gives all solutions, dixonSolve() the same one", () => {
  for (const [m, n, seed] of [[6, 6, 1], [4, 7, 2], [9, 5, 3], [1, 1, 4]]) {
    const draw = integers(seed, 9), A = dense(m, n, draw), truth = Array.from({ length: n }, () => rational(draw(), 7));
    const rows = A.map((row) => row.map((a) => rational(a))), b = rows.map((row) => combination(row, truth));
    const { x, nullspace, free, rank } = solveRational(A, b);
    rows.forEach((row, i) => {
      assertEquals(combination(row, x), b[i]);
      for (const v of nullspace) assertEquals(combination(row, v), rationals.zero);
    });
    assertEquals([rank + free.length, nullspace.length], [n, free.length]);
    nullspace.forEach((v, k) => assertEquals(free.map((j) => v[j].numerator), free.map((_, l) => k === l ? 1n : 0n)));
    if (m === n) assertEquals(dixonSolve(A, b).x, x);
  }
});

Deno.test("solveRational(), dixonSolve() survive primes that divide a pivot, a determinant, a denominator", () => {
  const p = 2147483647, q = 2147483629; // the primes tried first
  const A = [[p, 1], [1, q]], b = [rational(1, p), rational(3, q)]; // p q - 1: rank 2 modulo both, pivots other
  for (const matrix of [A, [[p, 0], [0, 1]], [[p, 1], [0, p * 4]], [[p, 2 * p, 1], [q, 3, q], [0, 0, p]]]) {
    const right = [...b, 1].slice(0, matrix.length), { x } = solveRational(matrix, right);
    matrix.forEach((row, i) => assertEquals(combination(row.map((a) => rational(a)), x), rational(right[i])));
    assertEquals(dixonSolve(matrix, right).x, x);
  }
  assertEquals(rrefRational([[p, 1], [2 * p, 3]]).pivots, [0, 1]);
  assertEquals(rrefRational([[p, 1, 0]]).entries, [[rational(1, p), rational(0)]]); // modulo p the pivot is further right
});

// @must solveRational, dixonSolve: LU in doubles fails on the Hilbert matrix n = 15 (error > 1), the exact solve is exact
// @measured reached: elimination in doubles is wrong by 7.8 where the solution is 1; both exact routes give it exactly
Deno.test("solveRational(), dixonSolve() solve Hilbert's system of order 15, where doubles fail", () => {
  const n = 15, H = hilbert(n), ones = Array(n).fill(rationals.one), b = H.map((row) => combination(row, ones));
  assertEquals(solveRational(H, b).x, ones);
  assertEquals(dixonSolve(H, b).x, ones);
  const a = H.map((row, i) =>
    [...row, b[i]].map(({ numerator, denominator }) => Number(numerator) / Number(denominator))
  );
  const error = Math.max(...eliminateDoubles(a).map((x) => Math.abs(x - 1)));
  assert(error > 1, `${error}`);
});

/** Gaussian elimination with partial pivoting on `[A | b]`. */
function eliminateDoubles(a: number[][]): number[] {
  const n = a.length, x: number[] = Array(n).fill(0);
  for (let k = 0; k < n; k++) {
    const pivot = a.reduce((best, row, i) => i >= k && Math.abs(row[k]) > Math.abs(a[best][k]) ? i : best, k);
    [a[k], a[pivot]] = [a[pivot], a[k]];
    for (let i = k + 1; i < n; i++) {
      const f = a[i][k] / a[k][k];
      for (let j = k; j <= n; j++) a[i][j] -= f * a[k][j];
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    x[i] = a[i].slice(i + 1, n).reduce((s, v, j) => s - v * x[i + 1 + j], a[i][n]) / a[i][i];
  }
  return x;
}

// @must solveRational: an inconsistent system is refused with a row that certifies it
// @measured reached: yᵀA = 0 and yᵀb = 1 exactly
Deno.test("solveRational() certifies that there is no solution", () => {
  const A = [[1, 2, 3], [4, 5, 6], [7, 8, 9], [1, 1, 2]], b = [1, 2, 4, 0];
  const { certificate: y } = assertThrows(() => solveRational(A, b), InconsistentSystemError, "0 = 1");
  const rows = A.map((row) => row.map((a) => rational(a)));
  for (let j = 0; j < 3; j++) assertEquals(combination(rows.map((row) => row[j]), y), rationals.zero);
  assertEquals(combination(b.map((bi) => rational(bi)), y), rationals.one);
  assertThrows(() => solveRational([[0]], [1]), InconsistentSystemError);
});

// @must rrefMod: a p that is composite is refused
// @measured reached: 9, 2^31 - 3, 1, 2^31 + 11
Deno.test("rrefMod() reduces modulo a prime and refuses other numbers", () => {
  const { pivots, rows } = rrefMod([[0, 2, 1, 3], [0, 4, 2, 1], [1, 0, 0, 1]], 5); // row 1 = 2 row 0 modulo 5
  assertEquals(pivots, [0, 1]);
  assertEquals(rows.map(({ places, values }) => [[...places], [...values]]), [[[0, 3], [1, 1]], [[1, 2, 3], [
    1,
    3,
    4,
  ]]]);
  for (const p of [9, 2 ** 31 - 3, 1, 2 ** 31 + 11]) assertThrows(() => rrefMod([[1]], p), DomainError, "a prime");
});

Deno.test("rationalReconstruct() finds every fraction within its bound and no other", () => {
  const modulus = 10_007n, bound = integerSquareRoot(modulus / 2n);
  let found = 0;
  for (let residue = 0n; residue < modulus; residue++) {
    const fraction = rationalReconstruct(residue, modulus);
    if (!fraction) continue;
    found++;
    const { numerator: n, denominator: d } = fraction;
    assert(n <= bound && -n <= bound && d <= bound);
    assertEquals(((residue * d - n) % modulus + modulus) % modulus, 0n);
  }
  let fractions = 0;
  for (let d = 1n; d <= bound; d++) {
    for (let n = -bound; n <= bound; n++) if (rational(n, d).denominator === d) fractions++;
  }
  assertEquals(found, fractions);
  assertThrows(() => rationalReconstruct(1n, 1n), DomainError, "modulus");
});

Deno.test("exact solves take the smallest systems and refuse what does not fit", () => {
  assertEquals(solveRational([], []).x, []);
  assertEquals(solveRational([[0, 0]], [0]).nullspace.length, 2);
  assertEquals(rrefRational({ rows: 2, columns: 2, entries: [] }).free, [0, 1]);
  assertEquals(rrefRational({ rows: 1, columns: 1, entries: [[0, 0, 1], [0, 0, -1]] }).pivots, []); // entries add up
  assertThrows(() => solveRational([[1, 2], [3]], [1, 2]), ShapeError, "in row 1");
  assertThrows(() => solveRational([[1]], [1, 2]), ShapeError, "right-hand side of 1");
  assertThrows(() => solveRational([[NaN]], [1]), DomainError, "NaN at (0, 0)");
  assertThrows(() => rrefRational({ rows: 1, columns: 1, entries: [[0, 1, 1]] }), ShapeError, "(0, 1)");
  assertThrows(() => dixonSolve([[1, 2]], [1]), ShapeError, "1 x 2");
  const { pivot } = assertThrows(() => dixonSolve([[1, 2, 3], [2, 4, 1], [3, 6, 0]], [1, 2, 3]), SingularMatrixError);
  assertEquals(pivot, 1);
});
