/**
 * Matrices of rational numbers, by sparse rows; and their rows made whole, which changes neither solutions nor the
 * reduced row echelon form.
 *
 * @module
 */
import { DomainError, ShapeError } from "../core/mod.ts";
import { type Exact, greatestCommonDivisor, type Rational, rational } from "./rational.ts";

/** A sparse matrix of rational numbers: what is not listed is 0. */
export interface RationalEntries {
  /** The number of rows. */
  readonly rows: number;
  /** The number of columns. */
  readonly columns: number;
  /** Row, column and value; those of one place add up. */
  readonly entries: readonly (readonly [row: number, column: number, value: Exact])[];
}

/** A matrix of rational numbers: rows of entries, or a list of the entries that are not 0. */
export type RationalMatrix = readonly (readonly Exact[])[] | RationalEntries;

/** One row: its entries other than 0, by increasing column. */
export interface SparseRow<T extends ArrayLike<unknown>> {
  /** The columns. */
  readonly places: Uint32Array;
  /** The entry in each of these columns. */
  readonly values: T;
}

/** A matrix by rows. */
export interface SparseRows<T extends ArrayLike<unknown>> {
  /** The number of columns. */
  readonly columns: number;
  /** The rows, from the top. */
  readonly rows: readonly SparseRow<T>[];
}

const isList = (A: RationalMatrix): A is RationalEntries => !Array.isArray(A);

/** The entries of a matrix, their places checked. */
export function entriesOf(verb: string, A: RationalMatrix): RationalEntries {
  if (!isList(A)) {
    const columns = A.length > 0 ? A[0].length : 0, ragged = A.findIndex((row) => row.length !== columns);
    if (ragged >= 0) {
      throw new ShapeError(
        `Cannot ${verb}: expected rows of ${columns} entries, got ${A[ragged].length} in row ${ragged}`,
      );
    }
    return { rows: A.length, columns, entries: A.flatMap((row, i) => row.map((a, j) => [i, j, a] as const)) };
  }
  const whole = (i: number, n: number): boolean => Number.isInteger(i) && 0 <= i && i < n;
  const outside = A.entries.find(([i, j]) => !whole(i, A.rows) || !whole(j, A.columns));
  if (outside) {
    throw new ShapeError(
      `Cannot ${verb}: expected places in ${A.rows} x ${A.columns}, got an entry at (${outside[0]}, ${outside[1]})`,
    );
  }
  return A;
}

/** The rows of a matrix, or of `[A | b]` with a right-hand side, each times the smallest factor that makes it whole. */
export function wholeRows(verb: string, A: RationalMatrix, b?: readonly Exact[]): SparseRows<readonly bigint[]> {
  const { rows, columns, entries } = entriesOf(verb, A);
  if (b && b.length !== rows) {
    throw new ShapeError(`Cannot ${verb}: expected a right-hand side of ${rows} entries, got ${b.length}`);
  }
  const sums = Array.from({ length: rows }, () => new Map<number, Rational>());
  const enter = (i: number, j: number, value: Exact): void => {
    if (typeof value === "number" && !Number.isFinite(value)) {
      throw new DomainError(`Cannot ${verb}: expected finite entries, got ${value} at (${i}, ${j})`);
    }
    const before = sums[i].get(j), a = rational(value);
    sums[i].set(j, before ? sum(before, a) : a);
  };
  for (const [i, j, value] of entries) enter(i, j, value);
  b?.forEach((value, i) => enter(i, columns, value));
  return { columns: columns + (b ? 1 : 0), rows: sums.map(whole) };
}

const sum = (a: Rational, b: Rational): Rational =>
  rational(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);

function whole(row: ReadonlyMap<number, Rational>): SparseRow<readonly bigint[]> {
  const places = Uint32Array.from(row.keys()).sort().filter((j) => row.get(j)!.numerator !== 0n);
  const values = [...places].map((j) => row.get(j)!), multiple = commonDenominator(values);
  return { places, values: values.map(({ numerator, denominator }) => numerator * (multiple / denominator)) };
}

/** The least common multiple of the denominators. */
export function commonDenominator(values: readonly Rational[]): bigint {
  let multiple = 1n;
  for (const { denominator: d } of values) {
    if (multiple % d !== 0n) multiple *= d / greatestCommonDivisor(multiple, d);
  }
  return multiple;
}

/** The same rows modulo `p`. */
export function rowsModulo({ columns, rows }: SparseRows<readonly bigint[]>, p: number): SparseRows<Int32Array> {
  const big = BigInt(p);
  return {
    columns,
    rows: rows.map(({ places, values }) => {
      const residues = Int32Array.from(values, (a) => Number((a % big + big) % big));
      if (residues.every((r) => r !== 0)) return { places, values: residues };
      return { places: places.filter((_, k) => residues[k] !== 0), values: residues.filter((r) => r !== 0) };
    }),
  };
}
