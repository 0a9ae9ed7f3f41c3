/**
 * Reflectors as reductions to condensed forms leave them: the vectors in rows.
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";
import { backend } from "../kernels/mod.ts";
import { transpose } from "../matrices/matrix.ts";

/** Reflectors `I - τ v vᵀ`, one to a row. */
export interface Reflectors {
  /** In row k, from entry k + `shift` on, the vector, with its unit entry; before it zeros. */
  readonly vectors: Vector;
  /** The factors τ. */
  readonly tau: Vector;
  /** How far right of the diagonal vectors begin. */
  readonly shift: 0 | 1;
}

/** `Q Sᵀ`, n x count, for the product Q of the reflectors and the `count` rows of S. */
export function applyReflectors({ vectors, tau, shift }: Reflectors, count: number, s: Vector): Vector {
  const n = tau.length, used = n - shift, columns = transpose({ rows: n, columns: n, data: vectors }).data;
  const z = transpose({ rows: count, columns: n, data: s }).data;
  if (used > 0) backend().applyQ(true, false, used, count, used, columns, shift * n, n, tau, z, shift * count, count);
  return z;
}

/** The product Q itself. */
export function formReflectors({ vectors, tau, shift }: Reflectors): Vector {
  const n = tau.length, used = n - shift, columns = transpose({ rows: n, columns: n, data: vectors }).data;
  const q = new Float64Array(n * n);
  for (let i = 0; i < shift && i < n; i++) q[i] = 1;
  if (used > 0) backend().formQ(used, used, used, columns, shift * n, n, tau, q, shift * (n + 1), n);
  return q;
}
