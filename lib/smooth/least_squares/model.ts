/**
 * Residuals with their Jacobian matrix at a point, and the linear least-squares problems that they make.
 *
 * @module
 */
import { type BoundedLeastSquares, dot, type Matrix, norm2, type Vector, type VectorFunction } from "../../core/mod.ts";
import { qr } from "../../linalg/mod.ts";

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

/** `|D v|`. */
export function scaled(v: Vector, D: Vector): number {
  const Dv = new Float64Array(v.length);
  for (let j = 0; j < v.length; j++) Dv[j] = v[j] * D[j];
  return norm2(Dv);
}

/** A Jacobian matrix behind an orthogonal one: `min |J p + r|² + μ |D p|²` for several μ and r at one factorization of J. */
export class DampedSystem {
  readonly #triangle: Matrix;
  readonly #turn: (r: Vector) => Vector;

  /** @param J The matrix. */
  constructor(J: Matrix) {
    if (J.rows < J.columns) {
      this.#triangle = J;
      this.#turn = (r) => r;
      return;
    }
    const factor = qr(J);
    this.#triangle = factor.R;
    this.#turn = (r) => factor.applyTransposedQ({ rows: r.length, columns: 1, data: r }).data.slice(0, J.columns);
  }

  /** A function of right-hand sides r that gives the minimizer p, for a μ > 0 and a D > 0. */
  damped(mu: number, D: Vector): (r: Vector) => Vector {
    const { rows, columns: n, data } = this.#triangle, root = Math.sqrt(mu);
    const stacked = new Float64Array((rows + n) * n);
    stacked.set(data);
    for (let j = 0; j < n; j++) stacked[(rows + j) * n + j] = root * D[j];
    const factor = qr({ rows: rows + n, columns: n, data: stacked });
    return (r) => {
      const right = new Float64Array(rows + n), turned = this.#turn(r);
      for (let i = 0; i < rows; i++) right[i] = -turned[i];
      return factor.solve(right);
    };
  }
}

/** Residuals of which the Jacobian matrix is known as a whole. */
export function withJacobian(
  components: number,
  columns: number,
  value: (x: Vector, out: Vector) => void,
  jacobian: (x: Vector, out: Matrix) => void,
): VectorFunction {
  const J: Matrix = { rows: components, columns, data: new Float64Array(components * columns) };
  return {
    components,
    value,
    jacobian,
    jacobianVector: (x, v, out) => {
      jacobian(x, J);
      multiplyJacobian(J, v, out);
    },
    jacobianTransposeVector: (x, w, out) => {
      jacobian(x, J);
      writeGradient(J, w, out);
    },
  };
}
