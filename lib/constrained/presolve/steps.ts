/**
 * What presolving takes out of a linear program, and how its solution is put back.
 *
 * Each step is undone with the costs and bounds of its time: `dⱼ = cⱼ + (Aᵀy)ⱼ` counts the rows that were left then. A
 * ray is put back by the same rules, multipliers with costs 0, directions with finite bounds and values 0.
 *
 * @module
 */
import { eachEntry, type SparseEntries, type Vector } from "../../core/mod.ts";

/** A column that has one value: `xⱼ = value`. */
export interface FixedColumn {
  /** Tells the step. */
  readonly step: "fixed column";
  /** j. */
  readonly column: number;
  /** Its value. */
  readonly value: number;
}

/** A row of one entry a, which is a bound of `xⱼ`: `yᵢ = -dⱼ/a` where that bound holds it. */
export interface SingletonRow {
  /** Tells the step. */
  readonly step: "singleton row";
  /** i. */
  readonly row: number;
  /** j. */
  readonly column: number;
  /** a. */
  readonly entry: number;
  /** Whether the column has its lower bound from the row. */
  readonly givesLower: boolean;
  /** Whether the column has its upper bound from the row. */
  readonly givesUpper: boolean;
}

/** A row that holds only where all its columns are at the bounds that make it smallest, or largest. */
export interface ForcingRow {
  /** Tells the step. */
  readonly step: "forcing row";
  /** i. */
  readonly row: number;
  /** Its columns. */
  readonly columns: readonly number[];
  /** Their entries. */
  readonly entries: readonly number[];
  /** Their values. */
  readonly values: readonly number[];
  /** The sign of the row's multiplier: 1 at its upper bound, where the row is smallest. */
  readonly sign: 1 | -1;
}

/**
 * A column with one entry a, in row i, that is a slack of it: `xⱼ` is what is left of the row, `yᵢ` falls by `cⱼ/a`.
 */
export interface SlackColumn {
  /** Tells the step. */
  readonly step: "slack column";
  /** j. */
  readonly column: number;
  /** i. */
  readonly row: number;
  /** a. */
  readonly entry: number;
  /** `cⱼ`, which the other columns of the row have taken their share of. */
  readonly cost: number;
  /** Bounds of `xⱼ`, then of the row. */
  readonly bounds: readonly [number, number, number, number];
}

/** A row that is λ times another: its bounds hold for the other one. */
export interface ParallelRow {
  /** Tells the step. */
  readonly step: "parallel row";
  /** The row. */
  readonly row: number;
  /** The other one. */
  readonly other: number;
  /** λ. */
  readonly factor: number;
  /** Whether the other has its lower bound from the row. */
  readonly givesLower: boolean;
  /** Whether the other has its upper bound from the row. */
  readonly givesUpper: boolean;
}

/** One thing that presolving does. */
export type PresolveStep = FixedColumn | SingletonRow | ForcingRow | SlackColumn | ParallelRow;

/** What is needed to go back. Plain data. */
export interface Reduction {
  /** The columns that are left. */
  readonly columns: Uint32Array;
  /** The rows that are left. */
  readonly rows: Uint32Array;
  /** The costs of all columns at the end. */
  readonly costs: Vector;
  /** `A`. */
  readonly matrix: SparseEntries;
  /** `Aᵀ`. */
  readonly transposed: SparseEntries;
  /** What was done, in order. */
  readonly steps: readonly PresolveStep[];
}

/** What is put back: a solution, multipliers that prove infeasibility, a direction. */
export type Restored = "solution" | "multipliers" | "direction";

/**
 * Puts x and multipliers back in place.
 *
 * @param x Of the reduced problem.
 * @param y Likewise.
 * @param allX Written, with the sign convention and the meaning that x has.
 * @param allY Written.
 */
export function restore(
  { columns, rows, costs, matrix, transposed, steps }: Reduction,
  what: Restored,
  x: Vector,
  y: Vector,
  allX: Vector,
  allY: Vector,
): void {
  const c = what === "solution" ? costs.slice() : new Float64Array(costs.length);
  const bound = (b: number): number => what === "direction" && Number.isFinite(b) ? 0 : b;
  allX.fill(0);
  allY.fill(0);
  const isBack = new Uint8Array(costs.length);
  const put = (j: number, value: number): void => {
    allX[j] = value;
    isBack[j] = 1;
  };
  columns.forEach((j, k) => put(j, x[k]));
  rows.forEach((i, k) => allY[i] = y[k]);
  const reducedCost = (j: number): number => c[j] + rowTimes(transposed, j, allY);
  for (let s = steps.length - 1; s >= 0; s--) {
    const step = steps[s];
    switch (step.step) {
      case "fixed column":
        put(step.column, bound(step.value));
        break;
      case "singleton row": {
        const d = reducedCost(step.column);
        if (d > 0 ? step.givesLower : step.givesUpper) allY[step.row] = -d / step.entry;
        break;
      }
      case "forcing row": {
        let most = 0;
        step.columns.forEach((j, k) => {
          put(j, bound(step.values[k]));
          most = Math.max(most, -step.sign * reducedCost(j) / step.entries[k]);
        });
        allY[step.row] = step.sign * most;
        break;
      }
      case "slack column": {
        const { column: j, row: i, entry: a, cost, bounds } = step, rest = rowTimes(matrix, i, allX);
        const [lower, upper, rowLower, rowUpper] = bounds.map(bound);
        const value = slack(rest, a, lower, upper, rowLower, rowUpper, allY[i]);
        if (cost !== 0 && what === "solution") {
          allY[i] -= cost / a;
          eachEntry(matrix, i, (k, b) => isBack[k] && (c[k] += cost * b / a));
        }
        put(j, value);
        break;
      }
      case "parallel row": {
        const { row, other, factor } = step, given = allY[other];
        if (given > 0 ? step.givesUpper : step.givesLower) {
          allY[row] = given / factor;
          allY[other] = 0;
        }
      }
    }
  }
}

/** The part of x and of multipliers y that the reduced problem has, as good as it can be said. */
export function reduced({ columns, rows, steps }: Reduction, x: Vector, y: Vector): { x: Vector; y: Vector } {
  const all = y.slice();
  for (const step of steps) {
    if (step.step === "slack column") all[step.row] += step.cost / step.entry;
    else if (step.step === "parallel row") all[step.other] += step.factor * all[step.row];
  }
  return { x: Float64Array.from(columns, (j) => x[j]), y: Float64Array.from(rows, (i) => all[i]) };
}

/** The value in [lower, upper], and with `rowLower <= rest + a x <= rowUpper`, that the row's multiplier asks for. */
function slack(
  rest: number,
  a: number,
  lower: number,
  upper: number,
  rowLower: number,
  rowUpper: number,
  y: number,
): number {
  const ends = [(rowLower - rest) / a, (rowUpper - rest) / a], from = Math.min(...ends), to = Math.max(...ends);
  const wanted = y * a > 0 ? lower : y * a < 0 ? upper : 0;
  const inRow = Math.min(Math.max(Number.isFinite(wanted) ? wanted : 0, from), to);
  return Math.min(Math.max(inRow, lower), upper);
}

/** Row i of a matrix times x. */
function rowTimes({ rowStarts, columnIndices, values }: SparseEntries, i: number, x: Vector): number {
  let sum = 0;
  for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) sum += values[k] * x[columnIndices[k]];
  return sum;
}
