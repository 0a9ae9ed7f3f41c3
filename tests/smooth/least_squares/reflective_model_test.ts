// The model in scaled coordinates, and the choice of a step.
import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { fillNormal, norm2, rng, uniform, type Vector } from "../../../lib/core/mod.ts";
import { type Matrix, matrix } from "../../../lib/linalg/mod.ts";
import { ballResidual, leastInBall } from "../../../lib/smooth/mod.ts";
import { ReflectiveModel, scalingAt } from "../../../lib/smooth/least_squares/reflective_model.ts";
import { toSphere } from "../../../lib/smooth/trust_region/sphere.ts";

/** A random model, with D, C and the Hessian by their definitions. */
function randomModel(seed: number) {
  const generator = rng(seed), n = 1 + seed % 4, m = n + seed % 3 - 1 || 1, J = matrix(m, n), w = new Float64Array(n);
  fillNormal(generator, J.data);
  const r = fillNormal(generator, new Float64Array(m)),
    x = new Float64Array(n),
    g = new Float64Array(n);
  const lower = new Float64Array(n), upper = new Float64Array(n), D = new Float64Array(n), C = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    lower[j] = uniform(generator) < 0.25 ? -Infinity : -uniform(generator);
    upper[j] = uniform(generator) < 0.25 ? Infinity : uniform(generator);
    x[j] = 0.9 * (uniform(generator) < 0.5 ? Math.max(lower[j], -1) : Math.min(upper[j], 1));
    w[j] = 0.5 + uniform(generator);
    for (let i = 0; i < m; i++) g[j] += J.data[i * n + j] * r[i];
    const distance = g[j] > 0 ? x[j] - lower[j] : upper[j] - x[j];
    D[j] = Number.isFinite(distance) ? Math.sqrt(distance * w[j]) / w[j] : 1 / w[j];
    C[j] = Number.isFinite(distance) ? Math.abs(g[j]) / w[j] : 0;
  }
  const H: Matrix = matrix(n, n);
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < n; k++) {
      for (let i = 0; i < m; i++) H.data[j * n + k] += J.data[i * n + j] * J.data[i * n + k] * D[j] * D[k];
    }
    H.data[j * (n + 1)] += C[j];
  }
  const q = (s: Vector): number => {
    let value = 0;
    for (let j = 0; j < n; j++) {
      value += D[j] * g[j] * s[j];
      for (let k = 0; k < n; k++) value += s[j] * H.data[j * n + k] * s[k] / 2;
    }
    return value;
  };
  const reachOf = (from: Vector, s: Vector, j: number): number =>
    s[j] === 0 ? Infinity : ((s[j] > 0 ? upper : lower)[j] - from[j]) / (D[j] * s[j]);
  return {
    model: ReflectiveModel.at(x, { lower, upper }, scalingAt(x, { lower, upper }, g, w), J, r)!,
    x,
    r,
    D,
    H,
    q,
    reachOf,
    gradient: g.map((v, j) => D[j] * v),
  };
}

// @must trust-region-reflective: the step is the model's least point in the ball, or the best of three that stay in the box: cut, reflected, along the scaled gradient
// @measured reached: 400 random models of 1 to 4 variables: least points to 1e-10, choices as by brute force: 330, 2, 61 and 7 times
Deno.test("ReflectiveModel takes the least point in the ball, or the best of three steps in the box", () => {
  const taken = { whole: 0, cut: 0, reflected: 0, gradient: 0 };
  for (let seed = 1; seed <= 400; seed++) {
    const { model, x, D, H, q, reachOf, gradient } = randomModel(seed), n = x.length, theta = 0.995;
    const radius = 0.1 + seed % 5, p = new Float64Array(n), { lambda } = leastInBall(model.spectrum, radius, p, 0);
    assertLess(ballResidual(H, gradient, radius, p, lambda), 1e-10 * (1 + norm2(gradient)), `${seed}`);
    const reach = (from: Vector, s: Vector): number => Math.min(...from.map((_, j) => reachOf(from, s, j)));
    const { step, promised } = model.choose(p, radius, theta), moved = x.map((v, j) => v + D[j] * step[j]);
    assertAlmostEquals(promised, -q(step), 1e-12);
    assertLess(norm2(step), radius * (1 + 1e-10));
    assert(reach(x, step) > 1, `${seed}: inside`);
    model.moved(step).forEach((v, j) => assertAlmostEquals(v, moved[j], 1e-14));
    const tau = reach(x, p);
    if (tau > 1) {
      assertEquals(step, p);
      taken.whole++;
      continue;
    }
    const along = (from: Vector, s: Vector, t: number): Vector => from.map((v, j) => v + t * s[j]),
      zero = new Float64Array(n);
    const cut = q(along(zero, p, theta * tau)), base = along(zero, p, tau), edge = x.map((v, j) => v + D[j] * base[j]);
    const mirrored = p.map((v, j) => reachOf(x, p, j) === tau ? -v : v);
    let best = cut, kind: keyof typeof taken = "cut";
    const look = (name: keyof typeof taken, from: Vector, s: Vector, low: number, room: number): void => {
      for (let k = 0; k <= 2000; k++) {
        const point = along(from, s, low + (room - low) * k / 2000);
        if (norm2(point) > radius * (1 + 1e-12) || !(q(point) < best - 1e-12)) continue;
        best = q(point);
        kind = name;
      }
    };
    const across = Math.min(2 * radius / norm2(p), theta * reach(edge, mirrored)), off = (1 - theta) * tau;
    if (across >= off) look("reflected", base, mirrored, off, across);
    const down = gradient.map((v) => -v), end = Math.min(radius / norm2(down), theta * reach(x, down));
    look("gradient", zero, down, 0, end);
    taken[kind]++;
    assertAlmostEquals(-promised, best, 2e-3 * Math.abs(best), `${seed}: ${kind}`);
  }
  for (const count of Object.values(taken)) assertGreater(count, 1, JSON.stringify(taken));
});

Deno.test("toSphere() is how far it is to the sphere, on whichever way", () => {
  const generator = rng(9);
  for (let k = 0; k < 50; k++) {
    const base = fillNormal(generator, new Float64Array(3)), s = fillNormal(generator, new Float64Array(3));
    const radius = norm2(base) * (1 + uniform(generator)), t = toSphere(base, s, radius);
    assertGreater(t, 0);
    assertAlmostEquals(norm2(base.map((b, i) => b + t * s[i])), radius, 1e-12 * radius);
  }
  assertEquals(toSphere(Float64Array.of(2), Float64Array.of(-1), 2), 4); // from the sphere inwards, through the ball
  assertAlmostEquals(toSphere(Float64Array.of(2), Float64Array.of(1), 2), 0, 0);
});
