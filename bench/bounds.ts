/**
 * L-BFGS-B side by side with SciPy's: whole runs with gradients given and ten pairs in both, to a projected gradient of 1e-6.
 *
 * Run: `deno run --allow-run --allow-read --allow-env bench/bounds.ts`
 *
 * @module
 */
import { iterations, measureBelow, solve } from "../lib/core/mod.ts";
import { lbfgsb } from "../lib/constrained/mod.ts";
import { rosenbrock } from "../lib/problems/mod.ts";
import { bounded, hockSchittkowski } from "../tests/constrained/bounds/problems.ts";
import { Peer, peerValues, sideBySide } from "./side_by_side.ts";

const starts = [1, 2, 3, 4, 5].flatMap(() => [-1.2, 0.9]);
const problems = [
  ...hockSchittkowski,
  bounded("Rosenbrock2", rosenbrock(2).problem, { upper: [0.5, Infinity] }, [-1.2, 1]),
  bounded("Rosenbrock10", rosenbrock(10).problem, { upper: Array(10).fill(0.9) }, starts),
];

const stop = [measureBelow("kktResidual", { absolute: 1e-6 }), iterations(1000)], ratios: number[] = [];
// @must lbfgsb: whole runs on small problems at least 20 times as fast as SciPy's L-BFGS-B, CPU time in one thread
// @measured not reached: 2.3 to 4.8 times as fast as SciPy 1.17, 2.5 to 5.1 times as SciPy 1.10 (both compiled), on five problems of 2 to 10
// variables, in 73 to 760 µs (Deno 2.9, two cores)
const peer = new Peer("bounds.py"), solver = lbfgsb();
for (const [name, reached, evaluations] of await peerValues("bounds.py")) {
  const { problem, start } = problems.find((instance) => instance.name === name)!;
  const run = () => solve(problem, solver, { start, stop }), { value, counts } = run();
  if (Math.abs(value - Number(reached)) > 1e-6 * (1 + Math.abs(value))) {
    throw new Error(`Cannot compare ${name}: ${value} and ${reached}`);
  }
  const title = `${name}: ${value.toExponential(3)} in ${counts.calls["objective.gradient"]}, SciPy in ${evaluations}`;
  const { scipy } = await sideBySide(peer, title, { gradus: run, scipy: { operation: name, n: 0 } });
  ratios.push(scipy.ratio);
}
await peer.close();
console.log(`SciPy / Gradus: ${ratios.map((ratio) => ratio.toPrecision(3)).join(", ")}`);
