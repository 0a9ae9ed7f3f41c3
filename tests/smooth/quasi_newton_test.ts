import { assert, assertAlmostEquals, assertEquals, assertLess, assertLessOrEqual, assertThrows } from "@std/assert";
import {
  DomainError,
  dot,
  fillNormal,
  gradientNorm,
  iterate,
  iterations,
  norm2,
  rng,
  type Smooth,
  solve,
  type Vector,
} from "../../lib/core/mod.ts";
import { quadratic, rosenbrock } from "../../lib/problems/mod.ts";
import { bfgs, evaluateAt, lbfgs, type LineSearch } from "../../lib/smooth/mod.ts";

/** The exact minimizer along a line for quadratics: the zero of the slope, which is linear. */
const exact: LineSearch = {
  name: "exact",
  options: {},
  recall: 0,
  search(problem, line, first) {
    evaluateAt(problem, line, first);
    evaluateAt(problem, line, first * line.slope0 / (line.slope0 - line.slope));
    return "found";
  },
};

/** `A x` for a dense symmetric A. */
const times = (a: readonly Vector[], x: Vector): Vector => Float64Array.from(a, (row) => dot(row, x));

/** `½ xᵀAx - bᵀx` with a random A, eigenvalues about 1 to 36. */
function dense(n: number): { a: readonly Vector[]; problem: Smooth } {
  const generator = rng(7), b = fillNormal(generator, new Float64Array(n));
  const m = Array.from({ length: n }, () => fillNormal(generator, new Float64Array(n)));
  const a = m.map((p, i) => Float64Array.from(m, (q, j) => dot(p, q) + (i === j ? 1 : 0)));
  const value = (x: Vector) => dot(times(a, x), x) / 2 - dot(b, x);
  const gradient = (x: Vector, out: Vector) => {
    times(a, x).forEach((v, i) => out[i] = v - b[i]);
    return value(x);
  };
  return { a, problem: { kind: "smooth", dimension: n, value, gradient } };
}

// @must bfgs: on a quadratic with exact search n steps, and H = A⁻¹ to 1e-8
// @measured reached: n = 10: |∇f| 9e-11 of its first value after 10 steps, |HA - I| 6e-13
Deno.test("bfgs() with exact search solves a quadratic in n steps and ends with the inverse of its Hessian", () => {
  const n = 10, { a, problem } = dense(n);
  let k = 0, first = NaN;
  for (const { estimate, memory: { inverse } } of iterate(problem, bfgs({ search: exact }), new Float64Array(n))) {
    if (k === 0) first = estimate;
    if (k++ < n) continue;
    assertLessOrEqual(estimate, 1e-10 * first);
    for (let i = 0; i < n; i++) {
      const row = times(a, inverse.subarray(i * n, (i + 1) * n)); // of HA, as A is symmetric
      for (let j = 0; j < n; j++) {
        assertAlmostEquals(row[j], i === j ? 1 : 0, 1e-8);
        assertEquals(inverse[i * n + j], inverse[j * n + i]);
      }
    }
    break;
  }
  assertEquals(k, n + 1);
});

// @must bfgs: Rosenbrock n = 2 from (-1.2, 1) to |∇f| <= 1e-8 in <= 45 iterations (SciPy 34), with a superlinear tail
// @measured reached: 38 iterations; |x⁺ - x*|/|x - x*| is 3e-3 and 2e-3 in the last two
Deno.test("bfgs() converges superlinearly on Rosenbrock's function", () => {
  const { problem, start } = rosenbrock(2), distance: number[] = [];
  for (const { x, estimate } of iterate(problem, bfgs(), start)) {
    distance.push(Math.hypot(x[0] - 1, x[1] - 1));
    if (estimate <= 1e-8) break;
  }
  const last = distance.length - 1;
  assertLessOrEqual(last, 45);
  const ratio = (k: number) => distance[k] / distance[k - 1];
  assertLess(ratio(last), 0.02);
  assertLess(ratio(last - 1), 0.02);
});

