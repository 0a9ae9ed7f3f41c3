/**
 * Linear systems over the rational numbers, solved exactly: `A x = b`, all solutions of it, or why there is none.
 *
 * ```
 * for primes p = 2³¹ - 1, …:  R_p = the reduced row echelon form of [A | b] modulo p
 *   drop p when the rank is smaller, or a pivot further right, than seen before: such a prime divides a minor
 *   join R_p with the earlier ones by Chinese remainders, and read off fractions
 * until the fractions explain one prime more; then check A N = 0 in integers, N the solutions that they give
 * ```
 *
 * The check proves the result: rank modulo p is at most the rank, so that A has no fewer independent solutions than its
 * form modulo p has, and no more than are found. Numbers of n digits need about `n log₂10 / 31` primes for the
 * numerator and as many for the denominator.
 *
 * Source: FiniteFieldSolve: Exactly Solving Large Linear Systems in High-Energy Theory (2023), arXiv 2311.01671.
 *
 * @module
 */
import { GradusError } from "../core/mod.ts";
import { largePrimes } from "./prime_field.ts";
import { type Exact, type Rational, rationals } from "./rational.ts";
import {
  commonDenominator,
  entriesOf,
  type RationalMatrix,
  rowsModulo,
  type SparseRows,
  wholeRows,
} from "./rational_matrix.ts";
import { addPrime, fractionsModulo, type Remainders, residueOf } from "./reconstruct.ts";
import { type EchelonModulo, rowReduce } from "./row_reduce.ts";

/** A system of equations has no solution. */
export class InconsistentSystemError extends GradusError {
  /** The name of the class, as printed. */
  override name = "InconsistentSystemError";
  /**
   * An error with the combination of equations that shows it.
   *
   * @param message What was attempted, expected and found.
   * @param certificate A row `y` with `yᵀA = 0` and `yᵀb = 1`: this combination of the equations reads `0 = 1`.
   */
  constructor(message: string, readonly certificate: readonly Rational[]) {
    super(message);
  }
}

/** The reduced row echelon form over the rational numbers. */
export interface Echelon {
  /** The columns of the first entries, which are 1: one for each row, increasing. Their number is the rank. */
  readonly pivots: readonly number[];
  /** The other columns. */
  readonly free: readonly number[];
  /** For each row, its entries in the free columns. */
  readonly entries: readonly (readonly Rational[])[];
  /** How many primes were used. */
  readonly primes: number;
}

/** All solutions of `A x = b`: `x + Σ cₖ nullspaceₖ` with any `c`. */
export interface RationalSolution {
  /** The solution that is 0 in the free unknowns. */
  readonly x: readonly Rational[];
  /** For each free unknown, the solution of `A x = 0` that is 1 there and 0 in the other free ones. */
  readonly nullspace: readonly (readonly Rational[])[];
  /** The unknowns that can have any value. */
  readonly free: readonly number[];
  /** The rank of `A`. */
  readonly rank: number;
  /** How many primes were used. */
  readonly primes: number;
}

/**
 * The reduced row echelon form over the rational numbers.
 *
 * @throws {ShapeError} When rows differ in length, or an entry lies outside.
 * @throws {DomainError} On an entry that is not finite.
 */
export function rrefRational(A: RationalMatrix): Echelon {
  return reduce(wholeRows("reduce rows", A));
}

/**
 * All solutions of `A x = b` over the rational numbers.
 *
 * @throws {InconsistentSystemError} When there is none; it carries the combination of equations that shows it.
 * @throws {ShapeError} When rows differ in length, or an entry lies outside.
 * @throws {DomainError} On an entry that is not finite.
 *
 * @example Two equations for three unknowns
 * ```ts
 * import { formatRational, solveRational } from "@gradus/gradus/exact";
 * import { assertEquals } from "@std/assert";
 *
 * const { x, nullspace } = solveRational([[1, 2, 3], [4, 5, 6]], [1, 2]);
 * assertEquals(x.map(formatRational), ["-1/3", "2/3", "0"]);
 * assertEquals(nullspace.map((v) => v.map(formatRational)), [["1", "-2", "1"]]);
 * ```
 */
