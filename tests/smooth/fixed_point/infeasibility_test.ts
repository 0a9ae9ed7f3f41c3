// Picard's and Halpern's iterations where there is no fixed point.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  DomainError,
  dot,
  iterations,
  measureBelow,
  norm2,
  rng,
  solve,
  type Solver,
  type Vector,
} from "../../../lib/core/mod.ts";
import {
  type Equation,
  fixedPoint,
  type FixedPointState,
  halpern,
  infimalDisplacement,
  picard,
} from "../../../lib/smooth/mod.ts";
import { assertResumes } from "../../core/resumed.ts";

/** 200 planes turned half the way by angles from 1e-4 to 1, and a line moved by 1. */
function planes(): Equation {
  const angles = Float64Array.from({ length: 200 }, (_, i) => 10 ** (-4 + 4 * i / 199));
  return fixedPoint(401, (x, out) => {
    for (let i = 0; i < 200; i++) {
      const c = Math.cos(angles[i]), s = Math.sin(angles[i]), a = x[2 * i], b = x[2 * i + 1];
      out[2 * i] = (a + c * a - s * b) / 2;
      out[2 * i + 1] = (b + s * a + c * b) / 2;
    }
    out[400] = x[400] - 1;
  });
}

/** The state after so many steps, and what `look` finds at each. */
function run(
  problem: Equation,
  solver: Solver<Equation, FixedPointState>,
  start: Vector,
  steps: number,
  look?: (s: FixedPointState) => void,
) {
  const state = solver.init(problem, { x: start }, { rng: rng(1) });
  for (let k = 0; k < steps; k++) {
    solver.step(problem, state);
    look?.(state);
  }
  return state;
}

// @must picard, halpern: slopes of |estimate - v|² against k, 100 to 1e4, on 200 planes: Picard -1.87 (normalized) and -1.00 (residual), Halpern -1.85 and -1.87; squared residual at 1e4 5.4e-6 against 1.5e-8
// @measured reached: Picard -1.85 and -1.00, Halpern -1.83 and -1.85; squared residual at 1e4 5.4e-6 against 1.5e-8
Deno.test("halpern() finds the least displacement at the rate k⁻² by both estimates, picard() by one", () => {
  const problem = planes(), start = new Float64Array(401).fill(1).map((v) => v / 20);
  const measured = [picard(), halpern()].map((solver) => {
    const rows: [number, number, number][] = [];
    run(problem, solver, start, 10_000, (state) => {
      if (![100, 1000, 10_000].includes(state.k)) return;
      const square = (e: Vector): number => {
        const d = e.slice();
        d[400] -= 1;
        return dot(d, d);
      };
      rows.push([state.k, square(state.normalized), square(state.residual)]);
    });
    const slope = (j: 1 | 2): number => Math.log10(rows[2][j] / rows[0][j]) / 2;
    return { normalized: slope(1), residual: slope(2), last: rows[2][2] };
  });
  const [p, h] = measured;
  assert(p.normalized < -1.7 && p.residual > -1.3 && p.residual < -0.8, JSON.stringify(p));
  assert(h.normalized < -1.7 && h.residual < -1.7 && h.last < p.last / 100, JSON.stringify(h));
});

// @must picard, halpern: both estimates of a translation are exact to 1e-14
// @measured reached: v = (3, -4), 50 steps; the run ends as infeasible after 16
Deno.test("picard() and halpern() know a translation", () => {
  const problem = fixedPoint(2, (x, out) => {
    out[0] = x[0] - 3;
    out[1] = x[1] + 4;
  });
  for (const solver of [picard(), halpern()]) {
    const { normalized, residual } = infimalDisplacement(run(problem, solver, new Float64Array(2), 50));
    for (const e of [normalized, residual]) {
      assertAlmostEquals(e[0], 3, 1e-14);
      assertAlmostEquals(e[1], -4, 1e-14);
    }
    const result = solve(problem, solver, { start: [0, 0] });
    assertEquals(
      [result.status, result.iterations, result.message.includes("by 5 at")],
      ["infeasible", 16, true],
      result.message,
    );
  }
});

/** Douglas and Rachford for x >= low and x <= 0. */
const rachford = (low: number): Equation =>
  fixedPoint(1, ([z], out) => {
    const x = Math.max(low, z);
    out[0] = z + Math.min(0, 2 * x - z) - x;
  });

