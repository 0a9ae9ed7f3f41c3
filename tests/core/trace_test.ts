import { assert, assertEquals, assertThrows } from "@std/assert";
import { DomainError, iterations, solve, Trace } from "../../lib/core/mod.ts";
import { quadratic } from "../../lib/problems/mod.ts";
import { gradientDescent } from "../../lib/smooth/mod.ts";

function filled(rows: number, capacity: number): Trace {
  const trace = new Trace(["iteration", "value"], capacity);
  for (let i = 0; i < rows; i++) {
    trace.row[0] = i;
    trace.row[1] = 1000 - i;
    trace.record();
  }
  return trace;
}

Deno.test("Trace keeps every row while there is room", () => {
  const trace = filled(100, 128);
  assertEquals(trace.length, 100);
  assertEquals([...trace.column("value")], Array.from({ length: 100 }, (_, i) => 1000 - i));
});

Deno.test("Trace thins evenly, within its capacity, and always has the newest row", () => {
  for (const rows of [9, 10, 64, 1000, 12345]) {
    const iterations = filled(rows, 8).column("iteration"), last = iterations[iterations.length - 1];
    assert(iterations.length <= 9);
    assertEquals(last, rows - 1);
    const stride = iterations[1] - iterations[0];
    for (let i = 1; i + 1 < iterations.length; i++) assertEquals(iterations[i] - iterations[i - 1], stride);
  }
});

Deno.test("Trace.from() continues as if nothing had been saved", () => {
  const whole = filled(1000, 8), half = Trace.from(filled(500, 8).data(), 8);
  for (let i = 500; i < 1000; i++) {
    half.row[0] = i;
    half.row[1] = 1000 - i;
    half.record();
  }
  assertEquals(half.data(), whole.data());
});

Deno.test("Trace refuses unknown columns and too little room", () => {
  assertThrows(() => filled(1, 8).column("x"), DomainError, "expected one of iteration, value");
  assertThrows(() => new Trace(["iteration"], 1), DomainError, "at least 2 rows");
});

Deno.test("solve() keeps numbers of a solver's state in columns before the calls, also after a pause", () => {
  const { problem, start } = quadratic([1, 10, 100]), plain = gradientDescent();
  const solver = { ...plain, traced: ["lowestValue"] } as typeof plain;
  const run = (most: number, resume?: Uint8Array) =>
    solve(problem, solver, { start, stop: iterations(most), ...(resume && { resume }) });
  const whole = run(20), lowest = whole.trace.column("lowestValue");
  assertEquals([...lowest], [...whole.trace.column("value")]); // backtracking never rises
  const columns = whole.trace.columns;
  assertEquals(
    columns.slice(columns.indexOf("lowestValue") + 1),
    solve(problem, plain, { start }).trace.columns.slice(6),
  );
  assertEquals(run(20, run(10).checkpoint()).trace.column("lowestValue"), lowest);
});
