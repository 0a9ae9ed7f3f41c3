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
import { Peer, peerValues, sideBySide } from "./side_by_side.ts";

const stop = [measureBelow("kktResidual", { absolute: 1e-8 }), iterations(500)], ratios: number[] = [];
const lines = await peerValues("nonlinear_interior.py");

// @must nonlinear-interior-point: whole runs on small problems at least 20 times as fast as SciPy's interior-point method
// @measured reached: 205 to 324 times as fast on HS71, 42 to 52 on HS100, 48 to 62 on HS43, in 0.15 to 0.45 ms and 11 to 20 steps where SciPy
// 1.17 takes 24 to 79, and is left with errors of the values up to 5e-8; SciPy 1.10 as well (Deno 2.9, two cores)
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
