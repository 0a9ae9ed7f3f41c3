// Nonlinear least squares: the method of Levenberg and Marquardt, and curves through data.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  DomainError,
  fillNormal,
  iterations,
  type LeastSquares,
  rng,
  ShapeError,
  solve,
  type Vector,
} from "../../../lib/core/mod.ts";
import { inv, matmul, matrix, transpose } from "../../../lib/linalg/mod.ts";
import { curveFit, levenbergMarquardt } from "../../../lib/smooth/mod.ts";
import { assertResumes } from "../../core/resumed.ts";
import { referenceSets } from "./nist.ts";

const valley: LeastSquares = {
  kind: "least-squares",
  dimension: 2,
  residual: {
    components: 2,
    value: (x, out) => {
      out[0] = 10 * (x[1] - x[0] ** 2);
      out[1] = 1 - x[0];
    },
    jacobianVector: (x, v, out) => {
      out[0] = -20 * x[0] * v[0] + 10 * v[1];
      out[1] = -v[0];
    },
    jacobianTransposeVector: (x, w, out) => {
      out[0] = -20 * x[0] * w[0] - w[1];
      out[1] = 10 * w[0];
    },
  },
};

/** Digits that agree in the worst parameter. */
function digits(a: Vector, b: Vector): number {
  return Math.min(...a.map((v, j) => -Math.log10(Math.max(Math.abs(v - b[j]) / Math.abs(b[j]), 1e-16))));
}

// @must curveFit: NIST's reference sets from both starts, defaults only: parameters and standard deviations to at least 6 digits
// @measured reached: 16 sets, 32 fits: parameters to 7.2 digits or more (MGH09), 9 or more in 13 sets; standard deviations to 7.3 or more
Deno.test("curveFit() certifies with NIST, from both starts", async () => {
  for (const { name, model, x, y, starts, certified, deviations, residualDeviation } of await referenceSets()) {
    for (const start of starts) {
      const fit = curveFit(model, x, y, { start });
      assertEquals(fit.status, "converged", name);
      assert(digits(fit.parameters, certified) >= 7, `${name}: ${digits(fit.parameters, certified)}`);
      assert(digits(fit.standardDeviations, deviations) >= 7, `${name}: ${digits(fit.standardDeviations, deviations)}`);
      assertAlmostEquals(fit.residualStandardDeviation / residualDeviation, 1, 1e-6);
    }
  }
});

// @must levenberg-marquardt: Rosenbrock's residuals from (-1.2, 1) to 0 in at most 30 evaluations [SciPy 21]
// @measured reached: 17 evaluations of the residuals and 9 Jacobian matrices; 20 and 17 without acceleration
Deno.test("levenbergMarquardt() goes along Rosenbrock's valley", () => {
  for (const acceleration of [true, false]) {
    const { status, x, counts } = solve(valley, levenbergMarquardt({ acceleration }), { start: [-1.2, 1] });
    assertEquals(status, "converged");
    assertAlmostEquals(x[0], 1, 1e-8);
    assert(counts.calls["residual.value"] <= 30);
  }
});

// @must levenberg-marquardt: Kowalik and Osborne's function: Σ r² = 3.07505604e-4
// @measured reached: 3.0750560385e-4
Deno.test("levenbergMarquardt() finds the minimum of Kowalik and Osborne", () => {
  const y = [0.1957, 0.1947, 0.1735, 0.16, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246];
  const u = [4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625];
  const fit = curveFit((t: number, b) => b[0] * (t * t + t * b[1]) / (t * t + t * b[2] + b[3]), u, y, {
    start: [0.25, 0.39, 0.415, 0.39],
  });
  assertAlmostEquals(fit.residualSumOfSquares, 3.07505604e-4, 1e-11);
});

