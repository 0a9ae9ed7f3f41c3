// What is certain of a point: the least curvature there, and where the minimizer is.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  DomainError,
  fillNormal,
  gradientNorm,
  iterations,
  MissingOracleError,
  norm2,
  rng,
  ShapeError,
  type Smooth,
  solve,
  type Vector,
  withDifferences,
} from "../../../lib/core/mod.ts";
import { eigh } from "../../../lib/linalg/mod.ts";
import { dataset, logisticRegression, mgh, quadratic, rosenbrock } from "../../../lib/problems/mod.ts";
import { curvatureAt, enclosure, newtonCg, trustRegion, writeHessian } from "../../../lib/smooth/mod.ts";

// @must curvatureAt: the smallest eigenvalue of the Hessian is between the bounds, but for the probability told; n steps find it
// @measured reached: to 1e-12 of the largest on 35 problems of Moré, Garbow and Hillstrom at their starts; on Rosenbrock's chain in 400
// variables none of 200 lower bounds with p = 0.1 fails, and bounds 1 % of the spectrum apart take 76 products
Deno.test("curvatureAt() bounds the smallest eigenvalue of the Hessian", () => {
  for (const { problem, start } of mgh()) {
    const n = start.length, H = { rows: n, columns: n, data: new Float64Array(n * n) };
    writeHessian(problem, start, H);
    const { values } = eigh(H), scale = Math.max(-values[0], values[n - 1], 1e-300);
    const { upper, lower, direction, largest } = curvatureAt(problem, start);
    assert(Math.abs(upper - values[0]) <= 1e-12 * scale && Math.abs(lower - values[0]) <= 1e-12 * scale, problem.name);
    assert(largest <= values[n - 1] + 1e-12 * scale);
    assertAlmostEquals(norm2(direction), 1, 1e-12);
  }
  const n = 400, { problem, start } = rosenbrock(n), H = { rows: n, columns: n, data: new Float64Array(n * n) };
  const x = start.map((v, i) => v + 0.3 * Math.sin(i));
  writeHessian(problem, x, H);
  const { values } = eigh(H), spread = values[n - 1] - values[0];
  let failures = 0;
  for (let seed = 0; seed < 200; seed++) {
    const { upper, lower } = curvatureAt(problem, x, { random: rng(seed), failure: 0.1, steps: 25 });
    assert(upper >= values[0] - 1e-9 * spread);
    if (lower > values[0]) failures++;
  }
  assert(failures <= 20, `${failures} of 200`);
  const { upper, lower, products } = curvatureAt(problem, x, { tolerance: 0.01 * spread });
  assert(lower <= values[0] && values[0] <= upper && upper - lower <= 0.01 * spread);
  assert(products <= 80, String(products));
});

// @must curvatureAt: a direction of negative curvature is a way down from a saddle; at a minimum there is none
// @measured reached: from the saddle of x⁴/4 - x²/2 + |y|²/2 in 50 variables, and none at its minimum
Deno.test("curvatureAt() shows the way down from a saddle", () => {
  const n = 50;
  const value = (x: Vector): number => x[0] ** 4 / 4 + x.reduce((s, v, i) => s + (i === 0 ? -v * v : v * v), 0) / 2;
  const hills: Smooth = {
    kind: "smooth",
    dimension: n,
    value,
    gradient: (x, out) => {
      out.set(x);
      out[0] = x[0] ** 3 - x[0];
      return value(x);
    },
  };
  const problem = withDifferences(hills), saddle = new Float64Array(n);
  const { upper, direction } = curvatureAt(problem, saddle);
  assertAlmostEquals(upper, -1, 1e-6);
  const { x, status } = solve(problem, trustRegion(), { start: direction.map((d) => 1e-3 * d) });
  assertEquals(status, "converged");
  assertAlmostEquals(value(x), -0.25, 1e-9);
  const { lower } = curvatureAt(problem, x, { tolerance: 0.1 });
  assert(lower >= 0.8, String(lower));
});

