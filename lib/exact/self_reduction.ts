/**
 * Polynomial relations that hold between values of an unknown function at related points, or between the variables of a
 * program, found from samples; and what they are good for: to compute a function right from an oracle that is sometimes
 * wrong.
 *
 * ```
 * queries f(x), f(y), f(x+y), f(x-y);   monomials of them up to a degree, in graded order
 * a monomial that depends on those before it, by least squares over samples:  m = Σ c m′
 * c small are dropped, the others rounded to fractions of small denominators;  what then holds at fresh points is a relation
 * multiples of such a monomial are passed over: their relations follow
 *
 * f(x) = median over random r of the value that a relation gives from f at random points, as exp x = f(x+r)/f(r)
 * ```
 *
 * Source: Erata, Paradise, Antonopoulos, Nguyen, Goldwasser and Piskac, Learning Randomized Reductions and Program
 * Properties (2024), arXiv 2412.18134; correction by random self-reductions is Blum, Luby and Rubinfeld's (1993).
 *
 * @module
 */
import {
  axpy,
  DomainError,
  dot,
  isFiniteVector,
  type Matrix,
  norm2,
  type Rng,
  rng,
  ShapeError,
  uniform,
  type Vector,
} from "../core/mod.ts";
import { lstsq } from "../linalg/mod.ts";

/** A coefficient and what it multiplies. */
export interface RelationTerm {
  /** An integer. */
  readonly numerator: number;
  /** A positive integer. */
  readonly denominator: number;
  /** The exponent of each quantity. */
  readonly exponents: readonly number[];
}

/** A relation `Σ c m = 0`; the first term is the leading one, with the coefficient 1. */
export interface Relation {
  /** The terms. */
  readonly terms: readonly RelationTerm[];
  /** As `f(x) f(y) = f(x+y)`. */
  readonly text: string;
}

/** What relations to look for. */
export interface RelationOptions {
  /** The degree of monomials. Default 2. */
  readonly degree?: number;
  /** The largest denominator of a coefficient. Default 12. */
  readonly maxDenominator?: number;
  /** How well a relation has to hold at fresh points, relative to the size of its terms. Default 1e-9. */
  readonly tolerance?: number;
}

/** Where to ask. */
export interface ReductionOptions extends RelationOptions {
  /** x and y are drawn between these. Default -2 and 2. */
  readonly lower?: number;
  /** See `lower`. */
  readonly upper?: number;
  /** Default 0. */
  readonly seed?: number;
}

/** The queries of a reduction. */
const QUERIES = ["f(x)", "f(y)", "f(x+y)", "f(x-y)"];

/** Samples for each monomial, and fresh points for the check. */
const SAMPLES = 5, FRESH = 1000;

/**
 * Relations between f(x), f(y), f(x+y) and f(x-y); none for a function that is constant.
 *
 * @throws {DomainError} When f gives a number that is not finite, or an option is out of range.
 *
 * @example The exponential function
 * ```ts
 * import { learnReduction } from "@gradus/gradus/exact";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(learnReduction(Math.exp).map(({ text }) => text), [
 *   "f(x) f(y) = f(x+y)",
 *   "f(y) f(x-y) = f(x)",
 *   "f(x+y) f(x-y) = f(x)^2",
 * ]);
 * ```
 */
export function learnReduction(
  f: (x: number) => number,
  { lower = -2, upper = 2, seed = 0, ...options }: ReductionOptions = {},
): Relation[] {
  if (!(lower < upper && upper - lower < Infinity)) {
    throw new DomainError(
      `Cannot learn a reduction: expected a lower bound below the upper one, got ${lower}, ${upper}`,
    );
  }
  const random = rng(seed), count = monomials(QUERIES.length, checkDegree(options)).length;
  const draw = (rows: number): Matrix => {
    const data = new Float64Array(4 * rows);
    for (let i = 0; i < rows; i++) {
      const x = lower + (upper - lower) * uniform(random), y = lower + (upper - lower) * uniform(random);
      data.set([f(x), f(y), f(x + y), f(x - y)], 4 * i);
    }
    return { rows, columns: 4, data };
  };
  const samples = draw(SAMPLES * count);
  if (samples.data.every((value) => value === samples.data[0])) return [];
  return relations(samples, draw(FRESH), QUERIES, options);
}

