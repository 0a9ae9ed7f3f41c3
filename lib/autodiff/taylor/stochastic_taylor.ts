/**
 * Estimates of differential operators in high dimension from Taylor coefficients along random curves.
 *
 * One jet of order k costs `O(k²)` evaluations whatever the dimension, and gives one contraction of the derivative
 * tensor. If `E v₁ ⊗ … ⊗ vₖ` is the coefficient tensor of an operator, then the contraction with `v₁ … vₖ` has its
 * value as expectation:
 *
 * ```
 * Δf  = E D²f[v, v]             E v vᵀ = I: v = √d eⱼ for random j (sparse), or with random signs, or Gaussian (dense)
 * Δ²f = E D⁴f[v, v, v, v] / 3   v Gaussian
 * Σ c ∂ᵅf = C E sign(c) ∂ᵅf       C = Σ |c|, terms drawn with probability |c| / C
 * ```
 *
 * A mixed partial derivative is one coefficient of one jet: with `x(t) = x + Σ eᵢ tᵖⁱ` the coefficient of t to the
 * power `Σ αᵢ pᵢ` is `∂ᵅf / α!` if no other α has the same sum; the smallest such exponents are searched for.
 *
 * The sparse estimate errs by the spread of the diagonal of the Hessian, and has every entry of it in the end; signs
 * err by what stands off the diagonal.
 *
 * Source: Shi, Hu, Lin and Kawaguchi, Stochastic Taylor derivative estimator: efficient amortization for arbitrary
 * differential operators (2024), arXiv:2412.00088. Signs: Hutchinson (1990).
 *
 * @module
 */
import {
  DomainError,
  fillNormal,
  fillRademacher,
  type Rng,
  sampleWithoutReplacement,
  uniform,
} from "../../core/mod.ts";
import { compile } from "../compile/compile.ts";
import { callerLine } from "../errors.ts";
import { multiply } from "../operations/arithmetic.ts";
import { trace } from "../trace.ts";
import { asNumber, type Operand } from "../values.ts";
import { jet } from "./jet.ts";

/** How directions are drawn. */
export type Probes = "sparse" | "rademacher" | "gaussian";

/** Options of stochastic Taylor estimates. */
export interface StochasticTaylorOptions {
  /** Where random numbers come from; it is advanced. */
  readonly rng: Rng;
  /** How many directions or terms are drawn. Default: 16. */
  readonly samples?: number;
}

/** Options of `stdeLaplacian`. */
export interface LaplacianOptions extends StochasticTaylorOptions {
  /** Unit vectors without repetition, or random signs, or normal numbers. Default: sparse. */
  readonly probes?: Probes;
}

/** An estimate and how far it may be off. */
export interface TaylorEstimate {
  /** The mean of the samples. */
  readonly value: number;
  /** The standard deviation of the mean, estimated from the samples; NaN for one sample. */
  readonly standardError: number;
}

/**
 * The derivative `Dᵏf(x)[v, …, v]` of order k along v.
 *
 * @throws {DomainError} When the order is not a positive whole number.
 *
 * @example The fourth derivative along a direction
 * ```ts
 * import { directionalDerivative, type Operand, power, sum } from "@gradus/gradus/autodiff";
 * import { assertEquals } from "@std/assert";
 *
 * const f = (x: Operand) => sum(power(x, 4)), x = Float64Array.of(1, 2);
 * assertEquals(directionalDerivative(f, x, Float64Array.of(1, 2), 4), 24 * (1 + 16));
 * ```
 */
export function directionalDerivative(f: (x: Operand) => Operand, x: Operand, v: Operand, order: number): Operand {
  checkCount("differentiate along a direction", "an order", order, 1);
  const series = Array.from({ length: order }, (_, k) => k === 0 ? v : null);
  return multiply(factorial(order), jet(f, x, series).series[order - 1] as Operand);
}

function factorial(k: number): number {
  return k < 2 ? 1 : k * factorial(k - 1);
}

function checkCount(verb: string, what: string, count: number, low: number, high: number = Infinity): void {
  if (Number.isSafeInteger(count) && count >= low && count <= high) return;
  const range = high === Infinity ? `at least ${low}` : `from ${low} to ${high}`;
  throw new DomainError(`Cannot ${verb}: expected ${what} ${range}, got ${count}${callerLine()}`);
}

