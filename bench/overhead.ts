/**
 * What the library itself costs: whole L-BFGS solves of the chained Rosenbrock function, side by side with SciPy's.
 *
 * Both stop at `|∇f|∞ <= 1e-6` with 10 pairs. Rounds alternate between the two processes, so that both see the same
 * machine; times are CPU times of whole processes (garbage collection and compilation included), in one thread; the
 * ratio is the median over the rounds.
 *
 * Run: `deno run --allow-run --allow-read --allow-env bench/overhead.ts`
 *
 * @module
 */
import process from "node:process";
import { gradientNorm, iterations, type Result, solve } from "../lib/core/mod.ts";
import { rosenbrock } from "../lib/problems/mod.ts";
import { lbfgs } from "../lib/smooth/mod.ts";

const ROUNDS = 9, ROUND_SECONDS = 0.4;
const stop = [gradientNorm({ absolute: 1e-6 }), iterations(100_000)];

function ours(n: number): Result {
  const { problem, start } = rosenbrock(n);
  return solve(problem, lbfgs(), { start, stop });
}

/** CPU seconds of one of so many solves. */
function timed(n: number, repetitions: number): number {
  const before = process.cpuUsage();
  for (let i = 0; i < repetitions; i++) ours(n);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6 / repetitions;
}

/** SciPy in a process of its own. */
class Peer {
  readonly #process = new Deno.Command("/usr/bin/python3", {
    args: [new URL("overhead.py", import.meta.url).pathname],
    stdin: "piped",
    stdout: "piped",
    env: { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" },
  }).spawn();
  readonly #writer = this.#process.stdin.getWriter();
  readonly #reader = this.#process.stdout.pipeThrough(new TextDecoderStream()).getReader();

  async timed(n: number, repetitions: number): Promise<{ seconds: number; evaluations: number; gradientNorm: number }> {
    await this.#writer.write(new TextEncoder().encode(`${n} ${repetitions}\n`));
    let line = "";
    while (!line.endsWith("\n")) line += (await this.#reader.read()).value ?? "\n";
    const [seconds, evaluations, gradientNorm] = line.split(" ").map(Number);
    return { seconds, evaluations, gradientNorm };
  }

  async close(): Promise<void> {
    await this.#writer.close();
    await this.#process.status;
  }
}

const median = (xs: number[]): number => xs.toSorted((a, b) => a - b)[xs.length >> 1];
const milliseconds = (s: number): string => `${(1e3 * s).toPrecision(3)} ms`;

// @must lbfgs: a whole solve of the chained Rosenbrock function in under 1/20 of SciPy's CPU time for n = 2 and 10, under
// 1/2 for n = 1000 (|∇f|∞ <= 1e-6, one thread, after warm-up)
// @measured reached: 0.045 ms against 1.1 ms (1/24), 0.077 ms against 2.4 ms (1/32), 75 ms against 338 ms (1/4.5); the
// first solve after loading, n = 10, 8 ms against 3 ms (SciPy 1.10, Deno 2.9, two cores)

const peer = new Peer();
const cold = { ours: timed(10, 1), peer: (await peer.timed(10, 1)).seconds };
console.log(`first solve after loading, n = 10: ${milliseconds(cold.ours)}, SciPy ${milliseconds(cold.peer)}`);
for (const n of [2, 10, 1000]) {
  const once = await peer.timed(n, 1), own = ours(n);
  const repetitions = [timed(n, 1), once.seconds].map((s) => Math.ceil(ROUND_SECONDS / s));
  timed(n, repetitions[0]); // warm-up
  const times: number[] = [], peers: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    times.push(timed(n, repetitions[0]));
    peers.push((await peer.timed(n, repetitions[1])).seconds);
  }
  const ratio = median(times.map((t, i) => t / peers[i]));
  console.log(
    `n = ${n}: ${milliseconds(median(times))} (${own.counts.evaluations} evaluations, ${own.status}), ` +
      `SciPy ${milliseconds(median(peers))} (${once.evaluations} evaluations), ratio ${ratio.toPrecision(2)}`,
  );
}
await peer.close();