/**
 * Relations between the variables of a program from states that it passed through, one to a row; every other state is
 * kept for the check.
 *
 * @throws {ShapeError} When there are not as many names as columns.
 * @throws {DomainError} When a state is not finite, there are fewer states than twice the monomials, or an option is
 * out of range.
 */
export function learnInvariant(states: Matrix, names: readonly string[], options: RelationOptions = {}): Relation[] {
  const { rows, columns, data } = states, count = monomials(columns, checkDegree(options)).length;
  if (names.length !== columns || data.length !== rows * columns) {
    throw new ShapeError(
      `Cannot learn an invariant: expected ${rows} x ${names.length} numbers, got ${rows} x ${columns}`,
    );
  }
  if (rows < 2 * count) {
    throw new DomainError(`Cannot learn an invariant: expected at least ${2 * count} states, got ${rows}`);
  }
  const half = (first: number): Matrix => {
    const kept = Array.from({ length: rows }, (_, i) => i).filter((i) => i % 2 === first);
    return {
      rows: kept.length,
      columns,
      data: Float64Array.from(kept.flatMap((i) => [...data.subarray(i * columns, (i + 1) * columns)])),
    };
  };
  return relations(half(0), half(1), names, options);
}

/** How to correct. */
export interface SelfCorrectOptions {
  /** Values whose median is taken. Default 41. */
  readonly repeats?: number;
  /** Draws r. Default uniform between -1 and 1. */
  readonly draw?: (random: Rng) => number;
  /** Default 0. */
  readonly seed?: number;
}

/**
 * The median over random r of `reduction(f, x, r)`, which computes f(x) from f at points that are random, so that an
 * oracle which is wrong at few points is seldom asked there.
 *
 * @throws {DomainError} When `repeats` is not a positive integer.
 */
export function selfCorrect(
  f: (x: number) => number,
  x: number,
  reduction: (f: (x: number) => number, x: number, r: number) => number,
  { repeats = 41, draw = (random) => 2 * uniform(random) - 1, seed = 0 }: SelfCorrectOptions = {},
): number {
  if (!(Number.isSafeInteger(repeats) && repeats > 0)) {
    throw new DomainError(`Cannot correct a function: expected a positive number of repeats, got ${repeats}`);
  }
  const random = rng(seed), values = Float64Array.from({ length: repeats }, () => reduction(f, x, draw(random))).sort();
  return (values[(repeats - 1) >> 1] + values[repeats >> 1]) / 2;
}

/** A column that keeps less than this share of its length apart from those before depends on them. */
const DEPENDENT = 1e-9;

function relations(samples: Matrix, fresh: Matrix, names: readonly string[], options: RelationOptions): Relation[] {
  const { maxDenominator = 12, tolerance = 1e-9 } = options, found: Relation[] = [];
  if (!isFiniteVector(samples.data) || !isFiniteVector(fresh.data)) {
    throw new DomainError("Cannot learn a relation: expected finite numbers");
  }
  // independent monomials: their values, divided by their lengths, and an orthonormal basis of these
  const kept: { exponents: readonly number[]; column: Vector; length: number }[] = [], basis: Vector[] = [];
  const leading: (readonly number[])[] = [];
  for (const exponents of monomials(samples.columns, checkDegree(options))) {
    if (leading.some((other) => other.every((power, q) => power <= exponents[q]))) continue;
    const column = valuesOf(samples, exponents), length = norm2(column);
    if (length === 0) continue;
    for (let i = 0; i < column.length; i++) column[i] /= length;
    const rest = column.slice();
    for (let pass = 0; pass < 2; pass++) for (const q of basis) axpy(-dot(q, rest), q, rest);
    const apart = norm2(rest);
    if (apart > DEPENDENT) {
      kept.push({ exponents, column, length });
      basis.push(rest.map((v) => v / apart));
      continue;
    }
    leading.push(exponents);
    const design = { rows: samples.rows, columns: kept.length, data: new Float64Array(samples.rows * kept.length) };
    for (const [k, other] of kept.entries()) {
      for (let i = 0; i < samples.rows; i++) design.data[i * kept.length + k] = other.column[i];
    }
    const coefficients = lstsq(design, column).x;
    const terms: (RelationTerm | undefined)[] = [{ numerator: 1, denominator: 1, exponents }];
    for (const [k, other] of kept.entries()) {
      if (Math.abs(coefficients[k]) < 1e-6) continue; // of a column of length 1
      terms.push(fraction(-coefficients[k] * length / other.length, maxDenominator, other.exponents));
    }
    const whole = terms.filter((term) => term !== undefined);
    if (whole.length === terms.length && holds(whole, fresh, tolerance)) {
      found.push({ terms: whole, text: textOf(whole, names) });
    }
  }
  return found;
}