/** A random strongly convex problem and its minimizer: a quadratic, or a regularized logistic regression. */
function stronglyConvex(seed: number): { problem: Smooth; minimizer: Vector } {
  const random = rng(seed), n = 1 + seed % 8;
  if (seed % 2 === 0) {
    const { problem } = quadratic([...fillNormal(random, new Float64Array(n))].map((v) => Math.exp(2 * v)));
    return { problem, minimizer: new Float64Array(n) };
  }
  const rows = 20, features = fillNormal(random, new Float64Array(rows * n));
  const targets = fillNormal(random, new Float64Array(rows)).map((v, i) => v + features[i * n] > 0 ? 1 : -1);
  const regularization = 10 ** (seed % 5 - 4);
  const { problem, start } = logisticRegression(dataset({ columns: n, features, targets }), { regularization });
  const stop = [gradientNorm({ absolute: 1e-14 }), iterations(200)];
  return { problem, minimizer: solve(problem, newtonCg(), { start, stop }).x };
}

// @must enclosure: the minimizer of quadratic functions and regularized logistic regressions is in the ball, the minimum within the gap, in
// 200 of 200 random cases
// @measured reached: 200 of 200; the minimizer is up to 1 radii from the middle, the value up to 1 gap above the minimum: the bounds are sharp
Deno.test("enclosure() holds the minimizer and the minimum", () => {
  let nearest = 0, ratio = 0;
  for (let seed = 0; seed < 200; seed++) {
    const { problem, minimizer } = stronglyConvex(seed), size = 10 ** (seed % 7 - 4);
    const x = fillNormal(rng(1000 + seed), new Float64Array(minimizer.length)).map((v, i) => minimizer[i] + size * v);
    const { center, radius, distance, gap, value } = enclosure(problem, x);
    const apart = (y: Vector): number => norm2(y.map((v, i) => v - minimizer[i])), slack = 1e-9 * distance + 1e-12;
    assert(apart(x) <= distance + slack, `${seed}: ${apart(x)} of ${distance}`);
    assert(apart(center) <= radius + slack, `${seed}: ${apart(center)} of ${radius}`);
    assert(radius <= distance / 2);
    const above = problem.value(x) - problem.value(minimizer);
    assertEquals(value, problem.value(x));
    assert(above <= gap * (1 + 1e-9) + 1e-14, `${seed}: ${above} of ${gap}`);
    nearest = Math.max(nearest, radius > 0 ? apart(center) / radius : 0);
    ratio = Math.max(ratio, above / gap);
  }
  assert(nearest > 0.99 && ratio > 0.99, `${nearest} ${ratio}`);
});

Deno.test("certificates refuse what says nothing", () => {
  const { problem: { constants: _, ...plain }, start } = rosenbrock(2), { problem: bowl } = quadratic([1, 2]);
  assertThrows(() => enclosure(plain, start), DomainError, "got NaN and Infinity");
  assertThrows(
    () => enclosure({ ...plain, constants: { smoothness: 1, strongConvexity: 0 } }, start),
    DomainError,
    "got 0",
  );
  assertThrows(
    () => enclosure({ ...plain, constants: { smoothness: 1, strongConvexity: 2 } }, start),
    DomainError,
    "2 and 1",
  );
  assertThrows(() => enclosure(bowl, [1]), ShapeError, "length 2, got 1");
  assertThrows(() => enclosure(bowl, [NaN, 1]), DomainError, "finite gradient");
  const { hessianVector: __, ...once } = plain;
  // @ts-expect-error no second derivatives
  assertThrows(() => curvatureAt(once, start), MissingOracleError, "hessianVector");
  assertThrows(() => curvatureAt(plain, [1]), ShapeError, "length 2, got 1");
  assertThrows(() => curvatureAt(plain, start, { failure: 2 }), DomainError, "probability");
});
