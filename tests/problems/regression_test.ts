import { DomainError, fillNormal, gradientNorm, iterations, normInf, rng, solve, uniform } from "../../lib/core/mod.ts";
import {
  type Dataset,
  dataset,
  leastSquares,
  logisticRegression,
  readCsv,
  readLibsvm,
  softmaxRegression,
  standardize,
} from "../../lib/problems/mod.ts";
import { lbfgs, newtonCg } from "../../lib/smooth/mod.ts";
import { assert, assertAlmostEquals, assertEquals, assertLess, assertNotEquals, assertThrows } from "@std/assert";
import { checkSecondOrder } from "./derivative_checks.ts";
import { openData } from "./readers/sources.ts";
import reference from "../data/regression_reference.json" with { type: "json" };

const cancer = await readCsv(await openData("breast_cancer.csv.gz"), { header: false, skipLines: 1, source: "cancer" })
  .then(standardize);

/** The same random data dense and sparse. */
function both(classes: number): [Dataset, Dataset] {
  const random = rng(21), rows = 23, columns = 6, features = new Float64Array(rows * columns);
  for (let k = 0; k < features.length; k++) if (uniform(random) < 0.5) features[k] = 2 * uniform(random) - 1;
  const targets = Float64Array.from({ length: rows }, (_, i) => 3 * (i % classes) - 1);
  const rowStarts = new Uint32Array(rows + 1), indices: number[] = [], values: number[] = [];
  features.forEach((value, k) => {
    if (value === 0) return;
    rowStarts[Math.floor(k / columns) + 1]++;
    indices.push(k % columns);
    values.push(value);
  });
  for (let i = 0; i < rows; i++) rowStarts[i + 1] += rowStarts[i];
  const csr = { rowStarts, columnIndices: Uint32Array.from(indices), values: Float64Array.from(values) };
  return [dataset({ columns, features, targets }), dataset({ columns, features: csr, targets })];
}

const models = { logisticRegression, softmaxRegression, leastSquares };

Deno.test("regression problems have exact derivatives, the same for dense and sparse data", () => {
  const random = rng(22);
  for (const [name, model] of Object.entries(models)) {
    for (const intercept of [false, true]) {
      const [dense, sparse] = both(name === "softmaxRegression" ? 4 : 2)
        .map((data) => model(data, { intercept, regularization: 0.01 }).problem);
      const n = dense.dimension,
        x = fillNormal(random, new Float64Array(n)),
        v = fillNormal(random, new Float64Array(n));
      checkSecondOrder(dense, new Float64Array(n), random);
      checkSecondOrder(dense, x, random);
      const a = new Float64Array(n), b = new Float64Array(n);
      assertAlmostEquals(dense.gradient(x, a), sparse.gradient(x, b), 1e-15);
      assertLess(normInf(a.map((ai, i) => ai - b[i])), 1e-15);
      dense.hessianVector(x, v, a);
      sparse.hessianVector(x, v, b);
      assertLess(normInf(a.map((ai, i) => ai - b[i])), 1e-15);
      assertAlmostEquals(dense.constants!.smoothness, sparse.constants!.smoothness, 1e-12);
    }
  }
});

Deno.test("regression problems regularize the weights and leave the intercept alone", () => {
  const data = both(2)[0];
  for (const model of Object.values(models)) {
    const at = (regularization: number) => model(data, { regularization, intercept: true }).problem;
    const n = at(0).dimension, width = data.columns + 1, x = Float64Array.from({ length: n }, (_, j) => 1 + j % width);
    const weights = n / width * (1 + 4 + 9 + 16 + 25 + 36);
    assertAlmostEquals(at(0.5).value(x) - at(0).value(x), weights / 4, 1e-13);
  }
});

Deno.test("regression problems multiply with the Hessian of the point asked for, whatever was asked before", () => {
  for (const model of Object.values(models)) {
    const { problem } = model(both(2)[0]),
      n = problem.dimension,
      random = rng(3),
      v = fillNormal(random, new Float64Array(n));
    const x = fillNormal(random, new Float64Array(n)), first = new Float64Array(n), again = new Float64Array(n);
    problem.hessianVector(x, v, first);
    x[0] += 1; // the same array
    problem.hessianVector(x, v, again);
    if (model !== leastSquares) assertNotEquals(first, again);
    x[0] -= 1;
    problem.gradient(new Float64Array(n), new Float64Array(n));
    problem.hessianVector(x, v, again);
    assertLess(normInf(first.map((f, i) => f - again[i])), 1e-15);
  }
});

Deno.test("regression constants bound the curvature, tightly", () => {
  const largest = reference.breast_cancer.largestSquare / cancer.rows;
  for (const [model, share] of [[logisticRegression, 1 / 4], [softmaxRegression, 1 / 2], [leastSquares, 1]] as const) {
    const { smoothness, strongConvexity } = model(cancer, { regularization: 0.1 }).problem.constants!;
    assertLess(share * largest + 0.1, smoothness * (1 + 1e-12));
    assertLess(smoothness, 1.02 * (share * largest + 0.1));
    assertEquals(strongConvexity, 0.1);
    assertEquals(model(cancer, { regularization: 0.1, intercept: true }).problem.constants!.strongConvexity, 0);
  }
});

