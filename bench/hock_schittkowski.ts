/**
 * Solvers for general constraints on the 106 problems of Hock and Schittkowski that have some, from the starts of the set: status,
 * error of the value against the nearest minimum that is listed, residuals, evaluations in units of one gradient.
 *
 * Run: `deno run --allow-read --allow-env bench/hock_schittkowski.ts [solver]`
 *
 * @module
 */
import type { Solver } from "../lib/core/mod.ts";
import { augmentedLagrangian, nonlinearInteriorPoint, sqp, type TwiceConstrained } from "../lib/constrained/mod.ts";
import { hockSchittkowskiIrregular } from "../lib/problems/mod.ts";
import { isSolved, solveSet } from "../tests/constrained/hock_schittkowski.ts";

const solvers: Readonly<Record<string, () => Solver<TwiceConstrained>>> = {
  "sqp": () => sqp(),
  "augmented-lagrangian": () => augmentedLagrangian(),
  "nonlinear-interior-point": () => nonlinearInteriorPoint(),
};

const columns = (...cells: readonly string[]) =>
  console.log(cells[0].padEnd(8), ...cells.slice(1).map((c) => c.padStart(12)));
const chosen = Deno.args.length > 0 ? Deno.args : Object.keys(solvers);
for (const id of chosen) {
  const started = performance.now(), rows = solveSet(solvers[id]()), seconds = (performance.now() - started) / 1000;
  console.log(`\n${id}`);
  columns("problem", "value", "error", "residual", "scaled", "evaluations", "  status");
  for (const row of rows) {
    columns(
      row.name,
      row.value.toPrecision(9),
      row.error.toExponential(1),
      row.kktResidual.toExponential(1),
      row.scaledResidual.toExponential(1),
      String(row.evaluations),
      (isSolved(row) ? "  solved: " : "  not solved: ") + row.status +
        (row.name in hockSchittkowskiIrregular ? " (irregular)" : ""),
    );
  }
  const solved = rows.filter((row) => isSolved(row)),
    evaluations = solved.map((row) => row.evaluations).sort((a, b) => a - b);
  console.log(
    `${id}: ${solved.length} of ${rows.length} solved to 1e-6, in the median with ${
      evaluations[evaluations.length >> 1]
    } evaluations; ${seconds.toFixed(1)} s with the making of derivatives`,
  );
}
