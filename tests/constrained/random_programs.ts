/** Random linear programs. */
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

/** A program with a solution, full of what presolving looks for. */
export function clutteredProgram(seed: number): SparseLinearProgram {
  const r = rng(seed), n = 14, whole = (): number => integer(r, 9) - 4;
  const inner = Array.from({ length: 6 }, () => Array.from({ length: n }, () => uniform(r) < 0.3 ? whole() : 0));
  const single = Array.from({ length: 4 }, () => Array.from({ length: n }, (_, j) => j === integer(r, n) ? 2 : 0));
  const multiple = [0, 1].map((i) => inner[i].map((a) => (i === 0 ? -3 : 0.5) * a));
  const slacks = inner.map((_, i) => Array.from({ length: 6 }, (_, k) => k === i && i % 2 === 0 ? 1 + i : 0));
  const rows = [
    ...inner.map((row, i) => [...row, ...slacks[i]]),
    ...[...single, ...multiple].map((row) => [
      ...row,
      ...slacks[1],
    ]),
  ];
  const x = Array.from({ length: n + 6 }, () => uniform(r) < 0.4 ? 0 : integer(r, 4));
  const times = rows.map((row) => row.reduce((s, a, j) => s + a * x[j], 0));
  const y = rows.map(() => uniform(r) < 0.4 ? 0 : whole());
  const push = rows[0].map((_, j) => rows.reduce((s, row, i) => s + row[j] * y[i], 0));
  const objective = push.map((p, j) => -p + (x[j] === 0 ? integer(r, 3) : 0));
  const bounds = times.map((a, i): [number, number] =>
    y[i] > 0 ? [-Infinity, a] : y[i] < 0 ? [a, Infinity] : uniform(r) < 0.5 ? [a - 1, a + 1] : [-Infinity, a + 2]
  );
  const equal = bounds.map(([from, to], i): [number, number] =>
    i % 2 === 0 && i < 6 ? [times[i], times[i]] : [from, to]
  );
  return dense(objective, rows, equal, x.map((a, j) => j % 7 === 3 ? [a, a] as const : [0, Infinity] as const));
}

/** The same spoiled: its objective turned round, bounds of rows or variables moved or taken away. Its status is not known. */
export function spoiledProgram(seed: number): SparseLinearProgram {
  const program = clutteredProgram(seed), r = rng(1000 + seed), n = program.objective.length, m = program.matrix.rows;
  const [lower, upper, rowLower, rowUpper] = [program.lower, program.upper, program.rowLower, program.rowUpper].map((
    v,
  ) => v.slice());
  const objective = program.objective.map((c) => seed % 4 === 0 ? -c : c);
  if (seed % 4 === 1) {
    for (let k = 0; k < 3; k++) {
      const i = integer(r, m);
      rowUpper[i] = Math.max(rowLower[i], rowUpper[i] - 4);
    }
  } else if (seed % 4 === 2) {
    for (let k = 0; k < 6; k++) {
      const j = integer(r, n);
      lower[j] = -Infinity;
      if (uniform(r) < 0.5) upper[j] = 5;
    }
  } else if (seed % 4 === 3) {
    for (let k = 0; k < 2; k++) {
      const i = integer(r, m);
      rowLower[i] = rowUpper[i] = Number.isFinite(rowLower[i]) ? rowLower[i] + 2 : rowUpper[i] - 3;
    }
  }
  return { ...program, objective, lower, upper, rowLower, rowUpper };
}
