/**
 * Losses of a network's outputs ŷ, with their conjugates, for dual bounds.
 *
 * ```
 * squared     ½ Σ (ŷ - y)²                            ℓ*(z) = ½ |z|² + zᵀy
 * logistic    Σ log(1 + exp 2ŷ) - 2yŷ,  y ∈ {0, 1}    ℓ*(z) = Σ t log t + (1 - t) log(1 - t),  t = y + z/2
 * ```
 *
 * @module
 */
import { DomainError, type LinearOperator, type TwiceSmooth, type Vector } from "../../core/mod.ts";

/** The losses, by name. */
export type ReluLossName = "squared" | "logistic";

/** A sum over examples of convex functions of an output. */
export interface ReluLoss {
  /** The sum at the outputs. */
  readonly value: (outputs: Vector, labels: Vector) => number;
  /** Writes `∂ℓ/∂ŷ` into `out`, which may be the outputs, and returns the sum. */
  readonly gradient: (outputs: Vector, labels: Vector, out: Vector) => number;
  /** Writes `∂²ℓ/∂ŷ²` into `out`. */
  readonly curvature: (outputs: Vector, labels: Vector, out: Vector) => void;
  /** `ℓ*(factor z)`. */
  readonly conjugate: (z: Vector, labels: Vector, factor: number) => number;
  /** The best factor for a bound `-ℓ*(factor z)`, were there no limit. */
  readonly bestFactor: (z: Vector, labels: Vector) => number;
  /** What is expected of labels, and the test. */
  readonly labels: readonly [string, (label: number) => boolean];
}

const squared: ReluLoss = {
  value: (outputs, labels) => {
    let sum = 0;
    for (let k = 0; k < labels.length; k++) sum += (outputs[k] - labels[k]) ** 2;
    return sum / 2;
  },
  gradient: (outputs, labels, out) => {
    let sum = 0;
    for (let k = 0; k < labels.length; k++) {
      out[k] = outputs[k] - labels[k];
      sum += out[k] * out[k];
    }
    return sum / 2;
  },
  curvature: (_outputs, _labels, out) => void out.fill(1),
  conjugate: (z, labels, factor) => {
    let sum = 0;
    for (let k = 0; k < z.length; k++) sum += factor * z[k] * (factor * z[k] / 2 + labels[k]);
    return sum;
  },
  bestFactor: (z, labels) => {
    let squares = 0, product = 0;
    for (let k = 0; k < z.length; k++) {
      squares += z[k] * z[k];
      product += z[k] * labels[k];
    }
    return squares > 0 ? Math.max(0, -product / squares) : 0;
  },
  labels: ["finite labels", Number.isFinite],
};

/** `log(1 + exp 2a)` without overflow. */
export const softplus = (a: number): number => Math.max(2 * a, 0) + Math.log1p(Math.exp(-Math.abs(2 * a)));
const xlogx = (t: number): number => t > 0 ? t * Math.log(t) : 0;

const logistic: ReluLoss = {
  value: (outputs, labels) => {
    let sum = 0;
    for (let k = 0; k < labels.length; k++) sum += softplus(outputs[k]) - 2 * labels[k] * outputs[k];
    return sum;
  },
  gradient: (outputs, labels, out) => {
    let sum = 0;
    for (let k = 0; k < labels.length; k++) {
      sum += softplus(outputs[k]) - 2 * labels[k] * outputs[k];
      out[k] = 2 / (1 + Math.exp(-2 * outputs[k])) - 2 * labels[k];
    }
    return sum;
  },
  curvature: (outputs, labels, out) => {
    for (let k = 0; k < labels.length; k++) out[k] = 1 / Math.cosh(outputs[k]) ** 2;
  },
  conjugate: (z, labels, factor) => {
    let sum = 0;
    for (let k = 0; k < z.length; k++) {
      const t = labels[k] + factor * z[k] / 2;
      if (t < 0 || t > 1) return Infinity;
      sum += xlogx(t) + xlogx(1 - t);
    }
    return sum;
  },
  bestFactor: () => 1,
  labels: ["labels 0 and 1", (label) => label === 0 || label === 1],
};

/** The losses. */
export const reluLosses: Readonly<Record<ReluLossName, ReluLoss>> = { squared, logistic };

/** `ℓ(Ax, y)`, A the operator of the outputs. */
export function lossOfOutputs(
  { rows: n, columns, apply, applyTranspose }: LinearOperator,
  y: Vector,
  loss: ReluLossName,
): TwiceSmooth {
  const { value, gradient, curvature } = reluLosses[loss], seen = new Float64Array(n), weights = new Float64Array(n);
  return {
    kind: "smooth",
    dimension: columns,
    value: (x) => {
      apply(x, seen);
      return value(seen, y);
    },
    gradient: (x, out) => {
      apply(x, seen);
      const sum = gradient(seen, y, seen);
      applyTranspose(seen, out);
      return sum;
    },
    hessianVector: (x, v, out) => {
      apply(x, seen);
      curvature(seen, y, weights);
      apply(v, seen);
      for (let k = 0; k < n; k++) seen[k] *= weights[k];
      applyTranspose(seen, out);
    },
  };
}

/**
 * Refuses labels that a loss does not take.
 *
 * @throws {DomainError} When there is one.
 */
export function checkLabels(verb: string, labels: Vector, [expected, takes]: ReluLoss["labels"]): void {
  const wrong = labels.findIndex((label) => !takes(label));
  if (wrong >= 0) throw new DomainError(`Cannot ${verb}: expected ${expected}, got ${labels[wrong]} at ${wrong}`);
}
