import {
  DomainError,
  dot,
  fillNormal,
  type Instance,
  norm2,
  normInf,
  rng,
  type TwiceSmooth,
} from "../../lib/core/mod.ts";
import { matvec } from "../../lib/linalg/mod.ts";
import {
  broydenBanded,
  chebyquad,
  discreteIntegralEquation,
  extendedPowell,
  extendedRosenbrock,
  linearFullRank,
  linearRank1Zero,
  mgh,
  mghNamed,
  penaltyI,
  penaltyII,
  watson,
} from "../../lib/problems/mod.ts";
import { assert, assertEquals, assertLess, assertStringIncludes, assertThrows } from "@std/assert";
import { checkSecondOrder, newton } from "./derivative_checks.ts";
import reference from "../data/mgh_reference.json" with { type: "json" };

Deno.test("mgh() agrees with the reference in names, dimensions, starts, f(x0) and minima", () => {
  const problems = mgh();
  assertEquals(problems.length, 35);
  problems.forEach(({ name, problem, start, minima }, i) => {
    const expected = reference.problems[i];
    assertEquals(name, expected.name);
    assertEquals(problem.name, name);
    assertEquals(problem.dimension, expected.n);
    assertEquals(start.length, expected.n);
    for (let j = 0; j < start.length; j++) assertLess(Math.abs(start[j] - expected.x0[j]), 1e-15 * 4);
    assertLess(Math.abs(problem.value(start) - expected.f0), 1e-12 * expected.f0, name);
    assertEquals(minima, expected.fstar);
  });
});

Deno.test("mgh() has gradients and Hessian-vector products that agree with differences, symmetric ones", () => {
  const random = rng(11);
  for (const instance of mgh()) {
    const { problem, start } = instance, n = problem.dimension;
    checkSecondOrder(problem, start, random);
    const x = fillNormal(random, new Float64Array(n));
    // where no term is special by symmetry, yet near enough for exponentials to stay finite
    for (let i = 0; i < n; i++) x[i] = start[i] + 0.2 * x[i] * Math.max(0.5, Math.abs(start[i]));
    checkSecondOrder(problem, x, random);
  }
});

Deno.test("mgh() shows its residuals, with derivatives that fit those of their sum of squares", () => {
  const random = rng(13);
  for (const { problem, start } of mgh()) {
    const { dimension: n, residual } = problem.squares, m = residual.components;
    const x = start.map((v) => v + 0.1 * Math.max(0.5, Math.abs(v))), v = fillNormal(random, new Float64Array(n));
    const r = new Float64Array(m), Jv = new Float64Array(m), J = { rows: m, columns: n, data: new Float64Array(m * n) };
    const expected = new Float64Array(n), ours = new Float64Array(n), curved = new Float64Array(n);
    const compare = (what: string): void =>
      ours.forEach((o, j) =>
        assertLess(Math.abs(o - expected[j]), 1e-12 * (norm2(expected) + norm2(curved)) + 1e-300, what)
      );
    residual.value(x, r);
    assertLess(Math.abs(dot(r, r) - problem.gradient(x, expected)), 1e-13 * dot(r, r) + 1e-300, problem.name);
    residual.jacobianTransposeVector(x, r, ours);
    ours.forEach((_, j) => ours[j] *= 2);
    compare(`${problem.name}: Jᵀr`);
    residual.jacobianVector(x, v, Jv);
    residual.jacobian!(x, J);
    const product = matvec(J, v);
    product.forEach((p, i) => assertLess(Math.abs(p - Jv[i]), 1e-13 * norm2(product) + 1e-300, `${problem.name}: J v`));
    residual.jacobianTransposeVector(x, Jv, ours);
    residual.hessianVector!(x, r, v, curved);
    for (let j = 0; j < n; j++) ours[j] = 2 * (ours[j] + curved[j]);
    problem.hessianVector(x, v, expected);
    compare(`${problem.name}: second derivatives`);
  }
});

