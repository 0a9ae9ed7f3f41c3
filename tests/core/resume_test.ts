/** For every solver in the registry: 2k steps equal k steps, bytes, a new process, k steps. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { CheckpointError, iterations, solve, type Solver, type TwiceSmooth } from "../../lib/core/mod.ts";
import { bfgs, lbfgs, smoothSolvers } from "../../lib/smooth/mod.ts";
import { quadratic, rosenbrock } from "../../lib/problems/mod.ts";
import { bits } from "./resumed.ts";

/** A problem that every solver can run on. */
export const shared = (): { problem: TwiceSmooth; start: Float64Array } => {
  const { problem, start } = rosenbrock(7);
  return { problem: { ...problem, constants: { smoothness: 1e5, strongConvexity: 1 } }, start };
};

const STEPS = 9;

if (import.meta.main) { // the new process: resumes each run and prints what it ended with
  const files: Record<string, string> = JSON.parse(Deno.args[0]), out: Record<string, unknown> = {};
  for (const [id, file] of Object.entries(files)) {
    const { problem, start } = shared(), resume = Deno.readFileSync(file);
    out[id] = bits(solve(problem, smoothSolvers[id](), { start, stop: iterations(2 * STEPS), traceRows: 6, resume }));
  }
  console.log(JSON.stringify(out));
}

Deno.test("solve() resumed in a new process ends with the same bits, for every registered solver", async () => {
  const folder = await Deno.makeTempDir(), files: Record<string, string> = {}, expected: Record<string, unknown> = {};
  for (const [id, make] of Object.entries(smoothSolvers)) {
    const { problem, start } = shared(), options = { start, traceRows: 6 };
    const whole = solve(problem, make(), { ...options, stop: iterations(2 * STEPS) });
    assertEquals(whole.iterations, 2 * STEPS, `${id}: ${whole.message}`);
    assertEquals(bits(solve(problem, make(), { ...options, stop: iterations(2 * STEPS) })), bits(whole), `${id} twice`);
    const half = solve(problem, make(), { ...options, stop: iterations(STEPS) });
    files[id] = `${folder}/${id}.bin`;
    await Deno.writeFile(files[id], half.checkpoint());
    expected[id] = bits(whole);
  }
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-read", "--no-check", new URL(import.meta.url).pathname, JSON.stringify(files)],
    stderr: "inherit",
  });
  const { success, stdout } = await command.output();
  await Deno.remove(folder, { recursive: true });
  assert(success);
  assertEquals(JSON.parse(new TextDecoder().decode(stdout)), JSON.parse(JSON.stringify(expected)));
});

Deno.test("solve() refuses to resume another solver, option, start, seed or problem", () => {
  const { problem, start } = shared();
  const bytes = solve(problem, lbfgs(), { start, stop: iterations(3) }).checkpoint();
  const resume = (p: TwiceSmooth, solver: Solver<TwiceSmooth>, from: ArrayLike<number>, seed = 0) => () =>
    solve(p, solver, { start: from, seed, resume: bytes });
  assertThrows(resume(problem, bfgs(), start), CheckpointError, 'the checkpoint has solver {"name":"L-BFGS"');
  assertThrows(resume(problem, lbfgs({ memory: 3 }), start), CheckpointError, "solver");
  assertThrows(resume(problem, lbfgs(), start.map((v) => v + 1)), CheckpointError, "start");
  assertThrows(resume(problem, lbfgs(), start, 5), CheckpointError, "has seed 0, this run has 5");
  assertThrows(resume(rosenbrock(8).problem, lbfgs(), rosenbrock(8).start), CheckpointError, "Cannot resume");
  const other = quadratic([1, 2, 3, 4, 5, 6, 7]).problem;
  assertThrows(resume(other, lbfgs(), start), CheckpointError, "at the start, this one");
  assertEquals(resume(problem, lbfgs(), start)().status, "converged");
});
