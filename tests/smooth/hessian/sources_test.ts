// Where trust regions, ARC and Newton-CG take the Hessian from: derivatives, differences, steps, Jacobians.
import { assert, assertEquals, assertGreaterOrEqual, assertThrows } from "@std/assert";
import {
  DomainError,
  gradientNorm,
  iterations,
  MissingOracleError,
  type Result,
  type Smooth,
  solve,
  type Solver,
  type TwiceSmooth,
  withDifferences,
} from "../../../lib/core/mod.ts";
import { mgh, mghNamed, rosenbrock } from "../../../lib/problems/mod.ts";
import { arc, gaussNewton, type HessianName, newtonCg, trustRegion } from "../../../lib/smooth/mod.ts";
import { assertResumes } from "../../core/resumed.ts";

function withoutHessian({ hessianVector: _, ...rest }: TwiceSmooth): Smooth {
  return rest;
}

type Source = HessianName | "differences" | "gaussNewton";

/** The solver on the problem, with H from the source; the value as the problem has it. */
function run(
  instance: ReturnType<typeof mgh>[number],
  make: (hessian: HessianName) => Solver<TwiceSmooth>,
  source: Source,
  stop = [gradientNorm(), iterations(3000)],
): { result: Result; value: number } {
  const { problem, start } = instance;
  if (source === "gaussNewton") {
    const result = solve(gaussNewton(problem.squares), make("exact"), { start, stop });
    return { result, value: 2 * result.value };
  }
  const given = source === "differences"
    ? withDifferences(withoutHessian(problem))
    : source === "exact"
    ? problem
    : withoutHessian(problem) as TwiceSmooth; // all that these sources need
  const result = solve(given, make(source === "differences" ? "exact" : source), { start, stop });
  return { result, value: result.value };
}

const makers: Readonly<Record<string, (hessian: HessianName) => Solver<TwiceSmooth>>> = {
  steihaug: (hessian) => trustRegion({ hessian }),
  exact: (hessian) => trustRegion({ subproblem: "exact", hessian }),
  dogleg: (hessian) => trustRegion({ subproblem: "dogleg", hessian }),
  arc: (hessian) => arc({ hessian }),
  newtonCg: (hessian) => newtonCg({ hessian }),
};
const sources: readonly Source[] = ["exact", "differences", "sr1", "bfgs", "gaussNewton"];

// @must trust-region, trust-region-exact, trust-region-dogleg, arc, newton-cg, trust-region-sr1, trust-region-bfgs, gaussNewton: the 35
// problems of Moré, Garbow and Hillstrom with each source of the Hessian: how many are solved, with how many gradients
// @measured reached: solved and gradients for the problem in the middle, of the Hessian, differences (each product two gradients), SR1, BFGS,
// Gauss-Newton: Steihaug 34 (17), 33 (99), 33 (40), 33 (41), 33 (25); exact steps 34 (14), 34 (161), 35 (38), 34 (42), 35 (14);
// dogleg 34 (14), 34 (169), 35 (38), 34 (42), 34 (14); ARC 33 (14), 33 (142), 30 (60), 34 (47), 35 (18); Newton-CG 35 (16), 32 (85),
// 34 (43), 35 (39), 34 (31); products with the Hessian, two units each, come on top; at most 3000 steps
Deno.test("sources of the Hessian on the Moré-Garbow-Hillstrom problems", () => {
  const least: Readonly<Record<string, readonly number[]>> = { // solved, in the order of the sources
    steihaug: [34, 33, 33, 33, 33],
    exact: [34, 34, 35, 34, 35],
    dogleg: [34, 34, 35, 34, 34],
    arc: [33, 33, 30, 34, 35],
    newtonCg: [35, 32, 34, 35, 34],
  };
  const most: Readonly<Record<string, readonly number[]>> = { // gradients of the problem in the middle
    steihaug: [17, 99, 40, 41, 25],
    exact: [14, 161, 38, 42, 14],
    dogleg: [14, 169, 38, 42, 14],
    arc: [14, 142, 60, 47, 18],
    newtonCg: [16, 85, 43, 39, 31],
  };
  const problems = mgh();
  for (const [name, make] of Object.entries(makers)) {
    sources.forEach((source, k) => {
      let solved = 0;
      const gradients: number[] = [];
      for (const instance of problems) {
        const { problem, start, minima } = instance, { result, value } = run(instance, make, source);
        const f0 = problem.value(start), { gradient, hessianVector = 0 } = result.counts.calls;
        if (!minima.some((m) => value - m <= 1e-6 * Math.max(Math.abs(m), 1e-4 * Math.min(1, f0)))) continue;
        solved++;
        gradients.push(gradient + (source === "differences" ? 2 * hessianVector : 0));
      }
      gradients.sort((a, b) => a - b);
      const middle = gradients[gradients.length >> 1], what = `${name} ${source}: ${solved}, ${middle}`;
      assertGreaterOrEqual(solved, least[name][k], what);
      assert(middle <= 1.1 * most[name][k], what);
    });
  }
});

