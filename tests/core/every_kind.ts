// A small problem of every kind, of which all is known.
import {
  type Bilevel,
  type Composite,
  type Constrained,
  type LeastSquares,
  type LinearProgram,
  type Matrix,
  type QuadraticProgram,
  type Smooth,
  type SparseMatrix,
  sparseMatrix,
  type Stochastic,
  type Transport,
  type VariationalInequality,
  type Vector,
  type VectorFunction,
} from "../../lib/core/mod.ts";

/** A vector. */
export const of = (...entries: number[]): Vector => Float64Array.of(...entries);

/** The sparse form of a matrix. */
export function sparse(...matrix: number[][]): SparseMatrix {
  const entries = matrix.map((row) => row.flatMap((v, j) => v === 0 ? [] : [[j, v]])), flat = entries.flat();
  let end = 0;
  return sparseMatrix({
    rows: matrix.length,
    columns: matrix[0].length,
    rowStarts: Uint32Array.of(0, ...entries.map((row) => end += row.length)),
    columnIndices: Uint32Array.from(flat, ([j]) => j),
    values: Float64Array.from(flat, ([, v]) => v),
  });
}

/** `x ↦ A x - b`. */
export function affine(matrix: number[][], b: number[]): VectorFunction {
  const A = sparse(...matrix);
  return {
    components: b.length,
    value: (x, out) => {
      A.apply(x, out);
      for (let i = 0; i < b.length; i++) out[i] -= b[i];
    },
    jacobianVector: (_x, v, out) => A.apply(v, out),
    jacobianTransposeVector: (_x, w, out) => A.applyTranspose(w, out),
  };
}

/** `½ |x|²` in three variables. */
export const half: Smooth = {
  kind: "smooth",
  dimension: 3,
  value: (x) => (x[0] ** 2 + x[1] ** 2 + x[2] ** 2) / 2,
  gradient: (x, out) => {
    out.set(x);
    return half.value(x);
  },
};

/** ½ |x|² with Σ x = 3, 2 x₀ <= 1, x₁ <= 1: solved by (½, 1, 3/2) with λ = -3/2, ω = ½. */
export const plane: Constrained = {
  kind: "constrained",
  objective: half,
  constraints: {
    equality: affine([[1, 1, 1]], [3]),
    inequality: affine([[2, 0, 0]], [1]),
    upper: of(Infinity, 1, Infinity),
  },
};

/** HS7: ln(1 + x₀²) - x₁ with (1 + x₀²)² + x₁² = 4, solved by (0, √3) with λ = 1/(2√3). */
export const hs7: Constrained = {
  kind: "constrained",
  objective: {
    kind: "smooth",
    dimension: 2,
    value: (x) => Math.log(1 + x[0] ** 2) - x[1],
    gradient: (x, out) => {
      out[0] = 2 * x[0] / (1 + x[0] ** 2);
      out[1] = -1;
      return Math.log(1 + x[0] ** 2) - x[1];
    },
  },
  constraints: {
    equality: {
      components: 1,
      value: (x, out) => void (out[0] = (1 + x[0] ** 2) ** 2 + x[1] ** 2 - 4),
      jacobianVector: (x, v, out) => void (out[0] = 4 * x[0] * (1 + x[0] ** 2) * v[0] + 2 * x[1] * v[1]),
      jacobianTransposeVector: (x, w, out) => {
        out[0] = 4 * x[0] * (1 + x[0] ** 2) * w[0];
        out[1] = 2 * x[1] * w[0];
      },
    },
  },
};

/** -3 x₀ - 5 x₁ with x₀ <= 4, 2 x₁ <= 12, 3 x₀ + 2 x₁ <= 18, x >= 0: solved by (2, 6) with y = (0, 3/2, 1). */
export const factory: LinearProgram = {
  kind: "linear-program",
  objective: of(-3, -5),
  matrix: sparse([1, 0], [0, 2], [3, 2]),
  rowLower: of(-Infinity, -Infinity, -Infinity),
  rowUpper: of(4, 12, 18),
  lower: of(0, 0),
  upper: of(Infinity, Infinity),
};

/** (x₀ - 1)² + (x₁ - 5/2)² without its constant, |x₀ - 2 x₁| <= 2, x₀ + 2 x₁ <= 6, x >= 0: solved by (1.4, 1.7). */
export const nearest: QuadraticProgram = {
  kind: "quadratic-program",
  hessian: sparse([2, 0], [0, 2]),
  linear: {
    kind: "linear-program",
    objective: of(-2, -5),
    matrix: sparse([1, -2], [1, 2]),
    rowLower: of(-2, -Infinity),
    rowUpper: of(2, 6),
    lower: of(0, 0),
    upper: of(Infinity, Infinity),
  },
};

