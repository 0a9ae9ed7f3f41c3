// Measures of cycles, orders of graphs, their distance.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  checkDerivatives,
  DomainError,
  fillNormal,
  type Matrix,
  rng,
  ShapeError,
  uniform,
} from "../../../lib/core/mod.ts";
import { acyclicity, notears, structuralHammingDistance, topologicalOrder } from "../../../lib/exact/mod.ts";
import { matrix } from "../../../lib/linalg/mod.ts";
import { simulatedGraph } from "./simulated.ts";

const forms = ["log-det", "exponential", "polynomial"] as const;

Deno.test("acyclicity() is 0 without cycles, and by hand with one", () => {
  const { W } = simulatedGraph(rng(1), 8, 15, 1);
  for (const form of forms) {
    const { value, gradient } = acyclicity(W, { form });
    assert(Math.abs(value) < 1e-9, `${form}: ${value}`);
    assert(gradient.data.every((g) => g >= 0));
  }
  const cycle = matrix([[0, 0.6], [-0.3, 0]]), a = Math.sqrt(0.18); // eigenvalues of |W| are ±a
  assertAlmostEquals(acyclicity(cycle).value, -Math.log(1 - 0.18), 1e-15);
  assertAlmostEquals(acyclicity(cycle, { scale: 2 }).value, 2 * Math.log(2) - Math.log(4 - 0.18), 1e-15);
  assertAlmostEquals(acyclicity(cycle, { form: "exponential" }).value, 2 * Math.cosh(a) - 2, 1e-15);
  const polynomial = (1 + a / 2) ** 2 + (1 - a / 2) ** 2 - 2;
  assertAlmostEquals(acyclicity(cycle, { form: "polynomial" }).value, polynomial, 1e-15);
});

Deno.test("acyclicity() has the gradient that differences show, and walks from j to i in place (i, j)", () => {
  const random = rng(2), d = 5, W = matrix(d, d);
  for (let k = 0; k < d * d; k++) W.data[k] = 0.3 * (uniform(random) + 0.1);
  for (const form of forms) {
    const { gradient } = acyclicity(W, { form, scale: 3 }), step = 1e-5;
    for (let k = 0; k < d * d; k++) {
      const at = (t: number): number =>
        acyclicity(matrix(d, d, W.data.map((w, l) => l === k ? w + t : w)), { form, scale: 3 }).value;
      const slope = (at(step) - at(-step)) / (2 * step);
      assertAlmostEquals(gradient.data[k] / slope, 1, 1e-7);
    }
  }
  // 0 → 1 → 2 with weights 2 and -3, and 0 → 2 with ½
  const { gradient } = acyclicity(matrix([[0, 2, 0.5], [0, 0, -3], [0, 0, 0]]));
  assertEquals(gradient, matrix([[1, 0, 0], [2, 1, 0], [6.5, 3, 1]]));
});

Deno.test("acyclicity() refuses an s that is not above the spectral radius, also where the determinant is positive", () => {
  const pair = (w: number): Matrix => matrix([[0, w, 0, 0], [w, 0, 0, 0], [0, 0, 0, w], [0, 0, w, 0]]);
  assert(acyclicity(pair(0.99)).value > 0);
  for (const w of [1, 2]) {
    assertThrows(() => acyclicity(pair(w)), DomainError, "above the spectral radius of |W|, got s = 1");
  }
  assert(acyclicity(pair(2), { scale: 2.1 }).value > 0);
  assertThrows(() => acyclicity(pair(0), { scale: 0 }), DomainError, "got s = 0");
  assertThrows(() => acyclicity(matrix(2, 3)), ShapeError, "expected a square matrix, got 2 x 3");
  assertThrows(() => acyclicity(matrix([[NaN]])), DomainError, "finite weights");
  const form = "square" as "log-det";
  assertThrows(
    () => acyclicity(matrix(1, 1), { form }),
    DomainError,
    'a form among "log-det", "exponential", "polynomial", got "square"',
  );
});

Deno.test("topologicalOrder() and structuralHammingDistance() by hand", () => {
  const { W, order } = simulatedGraph(rng(3), 12, 30, 1), found = topologicalOrder(W), places = new Uint32Array(12);
  found.forEach((i, k) => places[i] = k);
  W.data.forEach((w, k) => assert(w === 0 || places[Math.floor(k / 12)] < places[k % 12]));
  assertEquals([...found].sort((a, b) => a - b), [...order].sort((a, b) => a - b));
  const chain = matrix([[0, 1, 0], [0, 0, 1], [0, 0, 0]]);
  assertEquals(structuralHammingDistance(chain, chain), 0);
  assertEquals(structuralHammingDistance(chain, matrix([[0, 1, 1], [0, 0, 0], [0, 1, 0]])), 2); // one turned, one more
  assertThrows(() => structuralHammingDistance(chain, matrix(2, 2)), ShapeError, "expected 3 vertices in both, got 2");
});

Deno.test("notears() has the derivatives of its functions", () => {
  const { X } = simulatedGraph(rng(7), 4, 5, 50), random = rng(8);
  for (const form of ["exponential", "polynomial"] as const) {
    const { problem } = notears(X, form), x = fillNormal(random, new Float64Array(16)).map((v) => 0.5 * v);
    const check = checkDerivatives(problem.objective, x);
    assert(check.ok, String(check));
    const { equality } = problem.constraints, v = fillNormal(random, new Float64Array(16)), out = new Float64Array(1);
    const row = new Float64Array(16),
      h = 1e-6,
      at = (t: number): number => {
        equality!.value(x.map((e, k) => e + t * v[k]), out);
        return out[0];
      };
    const slope = (at(h) - at(-h)) / (2 * h);
    equality!.jacobianVector(x, v, out);
    assertAlmostEquals(out[0] / slope, 1, 1e-7);
    equality!.jacobianTransposeVector(x, Float64Array.of(2), row);
    assertAlmostEquals(row.reduce((s, e, k) => s + e * v[k], 0) / (2 * slope), 1, 1e-7);
  }
});
