/**
 * Programs as the interior-point method works on them: without fixed variables and free rows, scaled, with rows and
 * variables side by side.
 *
 * With `x = Cx̂`, rows times R and the objective times σ, `ŷ = σ R⁻¹y`. C and R make the largest entry of each row of
 *
 *     [ P  Aᵀ ]
 *     [ A  0  ]
 *
 * about 1: the first passes divide by the root of the geometric mean of largest and smallest entry, the rest, as Ruiz
 * (2001) has it, by the root of the largest. They are powers of two, so that scaling makes no errors.
 *
 * @module
 */
import {
  eachEntry,
  type LinearProgram,
  type QuadraticProgram,
  type SparseEntries,
  type SparseMatrix,
  type Vector,
} from "../../core/mod.ts";
import { fromTriplets } from "../../linalg/mod.ts";

/** A linear program whose matrix is sparse. */
export interface SparseLinearProgram extends LinearProgram {
  /** `A`. */
  readonly matrix: SparseMatrix;
}

/** A quadratic program whose matrices are sparse. */
export interface SparseQuadraticProgram extends QuadraticProgram {
  /** `P`, both triangles. */
  readonly hessian: SparseMatrix;
  /** `cᵀx` and the constraints. */
  readonly linear: SparseLinearProgram;
}

/** What the interior-point method solves. */
export type SparseProgram = SparseLinearProgram | SparseQuadraticProgram;

/** The linear part of a program, and its Hessian if it has one. */
export function partsOf(problem: SparseProgram): { linear: SparseLinearProgram; hessian?: SparseMatrix } {
  return problem.kind === "linear-program" ? { linear: problem } : problem;
}

/** The program without the demand that variables are whole. */
export function relaxed<P extends SparseProgram>(problem: P): P {
  const without = ({ integer: _, ...linear }: SparseLinearProgram): SparseLinearProgram => linear;
  const all: SparseProgram = problem;
  return (all.kind === "linear-program" ? without(all) : { ...all, linear: without(all.linear) }) as P;
}

/** A program to work on. Plain data. Vectors over all hold the variables first, then the rows. */
export interface ScaledProgram {
  /** Variables. */
  readonly n: number;
  /** Rows. */
  readonly m: number;
  /** The places of the variables in the problem. */
  readonly columns: Uint32Array;
  /** The places of the rows in the problem. */
  readonly rows: Uint32Array;
  /** C, then R. */
  readonly scale: Vector;
  /** σ. */
  objectiveScale: number;
  /** The cost of each variable. */
  readonly cost: Vector;
  /** Lower bounds, over all. */
  readonly lower: Vector;
  /** Upper bounds, over all. */
  readonly upper: Vector;
  /** P and A as one symmetric matrix, a place for each entry of its diagonal. */
  readonly system: SparseEntries;
  /** The places of the diagonal. */
  readonly diagonal: Uint32Array;
}

/** Passes of scaling, the first of them by geometric means. */
const PASSES = 20, GEOMETRIC = 10;

/** Entries below this share of the largest one in their row do not count in geometric means. */
const SMALL = 1e-3;

/** The program to work on. */
export function scaledProgram(problem: SparseProgram): ScaledProgram {
  const { linear, hessian } = partsOf(problem), { objective, matrix, rowLower, rowUpper, lower, upper } = linear;
  const kept = (from: Vector, to: Vector, is: (a: number, b: number) => boolean): Uint32Array =>
    Uint32Array.from(from.keys()).filter((k) => is(from[k], to[k]));
  const columns = kept(lower, upper, (l, u) => l < u),
    rows = kept(rowLower, rowUpper, (l, u) => l > -Infinity || u < Infinity);
  const n = columns.length, m = rows.length, all = n + m;
  const place = new Int32Array(objective.length).fill(-1), fixed = new Float64Array(objective.length);
  columns.forEach((j, k) => place[j] = k);
  place.forEach((k, j) => fixed[j] = k < 0 ? lower[j] : 0);
  const moved = new Float64Array(matrix.rows), bent = new Float64Array(objective.length);
  matrix.apply(fixed, moved);
  hessian?.apply(fixed, bent);

  const entries: [number[], number[], number[]] = [[], [], []];
  const add = (i: number, j: number, a: number): void => {
    entries[0].push(i);
    entries[1].push(j);
    entries[2].push(a);
  };
  for (let k = 0; k < all; k++) add(k, k, 0);
  columns.forEach((j, k) => hessian && eachEntry(hessian, j, (i, p) => place[i] >= 0 && add(k, place[i], p)));
  rows.forEach((i, k) =>
    eachEntry(matrix, i, (j, a) => {
      if (place[j] < 0) return;
      add(n + k, place[j], a);
      add(place[j], n + k, a);
    })
  );
  const { rowStarts, columnIndices, values } = fromTriplets(all, all, ...entries);
  const system = { rows: all, columns: all, rowStarts, columnIndices, values };
  const scale = equilibrate(system), cost = new Float64Array(n);
  for (let k = 0; k < n; k++) cost[k] = (objective[columns[k]] + bent[columns[k]]) * scale[k];
  const bounds = (ofVariables: Vector, ofRows: Vector): Vector =>
    Float64Array.from(
      { length: all },
      (_, k) => k < n ? ofVariables[columns[k]] / scale[k] : (ofRows[rows[k - n]] - moved[rows[k - n]]) * scale[k],
    );
  const program: ScaledProgram = {
    n,
    m,
    columns,
    rows,
    scale,
    objectiveScale: 1,
    cost,
    lower: bounds(lower, rowLower),
    upper: bounds(upper, rowUpper),
    system,
    diagonal: diagonalOf(system),
  };
  scaleObjective(program);
  return program;
}

