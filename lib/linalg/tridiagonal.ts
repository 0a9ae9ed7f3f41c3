/**
 * Reduction of a symmetric matrix to tridiagonal form, `A = Q T Qᵀ`.
 *
 * From the last row up: the reflector `H_k` makes row k zero left of its entry (k, k-1). Half of the work, the products
 * `A v`, has to be done vector by vector; the updates `A - v wᵀ - w vᵀ` wait for a panel of rows and are then done at once,
 * as a product of matrices.
 *
 * Source: Dongarra, Sorensen and Hammarling, Block reduction of matrices to condensed forms for eigenvalue computations
 * (1989), section 4.
 *
 * @module
 */
import type { Vector } from "../core/mod.ts";
import { reflect } from "./householder.ts";
import { backend } from "./kernels/mod.ts";
import { symmetricProduct } from "./symmetric_product.ts";

/** So many rows are reduced between two updates of the rest. */
const PANEL = 24;

/** `A = Q T Qᵀ` with `Q = H_{n-1} … H₂ H₁`. */
export interface Tridiagonal {
  /** The order n. */
  readonly size: number;
  /** The diagonal of T. */
  readonly diagonal: Vector;
  /** The n - 1 entries of T beside its diagonal, and a 0. */
  readonly offDiagonal: Vector;
  /** In row k, left of the diagonal, the vector of `H_k`; its unit entry is the last one, at (k, k-1). */
  readonly reflectors: Vector;
  /** The factor of `H_k` at k. */
  readonly tau: Vector;
}

/** Reduces the symmetric matrix whose lower triangle is in `a`, which is overwritten. */
export function tridiagonalize(n: number, a: Vector): Tridiagonal {
  const diagonal = new Float64Array(n), offDiagonal = new Float64Array(n), tau = new Float64Array(n);
  const panel = new Float64Array(PANEL * n);
  for (let end = n; end > 0; end -= PANEL) {
    const first = Math.max(0, end - PANEL);
    for (let k = end - 1; k >= first; k--) {
      const row = k * n;
      updateRow(n, k, end, a, panel);
      diagonal[k] = a[row + k];
      if (k === 0) break;
      const t = reflect(k, a, row + k - 1, -1);
      tau[k] = t;
      offDiagonal[k - 1] = a[row + k - 1];
      a[row + k - 1] = 1;
      reflected(n, k, end, t, a, panel);
    }
    if (first > 0) {
      const v = first * n, count = end - first, { gemmLower } = backend();
      gemmLower(true, false, first, count, -1, a, v, n, panel, 0, n, 1, a, 0, n);
      gemmLower(true, false, first, count, -1, panel, 0, n, a, v, n, 1, a, 0, n);
    }
  }
  return { size: n, diagonal, offDiagonal, reflectors: a, tau };
}

/** Row k, up to the diagonal, takes the updates of the rows of its panel that were reduced before: from k + 1 to `end`. */
function updateRow(n: number, k: number, end: number, a: Vector, panel: Vector): void {
  const row = k * n, first = Math.max(0, end - PANEL);
  for (let j = k + 1; j < end; j++) {
    const v = j * n, w = (j - first) * n, vk = a[v + k], wk = panel[w + k];
    for (let i = 0; i <= k; i++) a[row + i] -= wk * a[v + i] + vk * panel[w + i];
  }
}

/** Into row k of the panel the w for which `H A H = A - v wᵀ - w vᵀ`: with `p = τ A v`, `w = p - (τ pᵀv / 2) v`. */
function reflected(n: number, k: number, end: number, t: number, a: Vector, panel: Vector): void {
  const row = k * n, first = Math.max(0, end - PANEL), w = (k - first) * n;
  panel.fill(0, w, w + k);
  if (t === 0) return;
  symmetricProduct(k, a, n, row, panel, w);
  for (let j = k + 1; j < end; j++) { // A is still without the updates of this panel
    const vj = j * n, wj = (j - first) * n;
    let along = 0, across = 0;
    for (let i = 0; i < k; i++) {
      const x = a[row + i];
      along += a[vj + i] * x;
      across += panel[wj + i] * x;
    }
    for (let i = 0; i < k; i++) panel[w + i] -= across * a[vj + i] + along * panel[wj + i];
  }
  let sum = 0;
  for (let i = 0; i < k; i++) sum += panel[w + i] * a[row + i];
  const half = t * t * sum / 2;
  for (let i = 0; i < k; i++) panel[w + i] = t * panel[w + i] - half * a[row + i];
}

/**
 * `Z = Q Sᵀ`, n x count, for the `count` rows of S: from eigenvectors of T, row by row, to those of A, column by column.
 */
export function transformBack({ size: n, reflectors, tau }: Tridiagonal, count: number, s: Vector): Vector {
  // Upside down the reflectors start where they end here, and form Q in the order in which backends apply them.
  const flipped = new Float64Array(n * n),
    factors = new Float64Array(Math.max(0, n - 1)),
    z = new Float64Array(n * count);
  for (let k = 1; k < n; k++) {
    const column = n - 1 - k, row = k * n;
    factors[column] = tau[k];
    for (let i = 0; i < k; i++) flipped[(n - 1 - i) * n + column] = reflectors[row + i];
  }
  for (let j = 0; j < count; j++) {
    for (let i = 0; i < n; i++) z[(n - 1 - i) * count + j] = s[j * n + i];
  }
  backend().applyQ(true, false, n - 1, count, n - 1, flipped, n, n, factors, z, count, count);
  for (let i = 0, j = n - 1; i < j; i++, j--) exchangeRows(count, z, i * count, j * count);
  return z;
}

function exchangeRows(count: number, z: Vector, i: number, j: number): void {
  for (let c = 0; c < count; c++, i++, j++) {
    const t = z[i];
    z[i] = z[j];
    z[j] = t;
  }
}
