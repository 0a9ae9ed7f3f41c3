/**
 * Variable projection: models that are linear in some of their parameters, reduced to the others.
 *
 * ```
 * minimize ½ |Φ(a) c - y|²,   Φᵢₖ = φₖ(xᵢ, a);   for each a the best c is Φ⁺y
 * r(a) = Φ Φ⁺ y - y
 * ∂r/∂aⱼ = (I - Φ Φ⁺) (∂Φ/∂aⱼ) c - (Φ⁺)ᵀ (∂Φ/∂aⱼ)ᵀ r
 * ```
 *
 * Only the a need a start, and steps are fewer than with all parameters.
 *
 * Source: Golub and Pereyra, The differentiation of pseudo-inverses and nonlinear least squares problems whose
 * variables separate (1973), equations 2.3, 5.4.
 *
 * @module
 */
import { DomainError, type LeastSquares, type Matrix, ShapeError, type Vector, vector } from "../../core/mod.ts";
import { matrix, svd } from "../../linalg/mod.ts";
import { withJacobian } from "./model.ts";

/** A term `φ(x, a)` of a model that is a linear combination of terms. */
export type ModelTerm<X extends number | Vector> = (x: X, a: Vector) => number;

/** A reduced problem. */
export interface ProjectedProblem extends LeastSquares {
  /** The best `c` for an a; the least one if there are several. */
  readonly coefficients: (a: Vector) => Vector;
}

/**
 * The least-squares problem in a that is left when c is the best for each a. Derivatives of the terms are differences
 * of fourth order, with steps of the size of the parameters.
 *
 * @param count How many a there are.
 *
 * @throws {ShapeError} When x and y differ in length, or there are fewer data than terms and parameters.
 * @throws {DomainError} When there is no term or no parameter, or y is not finite.
 *
 * @example A decay of unknown height
 * ```ts
 * import { solve } from "@gradus/gradus/core";
 * import { levenbergMarquardt, variableProjection } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const x = [0, 1, 2, 3, 4, 5], y = x.map((t) => 5 * Math.exp(-0.5 * t) + 1);
 * const problem = variableProjection([(t: number, [k]) => Math.exp(-k * t), () => 1], x, y, 1);
 * const { x: [k] } = solve(problem, levenbergMarquardt(), { start: [1] });
 * const [height, floor] = problem.coefficients(Float64Array.of(k));
 * assertAlmostEquals(k, 0.5, 1e-8);
 * assertAlmostEquals(height, 5, 1e-7);
 * assertAlmostEquals(floor, 1, 1e-7);
 * ```
 */
export function variableProjection<X extends number | Vector>(
  terms: readonly ModelTerm<X>[],
  x: ArrayLike<X>,
  y: ArrayLike<number>,
  count: number,
): ProjectedProblem {
  const m = y.length, p = terms.length, verb = "project variables";
  if (p === 0 || !Number.isSafeInteger(count) || count < 1) {
    throw new DomainError(`Cannot ${verb}: expected terms and parameters, got ${p} and ${count}`);
  }
  if (x.length !== m || m < p + count) {
    throw new ShapeError(
      `Cannot ${verb}: expected as many x as y, at least ${
        p + count
      } for ${p} terms and ${count} parameters, got ${x.length} and ${m}`,
    );
  }
  const observed = vector(y, m, "observations"), basis = matrix(m, p), moved = new Float64Array(count);
  const write = (a: Vector, out: Vector, factor: number): void => { // adds a multiple of Φ(a)
    for (let i = 0; i < m; i++) for (let k = 0; k < p; k++) out[i * p + k] += factor * terms[k](x[i], a);
  };
  const at = (a: Vector): Projection | undefined => {
    basis.data.fill(0);
    write(a, basis.data, 1);
    return basis.data.every(Number.isFinite) ? projection(basis, observed) : undefined;
  };
  const slope = matrix(m, p);
  const jacobian = (a: Vector, { data }: Matrix): void => {
    const now = at(a);
    if (!now) return void data.fill(NaN);
    moved.set(a);
    for (let j = 0; j < count; j++) {
      const h = 1e-3 * (Math.abs(a[j]) || 1);
      slope.data.fill(0);
      for (const [step, factor] of STENCIL) {
        moved[j] = a[j] + step * h;
        write(moved, slope.data, factor / h);
      }
      moved[j] = a[j];
      const column = now.derivative(slope.data);
      for (let i = 0; i < m; i++) data[i * count + j] = column[i];
    }
  };
  const value = (a: Vector, out: Vector): void => {
    const now = at(a);
    if (now) out.set(now.residual);
    else out.fill(NaN);
  };
  const cost = 4 * count + 1;
  return {
    kind: "least-squares",
    name: "a model with projected variables",
    dimension: count,
    coefficients: (a) => at(vector(a, count, "parameters"))?.coefficients ?? new Float64Array(p).fill(NaN),
    costs: { "residual.jacobian": cost, "residual.jacobianVector": cost, "residual.jacobianTransposeVector": cost },
    residual: withJacobian(m, count, value, jacobian),
  };
}

/** Steps and factors of the fourth-order central difference. */
const STENCIL = [[-2, 1 / 12], [-1, -2 / 3], [1, 2 / 3], [2, -1 / 12]] as const;

interface Projection {
  readonly coefficients: Vector;
  readonly residual: Vector;
  /** `∂r/∂aⱼ` from `∂Φ/∂aⱼ`. */
  readonly derivative: (slope: Vector) => Vector;
}

/** By the singular values of Φ, without those that are rounding. */
function projection(basis: Matrix, y: Vector): Projection {
  const { rows: m, columns: p } = basis, { U, S, V } = svd(basis);
  let rank = 0;
  while (rank < S.length && S[rank] > m * Number.EPSILON * S[0]) rank++;
  const onto = (v: Vector): Vector =>
    // Uᵀv
    Float64Array.from({ length: rank }, (_, l) => {
      let s = 0;
      for (let i = 0; i < m; i++) s += U.data[i * U.columns + l] * v[i];
      return s;
    });
  const back = (t: Vector, i: number): number => { // (U t)ᵢ
    let s = 0;
    for (let l = 0; l < rank; l++) s += U.data[i * U.columns + l] * t[l];
    return s;
  };
  const inside = onto(y), residual = y.map((v, i) => back(inside, i) - v);
  const coefficients = Float64Array.from({ length: p }, (_, k) => {
    let s = 0;
    for (let l = 0; l < rank; l++) s += V.data[k * V.columns + l] * inside[l] / S[l];
    return s;
  });
  return {
    coefficients,
    residual,
    derivative: (slope) => {
      const changed = new Float64Array(m), w = new Float64Array(p); // (∂Φ) c and (∂Φ)ᵀ r
      for (let i = 0; i < m; i++) {
        for (let k = 0; k < p; k++) {
          changed[i] += slope[i * p + k] * coefficients[k];
          w[k] += slope[i * p + k] * residual[i];
        }
      }
      const kept = onto(changed).map((t, l) => {
        let s = 0;
        for (let k = 0; k < p; k++) s += V.data[k * V.columns + l] * w[k];
        return t + s / S[l];
      });
      return changed.map((v, i) => v - back(kept, i));
    },
  };
}
