import { assert, assertAlmostEquals, assertEquals, assertLess, assertLessOrEqual, assertThrows } from "@std/assert";
import {
  DomainError,
  fillNormal,
  gradientNorm,
  iterate,
  norm2,
  rng,
  scale,
  solve,
  type TwiceSmooth,
  type Vector,
  withDifferences,
} from "../../lib/core/mod.ts";
import { mghNamed, quadratic, rosenbrock } from "../../lib/problems/mod.ts";
import { newtonCg } from "../../lib/smooth/mod.ts";

/** `Σ xᵢ²/2 + exp(xᵢ - xᵢ₋₁)`, x₋₁ = 0: strongly convex, chained. */
function chained(n: number): TwiceSmooth {
  const bend = (x: Vector, i: number) => Math.exp(x[i] - (i > 0 ? x[i - 1] : 0));
  const value = (x: Vector) => x.reduce((f, xi, i) => f + xi * xi / 2 + bend(x, i), 0);
  return {
    kind: "smooth",
    dimension: n,
    value,
    gradient: (x, out) => {
      for (let i = 0; i < n; i++) out[i] = x[i] + bend(x, i) - (i + 1 < n ? bend(x, i + 1) : 0);
      return value(x);
    },
    hessianVector: (x, v, out) => {
      out.set(v);
      for (let i = 0; i < n; i++) {
        const change = bend(x, i) * (v[i] - (i > 0 ? v[i - 1] : 0));
        out[i] += change;
        if (i > 0) out[i - 1] -= change;
      }
    },
  };
}

/** The gradient norms of the iterates down to 1e-10. */
function gradientNorms(power: number): number[] {
  const n = 30, norms: number[] = [];
  for (const { gradient } of iterate(chained(n), newtonCg({ power }), new Float64Array(n).fill(1))) {
    if (norms.push(norm2(gradient)) > 100 || norm2(gradient) < 1e-10) break;
  }
  return norms;
}

// @must newton-cg: quadratic rate with the forcing term min(1/2, |∇f|)
// @measured reached: |∇f| 7.6e-2, 2.1e-3, 2.0e-6, 3.1e-12: |∇f⁺|/|∇f|² is 0.36, 0.45, 0.81
Deno.test("newtonCg() with power 1 converges quadratically", () => {
  const norms = gradientNorms(1), last = norms.length - 1;
  assertLess(norms[last], 1e-10);
  for (let k = last; k > last - 3; k--) assertLessOrEqual(norms[k], norms[k - 1] ** 2);
});

// @must newton-cg: superlinear rate 3/2 with the default forcing term min(1/2, √|∇f|)
// @measured reached: |∇f| 1.3e-3, 2.6e-5, 6.7e-8, 1.0e-11: |∇f⁺|/|∇f|^1.5 is 0.55, 0.51, 0.61
Deno.test("newtonCg() converges superlinearly by default", () => {
  const norms = gradientNorms(0.5), last = norms.length - 1;
  assertLess(norms[last], 1e-10);
  for (let k = last; k > last - 3; k--) assertLessOrEqual(norms[k], norms[k - 1] ** 1.5);
});

// @must newton-cg: from the saddle of Σ (xᵢ² - 1)² with tiny noise to a minimizer
// @measured reached: n = 20 from noise of 1e-3 (and 1e-8): |xᵢ| = 1 to 1e-8 for all i
Deno.test("newtonCg() leaves a saddle point along negative curvature", () => {
  const n = 20,
    bowls: TwiceSmooth = {
      kind: "smooth",
      dimension: n,
      value: (x) => x.reduce((f, xi) => f + (xi * xi - 1) ** 2, 0),
      gradient: (x, out) => {
        for (let i = 0; i < n; i++) out[i] = 4 * x[i] * (x[i] * x[i] - 1);
        return bowls.value(x);
      },
      hessianVector: (x, v, out) => {
        for (let i = 0; i < n; i++) out[i] = (12 * x[i] * x[i] - 4) * v[i];
      },
    };
  for (const noise of [1e-3, 1e-8]) {
    const start = fillNormal(rng(1), new Float64Array(n));
    scale(noise, start);
    const { status, x } = solve(bowls, newtonCg(), { start, stop: gradientNorm({ absolute: 1e-9 }) });
    assertEquals(status, "converged");
    for (const xi of x) assertAlmostEquals(Math.abs(xi), 1, 1e-8);
  }
});

// @must newton-cg: Rosenbrock n = 100 (SciPy 224 outer iterations)
// @measured reached: 253 outer iterations, 1983 Hessian-vector products (SciPy 1.10 on this start: 227 and 1868)
Deno.test("newtonCg() solves Rosenbrock's function in 100 variables, with at most n products per step", () => {
  const { problem, start } = rosenbrock(100);
  const result = solve(problem, newtonCg(), { start, stop: gradientNorm({ absolute: 1e-8 }) });
  assertEquals(result.status, "converged");
  assertLess(result.value, 1e-15);
  assertLessOrEqual(result.iterations, 270);
  assertLessOrEqual(result.counts.calls.hessianVector, 2050);
});

Deno.test("newtonCg() takes at most n Hessian-vector products in a step, and counts them", () => {
  const { problem, start } = quadratic([1, 1e3, 1e6, 1e9]);
  const result = solve(problem, newtonCg({ power: 8 }), { start, stop: gradientNorm({ relative: 1e-12 }) });
  assertEquals(result.status, "converged");
  assertLessOrEqual(result.counts.calls.hessianVector, 2 + 4 * result.iterations); // 2 probe the symmetry
});

Deno.test("newtonCg() works with products by differences of gradients", () => {
  const { problem: { hessianVector: _, ...first }, start } = rosenbrock(10);
  const result = solve(withDifferences(first), newtonCg(), { start, stop: gradientNorm({ absolute: 1e-7 }) });
  assertEquals(result.status, "converged");
});

// @must newton-cg: an asymmetric Hessian-vector product is refused
// @measured reached: refused at the start with uᵀHv and vᵀHu in the message
Deno.test("newtonCg() refuses Hessian-vector products that are not symmetric", () => {
  const { problem, start } = rosenbrock(5);
  const asymmetric: TwiceSmooth = {
    ...problem,
    hessianVector: (x, v, out) => {
      problem.hessianVector(x, v, out);
      out[0] += v[1];
    },
  };
  const error = assertThrows(() => solve(asymmetric, newtonCg(), { start }), DomainError, "symmetric");
  assert(error.message.includes("checkDerivatives(problem, x)"), error.message);
});

Deno.test("newtonCg() refuses a power that is not positive", () => {
  for (const power of [0, -1, NaN]) assertThrows(() => newtonCg({ power }), DomainError, `a power > 0, got ${power}`);
});

Deno.test("newtonCg() leaves the saddle of Wood's function at f = 7.877 at once", () => {
  const { problem, start } = mghNamed("Wood");
  const result = solve(problem, newtonCg(), { start });
  assertEquals(result.status, "converged");
  assertLess(result.value, 1e-18);
  assertLessOrEqual(result.counts.evaluations, 700); // 598; lingering there takes 6177
});