/** The mean of ½ (x - a)² over a = 1, 2, 6. */
export const spread: Stochastic = {
  kind: "stochastic",
  dimension: 1,
  examples: 3,
  batchValue: (x, batch) => batch.reduce((s, i) => s + (x[0] - [1, 2, 6][i]) ** 2 / 2, 0) / batch.length,
  batchGradient: (x, batch, out) => {
    out[0] = batch.reduce((s, i) => s + x[0] - [1, 2, 6][i], 0) / batch.length;
    return spread.batchValue(x, batch);
  },
};

/** Rosenbrock's residuals `10 (x₁ - x₀²)`, `1 - x₀`. */
export const valley: LeastSquares = {
  kind: "least-squares",
  dimension: 2,
  residual: {
    components: 2,
    value: (x, out) => {
      out[0] = 10 * (x[1] - x[0] ** 2);
      out[1] = 1 - x[0];
    },
    jacobianVector: (x, v, out) => {
      out[0] = 10 * (v[1] - 2 * x[0] * v[0]);
      out[1] = -v[0];
    },
    jacobianTransposeVector: (x, w, out) => {
      out[0] = -20 * x[0] * w[0] - w[1];
      out[1] = 10 * w[0];
    },
  },
};

/** F(x) = (x₀ - 2, x₁ + ½) on the unit square, solved by (1, 0). */
export const corner: VariationalInequality = {
  kind: "operator",
  dimension: 2,
  operator: (x, out) => {
    out[0] = x[0] - 2;
    out[1] = x[1] + 0.5;
  },
  resolvent: (x, _step, out) => {
    for (let i = 0; i < 2; i++) out[i] = Math.max(0, Math.min(1, x[i]));
  },
};

/** f = ½ (y₀ - 3)² + ½ x², g = ½ (y - 2x(1, 1))ᵀH(y - 2x(1, 1)), H = [[2, 1], [1, 3]]: Φ' = 5x - 6. */
export const nested: Bilevel = {
  kind: "bilevel",
  dimension: 1,
  lowerDimension: 2,
  upper: {
    value: (x, y) => (y[0] - 3) ** 2 / 2 + x[0] ** 2 / 2,
    gradientX: (x, _y, out) => void (out[0] = x[0]),
    gradientY: (_x, y, out) => {
      out[0] = y[0] - 3;
      out[1] = 0;
    },
  },
  lower: {
    value: (x, y) => {
      const a = y[0] - 2 * x[0], b = y[1] - 2 * x[0];
      return (2 * a * a + 2 * a * b + 3 * b * b) / 2;
    },
    gradientX: (x, y, out) => void (out[0] = -2 * (3 * (y[0] - 2 * x[0]) + 4 * (y[1] - 2 * x[0]))),
    gradientY: (x, y, out) => {
      out[0] = 2 * (y[0] - 2 * x[0]) + (y[1] - 2 * x[0]);
      out[1] = (y[0] - 2 * x[0]) + 3 * (y[1] - 2 * x[0]);
    },
    hessianVector: (_x, _y, v, out) => {
      out[0] = 2 * v[0] + v[1];
      out[1] = v[0] + 3 * v[1];
    },
    crossVector: (_x, _y, v, out) => void (out[0] = -6 * v[0] - 8 * v[1]),
  },
};

/** Half of each mass at 0 and 1 to a quarter at 0, three quarters at 1: the least cost is ¼. */
export const shift: Transport = {
  kind: "transport",
  cost: { rows: 2, columns: 2, data: of(0, 1, 1, 0) },
  source: of(0.5, 0.5),
  target: of(0.25, 0.75),
};

/** A plan for it. */
export const plan = (...data: number[]): Matrix => ({ rows: 2, columns: 2, data: of(...data) });

/** ½ (x - 3)² + |x| on [-10, 10]: solved by 2. */
export const shrunk: Composite = {
  kind: "composite",
  smooth: {
    kind: "smooth",
    dimension: 1,
    value: (x) => (x[0] - 3) ** 2 / 2,
    gradient: (x, out) => {
      out[0] = x[0] - 3;
      return (x[0] - 3) ** 2 / 2;
    },
  },
  regularizer: {
    value: (x) => Math.abs(x[0]) <= 10 ? Math.abs(x[0]) : Infinity,
    proximal: (x, step, out) => {
      out[0] = Math.sign(x[0]) * Math.min(10, Math.max(0, Math.abs(x[0]) - step));
    },
  },
};
