// Trust regions and cubic regularization.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  DomainError,
  dot,
  fillNormal,
  gradientNorm,
  iterations,
  type Matrix,
  norm2,
  rng,
  solve,
  type TwiceSmooth,
  type Vector,
} from "../../../lib/core/mod.ts";
import { matvec, qr } from "../../../lib/linalg/mod.ts";
import { mgh, rosenbrock } from "../../../lib/problems/mod.ts";
import {
  arc,
  ballResidual,
  dogleg,
  leastInBall,
  leastUnderCubic,
  spectrumOf,
  steihaug,
  trustRegion,
} from "../../../lib/smooth/mod.ts";
import { assertResumes } from "../../core/resumed.ts";

/** A symmetric matrix with these eigenvalues, and its eigenvectors. */
function symmetric(seed: number, values: readonly number[]): { H: Matrix; Q: Matrix } {
  const n = values.length, Q = qr({ rows: n, columns: n, data: fillNormal(rng(seed), new Float64Array(n * n)) }).Q;
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) data[i * n + j] += Q.data[i * n + k] * values[k] * Q.data[j * n + k];
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) data[i * n + j] = data[j * n + i];
  return { H: { rows: n, columns: n, data }, Q };
}

const model = (H: Matrix, g: Vector, p: Vector): number => dot(g, p) + dot(p, matvec(H, p)) / 2;

/** The problem `gᵀx + ½ xᵀHx`. */
function quadraticOf(H: Matrix, g: Vector): TwiceSmooth {
  return {
    kind: "smooth",
    dimension: g.length,
    value: (x) => model(H, g, x),
    gradient: (x, out) => {
      matvec(H, x, out);
      for (let i = 0; i < g.length; i++) out[i] += g[i];
      return model(H, g, x);
    },
    hessianVector: (_, v, out) => void matvec(H, v, out),
  };
}

// @must trust-region-exact, leastInBall: (H + λ)p = -g, λ(Δ - |p|) = 0, H + λ >= 0, to 1e-8 for 500 random indefinite matrices, 50 of them hard cases
// @measured reached: to 2.1e-12 in all 500
Deno.test("leastInBall() meets the conditions of a minimum, also in the hard case", () => {
  const random = rng(1);
  let worst = 0;
  for (let trial = 0; trial < 500; trial++) {
    const n = 2 + trial % 7, values = [...fillNormal(random, new Float64Array(n))].sort((a, b) => a - b);
    if (trial < 50) values[0] = Math.min(values[0], -0.5);
    const { H, Q } = symmetric(trial, values), g = fillNormal(random, new Float64Array(n));
    if (trial < 50) { // nothing along the first eigenvector
      const q = Float64Array.from({ length: n }, (_, i) => Q.data[i * n]), along = dot(q, g);
      for (let i = 0; i < n; i++) g[i] -= along * q[i];
    }
    const radius = trial % 3 === 0 ? 10 : trial % 3 === 1 ? 1 : 0.01, p = new Float64Array(n);
    const { lambda, decrease } = leastInBall(spectrumOf(H, g), radius, p);
    worst = Math.max(worst, ballResidual(H, g, radius, p, lambda));
    assert(lambda >= 0 && lambda + spectrumOf(H, g).values[0] >= -1e-12);
    assertAlmostEquals(decrease, -model(H, g, p), 1e-12 * (1 + radius ** 2));
  }
  assert(worst <= 1e-8, `worst ${worst}`);
});

Deno.test("leastInBall() is finite where rounding makes a case hard, between eigenvalues that are near to each other", () => {
  const values = [-2.4861705797019176e-9, -2.2610851243864995e-10, 2.14e-2, 1.32e-1, 1.57e1, 7.71e5];
  const g = Float64Array.of(-1.0585586120546731e-10, 6.682644953189482e-10, 2.8e-7, 1.1e-8, 8.5e-8, -1.86e-3);
  const H = { rows: 6, columns: 6, data: new Float64Array(36) }, p = new Float64Array(6), radius = 0.25;
  values.forEach((v, i) => H.data[7 * i] = v);
  const { lambda, decrease } = leastInBall(spectrumOf(H, g), radius, p);
  assert(ballResidual(H, g, radius, p, lambda) <= 1e-9 && lambda >= -values[0]);
  assert(decrease > 0 && Math.abs(norm2(p) - radius) <= 1e-9, `${decrease} ${norm2(p)}`);
});

// @must arc, leastUnderCubic: (H + λ)p = -g with λ = σ|p| and H + λ >= 0, to 1e-8
// @measured reached: below 1e-10 for 300 random matrices
Deno.test("leastUnderCubic() meets the conditions of a global minimum", () => {
  const random = rng(2);
  for (let trial = 0; trial < 300; trial++) {
    const n = 1 + trial % 6, values = [...fillNormal(random, new Float64Array(n))].sort((a, b) => a - b);
    const { H } = symmetric(trial, values), g = fillNormal(random, new Float64Array(n)), sigma = 10 ** (trial % 5 - 2);
    const p = new Float64Array(n), { lambda } = leastUnderCubic(spectrumOf(H, g), sigma, p);
    assertAlmostEquals(lambda, sigma * norm2(p), 1e-9 * (1 + lambda));
    const r = matvec(H, p).map((v, i) => v + lambda * p[i] + g[i]);
    assert(norm2(r) <= 1e-8 && lambda + Math.min(...values) >= -1e-10);
  }
});

