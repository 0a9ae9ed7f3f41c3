/**
 * The factorization that an active-set method keeps: with `B = L Lᵀ` and N the matrix whose columns are the active
 * normals,
 *
 *     Jᵀ N = [R; 0],   Jᵀ B J = I,   R upper triangular.
 *
 * At first J is `L⁻ᵀ`. A normal that comes or goes is a few rotations of the rows of Jᵀ. The last rows of Jᵀ span, in
 * the metric of B, what the active normals leave free.
 *
 * After Goldfarb and Idnani, A numerically stable dual method for solving strictly convex quadratic programs (1983),
 * section 4.
 *
 * @module
 */
import type { Matrix, Vector } from "../../core/mod.ts";
import { backend, hypotenuse, matrix, matvec, rotate, substitute } from "../../linalg/mod.ts";

/** The factorization. Plain data. */
export interface ActiveFactors {
  /** The order n of B. */
  readonly order: number;
  /** L, row by row. */
  readonly factor: Vector;
  /** Jᵀ. */
  readonly basis: Matrix;
  /** R, column by column. */
  readonly triangle: Vector;
  /** The number q of active normals. */
  count: number;
}

/** Room for a factorization of order n. */
export function activeFactors(n: number): ActiveFactors {
  const square = (): Vector => new Float64Array(n * n);
  return { order: n, factor: square(), basis: matrix(n, n), triangle: square(), count: 0 };
}

/**
 * `J = L⁻ᵀ`, nothing active. Returns whether B is positive definite, every pivot above a share of its entry on the
 * diagonal.
 */
export function beginFactors(factors: ActiveFactors, B: Matrix, share: number): boolean {
  const { order: n, factor: l, basis: { data: basis } } = factors;
  l.set(B.data);
  if (backend().cholesky(n, l, 0, n) >= 0) return false;
  for (let i = 0; i < n; i++) if (!(l[i * (n + 1)] ** 2 > share * B.data[i * (n + 1)])) return false;
  basis.fill(0);
  for (let i = 0; i < n; i++) {
    basis[i * (n + 1)] = 1;
    substitute(true, true, false, n, l, 0, n, basis, i * n);
  }
  factors.count = 0;
  return true;
}

/** `out ← Jᵀ a`. */
export function transformNormal({ basis }: ActiveFactors, a: Vector, out: Vector): void {
  matvec(basis, a, out);
}

/** `out ← Jᵀ e`, e the unit vector of a variable. */
export function transformUnit({ order: n, basis }: ActiveFactors, variable: number, out: Vector): void {
  for (let i = 0; i < n; i++) out[i] = basis.data[i * n + variable];
}

/** Makes a normal active; `d` is Jᵀ times it, and is used up. */
export function addNormal(factors: ActiveFactors, d: Vector): void {
  const { order: n, basis: { data: basis }, triangle, count: q } = factors;
  for (let i = n - 1; i > q; i--) {
    if (d[i] === 0) continue;
    const length = hypotenuse(d[i - 1], d[i]);
    rotate(n, basis, (i - 1) * n, i * n, d[i - 1] / length, d[i] / length);
    d[i - 1] = length;
  }
  for (let i = 0; i <= q; i++) triangle[q * n + i] = d[i];
  factors.count++;
}

/** Drops the active normal at a place; those behind it move up. */
export function dropNormal(factors: ActiveFactors, place: number): void {
  const { order: n, basis: { data: basis }, triangle: r } = factors, q = --factors.count;
  for (let k = place; k < q; k++) r.copyWithin(k * n, (k + 1) * n, (k + 1) * n + k + 2);
  for (let i = place; i < q; i++) {
    const a = r[i * n + i], b = r[i * n + i + 1];
    if (b === 0) continue;
    const length = hypotenuse(a, b), c = a / length, s = b / length;
    r[i * n + i] = length;
    for (let k = i + 1; k < q; k++) {
      const u = r[k * n + i], v = r[k * n + i + 1];
      r[k * n + i] = c * u + s * v;
      r[k * n + i + 1] = c * v - s * u;
    }
    rotate(n, basis, i * n, (i + 1) * n, c, s);
  }
}

/** `x ← R⁻¹ x`, q entries. */
export function solveTriangle({ order: n, triangle, count: q }: ActiveFactors, x: Vector): void {
  substitute(true, true, false, q, triangle, 0, n, x, 0);
}

/** `x ← R⁻ᵀ x`, q entries. */
export function solveTransposed({ order: n, triangle, count: q }: ActiveFactors, x: Vector): void {
  substitute(true, false, false, q, triangle, 0, n, x, 0);
}
