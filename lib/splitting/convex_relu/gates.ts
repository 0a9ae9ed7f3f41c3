/**
 * Products with gated examples: the two operators of the convex program of rectified linear units, over all activation
 * patterns.
 *
 * ```
 * x = (v₁ … v_P, w₁ … w_P), blocks of d
 * F x = Σᵢ DᵢX (vᵢ - wᵢ)                           n numbers: the network's outputs
 * G x = (2Dᵢ - I)X vᵢ, (2Dᵢ - I)X wᵢ for all i      2P n numbers, >= 0 where the patterns hold
 * ```
 *
 * @module
 */
import { DomainError, type LinearOperator, type Matrix, ShapeError } from "../../core/mod.ts";
import { matmul, transpose } from "../../linalg/mod.ts";
import type { Arrangements } from "./arrangements.ts";

/** The operators F and G. */
export interface Gates {
  /** F, n x 2dP. */
  readonly outputs: LinearOperator;
  /** G, 2nP x 2dP. */
  readonly signed: LinearOperator;
}

/**
 * F and G, each at the cost of one product of X with a matrix of all blocks, O(nPd).
 *
 * @throws {ShapeError} When the patterns have another number of examples.
 * @throws {DomainError} When a pattern occurs twice.
 */
export function gates(X: Matrix, { examples, count, patterns }: Arrangements): Gates {
  const n = X.rows, d = X.columns, blocks = 2 * count, half = count * n, full = { rows: n, columns: blocks * d };
  checkPatterns(n, examples, count, patterns);
  const transposed = transpose(X), products = { rows: blocks, columns: n, data: new Float64Array(blocks * n) };
  const gate = Float64Array.from(patterns), p = products.data;
  const pullBack = (out: Float64Array): void => void matmul(products, X, { rows: blocks, columns: d, data: out });
  return {
    outputs: {
      ...full,
      apply: (x, out) => {
        matmul({ rows: blocks, columns: d, data: x }, transposed, products);
        out.fill(0);
        for (let i = 0, at = 0; i < count; i++) {
          for (let k = 0; k < n; k++, at++) out[k] += gate[at] * (p[at] - p[half + at]);
        }
      },
      applyTranspose: (y, out) => {
        for (let i = 0, at = 0; i < count; i++) {
          for (let k = 0; k < n; k++, at++) p[half + at] = -(p[at] = gate[at] * y[k]);
        }
        pullBack(out);
      },
    },
    signed: {
      rows: blocks * n,
      columns: blocks * d,
      apply: (x, out) => {
        matmul({ rows: blocks, columns: d, data: x }, transposed, { rows: blocks, columns: n, data: out });
        for (let at = 0; at < half; at++) {
          const sign = 2 * gate[at] - 1;
          out[at] *= sign;
          out[half + at] *= sign;
        }
      },
      applyTranspose: (y, out) => {
        for (let at = 0; at < half; at++) {
          const sign = 2 * gate[at] - 1;
          p[at] = sign * y[at];
          p[half + at] = sign * y[half + at];
        }
        pullBack(out);
      },
    },
  };
}

function checkPatterns(n: number, examples: number, count: number, patterns: Uint8Array): void {
  if (examples !== n || patterns.length !== count * n) {
    throw new ShapeError(
      `Cannot use activation patterns: expected ${count} of ${n} examples, got ${patterns.length} entries, ${examples} examples`,
    );
  }
  const seen = new Set<string>();
  for (let i = 0; i < count; i++) seen.add(patterns.subarray(i * n, (i + 1) * n).join(""));
  if (seen.size < count || count < 1 || patterns.some((gate) => gate > 1)) {
    throw new DomainError(
      `Cannot use activation patterns: expected distinct ones of 0 and 1, got ${count - seen.size} repeated`,
    );
  }
}