// @must steihaug, dogleg, trust-region, trust-region-dogleg: Steihaug's step lowers a convex model by at least half of what the exact one does, and dogleg's and Steihaug's always by at least what the gradient does
// @measured reached: 200 convex models: Steihaug at least .60 of the exact decrease, dogleg at least .53
Deno.test("steihaug() and dogleg() lower the model enough", () => {
  const random = rng(3);
  let least = 1, leastDogleg = 1;
  for (let trial = 0; trial < 200; trial++) {
    const n = 2 + trial % 8, values = Array.from(fillNormal(random, new Float64Array(n)), (v) => Math.exp(2 * v));
    // tiny, so that conjugate gradients go on to the end: they stop at √|g| |g|
    const { H } = symmetric(trial, values.map((v) => 1e-16 * v)), radius = 10 ** (trial % 4 - 2);
    const g = fillNormal(random, new Float64Array(n)).map((v) => 1e-16 * v);
    const problem = quadraticOf(H, g), x = new Float64Array(n), p = new Float64Array(n), gradient = g, isNew = true;
    const exact = leastInBall(spectrumOf(H, g), radius, p).decrease, gg = dot(g, g), gHg = dot(g, matvec(H, g));
    const t = Math.min(radius / Math.sqrt(gg), gg / gHg), cauchy = t * gg - t * t * gHg / 2;
    for (const [way, name] of [[steihaug(), "s"], [dogleg(), "d"]] as const) {
      const decrease = way.solve({ problem, x, gradient, isNew }, radius, way.init(n) as never, p);
      assertAlmostEquals(decrease, -model(H, g, p), 1e-10 * exact);
      assert(norm2(p) <= radius * (1 + 1e-12) && decrease >= cauchy * (1 - 1e-9));
      if (name === "s") least = Math.min(least, decrease / exact);
      else leastDogleg = Math.min(leastDogleg, decrease / exact);
    }
  }
  assert(least >= 0.5 && leastDogleg >= 0.5, `${least} ${leastDogleg}`);
});

// @must trust-region, trust-region-dogleg, trust-region-exact: Rosenbrock, n = 2: at most 40, 35, 35 iterations [SciPy 30, 24, 25]
// @measured reached: 30, 25, 26
Deno.test("trustRegion() goes along Rosenbrock's valley", () => {
  const { problem, start } = rosenbrock(2);
  for (const [subproblem, most] of [["steihaug", 40], ["dogleg", 35], ["exact", 35]] as const) {
    const result = solve(problem, trustRegion({ subproblem }), { start });
    assertEquals(result.status, "converged");
    assert(result.iterations <= most, `${subproblem}: ${result.iterations}`);
  }
});

// @must trust-region, trust-region-exact, trust-region-dogleg, arc: the 35 problems of Moré, Garbow and Hillstrom from the standard start
// @measured reached: solved 35 (Steihaug), 34 (exact), 34 (dogleg), 33 (ARC: not Gulf and Osborne 1); each converged at a minimum of the list, but for ARC on Gulf
Deno.test("trustRegion() and arc() solve the classical problems", () => {
  const makers = { steihaug: 35, exact: 34, dogleg: 34, arc: 33 };
  for (const [name, least] of Object.entries(makers)) {
    const solver = name === "arc" ? arc() : trustRegion({ subproblem: name as "exact" });
    const solved = mgh().filter(({ problem, start, minima }) => {
      const { value } = solve(problem, solver, { start, stop: [gradientNorm(), iterations(1000)] });
      return minima.some((m) => value <= m + 1e-6 * Math.max(1, Math.abs(m)));
    });
    assert(solved.length >= least, `${name}: ${solved.length}`);
  }
});

// @must trust-region, trust-region-exact, arc: they leave strict saddles, also from the saddle itself where the whole Hessian is known
// @measured reached: from (0, 0) with gradient 0 by the exact step and ARC, from 1e-9 beside it by Steihaug
Deno.test("trustRegion() and arc() leave saddle points", () => {
  const { H } = symmetric(4, [-1, 2]), saddle = quadraticOf(H, new Float64Array(2));
  const hills: TwiceSmooth = { // the saddle and |x|⁴/4
    ...saddle,
    value: (x) => saddle.value(x) + dot(x, x) ** 2 / 4,
    gradient: (x, out) => {
      const f = saddle.gradient(x, out), s = dot(x, x);
      for (let i = 0; i < 2; i++) out[i] += s * x[i];
      return f + s * s / 4;
    },
    hessianVector: (x, v, out) => {
      saddle.hessianVector(x, v, out);
      const s = dot(x, x), xv = 2 * dot(x, v);
      for (let i = 0; i < 2; i++) out[i] += s * v[i] + xv * x[i];
    },
  };
  const never = gradientNorm({ absolute: 1e-12 });
  for (const solver of [trustRegion({ subproblem: "exact" }), arc()]) {
    const state = solver.init(hills, { x: new Float64Array(2) }, { rng: new Uint32Array(11) });
    for (let k = 0; k < 40 && !state.stop; k++) solver.step(hills, state as never);
    assertAlmostEquals(state.value, -0.25, 1e-9);
  }
  assertAlmostEquals(
    solve(hills, trustRegion(), { start: [1e-9, 1e-9], stop: [never, iterations(60)] }).value,
    -0.25,
    1e-9,
  );
});

Deno.test("trust regions and ARC resume bit for bit, and refuse radii and σ that make no sense", () => {
  const { problem, start } = rosenbrock(4);
  for (
    const make of [
      () => trustRegion(),
      () => trustRegion({ subproblem: "exact" }),
      () => trustRegion({ subproblem: "dogleg" }),
    ]
  ) {
    assertResumes(problem, make, start);
  }
  assertResumes(problem, () => arc(), start);
  assertThrows(() => trustRegion({ radius: 0 }), DomainError, "0 < radius");
  assertThrows(() => trustRegion({ radius: 2, largestRadius: 1 }), DomainError, "radius <= 1, got 2");
  assertThrows(() => arc({ sigma: 0 }), DomainError, "σ > 0, got 0");
});