export function solveRational(A: RationalMatrix, b: readonly Exact[]): RationalSolution {
  const system = wholeRows("solve a system", A, b), n = system.columns - 1;
  const { pivots, free, entries, primes } = reduce(system);
  if (pivots[pivots.length - 1] === n) {
    throw new InconsistentSystemError(
      "Cannot solve a system: expected equations that agree, got some that add up to 0 = 1",
      certificate(A, b),
    );
  }
  const unknowns = free.slice(0, -1); // the last free column is b
  const filled = (at: (i: number) => Rational): Rational[] => {
    const x: Rational[] = Array(n).fill(rationals.zero);
    pivots.forEach((j, i) => x[j] = at(i));
    return x;
  };
  const nullspace = unknowns.map((j, k) => {
    const v = filled((i) => rationals.subtract(rationals.zero, entries[i][k]));
    v[j] = rationals.one;
    return v;
  });
  return { x: filled((i) => entries[i][unknowns.length]), nullspace, free: unknowns, rank: pivots.length, primes };
}

/** `y` with `Aᵀy = 0`, `bᵀy = 1`, which exists when `A x = b` has no solution. */
function certificate(A: RationalMatrix, b: readonly Exact[]): readonly Rational[] {
  const { rows, columns, entries } = entriesOf("solve a system", A);
  const transposed = [
    ...entries.map(([i, j, a]) => [j, i, a] as const),
    ...b.map((bi, i) => [columns, i, bi] as const),
  ];
  const right = Array.from({ length: columns + 1 }, (_, j) => j === columns ? 1 : 0);
  return solveRational({ rows: columns + 1, columns: rows, entries: transposed }, right).x;
}

function reduce(system: SparseRows<readonly bigint[]>): Echelon {
  let best: EchelonModulo | undefined, free: number[] = [], known: Remainders = { modulus: 1n, values: [] };
  let candidates: Rational[] = [], primes = 0;
  for (const p of largePrimes()) {
    primes++;
    const image = rowReduce(rowsModulo(system, p), p), order = best ? compare(image.pivots, best.pivots) : -1;
    if (order > 0) continue;
    if (order < 0) {
      best = image;
      free = Array.from({ length: system.columns }, (_, j) => j).filter((j) => !image.pivots.includes(j));
      known = { modulus: 1n, values: Array(image.pivots.length * free.length).fill(0n) };
      candidates = [];
    }
    const residues = inFreeColumns(image, free);
    if (known.modulus > 1n && explain(candidates, known, residues, p)) {
      if (solves(system, best!.pivots, free, candidates)) {
        const entries = best!.pivots.map((_, i) => candidates.slice(i * free.length, (i + 1) * free.length));
        return { pivots: best!.pivots, free, entries, primes };
      }
      candidates = [];
    }
    addPrime(known, residues, p);
  }
  throw new GradusError("Cannot reduce rows: the primes below 2^31 do not suffice"); // for 3 billion digits
}

/** Negative when `a` has the larger rank or, at equal rank, a pivot further left. */
function compare(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return b.length - a.length;
  const k = a.findIndex((j, i) => j !== b[i]);
  return k < 0 ? 0 : a[k] - b[k];
}

function inFreeColumns({ columns, rows }: EchelonModulo, free: readonly number[]): Int32Array {
  const residues = new Int32Array(rows.length * free.length), place = new Int32Array(columns).fill(-1);
  free.forEach((j, k) => place[j] = k);
  rows.forEach(({ places, values }, i) => {
    places.forEach((j, k) => {
      if (place[j] >= 0) residues[i * free.length + place[j]] = values[k];
    });
  });
  return residues;
}

/** Goes on reading fractions as long as they agree with the new prime; whether all do. */
function explain(candidates: Rational[], { modulus, values }: Remainders, residues: Int32Array, p: number): boolean {
  const read = fractionsModulo(modulus);
  while (candidates.length < values.length) {
    const k = candidates.length, fraction = read(values[k]);
    if (!fraction || residueOf(fraction, p) !== residues[k]) return false;
    candidates.push(fraction);
  }
  return true;
}

/** Whether `A N = 0` for `N = [-R; I]`, in integers. */
function solves(
  { columns, rows }: SparseRows<readonly bigint[]>,
  pivots: readonly number[],
  free: readonly number[],
  R: readonly Rational[],
): boolean {
  const v: bigint[] = Array(columns);
  return free.every((column, k) => {
    const entries = pivots.map((_, i) => R[i * free.length + k]), multiple = commonDenominator(entries);
    v.fill(0n);
    v[column] = multiple;
    pivots.forEach((j, i) => v[j] = -entries[i].numerator * (multiple / entries[i].denominator));
    return rows.every(({ places, values }) => {
      let sum = 0n;
      for (let t = 0; t < values.length; t++) sum += values[t] * v[places[t]];
      return sum === 0n;
    });
  });
}