Deno.test("mgh() scalable problems keep exact derivatives in other dimensions", () => {
  const random = rng(12);
  const others: Instance<TwiceSmooth>[] = [
    watson(9),
    extendedRosenbrock(4),
    extendedPowell(8),
    penaltyI(1),
    penaltyII(1),
    penaltyII(7),
    broydenBanded(20),
    discreteIntegralEquation(3),
    chebyquad(5),
    linearFullRank(3, 5),
    linearRank1Zero(3),
  ];
  for (const { problem, start } of others) checkSecondOrder(problem, start, random);
});

// minimizers as printed in the paper, or where a few digits are enough for Newton's method to finish
interface Valley {
  near: number[];
  minimum: number;
  /** Whether `near` is the minimizer itself. */
  exact?: boolean;
}

const valleys: Record<string, Valley[]> = {
  Rosenbrock: [{ near: [1, 1], minimum: 0, exact: true }],
  FreudensteinRoth: [
    { near: [5, 4], minimum: 0, exact: true },
    { near: [11.4128, -0.896805], minimum: 48.98425367924003 },
  ],
  PowellBadlyScaled: [{ near: [1.098e-5, 9.106], minimum: 0 }],
  BrownBadlyScaled: [{ near: [1e6, 2e-6], minimum: 0, exact: true }],
  Beale: [{ near: [3, 0.5], minimum: 0, exact: true }],
  JennrichSampson: [{ near: [0.2578, 0.2578], minimum: 124.36218235561473 }],
  HelicalValley: [{ near: [1, 0, 0], minimum: 0, exact: true }],
  Bard: [{ near: [0.0824, 1.133, 2.3437], minimum: 0.008214877306578963 }],
  Gaussian: [{ near: [0.39896, 1.00002, 0], minimum: 1.1279327696188653e-8 }],
  Meyer: [{ near: [0.00560964, 6181.35, 345.224], minimum: 87.94585517018605 }],
  Gulf: [{ near: [50, 25, 1.5], minimum: 0, exact: true }],
  Box3D: [{ near: [1, 10, 1], minimum: 0, exact: true }, { near: [10, 1, -1], minimum: 0, exact: true }],
  PowellSingular: [{ near: [0, 0, 0, 0], minimum: 0, exact: true }],
  Wood: [{ near: [1, 1, 1, 1], minimum: 0, exact: true }],
  KowalikOsborne: [{ near: [0.1928, 0.1913, 0.1231, 0.1361], minimum: 0.00030750560384923696 }],
  BrownDennis: [{ near: [-11.594, 13.2036, -0.4034, 0.2368], minimum: 85822.20162635628 }],
  Osborne1: [{ near: [0.37541, 1.93585, -1.46469, 0.0128675, 0.0221227], minimum: 5.464894697482687e-5 }],
  BiggsEXP6: [
    { near: [1, 10, 1, 5, 4, 3], minimum: 0, exact: true },
    { // two of the three terms coincide; a whole line of such points
      near: [1.71141599715165, 17.683197949170214, 1.163143663, 5.186561445555144, 1.71141599715165, 1.16314366305],
      minimum: 0.00565564992,
      exact: true,
    },
  ],
  Osborne2: [{
    near: [1.30998, 0.431553, 0.633662, 0.599431, 0.754183, 0.904289, 1.36581, 4.82370, 2.39868, 4.56887, 5.67534],
    minimum: 0.040137736293547,
  }],
  Watson6: [{ near: [-0.015725, 1.012435, -0.232992, 1.260430, -1.513729, 0.992996], minimum: 0.0022876700535523838 }],
  ExtRosenbrock10: [{ near: Array(10).fill(1), minimum: 0, exact: true }],
  ExtPowell12: [{ near: Array(12).fill(0), minimum: 0, exact: true }],
  PenaltyI4: [{ near: Array(4).fill(0.25), minimum: 2.2499775008e-5 }],
  PenaltyII4: [{ near: [0.2, 0.1914, 0.4801, 0.5188], minimum: 9.37629300735544e-6 }],
  VariablyDim10: [{ near: Array(10).fill(1), minimum: 0, exact: true }],
  Trigonometric10: [{ near: Array(10).fill(0), minimum: 0, exact: true }],
  BrownAlmostLinear10: [
    { near: Array(10).fill(1), minimum: 0, exact: true },
    { near: [...Array(9).fill(0), 11], minimum: 1, exact: true },
  ],
  DiscreteBV10: [{ near: Array(10).fill(0), minimum: 0 }],
  DiscreteIE10: [{ near: Array(10).fill(0), minimum: 0 }],
  BroydenTridiag10: [{ near: Array(10).fill(-0.6), minimum: 0 }],
  BroydenBanded10: [{ near: Array(10).fill(-0.4), minimum: 0 }],
  LinearFullRank10: [{ near: Array(10).fill(-1), minimum: 10, exact: true }],
  LinearRank1_10: [{ near: Array(10).fill(0), minimum: 4.634146341463414 }],
  LinearRank1Zero_10: [{ near: Array(10).fill(0), minimum: 6.135135135135135 }],
  Chebyquad8: [{
    near: [0.0431528, 0.193091, 0.266329, 0.5, 0.5, 0.733671, 0.806909, 0.956847],
    minimum: 0.003516873725677,
  }],
};

