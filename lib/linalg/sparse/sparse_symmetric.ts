/**
 * What the factorizations of symmetric sparse matrices have in common: `P A Pᵀ = L D Lᵀ`, L unit lower triangular, D
 * diagonal.
 *
 * @module
 */
import { type SparseMatrix, sparseMatrix, type Vector } from "../../core/mod.ts";
import { Factorization } from "../factorizations/factorization.ts";
import { solveBlocks, solveBlocksTransposed } from "./block_solve.ts";
import { estimateNorm1 } from "../matrices/norm_estimate.ts";
import { transposedEntries } from "./layout.ts";
import type { SymmetricAnalysis } from "./symmetric_analysis.ts";

/** The factors of `P A Pᵀ = L D Lᵀ`. */
export abstract class SparseSymmetricFactorization extends Factorization {
  /** The plan of the elimination. */
  protected readonly plan: SymmetricAnalysis;
  /** L by blocks. */
  protected readonly l: Vector;
  /** The diagonal of D. */
  protected readonly d: Vector;
  /** Room for a right-hand side. */
  #entries: Vector | undefined;
  /** Room for its part in a block. */
  #local: Vector | undefined;

  /**
   * From factors.
   *
   * @param plan The plan of the elimination.
   * @param l L by blocks.
   * @param d The diagonal of D.
   */
  constructor(plan: SymmetricAnalysis, l: Vector, d: Vector) {
    super(plan.n, plan.n);
    this.plan = plan;
    this.l = l;
    this.d = d;
  }

  /** Row k of `P A Pᵀ` is row `permutation[k]` of A. */
  get permutation(): Int32Array {
    return this.plan.permutation.slice();
  }

  /** The unit lower triangle L. */
  get L(): SparseMatrix {
    const { n, blocks: { starts, rowStarts, rows }, blockStarts } = this.plan, columnStarts = new Uint32Array(n + 1);
    const indices = new Uint32Array(this.l.length + n), values = new Float64Array(this.l.length + n);
    let place = 0;
    for (let s = 0; s + 1 < starts.length; s++) {
      const columns = starts[s + 1] - starts[s], order = rowStarts[s + 1] - rowStarts[s];
      for (let j = 0; j < columns; j++) {
        for (let i = j; i < order; i++) {
          const entry = i === j ? 1 : this.l[blockStarts[s] + i * columns + j];
          if (entry === 0) continue;
          indices[place] = rows[rowStarts[s] + i];
          values[place++] = entry;
        }
        columnStarts[starts[s] + j + 1] = place;
      }
    }
    return sparseMatrix(transposedEntries({
      rows: n,
      columns: n,
      rowStarts: columnStarts,
      columnIndices: indices.slice(0, place),
      values: values.slice(0, place),
    }));
  }

  /** The diagonal of D. */
  get D(): Vector {
    return this.d.slice();
  }

  /** By substitution with L, D and Lᵀ. */
  protected override solveInto(b: Vector, columns: number, _transposed: boolean, x: Vector): void {
    const { n, permutation, largestFront } = this.plan, d = this.d;
    const y = this.#entries ??= new Float64Array(n), local = this.#local ??= new Float64Array(largestFront);
    for (let c = 0; c < columns; c++) {
      for (let k = 0; k < n; k++) y[k] = b[permutation[k] * columns + c];
      solveBlocks(this.plan, this.l, y, local);
      for (let k = 0; k < n; k++) y[k] /= d[k];
      solveBlocksTransposed(this.plan, this.l, y, local);
      for (let k = 0; k < n; k++) x[permutation[k] * columns + c] = y[k];
    }
  }

  /** `|A|₁ = |P A Pᵀ|₁` as estimated by products with L, D and Lᵀ. */
  protected override norm1(): number {
    const L = this.L, d = this.d, y = new Float64Array(this.rows);
    return estimateNorm1(this.rows, (x) => {
      L.applyTranspose(x, y);
      for (let k = 0; k < y.length; k++) y[k] *= d[k];
      L.apply(y, x);
    });
  }

  /** Visits the diagonal of D. */
  protected override pivots(visit: (pivot: number) => void): void {
    this.d.forEach((pivot) => visit(pivot));
  }
}
