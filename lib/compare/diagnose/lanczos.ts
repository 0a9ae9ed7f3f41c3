/**
 * Extreme eigenvalues of a symmetric operator by the Lanczos process.
 *
 * Source: Golub and Van Loan, Matrix Computations (4th edition, 2013), sections 8.5 and 10.1; all vectors are kept and
 * orthogonalized against, as there are few.
 *
 * @module
 */
import { axpy, dot, fillSphere, norm2, rng, scale, type Vector } from "../../core/mod.ts";

/** The ends of a spectrum. */
export interface Extremes {
  readonly smallest: number;
  readonly largest: number;
  /** Unit vectors that go with them. */
  readonly smallestVector: Vector;
  readonly largestVector: Vector;
}

/** The extreme eigenpairs, exact for n <= `steps`; beyond, the smallest value comes from above, the largest from below. */
export function extremes(apply: (v: Vector, out: Vector) => void, n: number, steps = 30): Extremes {
  const basis: Vector[] = [], diagonal: number[] = [], off: number[] = [];
  let v = fillSphere(rng(3), new Float64Array(n));
  for (let k = 0; k < Math.min(n, steps); k++) {
    basis.push(v);
    const w = new Float64Array(n);
    apply(v, w);
    diagonal.push(dot(v, w));
    for (let pass = 0; pass < 2; pass++) for (const u of basis) axpy(-dot(u, w), u, w);
    const length = norm2(w);
    if (!(length > 1e-10 * Math.max(...diagonal.map(Math.abs)))) break; // an invariant subspace
    off.push(length);
    scale(1 / length, w);
    v = w;
  }
  const m = basis.length, t = Array.from({ length: m }, () => new Float64Array(m));
  for (let k = 0; k < m; k++) {
    t[k][k] = diagonal[k];
    if (k + 1 < m) t[k][k + 1] = t[k + 1][k] = off[k];
  }
  const { values, vectors } = jacobi(t);
  const lift = (j: number): Vector => {
    const out = new Float64Array(n);
    for (let k = 0; k < m; k++) axpy(vectors[k][j], basis[k], out);
    return out;
  };
  let low = 0, high = 0;
  for (let j = 1; j < m; j++) {
    if (values[j] < values[low]) low = j;
    if (values[j] > values[high]) high = j;
  }
  return { smallest: values[low], largest: values[high], smallestVector: lift(low), largestVector: lift(high) };
}

/** All eigenpairs of a small symmetric matrix, which is overwritten, by cyclic Jacobi rotations; vectors in columns. */
function jacobi(a: Float64Array[]): { values: number[]; vectors: Float64Array[] } {
  const n = a.length, vectors = a.map((_, i) => Float64Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));
  const total = Math.sqrt(a.reduce((sum, row) => sum + dot(row, row), 0));
  for (let sweep = 0; sweep < 30; sweep++) {
    let outside = 0;
    for (let p = 0; p < n; p++) for (let q = 0; q < p; q++) outside += a[p][q] * a[p][q];
    if (!(Math.sqrt(outside) > 1e-15 * total)) break;
    for (let p = 1; p < n; p++) for (let q = 0; q < p; q++) rotate(a, vectors, p, q);
  }
  return { values: a.map((row, i) => row[i]), vectors };
}

/** Makes the entry (p, q) zero. */
function rotate(a: Float64Array[], vectors: Float64Array[], p: number, q: number): void {
  if (a[p][q] === 0) return;
  const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(1 + theta * theta));
  const c = 1 / Math.sqrt(1 + t * t), s = t * c, n = a.length;
  for (let k = 0; k < n; k++) {
    const x = a[k][p], y = a[k][q];
    a[k][p] = c * x - s * y;
    a[k][q] = s * x + c * y;
  }
  for (let k = 0; k < n; k++) {
    const x = a[p][k], y = a[q][k];
    a[p][k] = c * x - s * y;
    a[q][k] = s * x + c * y;
    const u = vectors[k][p], w = vectors[k][q];
    vectors[k][p] = c * u - s * w;
    vectors[k][q] = s * u + c * w;
  }
}
