/**
 * Rays that prove without rounding that a linear or quadratic program has no solution.
 *
 * A ray that was computed in floating-point numbers misses some equations by rounding. Which ones should hold is seen
 * from it: those that it nearly fulfills, for the unknowns that are not nearly 0. These equations are solved exactly,
 * the free unknowns being taken from the ray; and what comes out is checked exactly, on the program's own data, doubles
 * being the fractions that they are.
 *
 * Source: Applegate, Cook, Dash and Espinoza, Exact solutions to linear programming problems (2007), for supports that
 * are fixed and systems solved over the rationals.
 *
 * @module
 */
import type { SparseProgram } from "../constrained/mod.ts";
import { type Certificate, eachEntry, linearPart, normInf, type SparseMatrix, type Vector } from "../core/mod.ts";
import { pivotedQr, transposeSparse } from "../linalg/mod.ts";
import { type Rational, rational, rationals } from "./rational.ts";
import { solveRational } from "./solve_rational.ts";

const { add, multiply, zero } = rationals;

/** What counts as nearly 0, relative to the terms of a sum. */
const TOLERANCES = [1e-12, 1e-10, 1e-9, 1e-8, 1e-6];

/** Free unknowns are rounded to so many parts of the tolerance: short fractions make exact work short. */
const PARTS = 2 ** 10;

/** The most operations for an order by independence. */
const MOST_WORK = 2e8;

/**
 * Whether multipliers y prove that no x has `rowLower <= Ax <= rowUpper`, `lower <= x <= upper`: with `r = Aᵀy`,
 *
 *     Σⱼ rⱼ (lowerⱼ if rⱼ > 0, else upperⱼ) - Σᵢ yᵢ (rowUpperᵢ if yᵢ > 0, else rowLowerᵢ) > 0,
 *
 * all bounds in it being finite.
 *
 * @example Two rows that ask for x <= 1 and x >= 2
 * ```ts
 * import { provesInfeasible, rational } from "@gradus/gradus/exact";
 * import { fromTriplets } from "@gradus/gradus/linalg";
 * import { assert } from "@std/assert";
 *
 * const program = {
 *   kind: "linear-program" as const,
 *   objective: Float64Array.of(0),
 *   matrix: fromTriplets(2, 1, [0, 1], [0, 0], [1, 1]),
 *   rowLower: Float64Array.of(-Infinity, 2),
 *   rowUpper: Float64Array.of(1, Infinity),
 *   lower: Float64Array.of(-Infinity),
 *   upper: Float64Array.of(Infinity),
 * };
 * assert(provesInfeasible(program, [rational(1), rational(-1)]));
 * ```
 */
export function provesInfeasible(problem: SparseProgram, y: readonly Rational[]): boolean {
  const { matrix, rowLower, rowUpper, lower, upper } = linearPart(problem);
  let value: Rational = zero;
  const take = (factor: Rational, bound: number): boolean => {
    if (factor.numerator === 0n) return true;
    if (!Number.isFinite(bound)) return false;
    value = add(value, multiply(factor, rational(bound)));
    return true;
  };
  const rows = y.every((yi, i) => take(minus(yi), yi.numerator > 0n ? rowUpper[i] : rowLower[i]));
  return rows &&
    productOf(transposeSparse(matrix), y).every((r, j) => take(r, r.numerator > 0n ? lower[j] : upper[j])) &&
    value.numerator > 0n;
}

/**
 * Whether the objective falls for ever along a direction d, from any feasible point: `cᵀd < 0`, `Pd = 0`, and no finite
 * bound of `Ax` or x is met.
 */
export function provesUnbounded(problem: SparseProgram, d: readonly Rational[]): boolean {
  const { objective, matrix, rowLower, rowUpper, lower, upper } = linearPart(problem);
  const stays = (a: Rational, from: number, to: number): boolean =>
    (a.numerator >= 0n || from === -Infinity) && (a.numerator <= 0n || to === Infinity);
  const slope = d.reduce((s, a, j) => a.numerator === 0n ? s : add(s, multiply(a, rational(objective[j]))), zero);
  return slope.numerator < 0n && d.every((a, j) => stays(a, lower[j], upper[j])) &&
    productOf(matrix, d).every((a, i) => stays(a, rowLower[i], rowUpper[i])) &&
    (problem.kind === "linear-program" || productOf(problem.hessian, d).every((a) => a.numerator === 0n));
}

