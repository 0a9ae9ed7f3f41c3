/**
 * Block encodings, and the quantum singular value transformation of the encoded matrix.
 *
 * ```
 * A = W Σ Vᵀ, |A| <= 1:     U = [[A, √(I - AAᵀ)], [√(I - AᵀA), -Aᵀ]]    is orthogonal
 * on the pair of directions that belongs to a singular value, U and Uᵀ are R(σ) = [[σ, √(1-σ²)], [√(1-σ²), -σ]],
 * and W(σ) = i e^{-iπZ/4} R(σ) e^{-iπZ/4}, so that with phases φ of signal processing, d odd,
 *   iᵈ e^{i(φ₀-π/4)Z} U e^{i(φ₁-π/2)Z} Uᵀ … U e^{i(φ_d-π/4)Z}    has the block  W P(Σ) Vᵀ
 * (d even: Uᵀ first, block V P(Σ) Vᵀ);  e^{iφZ} turns the encoded subspace by φ, the rest by -φ
 * ```
 *
 * The simulation multiplies by U as many times as the degree.
 *
 * Source: Martyn, Rossi, Tan and Chuang, A Grand Unification of Quantum Algorithms (2021), arXiv 2105.02859; Gilyén,
 * Su, Low and Wiebe, Quantum singular value transformation and beyond (2018), arXiv 1806.01838.
 *
 * @module
 */
import { DomainError } from "../../core/mod.ts";
import { type ComplexMatrix, complexMatrix, matmul, type Matrix, matrix, svd, transpose } from "../../linalg/mod.ts";

/**
 * The orthogonal matrix of order m + n with `A`, m x n, in its upper left corner.
 *
 * @throws {DomainError} When a singular value exceeds 1 by more than rounding, or an entry is not finite.
 *
 * @example A number becomes a reflection
 * ```ts
 * import { blockEncode } from "@gradus/gradus/exact";
 * import { matrix } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const U = blockEncode(matrix([[0.6]]));
 * [0.6, 0.8, 0.8, -0.6].forEach((u, k) => assertAlmostEquals(U.data[k], u));
 * ```
 */
export function blockEncode(A: Matrix): Matrix {
  const { rows: m, columns: n } = A, { U: W, S, V } = svd(A, { full: true });
  if (S.length > 0 && S[0] > 1 + 1e-12) {
    throw new DomainError(`Cannot encode a matrix in a block: expected singular values up to 1, got ${S[0]}`);
  }
  const cosines = (k: number): number => k < S.length ? Math.sqrt(Math.max(0, (1 - S[k]) * (1 + S[k]))) : 1;
  const U = matrix(m + n, m + n), left = symmetric(W, cosines), right = symmetric(V, cosines);
  for (let i = 0; i < m + n; i++) {
    for (let j = 0; j < m + n; j++) {
      const upper = i < m, first = j < n;
      const entry = upper
        ? (first ? A.data[i * n + j] : left.data[i * m + j - n])
        : (first ? right.data[(i - m) * n + j] : -A.data[(j - n) * n + i - m]);
      U.data[i * (m + n) + j] = entry;
    }
  }
  return U;
}

/** `Q diag(f) Qᵀ`. */
function symmetric(Q: Matrix, f: (k: number) => number): Matrix {
  const scaled: Matrix = { ...Q, data: Q.data.map((q, at) => q * f(at % Q.columns)) };
  return matmul(scaled, transpose(Q));
}

/**
 * The block that phases make of `A = W Σ Vᵀ`: `W P(Σ) Vᵀ` for an odd number of factors (m x n), `V P(Σ) Vᵀ` for an even
 * one (n x n), where `P(x) = ⟨0|U(x)|0⟩` is the polynomial of these phases in `qspUnitary`. With phases of `qspPhases`
 * its real part is the target's.
 *
 * @param phases One more than the degree.
 * @throws {DomainError} When there are no phases, or a singular value exceeds 1.
 */
export function qsvt(A: Matrix, phases: ArrayLike<number>): ComplexMatrix {
  const degree = phases.length - 1, { rows: m, columns: n } = A;
  if (degree < 0) throw new DomainError("Cannot transform singular values: expected at least one phase, got none");
  const U = blockEncode(A), Ut = transpose(U), order = m + n;
  let X = matrix(order, n), Y = matrix(order, n); // real and imaginary parts of the product, first n columns
  for (let j = 0; j < n; j++) X.data[j * (n + 1)] = 1;
  const turn = (phase: number, encoded: number): void => { // e^{iφZ}: rows below `encoded` by φ, the others by -φ
    for (let at = 0; at < order * n; at++) {
      const angle = at < encoded * n ? phase : -phase, x = X.data[at], y = Y.data[at];
      X.data[at] = x * Math.cos(angle) - y * Math.sin(angle);
      Y.data[at] = x * Math.sin(angle) + y * Math.cos(angle);
    }
  };
  const end = degree === 0 ? 0 : Math.PI / 4;
  turn(phases[degree] - end, n);
  for (let k = degree - 1; k >= 0; k--) {
    const forward = (degree - 1 - k) % 2 === 0;
    X = matmul(forward ? U : Ut, X);
    Y = matmul(forward ? U : Ut, Y);
    turn(phases[k] - (k === 0 ? end : Math.PI / 2), forward ? m : n);
  }
  const rows = degree % 2 === 1 ? m : n, real = X.data.subarray(0, rows * n), imaginary = Y.data.subarray(0, rows * n);
  const [a, b] = [[1, 0], [0, 1], [-1, 0], [0, -1]][degree % 4]; // iᵈ
  const part = (f: (x: number, y: number) => number): Float64Array => real.map((x, at) => f(x, imaginary[at]));
  return complexMatrix(rows, n, part((x, y) => a * x - b * y), part((x, y) => b * x + a * y));
}