/** Mean and standard error of samples; `share` is the part of a finite population that was seen. */
function estimate(samples: Float64Array, share: number): TaylorEstimate {
  const m = samples.length;
  let value = 0, squares = 0;
  for (const sample of samples) value += sample / m;
  for (const sample of samples) squares += (sample - value) ** 2;
  return { value, standardError: Math.sqrt(squares / (m - 1) / m * (1 - share)) };
}

/** Derivatives of an order along directions that `draw` writes. */
function along(
  f: (x: Operand) => Operand,
  x: Float64Array,
  order: number,
  samples: number,
  draw: (i: number, v: Float64Array) => void,
): Float64Array {
  const program = compile(trace((y: Operand, v: Operand) => directionalDerivative(f, y, v, order), x, x));
  const v = new Float64Array(x.length), out = [new Float64Array(1)];
  return Float64Array.from({ length: samples }, (_, i) => {
    draw(i, v);
    return asNumber(program.run([x, v], out)[0][0]);
  });
}

/**
 * An estimate of the Laplacian `Δf(x)` from second derivatives along random directions. Its variance falls as 1 /
 * samples; the memory is that of one second-order jet. With sparse probes and as many samples as dimensions it is
 * exact.
 *
 * @throws {DomainError} When there is no sample, or more unit vectors than dimensions.
 *
 * @example Exact for a separable function, whatever the signs
 * ```ts
 * import { type Operand, stdeLaplacian, square, sum } from "@gradus/gradus/autodiff";
 * import { rng } from "@gradus/gradus/core";
 * import { assertEquals } from "@std/assert";
 *
 * const f = (x: Operand) => sum(square(x)), x = new Float64Array(1000);
 * assertEquals(stdeLaplacian(f, x, { rng: rng(1), samples: 2, probes: "rademacher" }).value, 2000);
 * ```
 */
export function stdeLaplacian(f: (x: Operand) => Operand, x: Float64Array, options: LaplacianOptions): TaylorEstimate {
  const { rng, samples = 16, probes = "sparse" } = options, d = x.length;
  checkCount("estimate a Laplacian", "a number of samples", samples, 1, probes === "sparse" ? d : Infinity);
  if (probes !== "sparse") {
    const fill = probes === "gaussian" ? fillNormal : fillRademacher;
    return estimate(along(f, x, 2, samples, (_, v) => void fill(rng, v)), 0);
  }
  const chosen = sampleWithoutReplacement(rng, d, new Uint32Array(samples));
  const diagonal = along(f, x, 2, samples, (i, v) => {
    if (i > 0) v[chosen[i - 1]] = 0;
    v[chosen[i]] = 1;
  });
  return estimate(diagonal.map((entry) => d * entry), samples / d);
}

/**
 * An estimate of the biharmonic operator `Δ²f(x)` from fourth derivatives along Gaussian directions.
 *
 * @throws {DomainError} When there is no sample.
 */
export function stdeBiharmonic(
  f: (x: Operand) => Operand,
  x: Float64Array,
  { rng, samples = 16 }: StochasticTaylorOptions,
): TaylorEstimate {
  checkCount("estimate a biharmonic operator", "a number of samples", samples, 1);
  return estimate(along(f, x, 4, samples, (_, v) => void fillNormal(rng, v)).map((fourth) => fourth / 3), 0);
}

/** A term `c ∂ᵅf` of a linear differential operator. */
export interface OperatorTerm {
  /** `c`. */
  readonly coefficient: number;
  /** The variables of the partial derivative, each as often as it is differentiated by. */
  readonly variables: readonly number[];
}

/**
 * An estimate of a linear differential operator `Σ c ∂ᵅf(x)` from terms drawn in proportion to |c|, each from one jet.
 *
 * @throws {DomainError} When there is no sample, or a term has no variable, or one that does not exist.
 */
