/**
 * Which examples to trust: weights of training examples such that what is learned of them does well on others.
 *
 * @module
 */
import { type BlockBilevel, DomainError, type Instance, ShapeError, type Vector } from "../core/mod.ts";
import { type Dataset, distinctTargets } from "./dataset.ts";

/** Options of `reweighting`. */
export interface ReweightingOptions {
  /** The weight `λ > 0` of `½|yₖ|²`. Default 0.01. */
  readonly regularization?: number;
}

/**
 * Data reweighting, a bilevel problem with a block for each class k (one for two classes), "k or not":
 *
 * ```
 * min over x:  (1/K) Σₖ (1/M) Σⱼ ℓ(sⱼₖ bⱼᵀyₖ(x)),   bⱼ validation examples
 * yₖ(x) = argmin (1/N) Σᵢ σ(xᵢ) ℓ(sᵢₖ aᵢᵀy) + (λ/2)|y|²,   aᵢ training examples, σ(xᵢ) the weight of one
 * ```
 *
 * with `ℓ(z) = log(1 + e⁻ᶻ)`, signs s ±1, from x = 0. Sample i of a block is training example i in the lower level,
 * validation example i mod M in the upper one.
 *
 * Source: Franceschi, Donini, Frasconi and Pontil, Forward and reverse gradient-based hyperparameter optimization
 * (2017), arXiv 1703.01785, section 6.1.
 *
 * @throws {ShapeError} When the two have different features, or M does not divide N.
 * @throws {DomainError} When features are sparse, λ is not positive, or a validation label is unknown in training.
 *
 * @example Two classes, of which one example is wrong
 * ```ts
 * import { iterations, solve } from "@gradus/gradus/core";
 * import { implicitDescent } from "@gradus/gradus/games";
 * import { dataset, reweighting } from "@gradus/gradus/problems";
 * import { assert } from "@std/assert";
 *
 * const points = (labels: number[]) =>
 *   dataset({ columns: 1, features: Float64Array.of(-2, -1, 1, 2), targets: Float64Array.from(labels) });
 * const { problem, start } = reweighting(points([0, 0, 0, 1]), points([0, 0, 1, 1]));
 * const { x } = solve(problem, implicitDescent(), { start, stop: iterations(20) });
 * assert(x[2] < Math.min(x[0], x[3])); // the third training example is trusted least
 * ```
 */