Deno.test("mgh() takes its minima where the literature has them", () => {
  for (const instance of mgh()) {
    assert(instance.name in valleys, instance.name);
    for (const valley of valleys[instance.name]) checkMinimum(instance, valley);
  }
});

Deno.test("mgh() scalable problems list the minima known in other dimensions", () => {
  const roots = [0.0596199, 0.166708, 0.239171, 0.398884, 0.398884, 0.601116, 0.601116, 0.760829, 0.833292, 0.940380];
  checkMinimum(chebyquad(10), { near: roots, minimum: 0.006503954800882 });
  checkMinimum(chebyquad(9), { near: Array.from(chebyquad(9).start), minimum: 0 });
  checkMinimum(watson(9), { near: Array(9).fill(0), minimum: 1.3997601380937e-6 });
  checkMinimum(watson(12), { near: Array(12).fill(0), minimum: 4.7223811023e-10 });
  checkMinimum(penaltyI(10), { near: Array(10).fill(0.2), minimum: 7.0876514670904e-5 });
  const penalized = [
    0.199984,
    0.0103506,
    0.0196049,
    0.0320891,
    0.0499327,
    0.076514,
    0.118624,
    0.192145,
    0.347321,
    0.369164,
  ];
  checkMinimum(penaltyII(10), { near: penalized, minimum: 2.936605374567457e-4 });
});

function checkMinimum({ name, problem, start, minima }: Instance<TwiceSmooth>, { near, minimum, exact }: Valley): void {
  assert(minima.includes(minimum), name);
  const gradient = new Float64Array(problem.dimension);
  problem.gradient(start, gradient);
  const initial = normInf(gradient), x = Float64Array.from(near);
  const f = problem.gradient(exact ? x : newton(problem, x), gradient);
  // the literature has 9 digits of some; f = 0 is reached to rounding
  assertLess(Math.abs(f - minimum), Math.max(1e-9 * minimum, 1e-24), name);
  assertLess(normInf(gradient), 1e-9 * initial, name);
}

Deno.test("mghNamed() finds by name and refuses others", () => {
  assertEquals(mghNamed("linearrank1_10").problem.dimension, 10);
  const error = assertThrows(() => mghNamed("Beele"), DomainError);
  assertStringIncludes(error.message, '"Beele": expected one of Rosenbrock, FreudensteinRoth');
});

Deno.test("mgh() makers refuse dimensions that their problem does not have", () => {
  const wrong = [
    () => extendedRosenbrock(3),
    () => extendedPowell(6),
    () => watson(32),
    () => watson(1),
    () => penaltyI(0),
    () => chebyquad(2.5),
    () => linearRank1Zero(2),
    () => linearFullRank(5, 4),
  ];
  for (const make of wrong) assertThrows(make, DomainError, "Cannot make the");
});
