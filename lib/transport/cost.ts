/**
 * Transport between point clouds and histograms.
 *
 * @module
 */
import { DomainError, type Entropy, type Matrix, ShapeError, type Transport, type Vector } from "../core/mod.ts";

/** A transport problem without regularizer. */
export type ExactTransport = Transport & { readonly regularizer?: never };

/** A transport problem with entropy. */
export type EntropicTransport = Transport & { readonly regularizer: Entropy };

/** Ground costs. */
export interface GroundCostOptions {
  /** `p > 0` of the cost `|x - y|ᵖ`. Default 2. */
  readonly power?: number;
  /** The norm of `|x - y|`: `euclidean` or `manhattan`. Default `euclidean`. */
  readonly norm?: "euclidean" | "manhattan";
}

/**
 * The costs `Cᵢⱼ = |xᵢ - yⱼ|ᵖ` between the rows of X, m x d, and of Y, n x d.
 *
 * @throws {ShapeError} When the rows have different lengths.
 * @throws {DomainError} When p is not positive or an entry is not finite.
 *
 * @example Between points of a line
 * ```ts
 * import { matrix } from "@gradus/gradus/linalg";
 * import { groundCost } from "@gradus/gradus/transport";
 * import { assertEquals } from "@std/assert";
 *
 * const C = groundCost(matrix([[0], [1]]), matrix([[0], [2], [5]]));
 * assertEquals([...C.data], [0, 4, 25, 1, 1, 16]);
 * ```
 */
export function groundCost(X: Matrix, Y: Matrix, options: GroundCostOptions = {}): Matrix {
  const { power = 2, norm = "euclidean" } = options, { rows: m, columns: d } = X, n = Y.rows;
  if (Y.columns !== d || X.data.length !== m * d || Y.data.length !== n * d) {
    throw new ShapeError(
      `Cannot make costs: expected points of the same dimension, got ${m} x ${d} and ${n} x ${Y.columns}`,
    );
  }
  if (!(power > 0 && power < Infinity)) throw new DomainError(`Cannot make costs: expected a power > 0, got ${power}`);
  for (const { data } of [X, Y]) {
    const wrong = data.findIndex((v) => !Number.isFinite(v));
    if (wrong >= 0) throw new DomainError(`Cannot make costs: expected finite points, got ${data[wrong]} at ${wrong}`);
  }
  const data = new Float64Array(m * n), x = X.data, y = Y.data, manhattan = norm === "manhattan";
  const exponent = manhattan ? power : power / 2;
  for (let i = 0, k = 0; i < m; i++) {
    for (let j = 0; j < n; j++, k++) {
      let s = 0;
      for (let c = 0; c < d; c++) {
        const difference = x[i * d + c] - y[j * d + c];
        s += manhattan ? Math.abs(difference) : difference * difference;
      }
      data[k] = exponent === 1 ? s : s ** exponent;
    }
  }
  return { rows: m, columns: n, data };
}

/** What a transport problem is made of besides its costs. */
export interface TransportOptions {
  /** The mass at each source. Default: the same at each, 1 in all. */
  readonly source?: Vector;
  /** The mass at each target. Default: the same at each, 1 in all. */
  readonly target?: Vector;
  /** A name for tables and messages. */
  readonly name?: string;
}

/**
 * A transport problem from its costs; with `entropy` or `sparse` its regularized forms.
 *
 * @example Two points to two points
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { matrix } from "@gradus/gradus/linalg";
 * import { networkSimplex, transportProblem } from "@gradus/gradus/transport";
 * import { assertEquals } from "@std/assert";
 *
 * const problem = transportProblem(matrix([[1, 2], [3, 1]]));
 * const { status, value } = solve(problem, networkSimplex(), { start: [0, 0] });
 * assertEquals([status, value], ["converged", 1]);
 * ```
 */
export function transportProblem(cost: Matrix, options: TransportOptions = {}): ExactTransport {
  const { source = uniform(cost.rows), target = uniform(cost.columns), name } = options;
  return { kind: "transport", cost, source, target, ...(name !== undefined && { name }) };
}

/** The same mass at each of n places, 1 in all. */
function uniform(n: number): Vector {
  return new Float64Array(n).fill(1 / n);
}

/** The problem with ε times the entropy of the plan relative to the product of its marginals. */
export function withEntropy(problem: ExactTransport, strength: number): EntropicTransport {
  return { ...problem, regularizer: { type: "entropy", strength } };
}