// @must bfgs: affine invariance
// @measured reached: 30 iterations on Rosenbrock n = 2 under x = T z, H₀ = I against T⁻¹T⁻ᵀ: values equal to 1e-8
Deno.test("bfgs() takes the same steps in other coordinates, if H₀ is transformed with them", () => {
  const { problem, start } = rosenbrock(2);
  // x = T z with T = [[2, 1], [0, 1/2]]
  const toX = (z: Vector) => Float64Array.of(2 * z[0] + z[1], z[1] / 2), g = new Float64Array(2);
  const transformed: Smooth = {
    kind: "smooth",
    dimension: 2,
    value: (z) => problem.value(toX(z)),
    gradient: (z, out) => {
      const f = problem.gradient(toX(z), g);
      out[0] = 2 * g[0];
      out[1] = g[0] + g[1] / 2;
      return f;
    },
  };
  /** The values of the iterates; the state is plain data, so a test can set H₀ and say that it is in use. */
  const run = (p: Smooth, from: Vector, inverse: readonly number[]): number[] => {
    const values: number[] = [];
    for (const { value, memory } of iterate(p, bfgs(), from)) {
      if (values.push(value) === 1) {
        memory.inverse.set(inverse);
        memory.updates = 1;
      }
      if (values.length > 30) break;
    }
    return values;
  };
  const here = run(problem, start, [1, 0, 0, 1]);
  // T⁻¹ = [[1/2, -1], [0, 2]], T⁻¹T⁻ᵀ = [[5/4, -2], [-2, 4]]
  const there = run(transformed, Float64Array.of((start[0] - 2 * start[1]) / 2, 2 * start[1]), [1.25, -2, -2, 4]);
  here.forEach((value, k) => assertAlmostEquals(there[k], value, 1e-8 * (1 + value)));
  assertLess(here[30], 1e-3);
});

// @must lbfgs: with m >= iterations and the same line search, iterates equal those of BFGS with the same fixed H₀ to 1e-8
// @measured reached: to 4e-13 over 40 iterations on Rosenbrock n = 6, with H₀ = (s·y / y·y) I of the first pair held fixed
Deno.test("lbfgs() with enough memory and a fixed H₀ takes the steps of bfgs()", () => {
  const { problem, start } = rosenbrock(6), steps = 40, path: Vector[] = [];
  for (const { x } of iterate(problem, bfgs(), start)) if (path.push(x.slice()) > steps) break;
  let k = 0, scale = NaN;
  for (const { x, memory } of iterate(problem, lbfgs({ memory: steps }), start)) {
    for (let i = 0; i < x.length; i++) assertAlmostEquals(x[i], path[k][i], 1e-8, `iterate ${k}`);
    if (k === 1) scale = memory.scale;
    memory.scale = scale; // L-BFGS takes H₀ from the newest pair; BFGS keeps the first one's
    if (k++ === steps) break;
  }
});

// @must lbfgs: Rosenbrock n = 100 to |∇f| <= 1e-8 in <= 650 evaluations (SciPy 639)
// @measured reached: 642 evaluations, 543 iterations
Deno.test("lbfgs() solves Rosenbrock's function in 100 variables in 650 evaluations", () => {
  const { problem, start } = rosenbrock(100);
  const { status, counts, value } = solve(problem, lbfgs(), { start, stop: gradientNorm({ absolute: 1e-8 }) });
  assertEquals(status, "converged");
  assertLessOrEqual(counts.evaluations, 650);
  assertLess(value, 1e-15);
});

// @must lbfgs: O(mn) memory
// @measured reached: 2mn + 6n + 2m + 6 numbers in the state, for m = 3 and 20, n = 50 and 5000
Deno.test("lbfgs() keeps 2m + 6 vectors", () => {
  const numbersIn = (data: unknown, seen = new Set<unknown>()): number => {
    if (typeof data !== "object" || data === null || seen.has(data)) return 0;
    seen.add(data);
    if (data instanceof Float64Array) return data.length;
    return Object.values(data).reduce((sum: number, each) => sum + numbersIn(each, seen), 0);
  };
  for (const m of [3, 20]) {
    for (const n of [50, 5000]) {
      const { problem, start } = quadratic(new Float64Array(n).fill(1));
      for (const state of iterate(problem, lbfgs({ memory: m }), start)) {
        assertLessOrEqual(numbersIn(state), 2 * m * n + 6 * n + 2 * m + 6);
        break;
      }
    }
  }
});

