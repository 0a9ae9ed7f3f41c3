/**
 * Curvature of blocks: matrices `H_b` above the Hessian, their largest eigenvalues `L_b`, their factors. Those of a
 * fixed partition are kept.
 *
 * @module
 */
import { type BlockSmooth, NotPositiveDefiniteError, type Vector } from "../core/mod.ts";
import { type Cholesky, cholesky, eigvalsh, matrix } from "../linalg/mod.ts";

/** What is kept of the blocks of a partition. */
export type CurvatureNeed = "lipschitz" | "matrices" | "factors";

/** Curvature by block; what nobody reads is empty. */
export interface BlockCurvature {
  /** `L_b`. */
  readonly lipschitz: Vector;
  /** `H_b`, row by row. */
  readonly matrices: readonly Vector[];
  /** Cholesky's lower triangle of `H_b`, row by row. */
  readonly factors: readonly Vector[];
}

/** The curvature of a partition, as far as it is read. */
export function curvatureOf(
  problem: BlockSmooth,
  partition: readonly Uint32Array[],
  needs: ReadonlySet<CurvatureNeed>,
): BlockCurvature {
  const matrices = needs.size > 0 ? partition.map((block) => blockMatrix(problem, block)) : [];
  return {
    lipschitz: needs.has("lipschitz")
      ? Float64Array.from(partition, ({ length }, k) => largestEigenvalue(length, matrices[k]))
      : new Float64Array(0),
    factors: needs.has("factors") ? partition.map(({ length }, k) => factor(length, matrices[k]).L.data) : [],
    matrices: needs.has("matrices") ? matrices : [],
  };
}

/** `H_b`. */
export function blockMatrix(problem: BlockSmooth, block: Uint32Array): Vector {
  const H = new Float64Array(block.length ** 2);
  problem.blocks.curvature(block, H);
  return H;
}

/** `λmax(H)`. */
export function largestEigenvalue(order: number, H: Vector): number {
  if (order === 1) return H[0];
  return eigvalsh(matrix(order, order, H))[order - 1];
}

/**
 * The factors of H, which is positive semidefinite. Where it is singular up to rounding, of `H + δ I` with the least δ
 * of `10⁻¹² max hᵢᵢ, 10⁻¹¹ max hᵢᵢ, …` that will do: still above the Hessian, so that steps still descend.
 */
export function factor(order: number, H: Vector): Cholesky {
  let largest = 0, shift = 0;
  for (let i = 0; i < order; i++) largest = Math.max(largest, H[i * (order + 1)]);
  for (;;) {
    const A = matrix(order, order, H);
    for (let i = 0; i < order; i++) A.data[i * (order + 1)] += shift;
    try {
      return cholesky(A);
    } catch (error) {
      if (!(error instanceof NotPositiveDefiniteError) || shift > largest) throw error;
      shift = shift === 0 ? 1e-12 * largest : 10 * shift;
    }
  }
}
