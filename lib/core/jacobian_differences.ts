/**
 * Missing Jacobians of constraints by finite differences, counted as what they cost.
 *
 * @module
 */
import type { DifferenceOptions, PartlySmooth } from "./differences.ts";
import { jacobianProducts, writeJacobian } from "./jacobian.ts";
import type { Constraints, Described, VectorFunction } from "./problem.ts";
import type { Matrix } from "./storage.ts";
import type { Vector } from "./vector.ts";

/** A vector function of which the value is known, and perhaps derivatives. */
export type PartlyVectorFunction = Pick<VectorFunction, "components" | "value"> & Partial<VectorFunction>;

/** A constrained problem that may lack derivatives. */
export interface PartlyConstrained extends Described {
  /** The kind it is. */
  readonly kind: "constrained";
  /** `f`. */
  readonly objective: PartlySmooth;
  /** What `x` must satisfy. */
  readonly constraints: Pick<Constraints, "lower" | "upper"> & {
    /** `c`, with `c(x) = 0`. */
    readonly equality?: PartlyVectorFunction;
    /** `g`, with `g(x) <= 0`. */
    readonly inequality?: PartlyVectorFunction;
  };
}

/** The steps of differences, relative to the size of a variable. */
export const FORWARD: number = Math.sqrt(Number.EPSILON), CENTRAL: number = Math.cbrt(Number.EPSILON);

/**
 * The function with the products that it lacks, by its Jacobian matrix, and what they cost; that by differences where
 * it lacks it.
 */
export function functionWithDifferences(
  f: PartlyVectorFunction,
  n: number,
  { scheme = "forward" }: DifferenceOptions,
): [VectorFunction, Record<string, number>] {
  const { components: m, value, jacobianVector, jacobianTransposeVector } = f;
  const own = f.jacobian ??
    (jacobianVector && ((x: Vector, out: Matrix) => writeJacobian(f as VectorFunction, x, out)));
  const jacobian = own ?? (scheme === "forward" ? forwardJacobian(value, m) : centralJacobian(value, m));
  const cost = f.jacobian ? 1 : own ? n : scheme === "forward" ? n + 1 : 2 * n,
    products = jacobianProducts(m, n, jacobian);
  const complete: VectorFunction = {
    ...f,
    jacobianVector: jacobianVector ?? products.jacobianVector,
    jacobianTransposeVector: jacobianTransposeVector ?? products.jacobianTransposeVector,
    jacobian,
  };
  return [complete, {
    ...(!jacobianVector && { jacobianVector: cost }),
    ...(!jacobianTransposeVector && { jacobianTransposeVector: cost }),
    ...(!f.jacobian && { jacobian: cost }),
  }];
}

type JacobianWriter = (x: Vector, out: Matrix) => void;

function forwardJacobian(value: VectorFunction["value"], m: number): JacobianWriter {
  const at = new Float64Array(m), moved = new Float64Array(m);
  return (x, { columns: n, data }) => {
    const trial = x.slice();
    value(x, at);
    for (let j = 0; j < n; j++) {
      trial[j] = x[j] + FORWARD * Math.max(1, Math.abs(x[j]));
      const h = trial[j] - x[j];
      value(trial, moved);
      for (let i = 0; i < m; i++) data[i * n + j] = (moved[i] - at[i]) / h;
      trial[j] = x[j];
    }
  };
}

function centralJacobian(value: VectorFunction["value"], m: number): JacobianWriter {
  const above = new Float64Array(m), below = new Float64Array(m);
  return (x, { columns: n, data }) => {
    const trial = x.slice();
    for (let j = 0; j < n; j++) {
      const h = CENTRAL * Math.max(1, Math.abs(x[j])), right = x[j] + h, left = x[j] - h;
      trial[j] = right;
      value(trial, above);
      trial[j] = left;
      value(trial, below);
      for (let i = 0; i < m; i++) data[i * n + j] = (above[i] - below[i]) / (right - left);
      trial[j] = x[j];
    }
  };
}
