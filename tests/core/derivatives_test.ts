import { assert, assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  checkDerivatives,
  DomainError,
  estimateConstants,
  evaluations,
  measureBelow,
  type PartlyConstrained,
  type PartlyVectorFunction,
  type Smooth,
  solve,
  type TwiceSmooth,
  type VectorFunction,
  withDifferences,
} from "../../lib/core/mod.ts";
import { bfgs, lbfgs } from "../../lib/smooth/mod.ts";
import { hockSchittkowski, quadratic, rosenbrock } from "../../lib/problems/mod.ts";
import { sqp } from "../../lib/constrained/mod.ts";

const { problem, start } = rosenbrock(6);
const valueOnly = { kind: "smooth" as const, dimension: 6, value: problem.value };

Deno.test("withDifferences() approximates gradients and products to the scheme's accuracy", () => {
  const exact = new Float64Array(6), product = new Float64Array(6), v = Float64Array.of(1, -2, 3, 0, 0.5, 1);
  problem.gradient(start, exact);
  problem.hessianVector(start, v, product);
  const scale = Math.max(...exact.map(Math.abs));
  for (const [scheme, tolerance] of [["forward", 1e-6], ["central", 1e-9]] as const) {
    const differenced = withDifferences(valueOnly, { scheme }), out = new Float64Array(6);
    assertEquals(differenced.gradient(start, out), problem.value(start));
    out.forEach((g, i) => assertAlmostEquals(g, exact[i], tolerance * scale));
  }
  const { hessianVector } = withDifferences({ ...valueOnly, gradient: problem.gradient }), out = new Float64Array(6);
  hessianVector(start, v, out);
  out.forEach((h, i) => assertAlmostEquals(h, product[i], 1e-7 * scale));
});

Deno.test("withDifferences() is counted as what it costs, and stays within a budget", () => {
  for (const [scheme, cost] of [["forward", 7], ["central", 13]] as const) {
    let calls = 0;
    const spied = { ...valueOnly, value: (x: Float64Array) => (calls++, problem.value(x)) };
    const result = solve(withDifferences(spied, { scheme }), lbfgs(), { start, stop: evaluations(200) });
    assertEquals(result.counts.evaluations, calls);
    assertEquals(calls % cost, 0);
    assert(calls <= 200 && calls > 200 - cost);
  }
});

Deno.test("withDifferences() keeps what the problem has, and minimizes what has a value alone", () => {
  assertEquals(withDifferences(problem).gradient, problem.gradient);
  const result = solve(withDifferences(valueOnly, { scheme: "central" }), bfgs(), { start });
  result.x.forEach((x) => assertAlmostEquals(x, 1, 1e-6));
  assertThrows(
    () => withDifferences(valueOnly, { scheme: "left" as "forward" }),
    DomainError,
    'a scheme among "forward", "central", got "left"',
  );
});

Deno.test("withDifferences() gives constraints Jacobians to the scheme's accuracy, at their cost", () => {
  const { problem: exact, start } = hockSchittkowski(71), { objective, constraints } = exact;
  const bare = ({ components, value }: VectorFunction): PartlyVectorFunction => ({ components, value });
  const equality = bare(constraints.equality!), inequality = bare(constraints.inequality!);
  const values: PartlyConstrained = {
    kind: "constrained",
    objective: { kind: "smooth", dimension: 4, value: objective.value },
    constraints: { ...constraints, equality, inequality },
  };
  for (const [scheme, tolerance, each] of [["forward", 1e-6, 5], ["central", 1e-8, 8]] as const) {
    const differenced = withDifferences(values, { scheme }), of = differenced.constraints.inequality!;
    const J = { rows: 1, columns: 4, data: new Float64Array(4) }, v = Float64Array.of(1, 2, -1, 3);
    const row = new Float64Array(4), along = new Float64Array(1), right = new Float64Array(4);
    constraints.inequality!.jacobianTransposeVector(start, Float64Array.of(1), right);
    of.jacobian!(start, J);
    of.jacobianTransposeVector(start, Float64Array.of(2), row);
    of.jacobianVector(start, v, along);
    right.forEach((d, j) => {
      assertAlmostEquals(J.data[j], d, 25 * tolerance);
      assertAlmostEquals(row[j], 2 * d, 50 * tolerance);
    });
    assertAlmostEquals(along[0], right.reduce((s, d, j) => s + d * v[j], 0), 200 * tolerance);
    const result = solve(differenced, sqp(), { start, stop: [measureBelow("kktResidual", { absolute: 1e-6 })] });
    assertEquals(result.status, "converged");
    assertAlmostEquals(result.value, 17.0140173, 1e-5);
    const { calls, evaluations } = result.counts, n = 4, f = scheme === "forward" ? n + 1 : 2 * n + 1;
    const jacobians = calls["constraints.equality.jacobian"] + calls["constraints.inequality.jacobian"];
    const plain = ["objective.value", "constraints.equality.value", "constraints.inequality.value"];
    const expected = f * calls["objective.gradient"] + each * jacobians + plain.reduce((s, path) => s + calls[path], 0);
    assertEquals(evaluations, expected);
  }
  const kept = withDifferences({ ...values, constraints: { equality: { ...equality, ...constraints.equality } } });
  assertEquals(kept.constraints.equality!.jacobianVector, constraints.equality!.jacobianVector);
});