Deno.test("lbfgs() leaves out pairs without curvature, and still finds a minimizer", () => {
  // f = cos x₁ + x₂²: concave between 0 and π/2
  const problem: Smooth = {
    kind: "smooth",
    dimension: 2,
    value: (x) => Math.cos(x[0]) + x[1] ** 2,
    gradient: (x, out) => {
      out[0] = -Math.sin(x[0]);
      out[1] = 2 * x[1];
      return Math.cos(x[0]) + x[1] ** 2;
    },
  };
  for (const solver of [lbfgs(), bfgs()]) {
    const { status, x } = solve(problem, solver, { start: [1e-3, 1] });
    assertEquals(status, "converged");
    assertAlmostEquals(Math.cos(x[0]), -1, 1e-12);
  }
});

Deno.test("lbfgs() with a memory of 1 works, and refuses less", () => {
  const { problem, start } = rosenbrock(2);
  assertEquals(solve(problem, lbfgs({ memory: 1 }), { start }).status, "converged");
  for (const memory of [0, -1, 1.5, NaN]) {
    assertThrows(() => lbfgs({ memory }), DomainError, `expected a memory of at least 1 pair, got ${memory}`);
  }
});

Deno.test("bfgs() refuses more variables than a dense matrix can serve, and points to lbfgs()", () => {
  const { problem, start } = quadratic(new Float64Array(15_001).fill(1));
  assertThrows(() => solve(problem, bfgs(), { start }), DomainError, "15001; lbfgs() has no such limit");
  assertEquals(solve(problem, lbfgs(), { start }).status, "converged");
});

Deno.test("bfgs() and lbfgs() do not depend on the scale of the value from the second step on", () => {
  const { problem, start } = quadratic([1, 10, 100]);
  for (const make of [bfgs, lbfgs]) {
    const ends = [1, 2 ** 20].map((c) => {
      const scaled: Smooth = {
        ...problem,
        value: (x) => c * problem.value(x),
        gradient: (x, out) => {
          const f = problem.gradient(x, out);
          for (let i = 0; i < out.length; i++) out[i] *= c;
          return c * f;
        },
      };
      return solve(scaled, make(), { start, stop: [gradientNorm({ relative: 1e-10 }), iterations(60)] });
    });
    for (const { status, x } of ends) {
      assertEquals(status, "converged");
      assert(norm2(x) < 1e-9);
    }
  }
});

Deno.test("lbfgs() resumes with the same bits also where its pairs have a copy in the kernels' memory", () => {
  const { problem, start } = rosenbrock(100), stop = iterations(60);
  const whole = solve(problem, lbfgs(), { start, stop });
  const half = solve(problem, lbfgs(), { start, stop: iterations(30) });
  const rest = solve(problem, lbfgs(), { start, stop, resume: half.checkpoint() });
  assertEquals(rest.x, whole.x);
  assertEquals(rest.counts, whole.counts);
});

Deno.test("lbfgs() forgets the pair whose place a rejected one has taken", () => {
  // along a straight valley with a flat floor the change of gradient vanishes, and such pairs are rejected
  const ring = lbfgs({ memory: 2 }), { problem, start } = rosenbrock(6);
  const states = iterate(problem, ring, start);
  let state = states.next().value!;
  for (let k = 0; k < 5; k++) state = states.next().value!;
  assertEquals(state.memory.count, 2);
  const flat = {
    ...problem,
    gradient: (x: Float64Array, out: Float64Array) => (out.set(state.gradient), problem.value(x)),
  };
  const next = iterate(flat, { ...ring, init: () => state }, start);
  next.next();
  next.next(); // a step along which the gradient does not change
  assertEquals(state.memory.count, 1);
});
