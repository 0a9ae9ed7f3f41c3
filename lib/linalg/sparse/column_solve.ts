/**
 * Substitution with triangles given by columns, in place.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";

/** The entries of a triangle without its diagonal, by columns. */
export interface TriangleColumns {
  /** Column j begins here. */
  readonly starts: Float64Array | Uint32Array;
  /** The rows. */
  readonly indices: Uint32Array;
  /** The values. */
  readonly values: Vector;
}

/** `x ← T⁻¹ x` or `T⁻ᵀ x`; `diagonal` is that of T, ones if left out. */
export function solveColumns(
  { starts, indices, values }: TriangleColumns,
  lower: boolean,
  transpose: boolean,
  diagonal: Vector | undefined,
  x: Vector,
): void {
  const n = starts.length - 1, forward = lower !== transpose;
  for (let step = 0; step < n; step++) {
    const j = forward ? step : n - 1 - step, begin = starts[j], end = starts[j + 1];
    if (transpose) {
      let sum = x[j];
      for (let k = begin; k < end; k++) sum -= values[k] * x[indices[k]];
      x[j] = diagonal ? sum / diagonal[j] : sum;
    } else {
      const xj = diagonal ? x[j] /= diagonal[j] : x[j];
      if (xj === 0) continue;
      for (let k = begin; k < end; k++) x[indices[k]] -= values[k] * xj;
    }
  }
}
