// The exact augmented Lagrangian as a smooth problem, SQP, the augmented Lagrangian method.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  checkDerivatives,
  DomainError,
  fillNormal,
  iterations,
  measureBelow,
  measures,
  rng,
  solve,
} from "../../lib/core/mod.ts";
import {
  adaSketchNewton,
  augmentedLagrangian,
  equalitySqp,
  exactAugmentedLagrangian,
  exactSystem,
  gmresSystem,
  lbfgsb,
} from "../../lib/constrained/mod.ts";
import { lbfgs } from "../../lib/smooth/mod.ts";
import { all, hs, nearest, smallLogistic } from "./problems.ts";

const stop = (absolute: number, most = 300) => [measureBelow("kktResidual", { absolute }), iterations(most)];

// @must exactAugmentedLagrangian: ∇M agrees with differences to 1e-6, with the Hessian of the Lagrangian
// @measured reached: 22 problems of Hock and Schittkowski at random points, within the rounding of the differences or 5e-12
Deno.test("exactAugmentedLagrangian() has the gradient that it says", () => {
  for (const { name, problem, start } of all) {
    const N = start.length + problem.constraints.equality.components;
    const M = exactAugmentedLagrangian(problem, { violation: 2, stationarity: 0.3 });
    const report = checkDerivatives(M, fillNormal(rng(1), new Float64Array(N)), { tolerance: 1e-9 });
    assert(report.ok, `${name}: ${report}`);
  }
});

Deno.test("exactAugmentedLagrangian() turns a constrained problem into a smooth one, if its penalties fit", () => {
  const { problem, start } = hs(7),
    at = (violation: number, stationarity: number) =>
      solve(exactAugmentedLagrangian(problem, { violation, stationarity }), lbfgs(), { start: [...start, 0] }).x;
  assertAlmostEquals(at(10, 0.1)[1], Math.sqrt(3), 1e-7);
  assertAlmostEquals(at(10, 0.1)[2], 1 / (2 * Math.sqrt(3)), 1e-7);
  assertThrows(() => exactAugmentedLagrangian(problem, { violation: 1, stationarity: 0 }), DomainError, "positive");
});

// @must equality-sqp: the minima of HS6, 7, 28, 40, 48, 77 with systems solved by GMRES to κ = 0.1
// @measured reached: 10, 7, 1, 6, 9, 9 steps to 1e-8; on HS26 and HS46, whose minima are degenerate, the kinks of the merit function stop it: residuals of 6e-6 and 3e-6 after 120 steps, where AdaSketch-Newton needs 23 and 42 steps to 1e-8
Deno.test("equalitySqp() solves problems with inexact systems, and is held up by the kinks of its merit function", () => {
  for (const number of [6, 7, 28, 40, 48, 77]) {
    const { name, problem, start, minima } = hs(number),
      result = solve(problem, equalitySqp(), { start, stop: stop(1e-8) });
    assertEquals(result.status, "converged", `${name}: ${result.message}`);
    assert(result.iterations <= 12, name);
    assertAlmostEquals(result.value, minima[0], 1e-7, name);
  }
  const { problem, start } = hs(26), slow = solve(problem, equalitySqp(), { start, stop: stop(1e-8, 120) });
  const smooth = solve(problem, adaSketchNewton(), { start, stop: stop(1e-8) });
  assertEquals([slow.status, smooth.status], ["iteration-limit", "converged"]);
  assert(smooth.iterations < 30);
});

// @must augmented-lagrangian: the minima of all 22 problems by first derivatives alone
// @measured reached: 22 of 22 to 1e-8 in 11 to 151 steps of L-BFGS-B, HS61 too, whose constraints have dependent gradients at the start
Deno.test("augmentedLagrangian() solves all equality-constrained problems of Hock and Schittkowski", () => {
  for (const { name, problem, start, minima } of all) {
    const result = solve(problem, augmentedLagrangian({ inner: lbfgsb() }), { start, stop: stop(1e-8) });
    assertEquals(result.status, "converged", `${name}: ${result.message}`);
    const minimum = nearest(minima, result.value);
    assertAlmostEquals(result.value, minimum, 1e-6 * (1 + Math.abs(minimum)), name);
    assertEquals(result.counts.calls["objective.hessianVector"], 0);
  }
});