/** The problem with one oracle spoiled. */
const spoiled = (change: Partial<TwiceSmooth>): TwiceSmooth => ({ ...problem, ...change });

Deno.test("checkDerivatives() passes right derivatives, also of badly scaled functions", () => {
  const scaled: TwiceSmooth = {
    kind: "smooth",
    dimension: 2,
    value: (x) => (1e6 * x[0] - 1) ** 2 + (1e-6 * x[1]) ** 4,
    gradient: (x, out) => {
      out[0] = 2e6 * (1e6 * x[0] - 1);
      out[1] = 4e-6 * (1e-6 * x[1]) ** 3;
      return (1e6 * x[0] - 1) ** 2 + (1e-6 * x[1]) ** 4;
    },
    hessianVector: (x, v, out) => {
      out[0] = 2e12 * v[0];
      out[1] = 12e-12 * (1e-6 * x[1]) ** 2 * v[1];
    },
  };
  for (const [p, x] of [[problem, start], [scaled, [1e-6, 1e6]], [scaled, [3, 2]]] as const) {
    const report = checkDerivatives(p, x);
    assert(report.ok, String(report));
  }
});

Deno.test("checkDerivatives() names the wrong coordinate of a gradient", () => {
  for (let i = 0; i < 6; i++) {
    const wrong = spoiled({
      gradient: (x, out) => {
        const f = problem.gradient(x, out);
        out[i] = -out[i];
        return f;
      },
    });
    const report = checkDerivatives(wrong as Smooth, [0.3, -0.7, 1.1, 0.4, 2, -1]), worst = report.mismatches[0];
    assertEquals([report.ok, worst.oracle, worst.coordinate], [false, "gradient", i]);
    assertStringIncludes(String(report), `gradient, coordinate ${i}: given`);
    assertAlmostEquals(worst.given, -worst.difference, 1e-5 * Math.abs(worst.given));
  }
});

Deno.test("checkDerivatives() tells a wrong Hessian product from an asymmetric one", () => {
  const doubled = spoiled({
    hessianVector: (x, v, out) => {
      problem.hessianVector(x, v, out);
      out[2] *= 2;
    },
  });
  const report = checkDerivatives(doubled, [0.3, -0.7, 1.1, 0.4, 2, -1]);
  assertEquals(report.ok, false);
  assert(report.mismatches.every((m) => m.oracle === "hessianVector" && m.coordinate === 2), String(report));
  const skew = spoiled({
    hessianVector: (x, v, out) => {
      problem.hessianVector(x, v, out);
      out[0] += 1e4 * v[1];
    },
  });
  assert(checkDerivatives(skew, start).mismatches.length > 0);
});

Deno.test("estimateConstants() finds the ends of a quadratic's spectrum, with and without products", () => {
  const { problem } = quadratic([0.5, 1, 3, 8]), { hessianVector: _, constants: __, ...first } = problem;
  for (const p of [problem, first]) {
    const { smoothness, strongConvexity } = estimateConstants(p, [0, 0, 0, 0], { safety: 1, iterations: 100 });
    assertAlmostEquals(smoothness, 8, 1e-6);
    assertAlmostEquals(strongConvexity, 0.5, 1e-2);
  }
});