Deno.test("logisticRegression() and softmaxRegression() neither overflow nor lose small losses", () => {
  const data = dataset({ columns: 1, features: Float64Array.of(1, -1), targets: Float64Array.of(1, 0) });
  const logistic = logisticRegression(data, { regularization: 0 }).problem, g = new Float64Array(1);
  assertEquals(logistic.gradient(Float64Array.of(-1e4), g), 1e4);
  assertEquals(g[0], -1);
  assertAlmostEquals(logistic.value(Float64Array.of(50)) / Math.exp(-50), 1, 1e-12);
  logistic.gradient(Float64Array.of(50), g);
  assertAlmostEquals(g[0] / -Math.exp(-50), 1, 1e-12);
  logistic.hessianVector(Float64Array.of(50), Float64Array.of(1), g);
  assertAlmostEquals(g[0] / Math.exp(-50), 1, 1e-12);
  logistic.hessianVector(Float64Array.of(-1e4), Float64Array.of(1), g);
  assertEquals(g[0], 0);
  const softmax = softmaxRegression(data, { regularization: 0 }).problem, h = new Float64Array(2);
  assertEquals(softmax.gradient(Float64Array.of(5e3, -5e3), h), 1e4);
  assertEquals(h, Float64Array.of(1, -1));
});

Deno.test("softmaxRegression() of two classes is logistic regression of the difference", () => {
  const data = both(2)[0], w = Float64Array.of(1, -2, 0.5, 3, -1, 0.25), z = new Float64Array(12);
  z.set(w, 6); // the second class against the first
  const a = softmaxRegression(data, { regularization: 0 }), b = logisticRegression(data, { regularization: 0 });
  assertAlmostEquals(a.problem.value(z), b.problem.value(w), 1e-14);
});

Deno.test("logisticRegression() reaches the reference optimum of a9a and breast cancer", async () => {
  const a9a = await readLibsvm(await openData("a9a.gz"), { source: "a9a.gz" });
  for (const [data, known] of [[a9a, reference.a9a], [cancer, reference.breast_cancer]] as const) {
    const { problem, start, dataHash } = logisticRegression(data);
    assertEquals([data.rows, data.columns, dataHash], [known.rows, known.columns, data.hash]);
    const result = solve(problem, newtonCg(), { start, stop: [gradientNorm({ absolute: 1e-9 }), iterations(100)] });
    assertEquals(result.status, "converged");
    assertAlmostEquals(result.value, known.minimum, 1e-14);
  }
});

Deno.test("softmaxRegression() reaches the reference optimum of the digits", async () => {
  const digits = standardize(await readCsv(await openData("uci-digits-8x8.csv.gz"), { header: false }));
  const { problem, start } = softmaxRegression(digits);
  assertEquals(problem.dimension, 640);
  const result = solve(problem, lbfgs(), { start, stop: [gradientNorm({ absolute: 1e-7 }), iterations(500)] });
  assertEquals(result.status, "converged");
  assertAlmostEquals(result.value, reference.digits.minimum, 1e-10);
});

Deno.test("leastSquares() reaches the reference optimum with an intercept", () => {
  const { problem, start } = leastSquares(cancer, { intercept: true });
  const result = solve(problem, newtonCg(), { start, stop: [gradientNorm({ absolute: 1e-10 }), iterations(200)] });
  assertEquals(result.status, "converged");
  assertAlmostEquals(result.value, reference.breast_cancer_least_squares.minimum, 1e-14);
});

Deno.test("logisticRegression() takes any two targets, the larger one for +1", () => {
  const make = (...targets: number[]) =>
    logisticRegression(
      dataset({ columns: 1, features: Float64Array.of(1, 2, 3), targets: Float64Array.from(targets) }),
    );
  const w = Float64Array.of(0.7), value = make(-1, 1, 1).problem.value(w);
  assertEquals(make(0, 1, 1).problem.value(w), value);
  assertEquals(make(2, 4, 4).problem.value(w), value);
  assertNotEquals(make(1, 0, 0).problem.value(w), value);
  assertThrows(() => make(1, 1, 1), DomainError, "expected targets of two kinds, got 1");
  assertThrows(() => make(1, 2, 3), DomainError, "expected targets of two kinds, got 3");
});

Deno.test("regression problems refuse bad options, and tell themselves apart by name", () => {
  const data = both(2)[0], same = both(1)[0];
  for (const regularization of [-1, NaN, Infinity]) {
    assertThrows(() => leastSquares(data, { regularization }), DomainError, `got ${regularization}`);
  }
  assertThrows(() => softmaxRegression(same), DomainError, "expected at least two classes, got one");
  const names = [{}, { intercept: true }, { regularization: 0.5 }].map((options) =>
    logisticRegression(data, options).name
  );
  assertEquals(names, ["logistic data", "logistic data, intercept", "logistic data, regularization 0.5"]);
  assert(logisticRegression(data).start.every((w) => w === 0));
});
