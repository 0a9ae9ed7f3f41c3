/**
 * The interior-point method for nonlinear programs side by side with SciPy's, `trust-constr`, on problems of Hock and Schittkowski:
 * whole runs with first derivatives in both, to residuals of 1e-8.
 *
 * Run: `deno run --allow-run --allow-read --allow-env bench/nonlinear_interior.ts`
 *
 * @module
 */
import { type Constrained, iterations, measureBelow, solve } from "../lib/core/mod.ts";
import { nonlinearInteriorPoint } from "../lib/constrained/mod.ts";
import { hockSchittkowski } from "../lib/problems/mod.ts";
import { Peer, sideBySide } from "./side_by_side.ts";

const stop = [measureBelow("kktResidual", { absolute: 1e-8 }), iterations(500)], ratios: number[] = [];
const script = new URL("nonlinear_interior.py", import.meta.url).pathname;
const { stdout } = await new Deno.Command("/usr/bin/python3", { args: [script, "values"] }).output();
const lines = new TextDecoder().decode(stdout).trim().split("\n").map((line) => line.split(" "));

// @must nonlinear-interior-point: whole runs on small problems at least 20 times as fast as SciPy's interior-point method
// @measured not reached: 84 to 101 times as fast on HS71, 17 to 28 on HS100, 12 to 15 on HS43, in 0.3 to 0.7 ms and 11 to 20 steps where SciPy 1.17 takes 24 to 58, and is left with errors of the values up to 5e-8
const peer = new Peer("nonlinear_interior.py"), solver = nonlinearInteriorPoint();
for (const [name, reached, steps] of lines) {
  const { problem: { objective: { kind, dimension, value, gradient }, constraints }, start } = hockSchittkowski(
    Number(name),
  );
  const problem: Constrained = { kind: "constrained", objective: { kind, dimension, value, gradient }, constraints };
  const result = solve(problem, solver, { start, stop });
  if (Math.abs(result.value - Number(reached)) > 1e-6 * Math.abs(result.value)) {
    throw new Error(`Cannot compare HS${name}: ${result.value} and ${reached}`);
  }
  const title = `HS${name}: ${result.value.toPrecision(9)} in ${result.iterations} steps, SciPy in ${steps}`;
  const { scipy } = await sideBySide(peer, title, {
    gradus: () => solve(problem, solver, { start, stop }),
    scipy: { operation: name, n: 0 },
  });
  ratios.push(scipy.ratio);
}
await peer.close();
console.log(`SciPy / Gradus: ${ratios.map((ratio) => ratio.toPrecision(3)).join(", ")}`);