/** A ray near a given one by which the same is proved without rounding, or the word that there is none. */
export type ExactCertificate =
  | { readonly status: "exact"; readonly ray: readonly Rational[] }
  | { readonly status: "uncertified" };

/**
 * Makes a certificate exact: looks near its ray for one that `provesInfeasible` or `provesUnbounded` accepts.
 *
 * @example A ray whose thirds and sevenths were rounded
 * ```ts
 * import { exactCertificate, formatRational, rational } from "@gradus/gradus/exact";
 * import { fromTriplets } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const program = { // 3a = 7b, a and b positive, the more a the better
 *   kind: "linear-program" as const,
 *   objective: Float64Array.of(-1, 0),
 *   matrix: fromTriplets(1, 2, [0, 0], [0, 1], [3, -7]),
 *   rowLower: Float64Array.of(0),
 *   rowUpper: Float64Array.of(0),
 *   lower: Float64Array.of(0, 0),
 *   upper: Float64Array.of(Infinity, Infinity),
 * };
 * const found = exactCertificate(program, { proves: "unbounded", ray: Float64Array.of(1 / 3, 1 / 7) });
 * assertEquals(found.status === "exact" && formatRational(rational(found.ray[1], found.ray[0])), "3/7");
 * ```
 */
export function exactCertificate(
  problem: SparseProgram,
  { proves, ray }: Pick<Certificate, "proves" | "ray">,
): ExactCertificate {
  const exact = proves === "infeasible" ? exactMultipliers(problem, ray) : exactDirection(problem, ray);
  return exact ? { status: "exact", ray: exact } : { status: "uncertified" };
}

/** Multipliers near the given ones for which `provesInfeasible` holds, if such are found. */
function exactMultipliers(problem: SparseProgram, multipliers: Vector): readonly Rational[] | undefined {
  const { matrix, lower, upper } = linearPart(problem), transposed = transposeSparse(matrix);
  const isTight = (j: number): boolean => lower[j] === -Infinity || upper[j] === Infinity;
  return firstThat(
    multipliers,
    (tolerance, order) => nearby([[transposed, isTight]], multipliers, tolerance, order),
    (y) => provesInfeasible(problem, y),
  );
}

/** A direction near the given one for which `provesUnbounded` holds, if one is found. */
function exactDirection(problem: SparseProgram, direction: Vector): readonly Rational[] | undefined {
  const { matrix, rowLower, rowUpper } = linearPart(problem);
  const isTight = (i: number): boolean => rowLower[i] > -Infinity || rowUpper[i] < Infinity;
  const equations: Equations[] = [[matrix, isTight]];
  if (problem.kind === "quadratic-program") equations.push([problem.hessian, () => true]);
  return firstThat(
    direction,
    (tolerance, order) => nearby(equations, direction, tolerance, order),
    (d) => provesUnbounded(problem, d),
  );
}

function firstThat(
  given: Vector,
  make: (tolerance: number, order: Order) => readonly Rational[],
  proves: (ray: readonly Rational[]) => boolean,
): readonly Rational[] | undefined {
  const asGiven = Array.from(given, (a) => rational(a));
  if (proves(asGiven)) return asGiven;
  for (const order of [bySize, byIndependence]) {
    for (const tolerance of TOLERANCES) {
      const ray = make(tolerance, order);
      if (proves(ray)) return ray;
    }
  }
  return undefined;
}

/** Rows of a matrix, and which of them may have to vanish. */
type Equations = readonly [SparseMatrix, (row: number) => boolean];

/** The columns of equations in the order in which they are tried as those that are solved for. */
type Order = (rows: number, columns: number, entries: readonly Entry[], v: Vector) => ArrayLike<number>;

/** Row, column, coefficient. */
type Entry = readonly [number, number, number];

/** Large unknowns come first. */
const bySize: Order = (_rows, columns, _entries, v) =>
  Array.from({ length: columns }, (_, j) => j).sort((a, b) => Math.abs(v[b]) - Math.abs(v[a]));

