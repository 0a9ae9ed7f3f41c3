/**
 * Sequences that are polynomials along residue classes: `a_{mt+r} = fᵣ(t)`, as 2, 1, 1, 4, 1, 1, 6, … with m = 3.
 *
 * @module
 */
import { extend, type Recurrence } from "./berlekamp_massey.ts";
import { type Rational, rational, rationals } from "./rational.ts";

/** A sequence that is a polynomial along each residue class of its index. */
export interface QuasiPolynomial {
  /** The number m of classes. */
  readonly period: number;
  /** For each class r, the coefficients of `fᵣ` by increasing power. */
  readonly classes: readonly (readonly Rational[])[];
}

/** The coefficients of the polynomial through `values` at 0, 1, …, by increasing power, without leading zeros. */
function interpolate(values: readonly Rational[]): Rational[] {
  const { add, subtract, multiply, divide, zero, one } = rationals;
  let differences = values.slice(), basis = [one]; // basis = t (t-1) … (t-k+1) / k!
  let result: Rational[] = [];
  for (let k = 0; differences.length > 0; k++) {
    const newton = basis.map((c) => multiply(c, differences[0]));
    result = newton.map((c, i) => add(c, result[i] ?? zero));
    differences = differences.slice(1).map((v, i) => subtract(v, differences[i]));
    const shift = rational(-k);
    basis = [zero, ...basis].map((c, i) => divide(add(c, multiply(shift, basis[i] ?? zero)), rational(k + 1)));
  }
  while (result.length > 0 && result[result.length - 1].numerator === 0n) result.pop();
  return result;
}

function valueAt(coefficients: readonly Rational[], t: number): Rational {
  const at = rational(t);
  return coefficients.reduceRight((sum, c) => rationals.add(rationals.multiply(sum, at), c), rationals.zero);
}

/**
 * The quasi-polynomial with the smallest period that a sequence with a recurrence is, if any.
 *
 * For the order L, a period m is tried with polynomials of degree below L. They satisfy a recurrence of order `m L`, so
 * that agreement with the sequence on `m L + L` terms is a proof.
 *
 * @throws {ShapeError} When there are fewer terms than the order.
 */
export function quasiPolynomial(
  terms: readonly Rational[],
  recurrence: Recurrence<Rational>,
): QuasiPolynomial | undefined {
  const L = recurrence.order, all = extend(terms, recurrence, L * (L + 1), rationals);
  for (let period = 1; period <= L; period++) {
    const classes = Array.from(
      { length: period },
      (_, r) => interpolate(Array.from({ length: L }, (_, t) => all[period * t + r])),
    );
    const agrees = all.slice(0, (period + 1) * L).every((a, n) =>
      rationals.equal(a, valueAt(classes[n % period], Math.floor(n / period)))
    );
    if (agrees) return { period, classes };
  }
  return undefined;
}
