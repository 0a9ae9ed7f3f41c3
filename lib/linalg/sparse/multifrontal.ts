/**
 * The multifrontal method: each block of columns of L is eliminated in a small dense matrix, its front, which is the
 * sum of the entries of A in these columns and of what the fronts of the block's children left.
 *
 * Source: Duff and Reid, The multifrontal solution of indefinite sparse symmetric linear equations (1983).
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";
import { Front, type PivotRule } from "./front.ts";
import type { SymmetricAnalysis } from "./symmetric_analysis.ts";

/** From so many operations on the fronts lie in the memory of the kernels. */
const WORTH_KERNELS = 2e6;

/** The room in which the last matrix of a pattern was eliminated. */
const rooms = new WeakMap<SymmetricAnalysis, Front>();

/** `P A Pᵀ = L D Lᵀ`. */
export interface BlockFactor {
  /** L by blocks: rows x columns each, row by row; on and above the diagonal of a block are no entries of L. */
  readonly l: Vector;
  /** D. */
  readonly d: Vector;
  /** -1, or the column whose pivot was refused. */
  readonly refused: number;
}

/** Eliminates by a plan; `values` are those of the matrix that was planned for. A plan used `again` keeps its room. */
export function eliminateByFronts(
  plan: SymmetricAnalysis,
  values: Vector,
  rule: PivotRule,
  again: boolean,
): BlockFactor {
  const { n, blocks, blockStarts, columnStarts, rowIndices, sources, largestFront, largestStack } = plan;
  const { starts, rowStarts, rows, children } = blocks, count = children.length;
  const l = new Float64Array(blockStarts[count]), d = new Float64Array(n), place = new Int32Array(n);
  let front = rooms.get(plan);
  if (!front?.isCurrent()) front = new Front(largestFront, plan.operations > WORTH_KERNELS);
  if (again) rooms.set(plan, front);
  const f = front.entries;
  const stack = new Float64Array(largestStack), waiting = new Int32Array(count), local = new Int32Array(largestFront);
  let top = 0, waiters = 0;
  for (let s = 0; s < count; s++) {
    const first = starts[s], columns = starts[s + 1] - first, from = rowStarts[s], order = rowStarts[s + 1] - from;
    f.fill(0, 0, order * order);
    for (let i = 0; i < order; i++) place[rows[from + i]] = i;
    for (let j = 0; j < columns; j++) {
      for (let k = columnStarts[first + j]; k < columnStarts[first + j + 1]; k++) {
        f[place[rowIndices[k]] * order + j] += values[sources[k]];
      }
    }
    for (let c = 0; c < children[s]; c++) {
      const child = waiting[--waiters], begin = rowStarts[child] + starts[child + 1] - starts[child];
      const size = rowStarts[child + 1] - begin;
      top -= size * (size + 1) / 2;
      for (let i = 0; i < size; i++) local[i] = place[rows[begin + i]];
      for (let i = 0, k = top; i < size; i++) {
        const row = local[i] * order;
        for (let j = 0; j <= i; j++) f[row + local[j]] += stack[k++];
      }
    }
    const refused = front.eliminate(order, columns, d, first, rule);
    if (refused >= 0) return { l, d, refused };
    for (let i = 0, k = blockStarts[s]; i < order; i++) {
      for (let j = i * order, stop = j + columns; j < stop; j++) l[k++] = f[j];
    }
    for (let i = columns; i < order; i++) {
      for (let j = i * order + columns, stop = i * order + i; j <= stop; j++) stack[top++] = f[j];
    }
    waiting[waiters++] = s;
  }
  return { l, d, refused: -1 };
}
