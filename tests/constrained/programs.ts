/** Linear and quadratic programs of the public test sets. */
import type { SparseLinearProgram, SparseProgram, SparseQuadraticProgram } from "../../lib/constrained/mod.ts";
import { fromTriplets } from "../../lib/linalg/mod.ts";
import { type MpsProgram, readMps } from "../../lib/problems/mod.ts";

/** A quadratic program as the JSON files have it: `½ xᵀPx + qᵀx + r` where `l <= Ax <= u`, P by its upper triangle. */
interface QuadraticJson {
  readonly name: string;
  readonly n: number;
  readonly m: number;
  readonly r: number;
  readonly q: readonly number[];
  readonly P: Triplets;
  readonly A: Triplets;
  readonly l: readonly (number | null)[];
  readonly u: readonly (number | null)[];
}

interface Triplets {
  readonly row: readonly number[];
  readonly col: readonly number[];
  readonly val: readonly number[];
}

/** A program of a test set. */
export interface Sample<P> {
  readonly name: string;
  readonly problem: P;
  readonly constant: number;
}

/** The text of a gzipped file. */
export async function gunzipped(file: URL | string): Promise<string> {
  const { readable } = await Deno.open(file);
  return new Response(readable.pipeThrough(new DecompressionStream("gzip"))).text();
}

/** The programs of a file of MPS files, one after another. */
export async function netlib(file: string): Promise<(Sample<SparseLinearProgram> & { mps: MpsProgram })[]> {
  const texts = (await gunzipped(new URL(`../data/${file}`, import.meta.url))).split(/(?<=^ENDATA\n)/m);
  return Promise.all(texts.map(async (text) => {
    const mps = await readMps(new TextEncoder().encode(text)), { problem, constant } = mps;
    if (problem.kind !== "linear-program") throw new Error("expected a linear program");
    return { name: mps.name.split(" ")[0], problem, constant, mps };
  }));
}

/** The quadratic programs of `maros_meszaros.jsonl.gz`. */
export async function marosMeszaros(): Promise<Sample<SparseQuadraticProgram>[]> {
  const lines = (await gunzipped(new URL("../data/maros_meszaros.jsonl.gz", import.meta.url))).trim().split("\n");
  return lines.map(quadraticFromJson);
}

/** A quadratic program from JSON. */
export function quadraticFromJson(text: string): Sample<SparseQuadraticProgram> {
  const { name, n, m, r, q, P, A, l, u } = JSON.parse(text) as QuadraticJson;
  const below = [...P.row.keys()].filter((k) => P.row[k] !== P.col[k]);
  const hessian = fromTriplets(
    n,
    n,
    [...P.row, ...below.map((k) => P.col[k])],
    [...P.col, ...below.map((k) => P.row[k])],
    [...P.val, ...below.map((k) => P.val[k])],
  );
  const linear: SparseLinearProgram = {
    kind: "linear-program",
    objective: Float64Array.from(q),
    matrix: fromTriplets(m, n, A.row, A.col, A.val),
    rowLower: Float64Array.from(l, (a) => a ?? -Infinity),
    rowUpper: Float64Array.from(u, (a) => a ?? Infinity),
    lower: new Float64Array(n).fill(-Infinity),
    upper: new Float64Array(n).fill(Infinity),
  };
  return { name, problem: { kind: "quadratic-program", name, hessian, linear }, constant: r };
}

/** A small linear program by its dense rows. */
export function dense(
  objective: readonly number[],
  rows: readonly (readonly number[])[],
  rowBounds: readonly (readonly [number, number])[],
  bounds: readonly (readonly [number, number])[],
): SparseLinearProgram {
  const entries = rows.flatMap((row, i) => row.map((a, j) => [i, j, a]).filter(([, , a]) => a !== 0));
  const part = (k: number): number[] => entries.map((entry) => entry[k]);
  return {
    kind: "linear-program",
    objective: Float64Array.from(objective),
    matrix: fromTriplets(rows.length, objective.length, part(0), part(1), part(2)),
    rowLower: Float64Array.from(rowBounds, ([from]) => from),
    rowUpper: Float64Array.from(rowBounds, ([, to]) => to),
    lower: Float64Array.from(bounds, ([from]) => from),
    upper: Float64Array.from(bounds, ([, to]) => to),
  };
}

/** The number of variables. */
export function dimension(problem: SparseProgram): number {
  return (problem.kind === "linear-program" ? problem : problem.linear).objective.length;
}
