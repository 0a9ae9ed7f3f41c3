/**
 * Limits of powers of a parametrized matrix, such as inverses and log-determinants, from their values at a few
 * parameters.
 *
 * ```
 * A(μ) = Σ_r θ_r(μ) A_r:   A(μ)^k = Σ_{|a| = k} θ(μ)^a C_a,   the C_a unknown
 * empirical interpolation of the table f(μ, a) = ρ^|a| θ(μ)^a, |a| <= degree:   f(μ, a) ≈ Σ_l λ_l(μ) f(μ_l, a) for all a
 * hence for every Q that is linear in the powers, or a limit of such:   Q(μ) ≈ Σ_l λ_l(μ) Q(μ_l)
 * ```
 *
 * The matrices A_r need not be known, nor A: only θ, and Q at the chosen parameters μ_l. Weighting the columns by the
 * decay ρ of the series spends the terms on the low powers.
 *
 * Source: Nonintrusive approximation of parametrized limits of matrix power algorithms: application to matrix inverses
 * and log-determinants (2017), arXiv 1710.02488, sections 2 and 3.
 *
 * @module
 */
import { axpy, DomainError, type Matrix, norm2, ShapeError, type Vector } from "../core/mod.ts";
import { eim, type EmpiricalInterpolation } from "./empirical_interpolation.ts";

/** How the matrix depends on its parameters, and where Q may be asked. */
export interface AffineParameters {
  /** `θ(μ)`, the coefficients. */
  readonly theta: (mu: Vector) => ArrayLike<number>;
  /** The parameters to choose from, one in each row. */
  readonly parameters: Matrix;
}

/** Options of `eimLimit`. */
export interface EimLimitOptions {
  /** d, at most so many parameters are chosen. */
  readonly terms: number;
  /** The highest power. Default 8. */
  readonly degree?: number;
  /** ρ, by which a power counts less than the one before. Default 0.3. */
  readonly decay?: number;
  /** Whether Q is asked at one more parameter, the one that would come next, to see the error there. Default false. */
  readonly validate?: boolean;
}

/** An interpolation of Q. */
export interface LimitApproximation {
  /** The rows of the parameters at which Q was asked. */
  readonly sites: Uint32Array;
  /** The largest error of the weighted table of powers after 0, 1, …, d terms. */
  readonly errors: Vector;
  /**
   * `|Q(μ) - Σ λ_l(μ) Q(μ_l)|/|Q(μ)|` at the parameter that would come next, if that was asked for. Unlike `errors` it
   * tells when the dependence is not as θ says.
   */
  readonly validation?: number;
  /**
   * The approximation of `Q(μ)`.
   *
   * @throws {DomainError} When θ(μ) is not finite.
   */
  readonly evaluate: (mu: Vector) => Vector;
}

/**
 * Approximates Q, a matrix as a vector of its entries, or a number as a vector of one.
 *
 * @throws {ShapeError} When Q or θ have not the same length everywhere.
 * @throws {DomainError} When θ or Q is not finite at a parameter (as where A is singular), or an option is out of
 * range.
 *
 * @example The reciprocal of a number that depends on two parameters
 * ```ts
 * import { eimLimit } from "@gradus/gradus/reduce";
 * import { matrix } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const parameters = matrix(121, 2, Array.from({ length: 242 }, (_, k) => (k % 2 ? k % 11 : Math.floor(k / 22)) / 5 - 1));
 * const theta = ([x, y]: Float64Array) => [1, 0.1 * x, 0.1 * y];
 * const Q = ([x, y]: Float64Array) => Float64Array.of(1 / (2 + 0.1 * x - 0.1 * y));
 * const { evaluate } = eimLimit({ theta, parameters }, Q, { terms: 10 });
 * assertAlmostEquals(evaluate(Float64Array.of(0.33, -0.71))[0], 1 / 2.104, 1e-6);
 * ```
 */
export function eimLimit(
  { theta, parameters }: AffineParameters,
  Q: (mu: Vector) => Vector,
  options: EimLimitOptions,
): LimitApproximation {
  const verb = "interpolate limits of powers", { terms, degree = 8, decay = 0.3, validate = false } = options;
  if (!(Number.isSafeInteger(degree) && degree >= 0)) {
    throw new DomainError(`Cannot ${verb}: expected a whole degree, got ${degree}`);
  }
  if (!(decay > 0 && decay <= 1)) throw new DomainError(`Cannot ${verb}: expected a decay in (0, 1], got ${decay}`);
  if (parameters.rows < 1) throw new DomainError(`Cannot ${verb}: expected at least one parameter, got none`);
  const at = (l: number): Vector => parameters.data.subarray(l * parameters.columns, (l + 1) * parameters.columns);
  const exponents = exponentsUpTo(theta(at(0)).length, degree);
  const powers = (mu: Vector, columns: ArrayLike<number>): Vector => {
    const coefficients = theta(mu), values = new Float64Array(columns.length);
    if (coefficients.length !== exponents[0].length) {
      throw new ShapeError(
        `Cannot ${verb}: expected ${exponents[0].length} coefficients, got ${coefficients.length} at μ = ${mu}`,
      );
    }
    for (let k = 0; k < columns.length; k++) {
      values[k] = exponents[columns[k]].reduce((f, power, r) => f * (decay * coefficients[r]) ** power, 1);
      if (!Number.isFinite(values[k])) {
        throw new DomainError(`Cannot ${verb}: expected finite θ, got others at μ = ${mu}`);
      }
    }
    return values;
  };
  const all = exponents.map((_, a) => a), table = new Float64Array(parameters.rows * all.length);
  for (let l = 0; l < parameters.rows; l++) table.set(powers(at(l), all), l * all.length);
  const chosen: EmpiricalInterpolation = eim(
    { rows: parameters.rows, columns: all.length, data: table },
    { maxTerms: Math.min(terms, parameters.rows, all.length) },
  );
  const values = Array.from(chosen.rows, (l) => asked(verb, Q, at(l)));
  const size = values[0].length, wrong = values.find(({ length }) => length !== size);
  if (wrong) throw new ShapeError(`Cannot ${verb}: expected values of ${size} entries, got ${wrong.length}`);
  const evaluate = (mu: Vector): Vector => {
    const lambda = chosen.weights(powers(mu, chosen.columns)), sum = new Float64Array(size);
    values.forEach((value, l) => axpy(lambda[l], value, sum));
    return sum;
  };
  const found = { sites: chosen.rows, errors: chosen.errors, evaluate };
  if (!validate) return found;
  const truth = asked(verb, Q, at(chosen.next)), guess = evaluate(at(chosen.next));
  return { ...found, validation: norm2(guess.map((value, k) => value - truth[k])) / norm2(truth) };
}

function asked(verb: string, Q: (mu: Vector) => Vector, mu: Vector): Vector {
  const value = Q(mu).slice();
  if (norm2(value) < Infinity) return value;
  throw new DomainError(`Cannot ${verb}: expected finite values, got others at μ = ${mu}`);
}

/** All vectors of r whole numbers with a sum of at most the degree, by their sum. */
function exponentsUpTo(r: number, degree: number): number[][] {
  const withSum = (length: number, sum: number): number[][] =>
    length === 1
      ? [[sum]]
      : Array.from({ length: sum + 1 }, (_, k) => withSum(length - 1, sum - k).map((rest) => [k, ...rest])).flat();
  return Array.from({ length: degree + 1 }, (_, sum) => r === 0 ? [] : withSum(r, sum)).flat();
}
