// Prints the growth of the heap in bytes per step over long runs, as JSON; heap_test.ts starts it with --expose-gc.
import { iterations, type Smooth, solve, type Solver } from "../../lib/core/mod.ts";
import { rosenbrock } from "../../lib/problems/mod.ts";
import { gradientDescent, heavyBall, lbfgs } from "../../lib/smooth/mod.ts";

/** Collects garbage until nothing more goes. */
function heapUsed(): number {
  const { gc } = globalThis as unknown as { gc: () => void };
  for (let k = 0; k < 4; k++) gc();
  return Deno.memoryUsage().heapUsed;
}

/** Runs until there were so many steps in all, and again with the heap watched. */
function growth(steps: number, run: (most: number) => number): number {
  const repeat = (most: number) => {
    let done = 0;
    while (done < most) done += run(most - done);
    return done;
  };
  repeat(steps / 10);
  const before = heapUsed(), done = repeat(steps);
  return (heapUsed() - before) / done;
}

const [two, ten] = [rosenbrock(2), rosenbrock(10)];
const valley = (solver: Solver<Smooth>) => (most: number): number =>
  solve(two.problem, solver, { start: two.start, stop: iterations(most) }).iterations;

console.log(JSON.stringify({
  "gradient descent": growth(1e6, valley(gradientDescent({ step: 1e-3 }))),
  "heavy ball": growth(1e6, valley(heavyBall({ step: 5e-4, momentum: 0.9 }))),
  // 84 steps to the minimizer, again and again
  "L-BFGS": growth(1e6, () => solve(ten.problem, lbfgs(), { start: ten.start }).iterations),
}));