// @must picard, halpern: Douglas and Rachford's map on {x >= 1} and {x <= 0} gives |v| = 1; a consistent pair converges
// @measured reached: 1 to 1e-12, infeasible after 4096 steps of Picard and 256 of Halpern by the default τ; {x >= -1} and {x <= 0} converge
Deno.test("picard() and halpern() tell sets that do not meet from sets that do", () => {
  for (const solver of [picard(), halpern()]) {
    const state = run(rachford(1), solver, Float64Array.of(5), 300);
    assertAlmostEquals(Math.abs(state.residual[0]), 1, 1e-12);
    const apart = solve(rachford(1), solver, { start: [5], stop: iterations(20_000) });
    assertEquals(apart.status, "infeasible", apart.message);
    const near = solve(rachford(-1), solver, {
      start: [5],
      stop: [measureBelow("naturalResidual", { absolute: 1e-3, relative: 0 }), iterations(5000)],
    });
    assertEquals(near.status, "converged");
  }
});

// @must halpern, picard: v of primal-dual gradients on an infeasible linear program is a certificate of Farkas: Aᵀy <= 0 and bᵀy > 0, to 1e-6
// @measured not reached: x₁ + x₂ = 1, x₁ + x₂ = 3, x >= 0: with bᵀy = 1, Aᵀy <= 0 exactly by Picard's residual after 20000 steps, but the other estimates, whose errors fall like 1/k, to 8e-5 (Halpern's residual) and 1.7e-4
Deno.test("halpern() proves a linear program infeasible", () => {
  // min x₁ + 2 x₂; z = (x, y), τ = σ = 0.3 with |A| = 2
  const A = [[1, 1], [1, 1]], b = [1, 3], c = [1, 2], step = 0.3;
  const map = fixedPoint(4, (z, out) => {
    for (let j = 0; j < 2; j++) out[j] = Math.max(0, z[j] - step * (c[j] - A[0][j] * z[2] - A[1][j] * z[3]));
    for (let i = 0; i < 2; i++) {
      out[2 + i] = z[2 + i] + step * (b[i] - A[i].reduce((s, a, j) => s + a * (2 * out[j] - z[j]), 0));
    }
  });
  const apply = (d: Vector, out: Vector): void => { // [I/τ, Aᵀ; A, I/σ] with y of the sign above
    for (let j = 0; j < 2; j++) out[j] = d[j] / step + A[0][j] * d[2] + A[1][j] * d[3];
    for (let i = 0; i < 2; i++) out[2 + i] = d[2 + i] / step + A[i][0] * d[0] + A[i][1] * d[1];
  };
  const metric = { rows: 4, columns: 4, apply, applyTranspose: apply };
  for (const solver of [picard({ metric }), halpern({ metric })]) {
    const result = solve(map, solver, { start: new Float64Array(4), stop: iterations(100_000) });
    assertEquals(result.status, "infeasible", result.message);
    const { normalized, residual } = infimalDisplacement(run(map, solver, new Float64Array(4), 20_000));
    for (const v of [residual, normalized]) {
      const gain = -(b[0] * v[2] + b[1] * v[3]),
        y = [-v[2] / gain, -v[3] / gain],
        slack = v === residual && solver.name === "Picard" ? 1e-6 : 3e-4;
      assert(gain > 0);
      for (let j = 0; j < 2; j++) assert(A[0][j] * y[0] + A[1][j] * y[1] <= slack, `${y}`);
    }
  }
});

Deno.test("picard() and halpern() resume bit for bit, and refuse what makes no sense", () => {
  for (const make of [picard, halpern]) {
    assertResumes(planes(), () => make(), new Float64Array(401).fill(0.1));
    assertThrows(() => make({ tolerance: 0 }), DomainError, "τ > 0, got 0");
    const twice = fixedPoint(2, (x, out) => out.set([2 * x[0], x[1]]));
    assertThrows(() => solve(twice, make(), { start: [1, 1] }), DomainError, "does not expand");
  }
  // Halpern's iterate is anchored: x_k = x₀ - (k/2) v for a translation
  const state = run(fixedPoint(1, ([x], out) => void (out[0] = x - 2)), halpern(), Float64Array.of(7), 10);
  assertAlmostEquals(state.x[0], 7 - 10, 1e-13);
  assertAlmostEquals(norm2(state.origin), 7, 1e-15);
});
