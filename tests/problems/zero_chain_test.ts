// The chain that no method for gradients can shorten.
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  DomainError,
  evaluations,
  fillNormal,
  gradientNorm,
  norm2,
  rng,
  type Smooth,
  solve,
  type Solver,
} from "../../lib/core/mod.ts";
import { zeroChain } from "../../lib/problems/mod.ts";
import {
  bfgs,
  gradientDescent,
  heavyBall,
  lbfgs,
  nesterov,
  newtonCg,
  nonlinearCg,
  tripleMomentum,
  trustRegion,
} from "../../lib/smooth/mod.ts";
import { checkSecondOrder } from "./derivative_checks.ts";

/** A point with entries of the size at which links open and close. */
const somewhere = (generator: ReturnType<typeof rng>, n: number): Float64Array =>
  fillNormal(generator, new Float64Array(n)).map((z) => 1.5 * z);

Deno.test("zeroChain() has its derivatives", () => {
  const generator = rng(1), { problem } = zeroChain(12);
  for (let k = 0; k < 10; k++) checkSecondOrder(problem, somewhere(generator, 12), generator, 1e-8);
  assertThrows(() => zeroChain(0), DomainError, "positive whole number");
});

// @must zeroChain: the gradient is longer than 1 wherever some |xᵢ| < 1
// @measured reached: 1.83 at the least over 20 000 random points, T = 12
Deno.test("zeroChain() is steep until all of the chain is found", () => {
  const generator = rng(1), { problem } = zeroChain(12), g = new Float64Array(12);
  let least = Infinity;
  for (let k = 0; k < 20_000; k++) {
    const x = somewhere(generator, 12);
    if (!x.some((xi) => Math.abs(xi) < 1)) continue;
    problem.gradient(x, g);
    least = Math.min(least, norm2(g));
  }
  assert(least > 1 && least < 2, String(least));
});

// @must zeroChain: gradient steps of 1/152 find one variable each at most, and reach |∇f| <= 1 after 375, 605, 1038, 1868 steps for T = 5, 10, 20, 40
// @measured reached: all four counts
Deno.test("zeroChain() shows gradient descent one variable after the other", () => {
  const counts = [5, 10, 20, 40].map((T) => {
    const { problem, start } = zeroChain(T), x = start.slice(), g = new Float64Array(T);
    for (let k = 0;; k++) {
      assert(x.reduce((found, xi) => found + (xi === 0 ? 0 : 1), 0) <= k);
      problem.gradient(x, g);
      if (norm2(g) <= 1) return k;
      for (let i = 0; i < T; i++) x[i] -= g[i] / 152;
    }
  });
  assertEquals(counts, [375, 605, 1038, 1868]);
});

// @must zeroChain: no solver for gradients or Hessian products ends before T gradients; neither momentum nor restarts do
// @measured reached: ten solvers, T = 5, 10, 20; the trust region takes T + 1, BFGS T + 2 to T + 4, fixed momentum over 5 T
Deno.test("zeroChain() costs every solver a gradient for each variable", () => {
  const momentum = { smoothness: 152, strongConvexity: 0 }, strong = { smoothness: 152, strongConvexity: 0.1 };
  for (const T of [5, 10, 20]) {
    const { problem, start } = zeroChain(T);
    const solvers: Solver<typeof problem>[] = [
      gradientDescent(),
      nonlinearCg({ beta: "PR+" }),
      nonlinearCg({ beta: "HZ" }),
      bfgs(),
      lbfgs(),
      newtonCg(),
      trustRegion(),
      nesterov(momentum),
      heavyBall(strong),
      tripleMomentum(strong),
    ];
    for (const solver of solvers) {
      const stop = [gradientNorm({ absolute: 1 / Math.sqrt(T) }), evaluations(20_000)]; // then |∇f| <= 1
      const { status, counts } = solve<Smooth>(problem, solver as Solver<Smooth>, { start, stop });
      const gradients = counts.calls.gradient;
      assert(
        status === "converged" && gradients > T,
        `${solver.name}, T = ${T}: ${status} after ${gradients} gradients`,
      );
    }
  }
});
