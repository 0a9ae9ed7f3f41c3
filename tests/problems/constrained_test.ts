// Constrained problems: Hock and Schittkowski's, logistic regression on the sphere, control of a Poisson equation.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, fillNormal, kindOf, norm2, rng, type VectorFunction } from "../../lib/core/mod.ts";
import type { TwiceEqualityConstrained } from "../../lib/constrained/mod.ts";
import {
  constrainedLogisticRegression,
  dataset,
  hockSchittkowski,
  hockSchittkowskiEqualities,
  poissonControl,
} from "../../lib/problems/mod.ts";
import { evaluateFormula } from "../../lib/problems/hock_schittkowski/formula.ts";
import { checkSecondOrder } from "./derivative_checks.ts";

const random = rng(5);

/** The Lagrangian with random multipliers as a smooth function: its derivatives are those of f and c together. */
function checkLagrangian({ name, objective, constraints: { equality: c } }: TwiceEqualityConstrained, x: Float64Array) {
  const n = objective.dimension, m = c.components, w = fillNormal(random, new Float64Array(m));
  const values = new Float64Array(m), more = new Float64Array(n);
  const lagrangian = (x: Float64Array, f: number) => {
    c.value(x, values);
    return values.reduce((sum, ci, i) => sum + w[i] * ci, f);
  };
  const add = (out: Float64Array) => more.forEach((d, j) => out[j] += d);
  checkSecondOrder(
    {
      kind: "smooth",
      name: name!,
      dimension: n,
      value: (x) => lagrangian(x, objective.value(x)),
      gradient: (x, out) => {
        const f = objective.gradient(x, out);
        c.jacobianTransposeVector(x, w, more);
        add(out);
        return lagrangian(x, f);
      },
      hessianVector: (x, v, out) => {
        objective.hessianVector(x, v, out);
        c.hessianVector(x, w, v, more);
        add(out);
      },
    },
    x,
    random,
    1e-8,
  );
  checkJacobian(c, x);
}

/** The dense Jacobian, `J v` and `Jᵀw` are of one matrix. */
function checkJacobian(c: Required<VectorFunction>, x: Float64Array) {
  const n = x.length, m = c.components, J = { rows: m, columns: n, data: new Float64Array(m * n) };
  const v = fillNormal(random, new Float64Array(n)), w = fillNormal(random, new Float64Array(m));
  const Jv = new Float64Array(m), JTw = new Float64Array(n);
  c.jacobian(x, J);
  c.jacobianVector(x, v, Jv);
  c.jacobianTransposeVector(x, w, JTw);
  const size = 1 + norm2(J.data);
  Jv.forEach((entry, i) => {
    const row = J.data.subarray(i * n, (i + 1) * n);
    assertAlmostEquals(entry, row.reduce((sum, a, j) => sum + a * v[j], 0), 1e-12 * size);
  });
  JTw.forEach((entry, j) =>
    assertAlmostEquals(entry, w.reduce((sum, b, i) => sum + b * J.data[i * n + j], 0), 1e-12 * size)
  );
}

// @must hockSchittkowski: the equality-constrained problems of the set with their values at the start, derivatives that agree with differences
// @measured reached: 22 problems
Deno.test("hockSchittkowskiEqualities() have consistent derivatives, and the values at the start that their formulas have", () => {
  const known: Readonly<Record<string, number>> = { // by hand
    HS6: 4.84,
    HS7: Math.log(5) - 2,
    HS28: 13,
    HS40: -0.4096,
    HS48: 84,
    HS50: 66 ** 2 + 42 ** 2 + 6 ** 4 + 10 ** 2,
    HS77: 0 + 1 + 1 + 1 + 1,
    HS78: -6,
    HS79: 1,
  };
  for (const { name, problem, start } of hockSchittkowskiEqualities()) {
    kindOf(problem);
    if (name in known) assertAlmostEquals(problem.objective.value(start), known[name], 1e-11, name);
    checkLagrangian(problem, start);
    checkLagrangian(problem, start.map((x) => x + 0.3));
  }
  assertEquals(hockSchittkowskiEqualities().length, 22);
});

Deno.test("hockSchittkowski() finds a problem by number, or lists the numbers", () => {
  assertEquals(hockSchittkowski(52).minima, [1859 / 349]);
  assertThrows(() => hockSchittkowski(1), DomainError, "expected one of 6, 7, 8");
});

Deno.test("evaluateFormula() reads operators by precedence, functions and constants", () => {
  const at = (text: string) => evaluateFormula(text, Float64Array.of(2, 3));
  assertEquals(at("-x1^2+2*x2/4-1"), -3.5);
  assertEquals(at("2^3^2"), 512);
  assertEquals(at("1-2-3"), -4);
  assertEquals(at("12/2/3"), 2);
  assertEquals(at("(x1+x2)*1.5e1"), 75);
  assertEquals(at("x1^-1"), 0.5);
  assertAlmostEquals(at("sin(pi/2)+ln(exp(x1))+sqrt(4)+cos(0)") as number, 6);
  for (const wrong of ["", "x1+", "(x1", "x1)", "tan(x1)", "2x1", "sin x1", "x1**2"]) {
    assertThrows(() => at(wrong), DomainError, "Cannot read the formula");
  }
});

Deno.test("constrainedLogisticRegression() asks for equations that hold on the sphere, and has their derivatives", () => {
  const features = fillNormal(rng(1), new Float64Array(60)),
    targets = features.map((_, i) => i % 3 ? 1 : 0).subarray(0, 10);
  const data = dataset({ columns: 6, features, targets });
  const { problem, start, dataHash } = constrainedLogisticRegression(data, { equations: 2 });
  assertAlmostEquals(norm2(start), 1);
  assertEquals([problem.constraints.equality.components, dataHash], [3, data.hash]);
  checkLagrangian(problem, start);
  checkLagrangian(problem, fillNormal(random, new Float64Array(6)));
  assertThrows(() => constrainedLogisticRegression(data, { equations: 6 }), DomainError, "from 0 to 5");
});

Deno.test("poissonControl() has the five-point Laplacian, and its derivatives", () => {
  const { problem, start } = poissonControl(3), { equality } = problem.constraints;
  assertEquals([problem.objective.dimension, equality.components], [18, 9]);
  // W = sin(π (x+1)/2) sin(π (y+1)/2) is an eigenvector: ΔW = -2 · 4 · 4 sin²(π/8) W at h = 1/2
  const mode = Float64Array.from({ length: 18 }, (_, k) => {
    const i = Math.floor(k / 3) + 1, j = k % 3 + 1;
    return k < 9 ? Math.sin(Math.PI * i / 4) * Math.sin(Math.PI * j / 4) : 0;
  });
  const out = new Float64Array(9);
  equality.value(mode, out);
  out.forEach((entry, k) => assertAlmostEquals(entry, -32 * Math.sin(Math.PI / 8) ** 2 * mode[k], 1e-13));
  checkLagrangian(problem, start);
  assert(Math.abs(problem.objective.value(start)) < 100);
  assertThrows(() => poissonControl(0), DomainError, "positive number");
});
