/**
 * The sampled convex program: a network whose first layer is drawn and kept, so that the second is found by
 * ℓ1-regularized regression.
 *
 * ```
 * u₁ … u_N  uniform on the unit sphere
 * standard  min over α of ℓ(Σᵢ (Xuᵢ)₊ αᵢ, y) + β |α|₁
 * robust    α = p - q with p, q >= 0, and for |δ|∞ <= ε the unit's output lies in [lₖᵢ, hₖᵢ] = [(xₖᵀuᵢ ∓ ε |uᵢ|₁)₊]:
 *           min over p, q >= 0 of Σₖ log(1 + exp(-2mₖ)) + β Σ (pᵢ + qᵢ),
 *           mₖ = Σᵢ lₖᵢpᵢ - hₖᵢqᵢ for the label 1,  Σᵢ lₖᵢqᵢ - hₖᵢpᵢ for the label 0
 * ```
 *
 * Without constraints, and for nested samples the minimum falls towards that of the network. The robust margin is a
 * lower bound of what an adversary leaves, since each unit is given its own worst change.
 *
 * Source: Bai, Gautam and Sojoudi, Efficient global optimization of two-layer ReLU networks (2022), arXiv 2201.01965,
 * equation (14) and theorem 3; the robust form by interval bounds, Gowal et al., On the effectiveness of interval bound
 * propagation (2018).
 *
 * @module
 */
import {
  type Composite,
  DomainError,
  fillSphere,
  type Matrix,
  norm1,
  type Proximable,
  type Rng,
  ShapeError,
  type TwiceSmooth,
  type Vector,
} from "../../core/mod.ts";
import { matmul, matvec, norm, transpose } from "../../linalg/mod.ts";
import { l1Norm } from "../../proximal/mod.ts";
import { checkLabels, lossOfOutputs, reluLosses, type ReluLossName } from "./losses.ts";
import type { ReluNetwork } from "./network.ts";

/** A sampled convex program. */
export interface SampledRelu extends Composite {
  /** The loss. */
  readonly smooth: TwiceSmooth;
  /** The units uᵢ that were drawn, in rows, N x d. */
  readonly units: Matrix;
}

/** Options of `sampledRelu`. */
export interface SampledReluOptions {
  /** The number N of units. */
  readonly units: number;
  /** The generator that draws them, which advances; the first units of a larger draw are the same. */
  readonly random: Rng;
  /** β > 0. */
  readonly weightDecay: number;
  /** ℓ. Default `squared`. */
  readonly loss?: ReluLossName;
}

/**
 * The sampled convex program: a lasso, or ℓ1-regularized logistic regression, in α. Start it at zeros.
 *
 * @param X Examples in rows, n x d.
 * @param y A label for each.
 * @throws {ShapeError} When X and y have different numbers of examples.
 * @throws {DomainError} When β or the number of units is not positive, or a label is none.
 *
 * @example A network from a sample of its first layer
 * ```ts
 * import { rng, solve } from "@gradus/gradus/core";
 * import { matrix } from "@gradus/gradus/linalg";
 * import { fista, networkOutputs, sampledNetwork, sampledRelu } from "@gradus/gradus/splitting";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const X = matrix([[-2, 1], [-1, 1], [0, 1], [1, 1], [2, 1]]), y = Float64Array.of(2, 1, 0, 1, 2);
 * const problem = sampledRelu(X, y, { units: 10, random: rng(1), weightDecay: 0.1 });
 * const { status, x } = solve(problem, fista(), { start: new Float64Array(10) });
 * assertEquals(status, "converged");
 * networkOutputs(sampledNetwork(problem, x), X).forEach((output, k) => assert(Math.abs(output - y[k]) < 0.2));
 * ```
 */
export function sampledRelu(X: Matrix, y: Vector, options: SampledReluOptions): SampledRelu {
  const { weightDecay, loss = "squared" } = options, verb = "state a sampled convex program";
  const units = drawn(X, y, options, verb);
  checkLabels(verb, y, reluLosses[loss].labels);
  const hidden = matmul(X, transpose(units));
  for (let k = 0; k < hidden.data.length; k++) hidden.data[k] = Math.max(0, hidden.data[k]);
  return {
    kind: "composite",
    name: `sampled ReLU network of ${units.rows} units`,
    smooth: linearLoss(hidden, y, loss),
    regularizer: l1Norm(weightDecay),
    units,
  };
}

/** Options of `robustSampledRelu`. */
export interface RobustSampledReluOptions extends Omit<SampledReluOptions, "loss"> {
  /** ε >= 0, the largest change of a feature. */
  readonly radius: number;
  /** Whether the last column holds ones, which do not change. Default true. */
  readonly bias?: boolean;
}

