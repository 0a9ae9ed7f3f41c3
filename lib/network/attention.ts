/**
 * Softmax attention, exactly: the yardstick of what approximates it.
 *
 * ```
 * P = D⁻¹ E,  Eᵢⱼ = exp(qᵢ·kⱼ / d),  D = diag(E 1);   O = P V
 * tensors:  Eᵢ₍ⱼₗ₎ = exp(Σ_c qᵢ_c k¹ⱼ_c k²ₗ_c / d),   oᵢ = Σⱼₗ Pᵢ₍ⱼₗ₎ (v¹ⱼ ∘ v²ₗ)
 * gradient:  δᵢ = dOᵢ·Oᵢ,  dS = P ∘ (dO Vᵀ) - diag(δ) P,   dQ = dS K / d,  dK = dSᵀ Q / d,  dV = Pᵀ dO
 * ```
 *
 * @module
 */
import { type Matrix, ShapeError } from "../core/mod.ts";
import { matmul, matrix, transpose } from "../linalg/mod.ts";

/** Gradients of a function of the output by queries, keys and values. */
export interface AttentionGradient {
  /** By the queries, n x d. */
  readonly queries: Matrix;
  /** By the keys, N x d. */
  readonly keys: Matrix;
  /** By the values, N x v. */
  readonly values: Matrix;
}

/** Refuses matrices that do not fit: all of them d wide, or as many rows as the keys. */
export function checkAttention(verb: string, Q: Matrix, K: Matrix, V: Matrix): void {
  if (Q.columns !== K.columns || K.rows !== V.rows) {
    throw new ShapeError(
      `Cannot ${verb}: expected queries and keys of one width, and a value for each key, got ` +
        [Q, K, V].map((A) => `${A.rows} x ${A.columns}`).join(", "),
    );
  }
}

/** Refuses values of pairs that differ in width. */
export function checkPairs(V1: Matrix, V2: Matrix): void {
  if (V1.columns === V2.columns) return;
  throw new ShapeError(`Cannot attend: expected values of one width, got ${V1.columns} and ${V2.columns}`);
}

/** `P`, rows of weights that add up to 1. */
function weights(Q: Matrix, K: Matrix): Matrix {
  const P = matmul(Q, transpose(K)), n = P.columns;
  for (let i = 0; i < P.rows; i++) {
    const row = P.data.subarray(i * n, (i + 1) * n);
    let largest = -Infinity, sum = 0;
    for (let j = 0; j < n; j++) largest = Math.max(largest, row[j]);
    for (let j = 0; j < n; j++) sum += row[j] = Math.exp((row[j] - largest) / Q.columns);
    for (let j = 0; j < n; j++) row[j] /= sum;
  }
  return P;
}

/**
 * Attention `D⁻¹ exp(Q Kᵀ / d) V` with n² products.
 *
 * @param Q Queries, n x d.
 * @param K Keys, N x d.
 * @param V Values, N x v.
 * @throws {ShapeError} When the shapes do not fit.
 */
export function softmaxAttention(Q: Matrix, K: Matrix, V: Matrix): Matrix {
  checkAttention("attend", Q, K, V);
  return matmul(weights(Q, K), V);
}

/**
 * The gradients of a function of the output whose gradient by it is `dO`.
 *
 * @throws {ShapeError} When the shapes do not fit.
 */
export function softmaxAttentionGradient(Q: Matrix, K: Matrix, V: Matrix, dO: Matrix): AttentionGradient {
  checkAttention("differentiate attention", Q, K, V);
  checkOutput(dO, Q, V);
  const P = weights(Q, K), O = matmul(P, V), dS = matmul(dO, transpose(V)), n = K.rows, v = V.columns;
  for (let i = 0; i < Q.rows; i++) {
    let delta = 0;
    for (let c = 0; c < v; c++) delta += dO.data[i * v + c] * O.data[i * v + c];
    for (let j = 0; j < n; j++) dS.data[i * n + j] = P.data[i * n + j] * (dS.data[i * n + j] - delta) / Q.columns;
  }
  return { queries: matmul(dS, K), keys: matmul(transpose(dS), Q), values: matmul(transpose(P), dO) };
}

/** Refuses a gradient by the output that has not its shape. */
export function checkOutput(dO: Matrix, Q: Matrix, V: Matrix): void {
  if (dO.rows === Q.rows && dO.columns === V.columns) return;
  throw new ShapeError(
    `Cannot differentiate attention: expected a gradient of ${Q.rows} x ${V.columns}, got ${dO.rows} x ${dO.columns}`,
  );
}

/**
 * Tensor attention over pairs of keys, with n³ products: `oᵢ` is the mean of `v¹ⱼ ∘ v²ₗ` with the weights
 * `exp(Σ_c qᵢ_c k¹ⱼ_c k²ₗ_c / d)`.
 *
 * @throws {ShapeError} When the shapes do not fit.
 */
export function tensorAttention(Q: Matrix, K1: Matrix, K2: Matrix, V1: Matrix, V2: Matrix): Matrix {
  checkAttention("attend", Q, K1, V1);
  checkAttention("attend", Q, K2, V2);
  checkPairs(V1, V2);
  const d = Q.columns,
    v = V1.columns,
    out = matrix(Q.rows, v),
    products = matrix(K2.rows, d),
    pairs = matrix(K2.rows, v);
  const tops = new Float64Array(Q.rows).fill(-Infinity), sums = new Float64Array(Q.rows);
  for (let j = 0; j < K1.rows; j++) { // the weights of one key after the other, rescaled as larger ones come
    for (let l = 0; l < K2.rows; l++) {
      for (let c = 0; c < d; c++) products.data[l * d + c] = K1.data[j * d + c] * K2.data[l * d + c] / d;
      for (let c = 0; c < v; c++) pairs.data[l * v + c] = V1.data[j * v + c] * V2.data[l * v + c];
    }
    const scores = matmul(Q, transpose(products));
    for (let i = 0; i < Q.rows; i++) {
      const row = scores.data.subarray(i * K2.rows, (i + 1) * K2.rows);
      let top = tops[i];
      for (let l = 0; l < row.length; l++) top = Math.max(top, row[l]);
      const shrink = Math.exp(tops[i] - top);
      tops[i] = top;
      sums[i] *= shrink;
      for (let c = 0; c < v; c++) out.data[i * v + c] *= shrink;
      for (let l = 0; l < row.length; l++) {
        const weight = Math.exp(row[l] - top);
        sums[i] += weight;
        for (let c = 0; c < v; c++) out.data[i * v + c] += weight * pairs.data[l * v + c];
      }
    }
  }
  for (let i = 0; i < Q.rows; i++) for (let c = 0; c < v; c++) out.data[i * v + c] /= sums[i];
  return out;
}
