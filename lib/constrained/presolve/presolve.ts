/**
 * Presolving of linear programs: what can be said of rows and columns at a glance is taken out, again and again,
 *
 * ```
 * row without entries                 left out, y = 0
 * row that activities never violate   left out, y = 0
 * row of one entry                    a bound of its column
 * row that fixes all its columns      its columns have these values
 * row that is a multiple of another   its bounds are the other's
 * column with equal bounds            has this value
 * column that no row holds back       has the bound that its cost asks for
 * column of one entry without cost, or in an equation     a slack: the row has a range instead
 * ```
 *
 * and the solution put back, with multipliers that fulfill the conditions of the original program (`steps.ts`).
 *
 * Sources: Andersen and Andersen, Presolving in linear programming (1995); Gondzio, Presolve analysis of linear
 * programs prior to applying an interior point method (1997).
 *
 * @module
 */
import { eachEntry, type SparseEntries, type SparseMatrix, type Vector } from "../../core/mod.ts";
import { fromTriplets, transposeSparse } from "../../linalg/mod.ts";
import type { SparseLinearProgram } from "../interior_point/program.ts";
import type { Draft } from "./draft.ts";
import { parallelRows } from "./parallel_rows.ts";
import type { Reduction } from "./steps.ts";

/** A smaller program, and the way back. */
export interface Presolved {
  /** The program that is left. */
  readonly problem: SparseLinearProgram;
  /** What `restore` needs. */
  readonly reduction: Reduction;
}

/** Rounds over all rows and columns. */
const ROUNDS = 20;

/** Entries of slacks are no smaller than this share of the largest one in their row. */
const SMALL = 1e-3;

/** Activities that miss a bound by so much, relative to it, reach it. */
const ROUNDED = 1e-13;

/** Bounds that cross by less than this, relative to them, are equal. */
const CROSSED = 1e-9;

/** The program that is left; nothing where bounds contradict each other, or there is nothing to take out. */
export function presolve(problem: SparseLinearProgram): Presolved | undefined {
  const { objective, matrix, rowLower, rowUpper, lower, upper } = problem;
  const draft: Draft = {
    matrix,
    transposed: transposeSparse(matrix),
    costs: objective.slice(),
    lower: lower.slice(),
    upper: upper.slice(),
    rowLower: rowLower.slice(),
    rowUpper: rowUpper.slice(),
    hasRow: new Uint8Array(matrix.rows).fill(1),
    hasColumn: new Uint8Array(matrix.columns).fill(1),
    steps: [],
  };
  let before = -1, now = 0;
  for (let round = 0; round < ROUNDS && now !== before; round++) {
    before = now;
    for (let j = 0; j < matrix.columns; j++) if (draft.hasColumn[j]) lookAtColumn(draft, j);
    for (let i = 0; i < matrix.rows; i++) if (draft.hasRow[i] && !lookAtRow(draft, i)) return undefined;
    now = takenOut(draft);
    if (now === before) parallelRows(draft);
    if (!draft.lower.every((_, j) => orders(draft.lower, draft.upper, j))) return undefined;
    if (!draft.rowLower.every((_, i) => orders(draft.rowLower, draft.rowUpper, i))) return undefined;
    now = takenOut(draft);
  }
  return now > 0 ? finish(problem, draft) : undefined;
}

/** The places of an array of flags that are 1. */
function kept(flags: Uint8Array): Uint32Array {
  return Uint32Array.from(flags.keys()).filter((k) => flags[k] === 1);
}

function finish(problem: SparseLinearProgram, draft: Draft): Presolved {
  const { matrix, transposed, costs, lower, upper, rowLower, rowUpper, hasRow, hasColumn, steps } = draft;
  const rows = kept(hasRow), columns = kept(hasColumn), place = new Int32Array(matrix.columns).fill(-1);
  columns.forEach((j, k) => place[j] = k);
  const entries: [number[], number[], number[]] = [[], [], []];
  rows.forEach((i, k) =>
    eachEntry(matrix, i, (j, a) => {
      if (place[j] < 0) return;
      entries[0].push(k);
      entries[1].push(place[j]);
      entries[2].push(a);
    })
  );
  return {
    problem: {
      ...problem,
      objective: Float64Array.from(columns, (j) => costs[j]),
      matrix: fromTriplets(rows.length, columns.length, ...entries),
      rowLower: Float64Array.from(rows, (i) => rowLower[i]),
      rowUpper: Float64Array.from(rows, (i) => rowUpper[i]),
      lower: Float64Array.from(columns, (j) => lower[j]),
      upper: Float64Array.from(columns, (j) => upper[j]),
    },
    reduction: {
      columns,
      rows,
      costs,
      matrix: entriesOf(matrix),
      transposed: entriesOf(transposed),
      steps,
    },
  };
}

/** The entries without the products: plain data. */
function entriesOf({ rows, columns, rowStarts, columnIndices, values }: SparseMatrix): SparseEntries {
  return { rows, columns, rowStarts, columnIndices, values };
}

/** The number of rows and columns that are left no more. */
function takenOut({ hasRow, hasColumn }: Draft): number {
  let count = 0;
  for (const has of hasRow) count += 1 - has;
  for (const has of hasColumn) count += 1 - has;
  return count;
}

/** Whether a lower bound is below the upper one; makes them equal where they miss it by rounding. */
function orders(from: Vector, to: Vector, k: number): boolean {
  if (from[k] <= to[k]) return true;
  if (!(from[k] - to[k] <= CROSSED * (1 + Math.abs(from[k])))) return false;
  from[k] = to[k];
  return true;
}

