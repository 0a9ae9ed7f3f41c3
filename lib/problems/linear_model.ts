/**
 * Regularized linear models: a loss of the scores that a matrix of features gives to weights.
 *
 * @module
 */
import { DomainError, type Instance, type TwiceSmooth, type Vector } from "../core/mod.ts";
import type { Dataset } from "./dataset.ts";
import { designMatrix, largestSquare } from "./design_matrix.ts";

/** Options of the models. */
export interface LinearModelOptions {
  /** The weight `λ` of `½|w|²`. Default `1/N` for classification, 0 for least squares. */
  readonly regularization?: number;
  /** Whether each output has a constant term, which is not regularized. Default false. */
  readonly intercept?: boolean;
}

/** A loss `Σᵢ ℓᵢ(zᵢ)` of the scores, `outputs` of them per row, one row after another. */
export interface Loss {
  /** The number of scores per row. */
  readonly outputs: number;
  /** A bound of the eigenvalues of every `∇²ℓᵢ`. */
  readonly curvature: number;
  /** `Σᵢ ℓᵢ(zᵢ)`. */
  readonly value: (z: Vector) => number;
  /** Replaces `z` by the derivatives `∇ℓᵢ(zᵢ)` and returns `Σᵢ ℓᵢ(zᵢ)`. */
  readonly slopes: (z: Vector) => number;
  /** Replaces `z` by what `curve` needs to know of it. */
  readonly weigh: (z: Vector) => void;
  /** Replaces `d` by `∇²ℓᵢ dᵢ`. */
  readonly curve: (weights: Vector, d: Vector) => void;
}

/** `f(W) = (1/N) Σᵢ ℓᵢ((A W)ᵢ) + (λ/2)|W|²` without the intercepts in the last term, from 0. */
export function linearModel(
  what: string,
  data: Dataset,
  loss: Loss,
  options: LinearModelOptions,
  defaultRegularization: number,
): Instance<TwiceSmooth> {
  const { regularization = defaultRegularization, intercept = false } = options, { rows, columns } = data;
  if (!(regularization >= 0 && regularization < Infinity)) {
    throw new DomainError(
      `Cannot make a ${what} problem: expected a finite regularization of at least 0, got ${regularization}`,
    );
  }
  const { outputs } = loss, { width, multiply, multiplyTranspose } = designMatrix(data, intercept, outputs);
  const n = outputs * width, z = new Float64Array(rows * outputs);
  const weights = new Float64Array(rows * outputs), weightsAt = new Float64Array(n).fill(NaN);

  const penalty = (x: Vector): number => {
    let s = 0;
    for (let k = 0; k < n; k += width) for (let j = k; j < k + columns; j++) s += x[j] * x[j];
    return regularization / 2 * s;
  };
  /** `out ← out/N + λ v`. */
  const finish = (v: Vector, out: Vector): void => {
    for (let k = 0; k < n; k += width) {
      for (let j = k; j < k + columns; j++) out[j] = out[j] / rows + regularization * v[j];
      if (intercept) out[k + columns] /= rows;
    }
  };

  const suffix = regularization === defaultRegularization ? "" : `, regularization ${regularization}`;
  const name = `${what} ${data.name}${intercept ? ", intercept" : ""}${suffix}`;
  const problem: TwiceSmooth = {
    kind: "smooth",
    name,
    dimension: n,
    constants: {
      smoothness: loss.curvature * largestSquare(data, intercept) / rows + regularization,
      strongConvexity: intercept ? 0 : regularization,
    },
    value: (x) => {
      multiply(x, z);
      return loss.value(z) / rows + penalty(x);
    },
    gradient: (x, out) => {
      multiply(x, z);
      const sum = loss.slopes(z);
      multiplyTranspose(z, out);
      finish(x, out);
      return sum / rows + penalty(x);
    },
    hessianVector: (x, v, out) => {
      if (!equal(x, weightsAt)) { // Newton's method asks for many products at one point
        multiply(x, weights);
        loss.weigh(weights);
        weightsAt.set(x);
      }
      multiply(v, z);
      loss.curve(weights, z);
      multiplyTranspose(z, out);
      finish(v, out);
    },
  };
  return { name, problem, start: new Float64Array(n), minima: [], dataHash: data.hash };
}

function equal(x: Vector, y: Vector): boolean {
  const n = x.length;
  for (let i = 0; i < n; i++) if (x[i] !== y[i]) return false;
  return true;
}
