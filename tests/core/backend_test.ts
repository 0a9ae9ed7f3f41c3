// Runs and the backend of linear algebra: recorded, kept to, never changed within a step.
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  BackendError,
  CheckpointError,
  currentBackend,
  environment,
  iterate,
  iterations,
  lastRun,
  type Smooth,
  solve,
  solveAsync,
} from "../../lib/core/mod.ts";
import { backend, backendNamed, useBackend } from "../../lib/linalg/mod.ts";
import { gradientDescent } from "../../lib/smooth/mod.ts";
import { deno } from "../project/deno.ts";

/** `x²/2`, whose gradient says by which backend it was asked for. */
function asked(during: () => void = () => {}): { problem: Smooth; names: string[] } {
  const names: string[] = [];
  const gradient = (x: Float64Array, out: Float64Array): number => {
    names.push(backend().name);
    during();
    out[0] = x[0];
    return x[0] ** 2 / 2;
  };
  return { problem: { kind: "smooth", dimension: 1, value: (x) => x[0] ** 2 / 2, gradient }, names };
}

const solver = gradientDescent({ step: 0.5 });

// @must solve, useBackend: a run records the backend of its start, and a change of it within a step is refused
// @measured reached: name and variant in every result and checkpoint; BackendError from oracles and callbacks, CheckpointError on
//   resuming by another backend
Deno.test("solve() records name and variant of the backend in use at its start", () => {
  const { problem } = asked(), options = { start: [1], stop: iterations(3) };
  for (const name of ["typescript", "portable"] as const) {
    using _ = useBackend(name);
    const text = `${name}: ${backendNamed(name).variant}`;
    assertEquals(solve(problem, solver, options).environment, { ...environment, backend: text });
    assertEquals(environment.backend, text);
  }
  assertEquals(solve(problem, solver, options).environment.backend, `wasm: ${backendNamed("wasm").variant}`);
});

Deno.test("without linear algebra the backend is plain TypeScript", async () => {
  const entry = new URL("../../lib/core/mod.ts", import.meta.url).href;
  const script = `const { environment } = await import("${entry}"); console.log(environment.backend);`;
  const { stdout } = await deno(["eval", "--no-lock", script]);
  assertEquals(stdout.trim(), "typescript: loops");
});

Deno.test("solve() refuses that an oracle or a callback changes the backend, and puts the former one in use again", () => {
  const before = currentBackend();
  let calls = 0;
  const { problem } = asked(() => {
    if (++calls === 3) useBackend("typescript");
  });
  const options = { start: [1], stop: iterations(9) };
  assertThrows(() => solve(problem, solver, options), BackendError, "got typescript: loops and packed tiles");
  assertEquals(currentBackend(), before);
  assertEquals(lastRun().iterations, 2);
  const save = (): void => void useBackend("typescript");
  assertThrows(() => solve(asked().problem, solver, { ...options, checkpoint: { every: 2, save } }), BackendError);
  assertEquals(currentBackend(), before);
  const scoped = asked(() => {
    using _ = useBackend("typescript");
  });
  assertEquals(solve(scoped.problem, solver, options).status, "iteration-limit");
});

Deno.test("solveAsync() keeps to the backend of its start while others use another", async () => {
  const slow = (): void => {
    const end = performance.now() + 3;
    while (performance.now() < end);
  };
  const first = asked(slow), second = asked(slow), options = { start: [1], stop: iterations(12) };
  const one = solveAsync(first.problem, solver, options);
  {
    using _ = useBackend("typescript");
    const two = solveAsync(second.problem, solver, options);
    await new Promise((resume) => setTimeout(resume, 5));
    assertEquals(backend().name, "typescript"); // a slice of the first run was made meanwhile
    assertEquals((await two).environment.backend, "typescript: loops and packed tiles");
    await one;
    assertEquals(backend().name, "typescript");
  }
  assertEquals(backend().name, "wasm");
  assertEquals([new Set(first.names), new Set(second.names)], [new Set(["wasm"]), new Set(["typescript"])]);
  await assertRejects(
    () => solveAsync(asked(() => void useBackend("portable")).problem, solver, options),
    BackendError,
  );
  assertEquals(backend().name, "wasm");
});

Deno.test("iterate() makes all steps by the backend of the first", () => {
  const { problem, names } = asked(), states = iterate(problem, solver, [1]);
  states.next();
  {
    using _ = useBackend("typescript");
    states.next();
    assertEquals(backend().name, "typescript");
  }
  states.next();
  assertEquals(names, ["wasm", "wasm", "wasm"]);
  const changed = iterate(asked(() => void useBackend("typescript")).problem, solver, [1]);
  assertThrows(() => changed.next(), BackendError);
  assertEquals(backend().name, "wasm");
});

Deno.test("solve() resumes by the same backend alone", () => {
  const { problem } = asked(), half = solve(problem, solver, { start: [1], stop: iterations(3) }).checkpoint();
  const options = { start: [1], stop: iterations(6), resume: half };
  {
    using _ = useBackend("typescript");
    assertThrows(() => solve(problem, solver, options), CheckpointError, 'has backend "wasm: ');
  }
  assertEquals(solve(problem, solver, options).x, solve(problem, solver, { start: [1], stop: iterations(6) }).x);
});
