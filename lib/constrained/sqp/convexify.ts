/**
 * A positive definite matrix that agrees with a Hessian where that matters for a step.
 *
 * Let Y be an orthonormal basis of the normals of the constraints that are expected to be active, Z of what they leave
 * free. Along Y the step is determined by the constraints: what is added there, `Y S Yᵀ`, changes their multipliers
 * alone, and those can be put right. So with
 *
 *     [Y Z]ᵀ H [Y Z] = [ H_yy  H_zyᵀ ]     B = H + Z ΔZ Zᵀ + Y ΔY Yᵀ
 *                      [ H_zy  H_zz  ]
 *
 * ΔZ makes eigenvalues of H_zz positive where they are not, and ΔY those of the Schur complement
 * `H_yy - H_zyᵀ (H_zz + ΔZ)⁻¹ H_zy`: B is definite then. Where the second-order conditions hold on the right active
 * set, ΔZ = 0 and the step is Newton's.
 *
 * See Gould, On practical conditions for the existence and uniqueness of solutions to the general equality quadratic
 * programming problem (1985); Gill and Wong, Sequential quadratic programming methods (2012), section 4, on
 * convexification.
 *
 * @module
 */
import { axpy, type Matrix, normInf, type Vector } from "../../core/mod.ts";
import { backend, cholesky, eigh, identity, matmul, matrix, type SymmetricEigen, transpose } from "../../linalg/mod.ts";
import { type ActiveFactors, addNormal, beginFactors, transformNormal, transformUnit } from "../active_set/factors.ts";
import { AT_LOWER, AT_UPPER, type DenseProgram } from "../active_set/program.ts";

/** H is left as it is where its pivots are above this share of `|H|`. */
const DEFINITE = 1e-10;

/** Eigenvalues above this share of `|H|` are left as they are. */
const POSITIVE = 1e-8;

/** Others become their magnitudes, and at least this share of `|H|`. */
const FLOOR = 1e-4;

/** What was added to a Hessian. */
export interface Convexified {
  /** `Y ΔY Yᵀ`, where it is not 0. */
  readonly shift?: Matrix;
  /**
   * The direction of the most negative curvature along Z, a unit long in the units of the variables, where there is
   * one.
   */
  readonly descent?: Vector;
  /** That curvature, or 0. */
  readonly curvature: number;
}

/**
 * Makes the Hessian of a program with these rows definite in place.
 *
 * @param standing How the constraints are expected to stand at the solution of the program.
 * @param factors Room for a factorization.
 * @param scales The units of the variables, in which eigenvalues are measured.
 */
export function convexify(
  { hessian: H, rows }: Pick<DenseProgram, "hessian" | "rows">,
  standing: Uint8Array,
  factors: ActiveFactors,
  scales: Vector,
): Convexified {
  const n = H.rows;
  rescale(H, scales, false);
  const size = normInf(H.data);
  if (beginFactors(factors, H, DEFINITE)) {
    rescale(H, scales, true);
    return { curvature: 0 };
  }
  const least = POSITIVE * size;
  const raise = (value: number): number => value > least ? 0 : Math.max(Math.abs(value), FLOOR * (size || 1)) - value;

  const Q = expectedBasis(rows, standing, factors, scales),
    q = factors.count,
    inner = matmul(matmul(Q, H), transpose(Q));
  const free = block(inner, q, q, n - q, n - q), cross = block(inner, q, 0, n - q, q), held = block(inner, 0, 0, q, q);
  const { shift: freeShift, values, vectors } = spectralShift(free, least, raise);
  if (freeShift) addTo(free, freeShift);
  if (n > q && q > 0) {
    const product = matmul(transpose(cross), cholesky(symmetrized(free)).solve(cross));
    for (let i = 0; i < product.data.length; i++) held.data[i] -= product.data[i];
  }
  const { shift: heldShift } = spectralShift(held, least, raise);
  if (freeShift) addTo(H, lift(Q, q, freeShift));
  const shift = heldShift && lift(Q, 0, heldShift);
  if (shift) {
    addTo(H, shift);
    rescale(shift, scales, true);
  }
  rescale(H, scales, true);
  const added = shift && { shift };
  if (!(q < n && values && vectors && values[0] < -least)) return { ...added, curvature: 0 };
  const descent = new Float64Array(n);
  for (let i = q; i < n; i++) axpy(vectors.data[(i - q) * (n - q)], Q.data.subarray(i * n, (i + 1) * n), descent);
  for (let j = 0; j < n; j++) descent[j] *= scales[j];
  return { ...added, descent, curvature: values[0] };
}