Deno.test("augmentedLagrangian() says infeasible where the constraints cannot hold", () => {
  const { problem, start } = hs(6), { equality } = problem.constraints;
  const shifted = {
    ...problem,
    constraints: {
      equality: {
        ...equality,
        value: (x: Float64Array, out: Float64Array) => void (out[0] = x[0] ** 2 + 1),
        jacobianTransposeVector: (x: Float64Array, w: Float64Array, out: Float64Array) => {
          out[0] = 2 * x[0] * w[0];
          out[1] = 0;
        },
      },
    },
  };
  assertEquals(solve(shifted, augmentedLagrangian(), { start, stop: iterations(2000) }).status, "infeasible");
});

Deno.test("every solver ends at the same point, whose estimate is the yardstick's", () => {
  const { problem, start } = smallLogistic(),
    solvers = [
      adaSketchNewton(),
      equalitySqp(),
      equalitySqp({ system: exactSystem() }),
      augmentedLagrangian(),
    ];
  const reference = solve(problem, adaSketchNewton({ system: exactSystem() }), { start, stop: stop(1e-12) });
  assertEquals(reference.status, "converged");
  for (const solver of solvers) {
    const state = solver.init(problem, { x: start.slice() }, { rng: rng(0) }) as ReturnType<typeof solver.init>;
    const run = solver as { step(p: unknown, s: unknown): void; point(p: unknown, s: unknown): typeof reference.point };
    for (let k = 0; k < 3; k++) {
      run.step(problem, state);
      const measured = measures(problem, run.point(problem, state));
      assertAlmostEquals(state.estimate!, measured.kktResidual, 1e-12, solver.name);
      assertAlmostEquals(state.value, measured.value, 1e-12, solver.name);
    }
    const { x, point, status } = solve(problem, solver as typeof solvers[0], { start, stop: stop(1e-8) });
    assertEquals(status, "converged", solver.name);
    x.forEach((entry, j) => assertAlmostEquals(entry, reference.x[j], 1e-5, solver.name));
    point.multipliers!.forEach((entry, i) => assertAlmostEquals(entry, reference.point.multipliers![i], 1e-6));
  }
});

Deno.test("gmresSystem() solves as exactly as asked, and factors what it cannot finish", () => {
  const K = { rows: 3, columns: 3, data: Float64Array.of(2, 1, 1, 1, 3, 0, 1, 0, 0) }, b = Float64Array.of(4, 4, 1);
  for (const restart of [1, 3]) {
    const z = new Float64Array(3), work = { innerSteps: 0, flops: 0, fallbacks: 0 };
    gmresSystem({ restart }).improve({ K, b, z, goal: 1e-12, generator: rng(1), work });
    z.forEach((entry) => assertAlmostEquals(entry, 1, 1e-11));
    assertEquals(work.fallbacks, restart === 1 ? 1 : 0);
  }
});

Deno.test("equalitySqp() and augmentedLagrangian() refuse options that are out of range", () => {
  assertThrows(() => equalitySqp({ accuracy: 1 }), DomainError, "accuracy in (0, 1)");
  assertThrows(() => equalitySqp({ penalty: 0 }), DomainError, "positive penalty");
  assertThrows(() => equalitySqp({ sufficientDecrease: 0.5 }), DomainError, "(0, 1/2)");
  assertThrows(() => augmentedLagrangian({ penalty: 0 }), DomainError, "penalty");
  assertThrows(() => augmentedLagrangian({ growth: 1 }), DomainError, "growth above 1");
});