/** The fraction of the least denominator that is next to a number. */
function fraction(value: number, most: number, exponents: readonly number[]): RelationTerm | undefined {
  for (let denominator = 1; denominator <= most; denominator++) {
    const numerator = Math.round(value * denominator);
    if (numerator !== 0 && Math.abs(value * denominator - numerator) <= 1e-5 * Math.max(1, Math.abs(numerator))) {
      return { numerator, denominator, exponents };
    }
  }
}

function holds(terms: readonly RelationTerm[], { rows, columns, data }: Matrix, tolerance: number): boolean {
  for (let i = 0; i < rows; i++) {
    let sum = 0, size = 0;
    for (const { numerator, denominator, exponents } of terms) {
      let product = numerator / denominator;
      for (let q = 0; q < columns; q++) product *= data[i * columns + q] ** exponents[q];
      sum += product;
      size += Math.abs(product);
    }
    if (!(Math.abs(sum) <= tolerance * size)) return false;
  }
  return true;
}

function valuesOf({ rows, columns, data }: Matrix, exponents: readonly number[]): Vector {
  const out = new Float64Array(rows).fill(1);
  for (let i = 0; i < rows; i++) for (let q = 0; q < columns; q++) out[i] *= data[i * columns + q] ** exponents[q];
  return out;
}

/** The exponents of all monomials up to a degree, by degree, and within one with the first quantities first. */
function monomials(quantities: number, degree: number): number[][] {
  const ofDegree = (count: number, total: number): number[][] =>
    count === 1 ? [[total]] : Array.from({ length: total + 1 }, (_, k) => total - k)
      .flatMap((power) => ofDegree(count - 1, total - power).map((others) => [power, ...others]));
  return Array.from({ length: degree + 1 }, (_, total) => ofDegree(quantities, total)).flat();
}

function checkDegree({ degree = 2, maxDenominator = 12 }: RelationOptions): number {
  for (const [what, value] of Object.entries({ degree, maxDenominator })) {
    if (!(Number.isSafeInteger(value) && value > 0)) {
      throw new DomainError(`Cannot learn a relation: expected a positive integer for ${what}, got ${value}`);
    }
  }
  return degree;
}

/** `leading = others`. */
function textOf([first, ...others]: readonly RelationTerm[], names: readonly string[]): string {
  const product = (exponents: readonly number[]): string =>
    exponents.flatMap((power, q) => power === 0 ? [] : [power === 1 ? names[q] : `${names[q]}^${power}`]).join(" ");
  const right = others.map(({ numerator, denominator, exponents }, k) => {
    const sign = numerator < 0 ? k === 0 ? "" : " + " : k === 0 ? "-" : " - ", size = Math.abs(numerator);
    const coefficient = denominator === 1 ? `${size}` : `${size}/${denominator}`, monomial = product(exponents);
    return sign + (monomial === "" ? coefficient : coefficient === "1" ? monomial : `${coefficient} ${monomial}`);
  });
  return `${product(first.exponents)} = ${right.length === 0 ? "0" : right.join("")}`;
}
