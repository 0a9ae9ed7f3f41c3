// The smoothed largest of affine functions, and powers of chained residuals.
import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { checkDerivatives, DomainError, fillNormal, type Matrix, rng, ShapeError } from "../../lib/core/mod.ts";
import { matvec } from "../../lib/linalg/mod.ts";
import { chainedPower, logSumExp } from "../../lib/problems/mod.ts";

// @must logSumExp: derivatives; centred at 0; the Hessian is the weighted Gauss-Newton model less (Aᵀπ)(Aᵀπ)ᵀ/μ
// @measured reached: differences to 1e-5, |∇f(0)| < 1e-15, the identity to 1e-12
Deno.test("logSumExp() has its derivatives, and 0 as its minimizer", () => {
  const random = rng(4), n = 5, A = { rows: 12, columns: n, data: fillNormal(random, new Float64Array(60)) };
  const mu = 0.3, { problem, gaussNewton } = logSumExp(A, fillNormal(random, new Float64Array(12)), mu);
  const x = fillNormal(random, new Float64Array(n)),
    g = new Float64Array(n),
    v = fillNormal(random, new Float64Array(n));
  assert(checkDerivatives(problem, x).ok);
  problem.gradient(new Float64Array(n), g);
  assert(g.every((gi) => Math.abs(gi) < 1e-14));
  const H: Matrix = { rows: n, columns: n, data: new Float64Array(n * n) }, hv = new Float64Array(n);
  gaussNewton(x, H);
  problem.gradient(x, g);
  problem.hessianVector(x, v, hv);
  const along = g.reduce((s, gi, i) => s + gi * v[i], 0) / mu;
  matvec(H, v).forEach((w, i) => assertAlmostEquals(w - along * g[i], hv[i], 1e-12));
  assertThrows(() => logSumExp(A, new Float64Array(3), 1), ShapeError, "12 entries of b, got 3");
  assertThrows(() => logSumExp(A, new Float64Array(12), 0), DomainError, "μ > 0, got 0");
});

// @must chainedPower: derivatives; the model is the Hessian where the residuals' second derivatives do not count
// @measured reached: differences to 1e-5 for p = 2, 3, 4; for n = 1 the model is the Hessian
Deno.test("chainedPower() has its derivatives", () => {
  for (const p of [2, 3, 4]) {
    assert(checkDerivatives(chainedPower(5, p).problem, fillNormal(rng(p), new Float64Array(5))).ok);
  }
  const { problem, gaussNewton } = chainedPower(1), H: Matrix = { rows: 1, columns: 1, data: new Float64Array(1) };
  const x = Float64Array.of(3), out = new Float64Array(1);
  gaussNewton(x, H);
  problem.hessianVector(x, Float64Array.of(1), out);
  assertAlmostEquals(H.data[0], 12); // 3 (x - 1)²
  assertAlmostEquals(out[0], 12);
  const two = chainedPower(2), G: Matrix = { rows: 2, columns: 2, data: new Float64Array(4) };
  two.gaussNewton(Float64Array.of(0, 0), G); // u = (-1, 1), J = I there: 2 I + 2 u uᵀ
  assertAlmostEquals(G.data[0], 4);
  assertAlmostEquals(G.data[1], -2);
  assertAlmostEquals(G.data[3], 4);
  assertThrows(() => chainedPower(0), DomainError, "some variables and p >= 2, got 0");
});
