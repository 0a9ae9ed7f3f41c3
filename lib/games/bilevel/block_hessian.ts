/**
 * Estimates of the small Hessian of a block, and solves with them.
 *
 * @module
 */
import type { BilevelBlocks, BlockPoint, Vector } from "../../core/mod.ts";
import { eigh } from "../../linalg/mod.ts";

/** `H ← (1-α)H + α ∇²ᵧᵧgᵢ` of the batch, column by column. */
export function averagedHessian(
  blocks: BilevelBlocks,
  at: BlockPoint,
  batch: Uint32Array,
  alpha: number,
  H: Vector,
): void {
  const d = blocks.size, unit = new Float64Array(d), column = new Float64Array(d);
  for (let j = 0; j < d; j++) {
    unit.fill(0);
    unit[j] = 1;
    blocks.lowerHessianVector(at, batch, unit, column);
    for (let i = 0; i < d; i++) H[i * d + j] = (1 - alpha) * H[i * d + j] + alpha * column[i];
  }
}

/** `v ← H⁻¹ b` for the symmetric part of H with its eigenvalues raised to `floor` where they are below. */
export function flooredSolve(H: Vector, d: number, b: Vector, floor: number, v: Vector): void {
  const S = new Float64Array(d * d);
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) S[i * d + j] = (H[i * d + j] + H[j * d + i]) / 2;
  const { values, vectors: { data: Q } } = eigh({ rows: d, columns: d, data: S });
  v.fill(0);
  for (let k = 0; k < d; k++) {
    let c = 0;
    for (let i = 0; i < d; i++) c += Q[i * d + k] * b[i];
    c /= Math.max(values[k], floor);
    for (let i = 0; i < d; i++) v[i] += c * Q[i * d + k];
  }
}
