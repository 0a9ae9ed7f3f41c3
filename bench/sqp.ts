/**
 * SQP side by side with SciPy's SLSQP on problems of Hock and Schittkowski: whole runs with gradients given and BFGS matrices in
 * both, SLSQP's to `ftol = 1e-9`, ours to a KKT residual of 1e-8. Then the time of all problems of the set.
 *
 * Run: `deno run --allow-run --allow-read --allow-env bench/sqp.ts`
 *
 * @module
 */
import { iterations, measureBelow, solve } from "../lib/core/mod.ts";
import { sqp } from "../lib/constrained/mod.ts";
import { hockSchittkowski, hockSchittkowskiGeneral } from "../lib/problems/mod.ts";
import { Peer, peerValues, sideBySide } from "./side_by_side.ts";

const stop = [measureBelow("kktResidual", { absolute: 1e-8 }), iterations(500)], ratios: number[] = [];
const lines = await peerValues("sqp.py");

// @must sqp: whole runs on small problems at least 20 times as fast as SciPy's SLSQP, CPU time in one thread
// @measured not reached: 4.4 to 5.4 times as fast as SciPy 1.17, 5.2 to 6.9 times as SciPy 1.10, on HS43, HS71, HS100, in 60 to 170 µs, a
// third of which sets up the two shorter runs (SLSQP is compiled in both); all 106 problems take 0.03 s by BFGS, 0.06 s with Hessians
const peer = new Peer("sqp.py"), solver = sqp({ hessian: "bfgs" });
for (const [name, reached, steps] of lines) {
  const { problem, start } = hockSchittkowski(Number(name)),
    { value, iterations } = solve(problem, solver, { start, stop });
  if (Math.abs(value - Number(reached)) > 1e-6 * Math.abs(value)) {
    throw new Error(`Cannot compare HS${name}: ${value} and ${reached}`);
  }
  const title = `HS${name}: ${value.toPrecision(9)} in ${iterations} steps, SciPy in ${steps}`;
  const { scipy } = await sideBySide(peer, title, {
    gradus: () => solve(problem, solver, { start, stop }),
    scipy: { operation: name, n: 0 },
  });
  ratios.push(scipy.ratio);
}
await peer.close();
console.log(`SciPy / Gradus: ${ratios.map((ratio) => ratio.toPrecision(3)).join(", ")}`);

const all = hockSchittkowskiGeneral();
await sideBySide(undefined, `all ${all.length} problems`, {
  exact: () => all.forEach(({ problem, start }) => solve(problem, sqp(), { start, stop })),
  bfgs: () => all.forEach(({ problem, start }) => solve(problem, solver, { start, stop })),
});
