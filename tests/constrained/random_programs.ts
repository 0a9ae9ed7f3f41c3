/** Random linear programs whose status is known. */
import type { SparseLinearProgram } from "../../lib/constrained/mod.ts";
import { integer, rng, uniform } from "../../lib/core/mod.ts";
import { dense } from "./programs.ts";

/** Equations `Ax = b`, x >= 0, with a solution; or unbounded along a ray; or without a solution. */
export function randomProgram(seed: number, kind: "solvable" | "unbounded" | "infeasible"): SparseLinearProgram {
  const r = rng(seed), m = 10, n = 20, whole = (): number => integer(r, 13) - 6;
  const rows = Array.from({ length: m }, () => Array.from({ length: n }, () => uniform(r) < 0.4 ? whole() : 0));
  const times = (x: readonly number[]): number[] => rows.map((row) => row.reduce((s, a, j) => s + a * x[j], 0));
  const x = Array.from({ length: n }, () => uniform(r) < 0.5 ? 0 : 3 * uniform(r)), y = rows.map(whole);
  const c = x.map((xj, j) => (xj > 0 ? 0 : uniform(r)) - rows.reduce((s, row, i) => s + row[j] * y[i], 0));
  if (kind === "unbounded") {
    const d = Array.from({ length: n }, (_, j) => j === n - 1 || uniform(r) < 0.5 ? 0 : integer(r, 3) + 1);
    times(d).forEach((a, i) => rows[i][n - 1] = -a);
    c[n - 1] = -10 - c.reduce((s, cj, j) => s + cj * d[j], 0);
  }
  const b = times(x);
  if (kind === "infeasible") { // the last row is at most a combination of the others, but its right-hand side is larger
    const w = Array.from({ length: m - 1 }, whole);
    const combined = (of: (i: number) => number): number => w.reduce((s, wi, i) => s + wi * of(i), 0);
    for (let j = 0; j < n; j++) rows[m - 1][j] = combined((i) => rows[i][j]) - (uniform(r) < 0.5 ? 1 : 0);
    b[m - 1] = combined((i) => b[i]) + 1;
  }
  return dense(c, rows, b.map((bi) => [bi, bi] as const), x.map(() => [0, Infinity] as const));
}