/** Scales a symmetric matrix from both sides; returns the powers of two. */
function equilibrate({ rows: n, rowStarts, columnIndices, values }: SparseEntries): Vector {
  const scale = new Float64Array(n).fill(1), largest = new Float64Array(n);
  for (let pass = 0; pass < PASSES; pass++) {
    for (let i = 0; i < n; i++) {
      let most = 0, least = Infinity;
      for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) {
        const a = Math.abs(values[k]) * scale[i] * scale[columnIndices[k]];
        most = Math.max(most, a);
        if (a > 0) least = Math.min(least, a);
      }
      largest[i] = pass < GEOMETRIC ? Math.sqrt(most * (most > 0 ? Math.max(least, SMALL * most) : 0)) : most;
    }
    for (let i = 0; i < n; i++) if (largest[i] > 0) scale[i] /= Math.sqrt(largest[i]);
  }
  for (let i = 0; i < n; i++) scale[i] = 2 ** Math.round(Math.log2(scale[i]));
  for (let i = 0; i < n; i++) {
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) values[k] *= scale[i] * scale[columnIndices[k]];
  }
  return scale;
}

/** Makes the largest cost about 1. */
function scaleObjective(program: ScaledProgram): void {
  const { n, cost, system: { rowStarts, columnIndices, values } } = program;
  let largest = 0;
  for (let k = 0; k < n; k++) largest = Math.max(largest, Math.abs(cost[k]));
  if (largest === 0) return;
  const sigma = program.objectiveScale = 2 ** -Math.round(Math.log2(largest));
  for (let k = 0; k < n; k++) {
    cost[k] *= sigma;
    for (let l = rowStarts[k]; l < rowStarts[k + 1]; l++) if (columnIndices[l] < n) values[l] *= sigma;
  }
}

/** Takes other units, powers of two: primal ones for `x` and `Ax`, dual ones for costs and y. */
export function changeUnits(program: ScaledProgram, primal: number, dual: number): void {
  const { n, m, scale, cost, lower, upper, system: { rowStarts, columnIndices, values } } = program;
  for (let k = 0; k < n + m; k++) {
    scale[k] *= k < n ? primal : 1 / primal;
    lower[k] /= primal;
    upper[k] /= primal;
  }
  program.objectiveScale /= primal * dual;
  for (let k = 0; k < n; k++) {
    cost[k] /= dual;
    for (let l = rowStarts[k]; l < rowStarts[k + 1]; l++) if (columnIndices[l] < n) values[l] *= primal / dual;
  }
}

function diagonalOf({ rows: n, rowStarts, columnIndices }: SparseEntries): Uint32Array {
  const places = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) if (columnIndices[k] === i) places[i] = k;
  }
  return places;
}

/** The program without objective: any feasible point solves it. */
export function withoutObjective(problem: SparseProgram): SparseLinearProgram {
  const { linear } = partsOf(problem);
  return { ...linear, objective: new Float64Array(linear.objective.length) };
}

/** The program of the directions d with `cᵀd = -1`, `Pd = 0` in which no finite bound is met. */
export function recessionProgram(problem: SparseProgram): SparseLinearProgram {
  const { linear, hessian } = partsOf(problem), { objective, matrix, rowLower, rowUpper, lower, upper } = linear;
  const n = objective.length, m = matrix.rows, entries: [number[], number[], number[]] = [[], [], []];
  const add = (i: number, j: number, a: number): void => {
    entries[0].push(i);
    entries[1].push(j);
    entries[2].push(a);
  };
  for (let i = 0; i < m; i++) eachEntry(matrix, i, (j, a) => add(i, j, a));
  objective.forEach((c, j) => c !== 0 && add(m, j, c));
  for (let i = 0; hessian && i < n; i++) eachEntry(hessian, i, (j, a) => add(m + 1 + i, j, a));
  const flat = new Float64Array(hessian ? n : 0);
  const cone = (bounds: Vector): Vector => bounds.map((b) => Number.isFinite(b) ? 0 : b);
  return {
    kind: "linear-program",
    objective: new Float64Array(n),
    matrix: fromTriplets(m + 1 + flat.length, n, ...entries),
    rowLower: Float64Array.of(...cone(rowLower), -1, ...flat),
    rowUpper: Float64Array.of(...cone(rowUpper), -1, ...flat),
    lower: cone(lower),
    upper: cone(upper),
  };
}

/** The variables of the problem, in place; fixed ones are not touched. */
export function unscaleVariables({ n, columns, scale }: ScaledProgram, x: Vector, out: Vector): void {
  for (let k = 0; k < n; k++) out[columns[k]] = x[k] * scale[k];
}

/** The multipliers of the problem, in place; those of free rows are not touched. */
export function unscaleMultipliers({ n, m, rows, scale, objectiveScale }: ScaledProgram, y: Vector, out: Vector): void {
  for (let k = 0; k < m; k++) out[rows[k]] = y[k] * scale[n + k] / objectiveScale;
}

/** The other way from `unscaleVariables`. */
export function scaleVariables({ n, columns, scale }: ScaledProgram, x: Vector, out: Vector): void {
  for (let k = 0; k < n; k++) out[k] = x[columns[k]] / scale[k];
}

/** The other way from `unscaleMultipliers`. */
export function scaleMultipliers({ n, m, rows, scale, objectiveScale }: ScaledProgram, y: Vector, out: Vector): void {
  for (let k = 0; k < m; k++) out[k] = y[rows[k]] * objectiveScale / scale[n + k];
}
