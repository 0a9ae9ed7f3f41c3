/**
 * A linear program while it is presolved.
 *
 * @module
 */
import type { SparseMatrix, Vector } from "../../core/mod.ts";
import type { PresolveStep } from "./steps.ts";

/** The program as it changes. */
export interface Draft {
  readonly matrix: SparseMatrix;
  readonly transposed: SparseMatrix;
  readonly costs: Vector;
  readonly lower: Vector;
  readonly upper: Vector;
  readonly rowLower: Vector;
  readonly rowUpper: Vector;
  /** 1 for rows that are left. */
  readonly hasRow: Uint8Array;
  /** 1 for columns that are left. */
  readonly hasColumn: Uint8Array;
  readonly steps: PresolveStep[];
}
