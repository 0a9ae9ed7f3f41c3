/**
 * Logistic regression under linear equations and on the unit sphere.
 *
 * Source: Hong, Na, Mahoney and Kolar, Constrained optimization via exact augmented Lagrangian and randomized iterative
 * sketching (2023), arXiv 2305.18379, its second experiment.
 *
 * @module
 */
import type { TwiceEqualityConstrained, TwiceVectorFunction } from "../constrained/mod.ts";
import {
  axpy,
  copy,
  DomainError,
  dot,
  fillNormal,
  fillSphere,
  type Instance,
  type Matrix,
  rng,
  type Vector,
} from "../core/mod.ts";
import { matrix, matvec } from "../linalg/mod.ts";
import type { Dataset } from "./dataset.ts";
import type { LinearModelOptions } from "./linear_model.ts";
import { logisticRegression } from "./logistic_regression.ts";

/** Options of `constrainedLogisticRegression`. */
export interface ConstrainedLogisticOptions extends LinearModelOptions {
  /** The number of linear equations, fewer than there are variables. Default 10. */
  readonly equations?: number;
  /** Seed of the equations. Default 0. */
  readonly seed?: number;
}

/**
 * Logistic regression, without regularization by default, over the w with `A w = b` and `|w|² = 1`, from `wⱼ = 1/√n`. A
 * has independent normal entries, and b is A times a random point of the sphere.
 *
 * @throws {DomainError} When targets are not of two kinds, or there are not fewer equations than variables.
 *
 * @example On the sphere alone
 * ```ts
 * import { adaSketchNewton } from "@gradus/gradus/constrained";
 * import { norm2, solve } from "@gradus/gradus/core";
 * import { constrainedLogisticRegression, dataset } from "@gradus/gradus/problems";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const features = Float64Array.of(1, 2, -1, 1, 2, -1, 0, -2), targets = Float64Array.of(1, 1, 0, 0);
 * const { problem, start } = constrainedLogisticRegression(dataset({ columns: 2, features, targets }), { equations: 0 });
 * assertAlmostEquals(norm2(solve(problem, adaSketchNewton(), { start }).x), 1, 1e-9);
 * ```
 */
export function constrainedLogisticRegression(
  data: Dataset,
  options: ConstrainedLogisticOptions = {},
): Instance<TwiceEqualityConstrained> {
  const { equations = 10, seed = 0, regularization = 0, intercept = false } = options;
  const { name, problem: objective, dataHash } = logisticRegression(data, { regularization, intercept });
  const n = objective.dimension, random = rng(seed);
  if (!Number.isSafeInteger(equations) || equations < 0 || equations >= n) {
    throw new DomainError(`Cannot make a constrained problem: expected from 0 to ${n - 1} equations, got ${equations}`);
  }
  const A = matrix(equations, n);
  fillNormal(random, A.data);
  const equality = onSphere(A, matvec(A, fillSphere(random, new Float64Array(n))));
  const title = `constrained ${name}, ${equations} equations`;
  return {
    name: title,
    problem: { kind: "constrained", name: title, objective, constraints: { equality } },
    start: new Float64Array(n).fill(1 / Math.sqrt(n)),
    minima: [],
    ...(dataHash !== undefined && { dataHash }),
  };
}

/** `(A w - b, |w|² - 1)`. */
function onSphere(A: Matrix, b: Vector): TwiceVectorFunction {
  const { rows: k, columns: n } = A;
  return {
    components: k + 1,
    value: (w, out) => {
      matvec(A, w, out.subarray(0, k));
      for (let i = 0; i < k; i++) out[i] -= b[i];
      out[k] = dot(w, w) - 1;
    },
    jacobianVector: (w, v, out) => {
      matvec(A, v, out.subarray(0, k));
      out[k] = 2 * dot(w, v);
    },
    jacobianTransposeVector: (w, y, out) => {
      for (let j = 0; j < n; j++) out[j] = 2 * y[k] * w[j];
      for (let i = 0; i < k; i++) axpy(y[i], A.data.subarray(i * n, (i + 1) * n), out);
    },
    jacobian: (w, { data }) => {
      data.set(A.data);
      for (let j = 0; j < n; j++) data[k * n + j] = 2 * w[j];
    },
    hessianVector: (_w, y, v, out) => {
      copy(v, out);
      for (let j = 0; j < n; j++) out[j] *= 2 * y[k];
    },
  };
}