/** Takes out a column that has one value, or is a slack. */
function lookAtColumn(draft: Draft, j: number): void {
  const { transposed, costs, lower, upper, rowLower, rowUpper, hasRow } = draft;
  if (lower[j] === upper[j]) return fix(draft, j, lower[j]);
  let entries = 0, row = -1, entry = 0, neverBelow = true, neverAbove = true; // d against c
  eachEntry(transposed, j, (i, a) => {
    if (!hasRow[i]) return;
    entries++;
    row = i;
    entry = a;
    const positive = rowUpper[i] < Infinity, negative = rowLower[i] > -Infinity; // signs that y can have
    if (a > 0 ? negative : positive) neverBelow = false;
    if (a > 0 ? positive : negative) neverAbove = false;
  });
  if (neverBelow && costs[j] >= 0 && lower[j] > -Infinity) {
    return fix(draft, j, entries > 0 || costs[j] > 0 ? lower[j] : nearest(lower[j], upper[j]));
  }
  if (neverAbove && costs[j] <= 0 && upper[j] < Infinity) return fix(draft, j, upper[j]);
  if (entries === 0 && costs[j] === 0) return fix(draft, j, nearest(lower[j], upper[j]));
  if (entries === 1 && (costs[j] === 0 || rowLower[row] === rowUpper[row])) absorb(draft, j, row, entry);
}

function nearest(lower: number, upper: number): number {
  return Math.min(Math.max(0, lower), upper);
}

function fix(draft: Draft, j: number, value: number): void {
  draft.steps.push({ step: "fixed column", column: j, value });
  takeOut(draft, j, value);
}

/** Leaves out a column of this value, which rows then have in their bounds. */
function takeOut({ transposed, rowLower, rowUpper, hasRow, hasColumn }: Draft, j: number, value: number): void {
  hasColumn[j] = 0;
  if (value === 0) return;
  eachEntry(transposed, j, (i, a) => {
    if (!hasRow[i]) return;
    rowLower[i] -= a * value;
    rowUpper[i] -= a * value;
  });
}

/** Makes a slack part of its row's bounds. */
function absorb(draft: Draft, j: number, i: number, a: number): void {
  const { matrix, costs, lower, upper, rowLower, rowUpper, hasColumn, steps } = draft, cost = costs[j];
  let largest = 0;
  eachEntry(matrix, i, (k, b) => hasColumn[k] && (largest = Math.max(largest, Math.abs(b))));
  if (Math.abs(a) < SMALL * largest) return;
  hasColumn[j] = 0;
  const { least, most } = activity(draft, i), from = rowLower[i], to = rowUpper[i];
  // bounds that the row implies are none
  const ends = [(from - most) / a, (to - least) / a];
  const isImplied = Math.min(...ends) >= lower[j] && Math.max(...ends) <= upper[j];
  const l = isImplied ? -Infinity : lower[j], u = isImplied ? Infinity : upper[j];
  steps.push({ step: "slack column", column: j, row: i, entry: a, cost, bounds: [l, u, from, to] });
  rowLower[i] -= a > 0 ? a * u : a * l;
  rowUpper[i] -= a > 0 ? a * l : a * u;
  if (cost !== 0) eachEntry(matrix, i, (k, b) => hasColumn[k] && (costs[k] -= cost * b / a));
}

/** The least and the largest value of a row within the bounds of its columns. */
function activity({ matrix, lower, upper, hasColumn }: Draft, i: number): { least: number; most: number } {
  let least = 0, most = 0;
  eachEntry(matrix, i, (j, a) => {
    if (!hasColumn[j]) return;
    least += a > 0 ? a * lower[j] : a * upper[j];
    most += a > 0 ? a * upper[j] : a * lower[j];
  });
  return { least, most };
}

/** Takes out a row that says nothing, or something of its columns alone; returns whether it can be fulfilled. */
function lookAtRow(draft: Draft, i: number): boolean {
  const { matrix, lower, upper, rowLower, rowUpper, hasRow, hasColumn, steps } = draft;
  const columns: number[] = [], entries: number[] = [];
  eachEntry(matrix, i, (j, a) => {
    if (!hasColumn[j]) return;
    columns.push(j);
    entries.push(a);
  });
  const from = rowLower[i], to = rowUpper[i], tolerance = CROSSED * (1 + Math.abs(Number.isFinite(from) ? from : to));
  if (columns.length === 0) {
    hasRow[i] = 0;
    return from <= tolerance && to >= -tolerance || from === -Infinity && to === Infinity;
  }
  if (columns.length === 1) {
    const [j] = columns, [a] = entries, ends = [from / a, to / a], l = Math.min(...ends), u = Math.max(...ends);
    const givesLower = l > lower[j], givesUpper = u < upper[j];
    steps.push({ step: "singleton row", row: i, column: j, entry: a, givesLower, givesUpper });
    hasRow[i] = 0;
    if (givesLower) lower[j] = l;
    if (givesUpper) upper[j] = u;
    return orders(lower, upper, j);
  }
  const { least, most } = activity(draft, i);
  if (least >= from && most <= to) {
    hasRow[i] = 0;
    return true;
  }
  if (least > to + tolerance || most < from - tolerance) return false;
  const isLeast = least >= to - ROUNDED * (1 + Math.abs(to)), isMost = most <= from + ROUNDED * (1 + Math.abs(from));
  if (isLeast || isMost) {
    const sign = isLeast ? 1 : -1;
    const values = columns.map((j, k) => sign * entries[k] > 0 ? lower[j] : upper[j]);
    columns.forEach((j, k) => takeOut(draft, j, values[k]));
    steps.push({ step: "forcing row", row: i, columns, entries, values, sign });
    hasRow[i] = 0;
  }
  return true;
}