/**
 * Those come first that are far from dependent in units of the unknowns, so that small errors of the others do not
 * grow: the pivots of a QR factorization. Too many equations stay as they are.
 */
const byIndependence: Order = (rows, columns, entries, v) => {
  const order = bySize(rows, columns, entries, v);
  if (rows * rows * columns > MOST_WORK) return order;
  const data = new Float64Array(rows * columns), terms = new Float64Array(rows);
  for (const [i, j, a] of entries) terms[i] += Math.abs(a * v[j]);
  for (const [i, j, a] of entries) data[i * columns + j] += a * v[j] / terms[i];
  return pivotedQr({ rows, columns, data }).permutation;
};

/**
 * The unknowns that are not nearly 0: in comparison with the largest one, or with the terms of a row in which only the
 * smaller ones balance the others.
 */
function support(equations: readonly Equations[], v: Vector, tolerance: number): number[] {
  const largest = normInf(v), isKept = Uint8Array.from(v, (a) => Number(Math.abs(a) > tolerance * largest));
  for (const [matrix, mayVanish] of equations) {
    for (let i = 0; i < matrix.rows; i++) {
      let sum = 0, terms = 0, rest = 0;
      eachEntry(matrix, i, (j, a) => {
        sum += a * v[j];
        terms += Math.abs(a * v[j]);
        if (!isKept[j]) rest += a * v[j];
      });
      if (!mayVanish(i) || Math.abs(sum) > tolerance * terms || Math.abs(rest) <= tolerance * terms) continue;
      eachEntry(matrix, i, (j, a) => Math.abs(a * v[j]) > tolerance * terms && (isKept[j] = 1));
    }
  }
  return [...v.keys()].filter((j) => isKept[j]);
}

/** A vector near v on which those rows vanish that nearly do on v. */
function nearby(
  equations: readonly Equations[],
  v: Vector,
  tolerance: number,
  order: Order,
): readonly Rational[] {
  const largest = normInf(v), kept = support(equations, v, tolerance);
  const place = new Map(kept.map((j, k) => [j, k])), entries: Entry[] = [];
  let rows = 0;
  for (const [matrix, mayVanish] of equations) {
    for (let i = 0; i < matrix.rows; i++) {
      let sum = 0, terms = 0;
      eachEntry(matrix, i, (j, a) => {
        if (!place.has(j)) return;
        sum += a * v[j];
        terms += Math.abs(a * v[j]);
      });
      if (terms === 0 || !mayVanish(i) || Math.abs(sum) > tolerance * terms) continue;
      eachEntry(matrix, i, (j, a) => place.has(j) && entries.push([rows, place.get(j)!, a]));
      rows++;
    }
  }
  const unit = 2 ** Math.ceil(Math.log2(PARTS / tolerance));
  const rounded = kept.map((j) => rational(Math.round(v[j] / largest * unit), unit));
  const ray: Rational[] = Array(v.length).fill(zero);
  if (rows === 0) {
    kept.forEach((j, k) => ray[j] = rounded[k]);
    return ray;
  }
  const columns = order(rows, kept.length, entries, Float64Array.from(kept, (j) => v[j]));
  const rank = new Uint32Array(kept.length);
  for (let k = 0; k < rank.length; k++) rank[columns[k]] = k;
  const ordered = entries.map(([i, k, a]): Entry => [i, rank[k], a]);
  const { nullspace, free } = solveRational({ rows, columns: kept.length, entries: ordered }, Array(rows).fill(0));
  free.forEach((f, k) => {
    nullspace[k].forEach((a, at) => {
      const j = kept[columns[at]];
      if (a.numerator !== 0n) ray[j] = add(ray[j], multiply(a, rounded[columns[f]]));
    });
  });
  return ray;
}

function productOf(A: SparseMatrix, x: readonly Rational[]): Rational[] {
  return Array.from({ length: A.rows }, (_, i) => {
    let sum: Rational = zero;
    eachEntry(A, i, (j, a) => {
      if (x[j].numerator !== 0n) sum = add(sum, multiply(x[j], rational(a)));
    });
    return sum;
  });
}

function minus({ numerator, denominator }: Rational): Rational {
  return { numerator: -numerator, denominator };
}
