// What it means that a run which was saved and resumed is the same run.
import { assertEquals } from "@std/assert";
import { iterations, type Point, type Problem, type Result, solve, type Solver } from "../../lib/core/mod.ts";

/** All that must agree, as numbers and bits; the clock is left out. */
export function bits(result: Result): unknown {
  const { trace, counts, x, value, best, measures, iterations, status, message } = result;
  const columns = trace.columns.filter((c) => c !== "seconds").map((c) => [c, ...hex(trace.column(c))]);
  return {
    x: hex(x),
    value: hex([value]),
    best: [hex([best.value]), hex(best.x)],
    measures,
    iterations,
    counts,
    status,
    message,
    columns,
  };
}

const hex = (x: ArrayLike<number>): string[] =>
  [...new BigUint64Array(Float64Array.from(x).buffer)].map((w) => w.toString(16).padStart(16, "0"));

/** 2k steps, twice, equal k steps, bytes, k steps, bit for bit. */
export function assertResumes<P extends Problem>(
  problem: P,
  make: () => Solver<P>,
  start: ArrayLike<number> | Point,
  steps = 5,
): void {
  const name = make().name, stop = iterations(2 * steps), whole = solve(problem, make(), { start, stop });
  assertEquals(whole.iterations, 2 * steps, `${name}: ${whole.message}`);
  assertEquals(bits(solve(problem, make(), { start, stop })), bits(whole), `${name} twice`);
  const resume = solve(problem, make(), { start, stop: iterations(steps) }).checkpoint();
  assertEquals(bits(solve(problem, make(), { start, stop, resume })), bits(whole), `${name} resumed`);
}
