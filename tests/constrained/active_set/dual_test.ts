import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { advance, beginProgram, solveProgram } from "../../../lib/constrained/active_set/dual.ts";
import {
  activeSetOf,
  BELOW,
  contradictionOf,
  type DenseProgram,
  denseProgram,
  FREE,
} from "../../../lib/constrained/active_set/program.ts";
import { dot, fillNormal, integer, type Rng, rng, uniform } from "../../../lib/core/mod.ts";

/** A random program whose rows contradict each other more often than not. */
function random(generator: Rng, limit: number): DenseProgram {
  const n = integer(generator, 10) + 1, equations = integer(generator, 4), m = equations + integer(generator, 10);
  const program = denseProgram(m, n), { hessian: { data: B }, gradient, rows: { data: A }, lower, upper } = program;
  for (let t = 0; t < n + 2; t++) {
    const v = fillNormal(generator, new Float64Array(n));
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) B[i * n + j] += v[i] * v[j];
  }
  fillNormal(generator, gradient);
  fillNormal(generator, A);
  if (equations > 0 && m > equations) A.copyWithin((m - 1) * n, 0, n);
  for (let k = 0; k < m; k++) {
    upper[k] = uniform(generator) * 4 - 2;
    lower[k] = k < equations ? upper[k] : uniform(generator) < 0.5 ? -Infinity : upper[k] - uniform(generator);
  }
  for (let j = 0; j < n; j++) {
    if (uniform(generator) < 0.5) [lower[m + j], upper[m + j]] = [-uniform(generator), uniform(generator)];
  }
  program.limit = limit;
  return program;
}

/**
 * How far x and y are from `Bx + g + Σ yₖ aₖ = 0` with each y in the subdifferential of what its constraint costs: γ times the
 * distance of a row from its bounds, and the bounds of variables.
 */
function optimality(
  { hessian, gradient, rows, lower, upper, limit }: DenseProgram,
  x: Float64Array,
  y: Float64Array,
): number {
  const n = x.length, m = rows.rows, tolerance = 1e-10;
  let worst = 0;
  for (let j = 0; j < n; j++) {
    let sum = gradient[j] + y[m + j] + dot(hessian.data.subarray(j * n, (j + 1) * n), x);
    for (let k = 0; k < m; k++) sum += y[k] * rows.data[k * n + j];
    worst = Math.max(worst, Math.abs(sum));
  }
  for (let k = 0; k < m + n; k++) {
    const at = k < m ? dot(rows.data.subarray(k * n, (k + 1) * n), x) : x[k - m], cost = k < m ? limit : Infinity;
    const above = at - upper[k], below = lower[k] - at;
    const most = above >= -tolerance ? cost : 0;
    const least = below >= -tolerance ? -cost : 0;
    const from = above > tolerance ? cost : least, to = below > tolerance ? -cost : most;
    worst = Math.max(worst, from - y[k], y[k] - to);
    if (k >= m) worst = Math.max(worst, above, below);
  }
  return worst;
}

Deno.test("solveProgram() minimizes an exact penalty where rows may be violated", () => {
  const generator = rng(5);
  let violated = 0, worst = 0;
  for (let k = 0; k < 300; k++) {
    const program = random(generator, [0.01, 1, 100][k % 3]);
    const set = activeSetOf(program.rows.rows, program.gradient.length);
    assertEquals(solveProgram(program, set), "solved");
    worst = Math.max(worst, optimality(program, set.x, set.multipliers));
    if (set.standing.some((standing) => standing >= BELOW)) violated++;
  }
  assert(violated > 150);
  assertLess(worst, 1e-9);
});

Deno.test("solveProgram() proves contradictions: multipliers of rows and bounds cancel, what they sum up does not", () => {
  const generator = rng(6);
  let found = 0;
  for (let k = 0; k < 200; k++) {
    const program = random(generator, Infinity), m = program.rows.rows, n = program.gradient.length;
    const set = activeSetOf(m, n), outcome = solveProgram(program, set), { multipliers: y } = set;
    if (outcome === "solved") {
      assertLess(optimality(program, set.x, y), 1e-9);
      continue;
    }
    assertEquals(outcome, "infeasible");
    found++;
    for (let j = 0; j < n; j++) {
      let sum = y[m + j];
      for (let i = 0; i < m; i++) sum += y[i] * program.rows.data[i * n + j];
      assertLess(Math.abs(sum), 1e-8 * Math.max(...y.map(Math.abs)));
    }
    assert(contradictionOf(program, set) > 0);
  }
  assert(found > 50);
});

Deno.test("solveProgram() starts from the active constraints of a solution before", () => {
  const generator = rng(7);
  let cold = 0, warm = 0;
  for (let k = 0; k < 100; k++) {
    const program = random(generator, 10), set = activeSetOf(program.rows.rows, program.gradient.length);
    solveProgram(program, set);
    const solution = set.x.slice(), before = set.changes;
    solveProgram(program, set);
    assertEquals(set.changes, before); // nothing comes or goes
    set.x.forEach((xj, j) => assertAlmostEquals(xj, solution[j], 1e-9));
    for (let j = 0; j < set.x.length; j++) program.gradient[j] += 0.05 * uniform(generator);
    const start = set.changes;
    assertEquals(solveProgram(program, set), "solved");
    warm += set.changes - start;
    const other = activeSetOf(program.rows.rows, program.gradient.length);
    solveProgram(program, other);
    cold += other.changes;
    set.x.forEach((xj, j) => assertAlmostEquals(xj, other.x[j], 1e-8));
  }
  assertLess(warm, cold / 5);
});

Deno.test("beginProgram() drops active constraints whose multipliers have the wrong sign", () => {
  // min ½ (x - 1)²: at its lower bound 0 the multiplier is -1 by sign, at its upper bound 0.5 it is 0.5
  const program = denseProgram(0, 1), set = activeSetOf(0, 1);
  program.hessian.data[0] = 1;
  program.gradient[0] = -1;
  program.lower[0] = 0;
  program.upper[0] = 0.5;
  set.standing[0] = 1;
  assertEquals(beginProgram(program, set), "changed");
  assertEquals([set.standing[0], set.x[0]], [FREE, 1]);
  while (advance(program, set) === "changed");
  assertEquals([...set.x, ...set.multipliers], [0.5, 0.5]);
  program.hessian.data[0] = -1;
  assertEquals(beginProgram(program, set), "indefinite");
});

Deno.test("solveProgram() takes rows that follow from others, up to the rounding of their bounds", () => {
  const program = denseProgram(2, 2), set = activeSetOf(2, 2);
  program.hessian.data.set([1, 0, 0, 1]);
  program.rows.data.set([1, 1, 1, 1]);
  program.lower.set([1, 1 + 1e-13]);
  program.upper.set([1, 1 + 1e-13]);
  assertEquals(solveProgram(program, set), "solved");
  set.x.forEach((xj) => assertAlmostEquals(xj, 0.5, 1e-15));
  program.lower[1] = program.upper[1] = 1 + 1e-7;
  assertEquals(solveProgram(program, set), "infeasible");
  program.rounding.fill(1e-8);
  assertEquals(solveProgram(program, set), "solved");
});
