/**
 * Residuals with their Jacobian matrix at a point, and the linear least-squares problems that they make.
 *
 * @module
 */
import {
  type BoundedLeastSquares,
  dot,
  jacobianProducts,
  type Matrix,
  norm2,
  type Vector,
  type VectorFunction,
  vectors,
} from "../../core/mod.ts";
import { backend, substitute } from "../../linalg/mod.ts";

/** Residuals, Jacobian matrix and gradient at a point. */
export interface LinearModel {
  /** `r`. */
  residual: Vector;
  /** `J`, m x n. */
  readonly jacobian: Matrix;
  /** `Jᵀr`. */
  readonly gradient: Vector;
}

/** Room for a model. */
export function linearModelOf({ dimension: n, residual: { components: m } }: BoundedLeastSquares): LinearModel {
  return {
    residual: new Float64Array(m),
    jacobian: { rows: m, columns: n, data: new Float64Array(m * n) },
    gradient: new Float64Array(n),
  };
}

/** `½ |r|²`. */
export function halfSquares(r: Vector): number {
  return dot(r, r) / 2;
}

/** `out ← Jᵀr`. */
export function writeGradient({ rows: m, columns: n, data }: Matrix, r: Vector, out: Vector): void {
  out.fill(0);
  for (let i = 0; i < m; i++) {
    const ri = r[i];
    for (let j = 0; j < n; j++) out[j] += data[i * n + j] * ri;
  }
}

/** `out ← J p`. */
export function multiplyJacobian({ rows: m, columns: n, data }: Matrix, p: Vector, out: Vector): void {
  for (let i = 0; i < m; i++) {
    let s = 0;
    for (let j = 0; j < n; j++) s += data[i * n + j] * p[j];
    out[i] = s;
  }
}

/** The lengths of the columns of J. */
export function columnNorms({ rows, columns, data }: Matrix): Vector {
  const norms = new Float64Array(columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) norms[j] += data[i * columns + j] ** 2;
  for (let j = 0; j < columns; j++) norms[j] = Math.sqrt(norms[j]);
  return norms;
}

/** `Dⱼ ← max(memory Dⱼ, |column j of J|)`, 1 where that is 0. */
export function updateScales({ rows, columns, data }: Matrix, memory: number, D: Vector): void {
  for (let j = 0; j < columns; j++) {
    let square = 0;
    for (let i = 0; i < rows; i++) square += data[i * columns + j] ** 2;
    D[j] = Math.max(memory * D[j], Math.sqrt(square)) || 1;
  }
}

/** About how much of `½ |r|²` at x is rounding: r is, by what the last bits of x do to it, and so are the squares. */
export function roundingOf({ residual: r, jacobian: { rows: m, columns: n, data } }: LinearModel, x: Vector): number {
  let change = 0;
  for (let i = 0; i < m; i++) {
    let s = 0;
    for (let j = 0; j < n; j++) s += Math.abs(data[i * n + j] * x[j]);
    change += s * s;
  }
  return 1e-14 * halfSquares(r) + Number.EPSILON * norm2(r) * Math.sqrt(change);
}

/** `|D v|`; writes `D v`. */
export function scaled(v: Vector, D: Vector, Dv: Vector = new Float64Array(v.length)): number {
  for (let j = 0; j < v.length; j++) Dv[j] = v[j] * D[j];
  return norm2(Dv);
}

/** `min |J p + r|² + μ |D p|²` for several μ and r, at one factorization of J. */
export class DampedSystem {
  readonly #rows: number;
  readonly #columns: number;
  /** The rows of J that are left: n of its triangle where it is tall. */
  readonly #kept: number;
  /** J, with its reflectors where it is tall. */
  readonly #factor: Vector;
  readonly #tau: Vector;
  /** What is left of J over `√μ D`, with its reflectors. */
  readonly #stacked: Vector;
  readonly #stackedTau: Vector;
  readonly #right: Vector;

  /** @param J The matrix. */
  constructor({ rows: m, columns: n, data }: Matrix) {
    const kept = Math.min(m, n);
    this.#rows = m;
    this.#columns = n;
    this.#kept = kept;
    this.#factor = data.slice();
    [this.#tau, this.#stackedTau] = vectors(n, 2);
    this.#stacked = new Float64Array((kept + n) * n);
    this.#right = new Float64Array(Math.max(m, kept + n));
    if (m >= n) backend().qr(m, n, this.#factor, 0, n, this.#tau);
  }

  /** Factors the matrix for a μ > 0 and a D > 0. */
  damp(mu: number, D: Vector): void {
    const n = this.#columns, kept = this.#kept, stacked = this.#stacked, root = Math.sqrt(mu);
    const isTriangle = this.#rows >= n;
    stacked.fill(0);
    for (let i = 0; i < kept; i++) {
      for (let j = isTriangle ? i : 0; j < n; j++) stacked[i * n + j] = this.#factor[i * n + j];
    }
    for (let j = 0; j < n; j++) stacked[(kept + j) * n + j] = root * D[j];
    backend().qr(kept + n, n, stacked, 0, n, this.#stackedTau);
  }

  /** `out ← p` for the μ and D of the last call of `damp`. */
  solve(r: Vector, out: Vector): void {
    const m = this.#rows, n = this.#columns, kept = this.#kept, right = this.#right, { applyQ } = backend();
    right.set(r);
    if (m >= n) applyQ(true, true, m, 1, n, this.#factor, 0, n, this.#tau, right, 0, 1);
    for (let i = 0; i < kept; i++) right[i] = -right[i];
    right.fill(0, kept, kept + n);
    applyQ(true, true, kept + n, 1, n, this.#stacked, 0, n, this.#stackedTau, right, 0, 1);
    substitute(false, false, false, n, this.#stacked, 0, n, right, 0);
    for (let j = 0; j < n; j++) out[j] = right[j];
  }
}

/** Residuals of which the Jacobian matrix is known as a whole. */
export function withJacobian(
  components: number,
  columns: number,
  value: (x: Vector, out: Vector) => void,
  jacobian: (x: Vector, out: Matrix) => void,
): VectorFunction {
  return { components, value, jacobian, ...jacobianProducts(components, columns, jacobian) };
}
