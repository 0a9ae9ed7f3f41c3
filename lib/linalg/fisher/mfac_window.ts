/**
 * Products with the inverse of the empirical Fisher matrix of the last m gradients, as one replaces another.
 *
 * ```
 * F = λI + (1/m) GᵀG,   S = GGᵀ,   Dᵢⱼ = gᵢᵀFᵢ₋₁⁻¹gⱼ for j >= i,   denᵢ = m + Dᵢᵢ
 * Dᵢⱼ = Sᵢⱼ/λ - Σ_{k<i} Dₖᵢ Dₖⱼ/denₖ              (elimination without pivoting in S/λ + mI)
 * tᵢ = gᵢᵀx/λ - Σ_{k<i} Dₖᵢ tₖ/denₖ               (so tᵢ = gᵢᵀFᵢ₋₁⁻¹x)
 * cᵢ = (tᵢ - Σ_{j>i} Dᵢⱼ cⱼ)/denᵢ,   F⁻¹x = (x - Gᵀc)/λ
 * ```
 *
 * A gradient takes its place in a ring; with it change one row and column of S, one column of D above its row, and D
 * from its row on. O(d m + m³) operations to replace a gradient, O(d m + m²) for a product, (d + 2m + 2) m numbers of
 * memory.
 *
 * The paper tabulates the coefficients B of `vᵢ = Σ Bᵢₖ gₖ`. They are λ⁻¹ times the inverse of a unit triangle that D
 * holds, by which the second substitution multiplies at the same cost, with no table to renew.
 *
 * Source: Frantar, Kurtic and Alistarh, M-FAC: Efficient Matrix-Free Approximations of Second-Order Information (2021),
 * arXiv 2107.03356, section 3.2.
 *
 * @module
 */
import { DomainError, dot, type Vector } from "../../core/mod.ts";
import { checkLength } from "../matrices/checks.ts";
import { checkDamping } from "./mfac.ts";
import { addProduct, addTransposedProduct } from "../matrices/vector_products.ts";

/** A window of gradients: plain data, which the state of a solver may hold and a checkpoint copies. */
export interface MfacWindow {
  /** d. */
  readonly dimension: number;
  /** m. */
  readonly size: number;
  /** λ. */
  readonly damping: number;
  /** The ring of gradients, m x d; zeros where none has come yet. */
  readonly gradients: Vector;
  /** S, m x m. */
  readonly gram: Vector;
  /** D in the upper triangle, m x m. */
  readonly eliminated: Vector;
  /** `m + Dᵢᵢ`. */
  readonly denominators: Vector;
  /** Working memory, m numbers. */
  readonly work: Vector;
  /** The row that the next gradient goes to. */
  next: number;
}

/** What is remembered. */
export interface MfacWindowOptions {
  /** m, gradients in the window. Default 32. */
  readonly size?: number;
  /** λ. Default 1e-5. */
  readonly damping?: number;
}

/**
 * A window without gradients: `F = λI`.
 *
 * @throws {DomainError} When d or m is not a positive integer or λ is not positive.
 *
 * @example Gradients come, products are exact
 * ```ts
 * import { mfacWindow, multiplyInverseFisher, replaceGradient } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const window = mfacWindow(2, { size: 1, damping: 1 });
 * replaceGradient(window, Float64Array.of(2, 0));
 * replaceGradient(window, Float64Array.of(0, 3)); // in place of the first: F = diag(1, 10)
 * const out = new Float64Array(2);
 * multiplyInverseFisher(window, Float64Array.of(5, 20), out);
 * assertAlmostEquals(out[0], 5, 1e-15);
 * assertAlmostEquals(out[1], 2, 1e-15);
 * ```
 */
export function mfacWindow(dimension: number, { size = 32, damping = 1e-5 }: MfacWindowOptions = {}): MfacWindow {
  const verb = "open a window of gradients";
  for (const [what, value] of Object.entries({ dimension, size })) {
    if (!(Number.isSafeInteger(value) && value > 0)) {
      throw new DomainError(`Cannot ${verb}: expected a positive integer for the ${what}, got ${value}`);
    }
  }
  checkDamping(verb, damping);
  return {
    dimension,
    size,
    damping,
    gradients: new Float64Array(size * dimension),
    gram: new Float64Array(size * size),
    eliminated: new Float64Array(size * size),
    denominators: new Float64Array(size).fill(size),
    work: new Float64Array(size),
    next: 0,
  };
}

/**
 * Puts a gradient in the place of the oldest one. Allocates nothing. Returns false, with the window as it was, when the
 * gradient is not finite or its square overflows.
 *
 * @throws {ShapeError} When the gradient has not d entries.
 */
export function replaceGradient(window: MfacWindow, gradient: Vector): boolean {
  const { dimension: d, size: m, damping, gradients, gram: S, work, next: last } = window;
  checkLength("replace a gradient", "a gradient", gradient, d);
  if (!(dot(gradient, gradient) / damping < Infinity)) return false;
  gradients.set(gradient, last * d);
  work.fill(0, 0, m);
  addProduct(m, d, gradients, 0, d, gradient, 0, work, 0); // G g
  for (let j = 0; j < m; j++) S[last * m + j] = S[j * m + last] = work[j];
  for (let i = 0; i < last; i++) eliminate(window, i, last, last + 1); // of the rows before, one column
  for (let i = last; i < m; i++) eliminate(window, i, i, m);
  window.next = (last + 1) % m;
  return true;
}

/** Row i of D, from one column up to another, and its denominator where these begin with the diagonal. */
function eliminate(window: MfacWindow, i: number, from: number, to: number): void {
  const { size: m, damping, gram: S, eliminated: D, denominators, work } = window;
  for (let k = 0; k < i; k++) work[k] = -D[k * m + i] / denominators[k];
  for (let j = from; j < to; j++) D[i * m + j] = S[i * m + j] / damping;
  addTransposedProduct(i, to - from, D, from, m, work, 0, D, i * m + from);
  if (from === i) denominators[i] = m + D[i * m + i];
}

/**
 * `out ← F⁻¹x`; out may be x. Allocates nothing.
 *
 * @throws {ShapeError} When a length is not d.
 */
export function multiplyInverseFisher(window: MfacWindow, x: Vector, out: Vector): void {
  const { dimension: d, size: m, damping, gradients, eliminated: D, denominators, work: c } = window;
  checkLength("multiply by an inverse Fisher matrix", "a vector", x, d);
  checkLength("multiply by an inverse Fisher matrix", "an out", out, d);
  c.fill(0, 0, m);
  addProduct(m, d, gradients, 0, d, x, 0, c, 0);
  for (let i = 0; i < m; i++) c[i] /= damping;
  for (let i = 0; i < m; i++) {
    const factor = c[i] / denominators[i];
    for (let j = i + 1; j < m; j++) c[j] -= D[i * m + j] * factor;
  }
  for (let i = m - 1; i >= 0; i--) {
    let sum = c[i];
    for (let j = i + 1; j < m; j++) sum -= D[i * m + j] * c[j];
    c[i] = sum / denominators[i];
  }
  // F⁻¹x = (x - Gᵀc)/λ
  for (let i = 0; i < m; i++) c[i] /= -damping;
  for (let j = 0; j < d; j++) out[j] = x[j] / damping;
  addTransposedProduct(m, d, gradients, 0, d, c, 0, out, 0);
}