export function stdeOperator(
  f: (x: Operand) => Operand,
  x: Float64Array,
  terms: readonly OperatorTerm[],
  { rng, samples = 16 }: StochasticTaylorOptions,
): TaylorEstimate {
  const verb = "estimate a differential operator";
  checkCount(verb, "a number of samples", samples, 1);
  for (const { variables } of terms) {
    checkCount(verb, "a number of variables", variables.length, 1);
    for (const variable of variables) checkCount(verb, "a variable", variable, 0, x.length - 1);
  }
  const weights = terms.map(({ coefficient }) => Math.abs(coefficient)), total = weights.reduce((a, b) => a + b, 0);
  if (!Number.isFinite(total)) {
    throw new DomainError(`Cannot ${verb}: expected finite coefficients, got a sum of ${total}${callerLine()}`);
  }
  const partial = partialDerivatives(f, x), found = new Float64Array(samples);
  for (let i = 0; i < samples && total > 0; i++) {
    let at = 0;
    for (let left = uniform(rng) * total - weights[0]; left >= 0 && at < terms.length - 1;) left -= weights[++at];
    found[i] = total * Math.sign(terms[at].coefficient) * partial(terms[at].variables);
  }
  return estimate(found, 0);
}

/**
 * What computes partial derivatives at a point, with one program for all that differentiate equally often by their
 * variables.
 */
function partialDerivatives(f: (x: Operand) => Operand, x: Float64Array): (variables: readonly number[]) => number {
  const programs = new Map<string, ReturnType<typeof compile>>();
  return (variables) => {
    const counts = new Map<number, number>();
    for (const variable of variables) counts.set(variable, (counts.get(variable) ?? 0) + 1);
    const sorted = [...counts].sort((a, b) => b[1] - a[1]), powers = sorted.map(([, count]) => count);
    const units = sorted.map(([variable]) => {
      const unit = new Float64Array(x.length);
      unit[variable] = 1;
      return unit;
    });
    let program = programs.get(powers.join());
    if (program === undefined) {
      program = compile(trace((y: Operand, ...given: Operand[]) => mixedDerivative(f, y, given, powers), x, ...units));
      programs.set(powers.join(), program);
    }
    return program.run([x, ...units])[0][0];
  };
}

/**
 * The mixed derivative `D^Σα f(x)[v₁, … (α₁ times), v₂, …]` from one jet.
 *
 * @param directions `v₁, v₂, …`
 * @param powers `α₁, α₂, …`
 * @throws {DomainError} When a power is not a positive whole number, or there are not as many as directions.
 */
export function mixedDerivative(
  f: (x: Operand) => Operand,
  x: Operand,
  directions: readonly Operand[],
  powers: readonly number[],
): Operand {
  checkCount("take a mixed derivative", "powers as many as directions", powers.length, 1);
  checkCount("take a mixed derivative", "directions", directions.length, powers.length, powers.length);
  powers.forEach((power) => checkCount("take a mixed derivative", "powers", power, 1));
  const exponents = separating(powers), order = weigh(powers, exponents);
  const series = Array.from({ length: order }, (_, k) => directions[exponents.indexOf(k + 1)] ?? null);
  const factor = powers.reduce((product, power) => product * factorial(power), 1);
  return multiply(factor, jet(f, x, series).series[order - 1] as Operand);
}

function weigh(powers: readonly number[], exponents: readonly number[]): number {
  return powers.reduce((sum, power, i) => sum + power * exponents[i], 0);
}

/** How many lists of powers have this sum with these exponents; counting stops at 2. */
function representations(sum: number, exponents: readonly number[]): number {
  if (exponents.length === 0) return sum === 0 ? 1 : 0;
  let count = 0;
  for (let rest = sum; rest >= 0 && count < 2; rest -= exponents[0]) count += representations(rest, exponents.slice(1));
  return count;
}

/** Different exponents for which no other powers have the same sum, of the smallest sum. */
function separating(powers: readonly number[]): number[] {
  const search = (sum: number, chosen: readonly number[]): number[] | undefined => {
    const at = chosen.length;
    if (at === powers.length) {
      return sum === 0 && representations(weigh(powers, chosen), chosen) === 1 ? [...chosen] : undefined;
    }
    for (let exponent = 1; exponent * powers[at] <= sum; exponent++) {
      if (chosen.includes(exponent)) continue;
      const found = search(sum - exponent * powers[at], [...chosen, exponent]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  for (let sum = 1;; sum++) { // ends: numbers just above a large N whose sums of |α| terms all differ separate
    const found = search(sum, []);
    if (found !== undefined) return found;
  }
}
