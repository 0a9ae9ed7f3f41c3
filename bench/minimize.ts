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
import { Peer, sideBySide } from "./side_by_side.ts";

const stop = [gradientNorm({ absolute: 1e-6 }), iterations(1000)], ratios: number[] = [];

const script = new URL("minimize.py", import.meta.url).pathname;
const { stdout } = await new Deno.Command("/usr/bin/python3", { args: [script, "values"] }).output();
const lines = new TextDecoder().decode(stdout).trim().split("\n").map((line) => line.split(" "));

// @must minimize: whole runs on small problems at least 20 times as fast as SciPy's minimize in the median, CPU time in one thread
// @measured reached: 33 and 39 times in two runs over 14 problems of Moré, Garbow and Hillstrom, from 10 (FreudensteinRoth, where SciPy
// needs 10 evaluations, this 22) and 19 (Trigonometric10) to 126 (ExtRosenbrock10); 22 to 88 µs a run, with the same minima
// (SciPy 1.17, Deno 2.9, two cores)
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