// @must curveFit: the covariance is s² (JᵀJ)⁻¹; straight lines have the intervals of the textbooks
// @measured reached: to 1e-12
Deno.test("curveFit() of a line has the statistics of a line", () => {
  const random = rng(1), x = Float64Array.from({ length: 20 }, (_, i) => i / 3);
  const noise = fillNormal(random, new Float64Array(20)), y = x.map((t, i) => 2 - 0.7 * t + 0.3 * noise[i]);
  const fit = curveFit((t: number, [a, b]) => a + b * t, x, y, { start: [0, 0] });
  const J = matrix(20, 2, Float64Array.from({ length: 40 }, (_, k) => k % 2 ? x[k >> 1] : 1));
  const s2 = fit.residualSumOfSquares / 18, C = inv(matmul(transpose(J), J)).data.map((v) => s2 * v);
  fit.covariance.data.forEach((v, k) => assertAlmostEquals(v, C[k], 1e-12));
  const [[low, high]] = fit.confidence(0.95), half = 2.100922040240960 * Math.sqrt(C[0]); // t(.975; 18)
  assertAlmostEquals(high - fit.parameters[0], half, 1e-10);
  assertAlmostEquals(fit.parameters[0] - low, half, 1e-10);
  const weighted = curveFit((t: number, [a, b]) => a + b * t, x, y, {
    start: [0, 0],
    sigma: new Float64Array(20).fill(0.3),
    absoluteSigma: true,
  });
  weighted.covariance.data.forEach((v, k) => assertAlmostEquals(v, C[k] / s2 * 0.09, 1e-12));
});

Deno.test("curveFit() weighs observations by their standard deviations", () => {
  const fit = curveFit((_: number, [a]) => a, [0, 1], [0, 3], { start: [1], sigma: [1, 2] });
  assertAlmostEquals(fit.parameters[0], 0.6, 1e-12); // (0/1 + 3/4) / (1 + 1/4)
});

Deno.test("curveFit() says that data do not determine a parameter", () => {
  const fit = curveFit((t: number, [a, b]) => (a + b) * t, [1, 2, 3], [1, 2, 3], { start: [1, 1] });
  assertEquals(fit.standardDeviations[0], Infinity);
  assertAlmostEquals(fit.parameters[0] + fit.parameters[1], 1, 1e-12);
});

Deno.test("levenbergMarquardt() needs no Jacobian matrix, fewer residuals than variables are fine, it resumes", () => {
  const one: LeastSquares = {
    kind: "least-squares",
    dimension: 3,
    residual: {
      components: 1,
      value: (x, out) => void (out[0] = x[0] + 2 * x[1] * x[1] + Math.exp(x[2]) - 5),
      jacobianVector: (x, v, out) => void (out[0] = v[0] + 4 * x[1] * v[1] + Math.exp(x[2]) * v[2]),
      jacobianTransposeVector: (x, [w], out) => out.set([w, 4 * x[1] * w, Math.exp(x[2]) * w]),
    },
  };
  const { status, value } = solve(one, levenbergMarquardt(), { start: [1, 1, 1] });
  assertEquals(status, "converged");
  assert(value < 1e-20);
  assertResumes(valley, () => levenbergMarquardt(), [-1.2, 1], 4);
});

Deno.test("curveFit() refuses what does not fit", () => {
  const line = (t: number, [a, b]: Vector): number => a + b * t;
  assertThrows(() => curveFit(line, [1, 2], [1], { start: [0, 0] }), ShapeError, "got 2 and 1");
  assertThrows(() => curveFit(line, [1], [1], { start: [0, 0] }), ShapeError, "at least 2 for 2 parameters");
  assertThrows(() => curveFit(line, [1, 2], [1, NaN], { start: [0, 0] }), DomainError, "entry 1 is NaN");
  assertThrows(
    () => curveFit(line, [1, 2], [1, 2], { start: [0, 0], sigma: [1, 0] }),
    DomainError,
    "standard deviations > 0",
  );
  const log = (t: number, [a]: Vector): number => Math.log(a * t);
  assertThrows(
    () => curveFit(log, [1, 2], [1, 2], { start: [-1] }),
    DomainError,
    "a finite model at the start, got NaN at point 0",
  );
  assertThrows(() => levenbergMarquardt({ damping: 0 }), DomainError, "a damping > 0");
  assertThrows(() => levenbergMarquardt({ memory: 2 }), DomainError, "a memory in [0, 1]");
  assertThrows(() => curveFit(line, [1, 2], [1, 2], { start: [0, 0] }).confidence(), DomainError, "more observations");
  const wall = (t: number, [a]: Vector): number => a > 0 ? t / a : NaN;
  const { parameters } = curveFit(wall, [1, 2], [1, 2], { start: [0.1] });
  assertAlmostEquals(parameters[0], 1, 1e-9); // values that are not finite are stepped back from
  assertEquals(solve(valley, levenbergMarquardt(), { start: [-1.2, 1], stop: iterations(2) }).iterations, 2);
});