/**
 * The robust sampled convex program with the logistic loss, in p and q, N of each. With ε = 0 it has the minimum of the
 * standard one. Start it at zeros.
 *
 * @param X Examples in rows, n x d.
 * @param y A label 0 or 1 for each.
 * @throws {ShapeError} When X and y have different numbers of examples.
 * @throws {DomainError} When β or the number of units is not positive, ε is negative, or a label is none.
 */
export function robustSampledRelu(X: Matrix, y: Vector, options: RobustSampledReluOptions): SampledRelu {
  const { weightDecay, radius, bias = true } = options, verb = "state a robust sampled convex program";
  if (!(radius >= 0 && radius < Infinity)) {
    throw new DomainError(`Cannot ${verb}: expected a finite radius >= 0, got ${radius}`);
  }
  checkLabels(verb, y, reluLosses.logistic.labels);
  const units = drawn(X, y, options, verb), N = units.rows, d = X.columns, products = matmul(X, transpose(units)).data;
  const margins = { rows: X.rows, columns: 2 * N, data: new Float64Array(2 * X.rows * N) };
  for (let i = 0; i < N; i++) {
    const reach = radius * norm1(units.data.subarray(i * d, (i + 1) * d - (bias ? 1 : 0)));
    for (let k = 0; k < X.rows; k++) {
      const least = Math.max(0, products[k * N + i] - reach), most = Math.max(0, products[k * N + i] + reach);
      margins.data[2 * k * N + i] = y[k] === 1 ? least : -most;
      margins.data[(2 * k + 1) * N + i] = y[k] === 1 ? -most : least;
    }
  }
  return {
    kind: "composite",
    name: `robust sampled ReLU network of ${N} units, radius ${radius}`,
    smooth: linearLoss(margins, new Float64Array(X.rows).fill(1), "logistic"),
    regularizer: nonnegativeSum(weightDecay),
    units,
  };
}

/**
 * The network behind a solution of a sampled program, standard or robust: a unit for each αᵢ that is not zero, balanced
 * so that its share of weight decay is `β |αᵢ|`.
 *
 * @throws {ShapeError} When x does not fit the program.
 */
export function sampledNetwork({ units, smooth }: SampledRelu, x: Vector): ReluNetwork {
  const N = units.rows, d = units.columns;
  if (x.length !== smooth.dimension) {
    throw new ShapeError(`Cannot recover a network: expected ${smooth.dimension} variables, got ${x.length}`);
  }
  const alpha = x.length === N ? x : x.slice(0, N).map((p, i) => p - x[N + i]);
  const kept = [...alpha.keys()].filter((i) => alpha[i] !== 0);
  const first = { rows: kept.length, columns: d, data: new Float64Array(kept.length * d) };
  kept.forEach((i, j) => {
    for (let c = 0; c < d; c++) first.data[j * d + c] = Math.sqrt(Math.abs(alpha[i])) * units.data[i * d + c];
  });
  const second = Float64Array.from(kept, (i) => Math.sign(alpha[i]) * Math.sqrt(Math.abs(alpha[i])));
  return { width: kept.length, first, second };
}

function drawn(X: Matrix, y: Vector, { units, random, weightDecay }: SampledReluOptions, verb: string): Matrix {
  if (y.length !== X.rows) throw new ShapeError(`Cannot ${verb}: expected ${X.rows} labels, got ${y.length}`);
  if (!(Number.isSafeInteger(units) && units >= 1 && weightDecay > 0 && weightDecay < Infinity)) {
    throw new DomainError(
      `Cannot ${verb}: expected a positive number of units and weight decay, got ${units} and ${weightDecay}`,
    );
  }
  const drawn = { rows: units, columns: X.columns, data: new Float64Array(units * X.columns) };
  for (let i = 0; i < units; i++) fillSphere(random, drawn.data.subarray(i * X.columns, (i + 1) * X.columns));
  return drawn;
}

/** `ℓ(Mx, y)`; the second derivative of both losses is at most 1. */
function linearLoss(M: Matrix, y: Vector, loss: ReluLossName): TwiceSmooth {
  const transposed = transpose(M);
  const outputs = {
    rows: M.rows,
    columns: M.columns,
    apply: (x: Vector, out: Vector): void => void matvec(M, x, out),
    applyTranspose: (z: Vector, out: Vector): void => void matvec(transposed, z, out),
  };
  return { ...lossOfOutputs(outputs, y, loss), constants: { smoothness: norm(M, 2) ** 2, strongConvexity: 0 } };
}

/** `weight Σ xᵢ` for x >= 0. */
function nonnegativeSum(weight: number): Proximable {
  return {
    value: (x) => {
      let sum = 0;
      for (let i = 0; i < x.length; i++) {
        if (x[i] < 0) return Infinity;
        sum += x[i];
      }
      return weight * sum;
    },
    proximal: (x, step, out) => {
      for (let i = 0; i < x.length; i++) out[i] = Math.max(0, x[i] - step * weight);
    },
  };
}
