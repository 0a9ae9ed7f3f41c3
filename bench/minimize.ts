/**
 * `minimize` side by side with SciPy's `minimize` on problems of Moré, Garbow and Hillstrom: whole runs, each library's own choice
 * of the solver (BFGS in both), gradients given, to `|∇f|∞ <= 1e-6`.
 *
 * Run: `deno run --allow-run --allow-read --allow-env bench/minimize.ts`
 *
 * @module
 */
import { gradientNorm, iterations } from "../lib/core/mod.ts";
import { minimize } from "../lib/minimize/mod.ts";
import { mghNamed } from "../lib/problems/mod.ts";
import { Peer, peerValues, sideBySide } from "./side_by_side.ts";

const stop = [gradientNorm({ absolute: 1e-6 }), iterations(1000)], ratios: number[] = [];

const lines = await peerValues("minimize.py");

// @must minimize: whole runs on small problems at least 20 times as fast as SciPy's minimize in the median, CPU time in one thread
// @measured reached: 51 times as fast as SciPy 1.17 in the median of 14 problems of Moré, Garbow and Hillstrom, from 22 (FreudensteinRoth,
// where SciPy needs 10 evaluations, this 22) to 156 (ExtRosenbrock10); 47 times, from 22 to 134, as SciPy 1.10; 17 to 91 µs a run, with the
// same minima (Deno 2.9, two cores)
const peer = new Peer("minimize.py");
for (const [name, atStart, reached, evaluations] of lines) {
  const { problem, start } = mghNamed(name), f0 = problem.value(start);
  if (Math.abs(f0 - Number(atStart)) > 1e-10 * f0) throw new Error(`Cannot compare ${name}: ${f0} and ${atStart}`);
  const { value, counts } = minimize(problem, { start, stop });
  const title = `${name}: ${value.toExponential(2)} in ${counts.evaluations}, SciPy ${
    Number(reached).toExponential(2)
  } in ${evaluations}`;
  const { scipy } = await sideBySide(peer, title, {
    gradus: () => minimize(problem, { start, stop }),
    scipy: { operation: name, n: 0 },
  });
  ratios.push(scipy.ratio);
}
await peer.close();
ratios.sort((a, b) => a - b);
console.log(`SciPy / Gradus: ${ratios.map((r) => r.toPrecision(3)).join(", ")}`);
