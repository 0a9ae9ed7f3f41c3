/**
 * Empirical interpolation of a function of two arguments, given as a table.
 *
 * ```
 * f(μ, a) ≈ Σ_l λ_l(μ) f(μ_l, a),   λ(μ) = B⁻ᵀ (f(μ, a₁), …, f(μ, a_d)),   B = f(μ_i, a_j)
 * choice:  (μ, a) where |R| is largest, R = f at first;   R ← R - R[:, a] R[μ, :]/R[μ, a];   d times
 * ```
 *
 * It is exact on the chosen rows and columns. For a table of rank d it is exact after d steps: Gaussian elimination
 * with complete pivoting.
 *
 * Source: Barrault, Maday, Nguyen and Patera, An empirical interpolation method (2004); Chaturantabut and Sorensen
 * (2010) for the name.
 *
 * @module
 */
import { axpy, DomainError, type Matrix, ShapeError, type Vector } from "../core/mod.ts";
import { type Lu, lu } from "../linalg/mod.ts";

/** Options of `eim`. */
export interface EimOptions {
  /** At most so many terms. Default the shorter side of the table. */
  readonly maxTerms?: number;
  /** Ends when the largest |R| is at most so much of the largest entry. Default 1e-10. */
  readonly tolerance?: number;
}

/** An interpolation of the rows of a table by some of them. */
export interface EmpiricalInterpolation {
  /** Which rows: the μ_l. */
  readonly rows: Uint32Array;
  /** Which columns: the a_l. */
  readonly columns: Uint32Array;
  /** The largest |R| after 0, 1, …, d terms. */
  readonly errors: Vector;
  /** Where |R| is largest after the last term: the row that would come next; if R is 0, the first. */
  readonly next: number;
  /**
   * `λ(μ)` from the values `f(μ, a_l)` at the chosen columns.
   *
   * @throws {ShapeError} When there are not d values.
   */
  readonly weights: (values: Vector) => Vector;
}

/**
 * Chooses rows and columns of a table, one row for each μ, one column for each a.
 *
 * @throws {ShapeError} When the data do not fit the shape.
 * @throws {DomainError} When an entry is not finite, the table is zero, or an option is out of range.
 *
 * @example A table of rank two
 * ```ts
 * import { eim } from "@gradus/gradus/reduce";
 * import { matrix } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const table = matrix([[1, 2, 3], [1, 3, 5], [1, 4, 7], [1, 5, 9]]); // 1, a, 2a - 1
 * const { rows, weights, columns } = eim(table);
 * assertEquals(rows.length, 2);
 * const [first, second] = weights(Float64Array.from(columns, (a) => [1, 6, 11][a])); // a = 6
 * assertAlmostEquals(first + second, 1); // exact in the column that was not chosen
 * ```
 */
export function eim(table: Matrix, options: EimOptions = {}): EmpiricalInterpolation {
  const verb = "interpolate a table", { rows: m, columns: n, data } = table;
  const { maxTerms = Math.min(m, n), tolerance = 1e-10 } = options;
  if (data.length !== m * n) throw new ShapeError(`Cannot ${verb}: expected ${m * n} entries, got ${data.length}`);
  if (!(Number.isSafeInteger(maxTerms) && maxTerms >= 1 && maxTerms <= Math.min(m, n))) {
    throw new DomainError(`Cannot ${verb}: expected from 1 to ${Math.min(m, n)} terms, got ${maxTerms}`);
  }
  if (!(tolerance >= 0 && tolerance < 1)) {
    throw new DomainError(`Cannot ${verb}: expected a tolerance within [0, 1), got ${tolerance}`);
  }
  const R = data.slice(), rows: number[] = [], columns: number[] = [], errors: number[] = [];
  let pivot = largest(R), error = Math.abs(R[pivot]);
  if (!(error > 0 && error < Infinity)) {
    throw new DomainError(`Cannot ${verb}: expected finite entries that are not all zero, got the largest ${error}`);
  }
  errors.push(error);
  while (rows.length < maxTerms && error > tolerance * errors[0]) {
    const mu = Math.floor(pivot / n), a = pivot % n, q = R.slice(mu * n, (mu + 1) * n), value = q[a];
    rows.push(mu);
    columns.push(a);
    for (let i = 0; i < m; i++) {
      const row = R.subarray(i * n, (i + 1) * n);
      if (i === mu) row.fill(0);
      else {
        axpy(-row[a] / value, q, row);
        row[a] = 0;
      }
    }
    pivot = largest(R);
    error = Math.abs(R[pivot]);
    errors.push(error);
  }
  const d = rows.length, B: Matrix = { rows: d, columns: d, data: new Float64Array(d * d) };
  rows.forEach((mu, i) => columns.forEach((a, j) => B.data[i * d + j] = data[mu * n + a]));
  const factors: Lu = lu(B);
  return {
    rows: Uint32Array.from(rows),
    columns: Uint32Array.from(columns),
    errors: Float64Array.from(errors),
    next: Math.floor(pivot / n),
    weights: (values) => factors.solveTranspose(values),
  };
}

/** The place of the largest magnitude, or of the first NaN. */
function largest(R: Vector): number {
  let place = 0;
  for (let k = 0; k < R.length; k++) {
    const a = Math.abs(R[k]);
    if (!(a <= Math.abs(R[place]))) {
      place = k;
      if (a !== a) break;
    }
  }
  return place;
}
