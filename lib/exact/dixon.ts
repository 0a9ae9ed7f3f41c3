/**
 * Dixon's p-adic lifting: a square system over the rational numbers with one factorization modulo one prime.
 *
 * ```
 * r₀ = b;   xₖ = A⁻¹ rₖ mod p,   rₖ₊₁ = (rₖ - A xₖ) / p        the division leaves no rest
 * A (x₀ + x₁ p + … + xₖ₋₁ pᵏ⁻¹) = b  modulo pᵏ;   fractions are read off from that, and A x = b is checked in integers
 * ```
 *
 * The residual stays as small as `n max|A| + |b| / pᵏ`; each digit costs two triangular solves and one product.
 *
 * Source: Dixon, Exact solution of linear equations using p-adic expansions, Numerische Mathematik 40 (1982) 137-141.
 *
 * @module
 */
import { GradusError, ShapeError, SingularMatrixError } from "../core/mod.ts";
import { type LuModulo, luModulo } from "./lu_modulo.ts";
import { largePrimes } from "./prime_field.ts";
import type { Exact, Rational } from "./rational.ts";
import { commonDenominator, type RationalMatrix, rowsModulo, type SparseRows, wholeRows } from "./rational_matrix.ts";
import { fractionsModulo } from "./reconstruct.ts";
import { rrefRational } from "./solve_rational.ts";

/** The solution of a square system, and how far it was lifted. */
export interface DixonSolution {
  /** The solution. */
  readonly x: readonly Rational[];
  /** The prime. */
  readonly p: number;
  /** How many p-adic digits were computed. */
  readonly digits: number;
}

/**
 * The solution of `A x = b` over the rational numbers, for a square matrix with an inverse.
 *
 * @throws {SingularMatrixError} When `A` has no inverse; its pivot is the first column that depends on those before.
 * @throws {ShapeError} When `A` is not square, or `b` has another length.
 * @throws {DomainError} On an entry that is not finite.
 *
 * @example Two equations
 * ```ts
 * import { dixonSolve, formatRational } from "@gradus/gradus/exact";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(dixonSolve([[1, 2], [3, 4]], [5, 6]).x.map(formatRational), ["-4", "9/2"]);
 * ```
 */
export function dixonSolve(A: RationalMatrix, b: readonly Exact[]): DixonSolution {
  const { columns, rows } = wholeRows("solve a system", A, b), n = columns - 1;
  if (rows.length !== n) {
    throw new ShapeError(`Cannot solve a system: expected a square matrix, got ${rows.length} x ${n}`);
  }
  const system = rows.map(({ places, values }) =>
    places[places.length - 1] === n
      ? { row: { places: places.slice(0, -1), values: values.slice(0, -1) }, right: values[values.length - 1] }
      : { row: { places, values }, right: 0n }
  );
  const whole = { columns: n, rows: system.map(({ row }) => row) }, right = system.map((equation) => equation.right);
  const { p, factors } = factor(A, whole);
  return lift(whole, right, p, factors);
}

/** A prime modulo which `A` has an inverse, and its factors. */
function factor(A: RationalMatrix, whole: SparseRows<readonly bigint[]>): { p: number; factors: LuModulo } {
  let known = false;
  for (const p of largePrimes()) {
    try {
      return { p, factors: luModulo(rowsModulo(whole, p), p) };
    } catch (error) {
      if (!(error instanceof SingularMatrixError)) throw error;
      if (!known) {
        const { free } = rrefRational(A);
        if (free.length > 0) {
          throw new SingularMatrixError(
            `Cannot solve a system: expected independent columns, but column ${free[0]} depends on those before`,
            free[0],
          );
        }
      }
      known = true; // it has an inverse: p divides its determinant, another prime will not
    }
  }
  throw new GradusError("Cannot solve a system: every prime below 2^31 divides its determinant");
}

function lift(A: SparseRows<readonly bigint[]>, b: readonly bigint[], p: number, factors: LuModulo): DixonSolution {
  const n = A.columns, big = BigInt(p), residual = [...b], values: bigint[] = Array(n).fill(0n);
  const digit = new Int32Array(n), digitBig: bigint[] = Array(n).fill(0n);
  let modulus = 1n, next = 2;
  for (let digits = 1;; digits++) {
    for (let i = 0; i < n; i++) digit[i] = Number((residual[i] % big + big) % big);
    factors.solve(digit);
    for (let j = 0; j < n; j++) values[j] += modulus * (digitBig[j] = BigInt(digit[j]));
    A.rows.forEach((row, i) => residual[i] = (residual[i] - product(row.places, row.values, digitBig)) / big);
    modulus *= big;
    if (digits < next) continue;
    next = Math.ceil(1.2 * digits) + 1; // trying is dear: a fifth more digits each time
    const x = read(values, modulus);
    if (x && solves(A, b, x)) return { x, p, digits };
  }
}

function product(places: Uint32Array, values: readonly bigint[], x: readonly bigint[]): bigint {
  let sum = 0n;
  for (let k = 0; k < values.length; k++) sum += values[k] * x[places[k]];
  return sum;
}

function read(values: readonly bigint[], modulus: bigint): readonly Rational[] | undefined {
  const fraction = fractionsModulo(modulus), x: Rational[] = [];
  for (const value of values) {
    const found = fraction(value);
    if (!found) return undefined;
    x.push(found);
  }
  return x;
}

/** Whether `A x = b`, in integers. */
function solves(A: SparseRows<readonly bigint[]>, b: readonly bigint[], x: readonly Rational[]): boolean {
  const multiple = commonDenominator(x);
  const whole = x.map(({ numerator, denominator }) => numerator * (multiple / denominator));
  return A.rows.every(({ places, values }, i) => product(places, values, whole) === multiple * b[i]);
}