/** The rows of the result are Y and then Z; `factors.count` is the number of the former. */
function expectedBasis(rows: Matrix, standing: Uint8Array, factors: ActiveFactors, scales: Vector): Matrix {
  const n = factors.order, m = rows.rows, d = new Float64Array(n), normal = d.slice();
  beginFactors(factors, identity(n), 0);
  for (let k = 0; k < standing.length && factors.count < n; k++) {
    if (standing[k] !== AT_LOWER && standing[k] !== AT_UPPER) continue;
    if (k < m) {
      for (let j = 0; j < n; j++) normal[j] = scales[j] * rows.data[k * n + j];
      transformNormal(factors, normal, d);
    } else transformUnit(factors, k - m, d);
    if (normInf(d.subarray(factors.count)) > 1e-8 * normInf(d)) addNormal(factors, d);
  }
  return matrix(n, n, factors.basis.data.slice());
}

/**
 * The eigenvalues and eigenvectors of a symmetric matrix `V Λ Vᵀ`, and `V raise(Λ) Vᵀ` if it is not 0; nothing where
 * all eigenvalues are above the least that is left as it is.
 */
function spectralShift(
  A: Matrix,
  least: number,
  raise: (value: number) => number,
): Partial<SymmetricEigen> & { shift?: Matrix } {
  const symmetric = symmetrized(A), n = A.rows, lowered = symmetric.data.slice();
  for (let i = 0; i < n; i++) lowered[i * (n + 1)] -= least;
  if (backend().cholesky(n, lowered, 0, n) < 0) return {}; // A - least I is definite
  const eigen = eigh(symmetric), { values, vectors: V } = eigen, shifts = values.map(raise);
  if (shifts.every((shift) => shift === 0)) return eigen;
  const scaled = matrix(n, n, V.data.map((v, at) => v * shifts[at % n]));
  return { ...eigen, shift: matmul(scaled, transpose(V)) };
}

/** `Qᵀ S Q`, S in the rows of Q from `first` on. */
function lift(Q: Matrix, first: number, S: Matrix): Matrix {
  const rows = matrix(S.rows, Q.columns, Q.data.subarray(first * Q.columns, (first + S.rows) * Q.columns));
  return symmetrized(matmul(transpose(rows), matmul(S, rows)));
}

function block({ columns: n, data }: Matrix, row: number, column: number, rows: number, columns: number): Matrix {
  const out = matrix(rows, columns);
  for (let i = 0; i < rows; i++) {
    const from = (row + i) * n + column;
    out.data.set(data.subarray(from, from + columns), i * columns);
  }
  return out;
}

function symmetrized({ rows: n, data }: Matrix): Matrix {
  const out = matrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) out.data[i * n + j] = (data[i * n + j] + data[j * n + i]) / 2;
  }
  return out;
}

/** `S A S`, or `S⁻¹ A S⁻¹`, S diagonal. */
function rescale({ rows: n, data }: Matrix, scales: Vector, inverse: boolean): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const scale = scales[i] * scales[j];
      data[i * n + j] = inverse ? data[i * n + j] / scale : data[i * n + j] * scale;
    }
  }
}

function addTo(A: Matrix, B: Matrix): void {
  for (let i = 0; i < A.data.length; i++) A.data[i] += B.data[i];
}
