/**
 * Losses by which what starts or tunes an iterative solver is trained, from its errors L₀, L₁, …
 *
 * ```
 * error after m steps    L_m
 * number of iterations   L_ε = Σₖ 1[L₀ > ε] ⋯ 1[Lₖ > ε], the first k with Lₖ <= ε
 * its surrogate          Σₖ﹤ₘ σ(a log(L₀/ε)) ⋯ σ(a log(Lₖ/ε)),   σ(u) = 1/(1 + e⁻ᵘ)
 * ```
 *
 * Training on L_m favours hard tasks without bound, however rare: what counts is the number of iterations. The
 * surrogate has a gradient. With the logarithm it does not saturate where Lₖ is far above ε; `σ(a (Lₖ - ε))`, the form
 * of the source, does.
 *
 * Source: Arisaka and Li, Principled Acceleration of Iterative Numerical Methods Using Machine Learning (2022), arXiv
 * 2206.08594.
 *
 * @module
 */
import { checkPositive, DomainError, ShapeError, type Vector } from "../../core/mod.ts";

/** A loss of a sequence of errors. */
export interface ErrorLoss {
  /** The loss of L₀, L₁, … */
  readonly value: (errors: Vector) => number;
  /** The loss, and into `out` its derivative by each error. */
  readonly gradient: (errors: Vector, out: Vector) => number;
}

/**
 * The error after m steps.
 *
 * @throws {DomainError} When m is no positive integer; `value` throws a `ShapeError` when there are not m + 1 errors.
 */
export function residualLoss(m: number): ErrorLoss {
  checkSteps(m);
  const value = (errors: Vector): number => {
    if (errors.length <= m) {
      throw new ShapeError(`Cannot measure an iteration: expected at least ${m + 1} errors, got ${errors.length}`);
    }
    return errors[m];
  };
  return {
    value,
    gradient: (errors, out) => {
      const loss = value(errors);
      out.fill(0);
      out[m] = 1;
      return loss;
    },
  };
}

/**
 * The number of iterations until an error is at most ε; the number of errors where none is. It is constant almost
 * everywhere, and has no gradient to train by.
 *
 * @throws {DomainError} When ε is not positive.
 */
export function iterationLoss(epsilon: number): Pick<ErrorLoss, "value"> {
  checkPositive("measure an iteration", "ε", epsilon);
  return {
    value: (errors) => {
      const k = errors.findIndex((error) => error <= epsilon);
      return k < 0 ? errors.length : k;
    },
  };
}

/** The form of the surrogate. */
export interface SurrogateOptions {
  /** Whether σ is of `a (Lₖ - ε)`, as in the source. Default false: of `a log(Lₖ/ε)`. */
  readonly plain?: boolean;
}

/**
 * The smooth surrogate of the number of iterations, over the first m errors; for large a it is the number itself, or m.
 *
 * @throws {DomainError} When ε or the sharpness a is not positive, or m is no positive integer; `value` throws a
 * `ShapeError` when there are not m errors.
 *
 * @example Near the number of iterations
 * ```ts
 * import { iterationLoss, surrogateLoss } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const errors = Float64Array.from({ length: 20 }, (_, k) => 0.5 ** k);
 * assertEquals(iterationLoss(0.022).value(errors), 6);
 * assertAlmostEquals(surrogateLoss(0.022, 10, 20).value(errors), 6, 0.1);
 * ```
 */
export function surrogateLoss(
  epsilon: number,
  sharpness: number,
  m: number,
  { plain = false }: SurrogateOptions = {},
): ErrorLoss {
  checkPositive("measure an iteration", "ε", epsilon);
  checkPositive("measure an iteration", "a sharpness", sharpness);
  checkSteps(m);
  const argument = (error: number): number => sharpness * (plain ? error - epsilon : Math.log(error / epsilon));
  const products = new Float64Array(m),
    value = (errors: Vector): number => {
      if (errors.length < m) {
        throw new ShapeError(`Cannot measure an iteration: expected at least ${m} errors, got ${errors.length}`);
      }
      let product = 1, sum = 0;
      for (let k = 0; k < m; k++) {
        product *= 1 / (1 + Math.exp(-argument(errors[k])));
        products[k] = product;
        sum += product;
      }
      return sum;
    };
  return {
    value,
    gradient: (errors, out) => {
      const loss = value(errors);
      out.fill(0);
      for (let k = m - 1, later = 0; k >= 0; k--) {
        later += products[k]; // every product from k on has the factor σₖ, and σ' = σ (1 - σ)
        const slope = plain ? sharpness : sharpness / errors[k];
        if (later > 0) out[k] = later * slope / (1 + Math.exp(argument(errors[k])));
      }
      return loss;
    },
  };
}

function checkSteps(m: number): void {
  if (!Number.isSafeInteger(m) || m < 1) {
    throw new DomainError(`Cannot measure an iteration: expected a positive integer m, got ${m}`);
  }
}
