/**
 * Sums of squares `f(x) = Σ rᵢ(x)²` (no factor 1/2) from residuals, their Jacobian and their second derivatives.
 *
 * @module
 */
import type { Instance, LeastSquares, Matrix, TwiceSmooth, Vector } from "../core/mod.ts";

/** Residuals `r: Rⁿ → Rᵐ` with derivatives written by hand, and what is known of their sum of squares. */
export interface Residuals {
  readonly name: string;
  /** The standard start; its length is `n`. */
  readonly start: ArrayLike<number>;
  /** Known minima of the sum of squares, the global one first. */
  readonly minima: readonly number[];
  /** The number `m` of residuals. */
  readonly count: number;
  /** For each residual the variables it depends on; all of them if left out. */
  readonly pattern?: readonly ArrayLike<number>[];
  /** Writes `r(x)`. */
  readonly residual: (x: Vector, r: Vector) => void;
  /** Writes the entries of the pattern, row after row; without a pattern that is `J[i n + j] = ∂rᵢ/∂xⱼ`. */
  readonly jacobian: (x: Vector, J: Vector) => void;
  /** Adds `Σᵢ wᵢ ∇²rᵢ(x) v` to `out`; left out where the residuals are linear. */
  readonly curvature?: (x: Vector, w: Vector, v: Vector, out: Vector) => void;
}

/** A sum of squares that also shows what is squared. */
export interface SumOfSquares extends TwiceSmooth {
  /** The residuals as a problem of their own, with the value `½ |r(x)|²`: half of the sum. */
  readonly squares: LeastSquares;
}

/** The problem of minimizing `Σ rᵢ(x)²`: `∇f = 2 Jᵀr` and `∇²f v = 2 JᵀJv + 2 Σ rᵢ ∇²rᵢ v`. */
export function sumOfSquares(residuals: Residuals): Instance<SumOfSquares> {
  const { name, minima, count: m, residual, jacobian, curvature } = residuals;
  const start = Float64Array.from(residuals.start), n = start.length;
  const every = Array.from({ length: n }, (_, j) => j);
  const pattern = residuals.pattern ?? Array.from({ length: m }, () => every);
  const ends = new Uint32Array(m); // entries of row i are ends[i - 1] … ends[i] - 1
  for (let i = 0, k = 0; i < m; i++) ends[i] = k += pattern[i].length;
  const columns = Uint32Array.from(pattern.flatMap((row) => Array.from(row)));
  const r = new Float64Array(m), w = new Float64Array(m), J = new Float64Array(columns.length);

  const squares = (x: Vector): number => {
    residual(x, r);
    let s = 0;
    for (let i = 0; i < m; i++) s += r[i] * r[i];
    return s;
  };
  const problem: SumOfSquares = {
    kind: "smooth",
    name,
    dimension: n,
    squares: leastSquaresOf(residuals, n, ends, columns),
    value: squares,
    gradient: (x, out) => {
      const f = squares(x);
      jacobian(x, J);
      out.fill(0);
      for (let i = 0, k = 0; i < m; i++) {
        const c = 2 * r[i], end = ends[i];
        for (; k < end; k++) out[columns[k]] += c * J[k];
      }
      return f;
    },
    hessianVector: (x, v, out) => {
      jacobian(x, J);
      out.fill(0);
      for (let i = 0, k = 0; i < m; i++) {
        const begin = k, end = ends[i];
        let c = 0;
        for (; k < end; k++) c += J[k] * v[columns[k]];
        c *= 2;
        for (k = begin; k < end; k++) out[columns[k]] += c * J[k];
      }
      if (!curvature) return;
      residual(x, w);
      for (let i = 0; i < m; i++) w[i] *= 2;
      curvature(x, w, v, out);
    },
  };
  return { name, problem, start, minima };
}

/** The residuals by products with their Jacobian matrix, of which row i has entries in the columns up to `ends[i]`. */
function leastSquaresOf(residuals: Residuals, n: number, ends: Uint32Array, columns: Uint32Array): LeastSquares {
  const { name, count: m, residual, jacobian, curvature } = residuals, J = new Float64Array(columns.length);
  return {
    kind: "least-squares",
    name,
    dimension: n,
    residual: {
      components: m,
      value: residual,
      jacobianVector: (x, v, out) => {
        jacobian(x, J);
        for (let i = 0, k = 0; i < m; i++) {
          let s = 0;
          for (; k < ends[i]; k++) s += J[k] * v[columns[k]];
          out[i] = s;
        }
      },
      jacobianTransposeVector: (x, w, out) => {
        jacobian(x, J);
        out.fill(0);
        for (let i = 0, k = 0; i < m; i++) for (; k < ends[i]; k++) out[columns[k]] += J[k] * w[i];
      },
      jacobian: (x, out: Matrix) => {
        jacobian(x, J);
        out.data.fill(0);
        for (let i = 0, k = 0; i < m; i++) for (; k < ends[i]; k++) out.data[i * n + columns[k]] = J[k];
      },
      hessianVector: (x, w, v, out) => {
        out.fill(0);
        curvature?.(x, w, v, out);
      },
    },
  };
}