// @must trust-region, trust-region-exact, arc, newton-cg, trust-region-sr1, trust-region-bfgs, gaussNewton: along Rosenbrock's valley
// @measured reached: gradients with the Hessian, SR1, BFGS, Gauss-Newton: exact steps 27, 59, 52, 15, Steihaug 31, 76, 48, 40, ARC 32, 155, 82, 15,
// Newton-CG 63, 79, 62, 58
Deno.test("sources of the Hessian in Rosenbrock's valley", () => {
  const valley = mghNamed("Rosenbrock"), gradients: number[][] = [];
  for (const make of [makers.exact, makers.steihaug, makers.arc, makers.newtonCg]) {
    gradients.push((["exact", "sr1", "bfgs", "gaussNewton"] as const).map((source) => {
      const { result: { status, counts } } = run(valley, make, source);
      assertEquals(status, "converged");
      return counts.calls.gradient;
    }));
  }
  const most = [[27, 59, 52, 15], [31, 76, 48, 40], [32, 155, 82, 15], [63, 79, 62, 58]];
  most.forEach((row, i) =>
    row.forEach((count, k) => assert(gradients[i][k] <= 1.1 * count, `${i} ${k}: ${gradients[i][k]}`))
  );
});

Deno.test("types: exact Hessians need them, secants do not", () => {
  const { problem, start } = rosenbrock(4), once = withoutHessian(problem), stop = iterations(3);
  // @ts-expect-error no second derivatives
  assertThrows(() => solve(once, trustRegion(), { start, stop }), MissingOracleError);
  // @ts-expect-error no second derivatives
  assertThrows(() => solve(once, arc({ hessian: "exact" }), { start, stop }), MissingOracleError);
  // @ts-expect-error no second derivatives
  assertThrows(() => solve(once, newtonCg(), { start, stop }), MissingOracleError);
  for (const hessian of ["sr1", "bfgs"] as const) {
    for (const solver of [trustRegion({ hessian }), arc({ hessian }), newtonCg({ hessian })]) {
      assertEquals(solve(once, solver, { start, stop }).counts.calls.hessianVector ?? 0, 0);
    }
  }
});

Deno.test("quasi-Newton trust regions, ARC and Newton-CG resume bit for bit; other Hessians are refused", () => {
  const { problem, start } = rosenbrock(4);
  for (const hessian of ["sr1", "bfgs"] as const) {
    for (const subproblem of ["steihaug", "dogleg", "exact"] as const) {
      assertResumes(problem, () => trustRegion({ subproblem, hessian }), start);
    }
    assertResumes(problem, () => arc({ hessian }), start);
    assertResumes(problem, () => newtonCg({ hessian }), start);
  }
  for (const make of [trustRegion, arc, newtonCg]) {
    // @ts-expect-error none of the names
    assertThrows(() => make({ hessian: "dfp" }), DomainError, 'a Hessian among "exact", "sr1", "bfgs", got "dfp"');
  }
});