export function reweighting(
  training: Dataset,
  validation: Dataset,
  { regularization: lambda = 0.01 }: ReweightingOptions = {},
): Instance<BlockBilevel> {
  const A = dense(training), B = dense(validation), N = training.rows, M = validation.rows, d = training.columns;
  if (validation.columns !== d || N % M !== 0) {
    throw new ShapeError(
      `Cannot reweight ${training.name}: expected ${d} features and a number of examples that divides ${N} for ` +
        `validation, got ${validation.columns} and ${M}`,
    );
  }
  if (!(lambda > 0)) {
    throw new DomainError(`Cannot reweight ${training.name}: expected a regularization > 0, got ${lambda}`);
  }
  const labels = distinctTargets(training), K = labels.length === 2 ? 1 : labels.length;
  if (validation.targets.some((y) => !labels.includes(y))) {
    throw new DomainError(`Cannot reweight ${training.name}: expected the labels ${labels} for validation`);
  }
  const sign = (target: number, k: number): number => target === labels[K === 1 ? 1 : k] ? 1 : -1;

  const slope = (z: number): number => -1 / (1 + Math.exp(z)),
    curve = (z: number): number => slope(z) * (-1 - slope(z));
  const loss = (z: number): number => Math.log1p(Math.exp(-Math.abs(z))) - Math.min(z, 0);
  const inner = (rows: Vector, i: number, y: Vector): number => {
    let s = 0;
    for (let c = 0; c < d; c++) s += rows[i * d + c] * y[c];
    return s;
  };
  const add = (rows: Vector, i: number, factor: number, out: Vector): void => {
    for (let c = 0; c < d; c++) out[c] += factor * rows[i * d + c];
  };
  const weight = (x: number): number => 1 / (1 + Math.exp(-x));
  const eachTraining = Uint32Array.from({ length: N }, (_, i) => i), eachValidation = eachTraining.subarray(0, M);

  const upperGradient = (k: number, y: Vector, batch: Uint32Array, factor: number, out: Vector): void => {
    for (const key of batch) {
      const j = key % M, s = sign(validation.targets[j], k);
      add(B, j, factor * s * slope(s * inner(B, j, y)) / batch.length, out);
    }
  };
  const lowerGradient = (k: number, x: Vector, y: Vector, batch: Uint32Array, factor: number, out: Vector): void => {
    for (const i of batch) {
      const s = sign(training.targets[i], k);
      add(A, i, factor * weight(x[i]) * s * slope(s * inner(A, i, y)) / batch.length, out);
    }
    for (let c = 0; c < d; c++) out[c] += factor * lambda * y[c];
  };
  const lowerHessian = (x: Vector, y: Vector, batch: Uint32Array, v: Vector, factor: number, out: Vector): void => {
    for (const i of batch) {
      add(A, i, factor * weight(x[i]) * curve(inner(A, i, y)) * inner(A, i, v) / batch.length, out);
    }
    for (let c = 0; c < d; c++) out[c] += factor * lambda * v[c];
  };
  /** `∇ₓ` of `vᵀ∇ᵧg`, or of g itself where v is left out. */
  const cross = (
    k: number,
    x: Vector,
    y: Vector,
    batch: Uint32Array,
    v: Vector | undefined,
    factor: number,
    out: Vector,
  ) => {
    for (const i of batch) {
      const s = sign(training.targets[i], k), z = s * inner(A, i, y), w = weight(x[i]);
      out[i] += factor * w * (1 - w) * (v ? s * slope(z) * inner(A, i, v) : loss(z)) / batch.length;
    }
  };
  const block = (y: Vector, k: number): Vector => y.subarray(k * d, (k + 1) * d);
  /** Every block with all of its examples. */
  const each = (out: Vector, act: (k: number) => void): void => {
    out.fill(0);
    for (let k = 0; k < K; k++) act(k);
  };
  const cleared = (out: Vector, act: () => void): void => {
    out.fill(0);
    act();
  };
  const problem: BlockBilevel = {
    kind: "bilevel",
    name: `reweighting ${training.name}`,
    dimension: N,
    lowerDimension: K * d,
    upper: {
      value: (_, y) => {
        let s = 0;
        for (let k = 0; k < K; k++) {
          for (let j = 0; j < M; j++) s += loss(sign(validation.targets[j], k) * inner(B, j, block(y, k))) / (K * M);
        }
        return s;
      },
      gradientX: (_, __, out) => void out.fill(0),
      gradientY: (_, y, out) => each(out, (k) => upperGradient(k, block(y, k), eachValidation, 1 / K, block(out, k))),
    },
    lower: {
      value: (x, y) => {
        let s = 0;
        for (let k = 0; k < K; k++) {
          for (let i = 0; i < N; i++) {
            s += weight(x[i]) * loss(sign(training.targets[i], k) * inner(A, i, block(y, k))) / (K * N);
          }
        }
        return y.reduce((sum, v) => sum + lambda * v * v / (2 * K), s);
      },
      gradientX: (x, y, out) => each(out, (k) => cross(k, x, block(y, k), eachTraining, undefined, 1 / K, out)),
      gradientY: (x, y, out) => each(out, (k) => lowerGradient(k, x, block(y, k), eachTraining, 1 / K, block(out, k))),
      hessianVector: (x, y, v, out) =>
        each(out, (k) => lowerHessian(x, block(y, k), eachTraining, block(v, k), 1 / K, block(out, k))),
      crossVector: (x, y, v, out) => each(out, (k) => cross(k, x, block(y, k), eachTraining, block(v, k), 1 / K, out)),
    },
    blocks: {
      count: K,
      size: d,
      samples: N,
      upperGradientX: (_, __, out) => void out.fill(0),
      upperGradientY: ({ block: k, y }, batch, out) => cleared(out, () => upperGradient(k, y, batch, 1, out)),
      lowerGradientY: ({ block: k, x, y }, batch, out) => cleared(out, () => lowerGradient(k, x, y, batch, 1, out)),
      lowerHessianVector: ({ x, y }, batch, v, out) => cleared(out, () => lowerHessian(x, y, batch, v, 1, out)),
      lowerCrossVector: ({ block: k, x, y }, batch, v, out) => cleared(out, () => cross(k, x, y, batch, v, 1, out)),
    },
  };
  return { name: problem.name!, problem, start: new Float64Array(N), minima: [], dataHash: training.hash };
}

function dense({ features, name }: Dataset): Vector {
  if (!(features instanceof Float64Array)) throw new DomainError(`Cannot reweight ${name}: expected dense features`);
  return features;
}
