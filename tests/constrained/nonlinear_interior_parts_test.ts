// The equations of the interior-point method for nonlinear programs, piece by piece.
import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { dot, fillNormal, norm2, normInf, rng, type Vector } from "../../lib/core/mod.ts";
import { matvec } from "../../lib/linalg/mod.ts";
import { estimateMultipliers } from "../../lib/constrained/nonlinear_interior/barrier.ts";
import {
  addTransposed,
  barrierError,
  barrierGradient,
  type BarrierIterate,
  barrierValue,
  measureDistances,
} from "../../lib/constrained/nonlinear_interior/iterate.ts";
import { takeSoftStep } from "../../lib/constrained/nonlinear_interior/line_search.ts";
import { type BarrierShape, programOf } from "../../lib/constrained/nonlinear_interior/program.ts";
import { learnCurvature } from "../../lib/constrained/nonlinear_interior/quasi_newton.ts";
import { beginRestoration, centre, feasibilityProgram } from "../../lib/constrained/nonlinear_interior/restoration.ts";
import { initialState } from "../../lib/constrained/nonlinear_interior/state.ts";
import { hockSchittkowski } from "../../lib/problems/mod.ts";

function begun(number: number, multipliers?: Vector) {
  const { problem, start } = hockSchittkowski(number), x = Float64Array.from(start);
  const state = initialState(problem, { x, ...(multipliers && { multipliers }) });
  return { problem, state, program: programOf(problem, state.original) };
}

/** `g·d` against the difference of a function along d. */
function assertSlope(f: (t: number) => number, slope: number): void {
  const h = 1e-3, difference = (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
  assertAlmostEquals(difference, slope, 1e-8 * Math.max(1, Math.abs(slope)));
}

Deno.test("barrierGradient() is the gradient of barrierValue(), with the terms of single bounds", () => {
  for (const number of [71, 35, 24, 41]) { // two bounds, lower ones, slacks
    const { state: { barrier: { at }, original: { shape } }, program } = begun(number);
    const v = at.site.v.slice(), d = fillNormal(rng(number), new Float64Array(v.length)), g = v.slice();
    for (let k = 0; k < d.length; k++) d[k] *= 0.1 * Math.min(at.aboveLower[k], at.belowUpper[k], 1);
    const mu = 1e4; // so that κ_d μ counts
    barrierGradient(at, mu, g);
    const slope = dot(g, d);
    assertSlope((t) => {
      for (let k = 0; k < v.length; k++) at.site.v[k] = v[k] + t * d[k];
      measureDistances(shape, at);
      program.values(at.site);
      return barrierValue(at, mu);
    }, slope);
  }
});

Deno.test("estimateMultipliers() leaves a residual that no multipliers make smaller, and takes no large ones", () => {
  for (const number of [71, 43, 41]) {
    const { state: { barrier, original: { shape }, room } } = begun(number), { at } = barrier, { site } = at;
    fillNormal(rng(number), at.atLower).forEach((z, k) =>
      at.atLower[k] = at.aboveLower[k] < Infinity ? Math.abs(z) : 0
    );
    fillNormal(rng(1), at.atUpper).forEach((z, k) => at.atUpper[k] = at.belowUpper[k] < Infinity ? Math.abs(z) : 0);
    estimateMultipliers(shape, barrier, room);
    const rest = site.gradient.map((g, k) => g - at.atLower[k] + at.atUpper[k]), size = norm2(rest);
    addTransposed(shape, site, at.multipliers, rest);
    assert(normInf(at.multipliers) > 0);
    const along = matvec(site.jacobian, rest.slice(0, shape.core));
    for (let k = 0; k < shape.row.length; k++) along[shape.row[k]] += shape.sign[k] * rest[shape.core + k];
    assertLess(normInf(along), 1e-9 * size * (1 + normInf(site.jacobian.data)));
    for (let k = 0; k < site.gradient.length; k++) site.gradient[k] *= 1e6;
    estimateMultipliers(shape, barrier, room);
    assertEquals(normInf(at.multipliers), 0);
  }
});

Deno.test("initialState() takes multipliers in the units of the problem", () => {
  const given = Float64Array.of(1, -2), { state: { original, barrier, multipliers } } = begun(99, given);
  assert(original.objectiveScale < 1e-6 && original.rowScale.every((scale) => scale < 0.01));
  assertEquals(multipliers, given);
  given.forEach((w, i) => assertEquals(barrier.at.multipliers[i] * original.rowScale[i], w * original.objectiveScale));
});

Deno.test("centre() takes the p and n that minimize ρ (p + n) - μ (ln p + ln n) with p - n = c", () => {
  const { state: { restoration, barrier } } = begun(43);
  for (const [c, mu] of [[2, 0.1], [-2, 0.1], [1e-12, 0.1], [-3, 1e-12], [1e6, 1]]) {
    barrier.at.site.constraints.fill(c);
    beginRestoration(restoration, { ...barrier, mu });
    assertEquals(restoration.barrier.mu, Math.max(mu, Math.abs(c)));
    const { at } = restoration.barrier, N = restoration.reference.length, rows = restoration.shape.rows;
    at.site.constraints.fill(c);
    for (let i = 0; i < rows; i++) at.site.v[N + i] = at.site.v[N + rows + i] = 1;
    restoration.barrier.mu = mu;
    centre(restoration);
    const p = at.site.v[N], n = at.site.v[N + rows];
    assert(p > 0 && n > 0);
    assertAlmostEquals(p - n, c, 1e-12 * Math.abs(c) + 1e-16);
    assertAlmostEquals(mu / p + mu / n, 2 * 1000, 1e-6); // both derivatives are ρ - μ/p = -(ρ - μ/n)
    assertEquals([at.atLower[N], at.atLower[N + rows]], [mu / p, mu / n]);
  }
});

Deno.test("feasibilityProgram() has the gradient of its objective, and the violation that p and n make up for", () => {
  const { problem, state: { restoration, barrier, original }, program } = begun(71);
  beginRestoration(restoration, barrier);
  restoration.curvature.subarray(0, restoration.weights.length).fill(3);
  const site = barrier.trial.site, feasibility = feasibilityProgram(problem, original, program, restoration, site);
  const { site: at } = restoration.barrier.at, v = at.v.slice();
  const d = fillNormal(rng(2), new Float64Array(v.length)).map((z, k) => 0.01 * z * Math.min(1, Math.abs(v[k])));
  for (let k = 0; k < v.length; k++) v[k] += d[k]; // away from v_R, where the distance has a slope
  at.v.set(v);
  feasibility.values(at);
  const slope = dot(at.gradient, d), N = restoration.reference.length, rows = restoration.shape.rows;
  for (let i = 0; i < rows; i++) {
    assertAlmostEquals(at.constraints[i], site.constraints[i] - v[N + i] + v[N + rows + i], 1e-12);
  }
  assertSlope((t) => {
    for (let k = 0; k < v.length; k++) at.v[k] = v[k] + t * d[k];
    feasibility.values(at);
    return at.value;
  }, slope);
});

Deno.test("learnCurvature() learns what is not known of the curvature along a step", () => {
  const { state: { barrier, restoration }, program } = begun(71), n = program.shape.core;
  program.values(barrier.at.site);
  program.derivatives(barrier.at.site);
  for (const curvature of [undefined, restoration.curvature.slice().fill(2)]) {
    barrier.fresh = true;
    barrier.trial.site.v.set(barrier.at.site.v);
    for (let j = 0; j < n; j++) barrier.trial.site.v[j] += 0.1 * (j + 1);
    program.values(barrier.trial.site);
    program.derivatives(barrier.trial.site);
    barrier.trial.multipliers.fill(1e3); // those of the point that is left do not count
    learnCurvature({ ...program, ...(curvature && { curvature }) }, barrier);
    const s = barrier.at.site.v.map((v, k) => v - barrier.trial.site.v[k]).slice(0, n);
    const y = barrier.at.site.gradient.slice(), before = barrier.trial.site.gradient.slice();
    addTransposed(program.shape, barrier.at.site, barrier.at.multipliers, y);
    addTransposed(program.shape, barrier.trial.site, barrier.at.multipliers, before);
    const Bs = matvec(barrier.hessian, s);
    Bs.forEach((b, j) => assertAlmostEquals(b + (curvature ? 2 : 0) * s[j], y[j] - before[j], 1e-9 * normInf(y)));
  }
});

Deno.test("barrierError() is in units of large multipliers", () => {
  const shape: BarrierShape = {
    core: 1,
    rows: 0,
    row: new Int32Array(0),
    sign: new Int8Array(0),
    lower: Float64Array.of(0),
    upper: Float64Array.of(Infinity),
  };
  const { state: { barrier: { at: any } } } = begun(35);
  const at = (z: number): BarrierIterate => ({
    ...any,
    site: { ...any.site, v: Float64Array.of(2), gradient: Float64Array.of(z + 3), constraints: new Float64Array(0) },
    multipliers: new Float64Array(0),
    aboveLower: Float64Array.of(2),
    belowUpper: Float64Array.of(Infinity),
    atLower: Float64Array.of(z),
    atUpper: Float64Array.of(0),
  });
  const empty = { rows: 0, columns: 1, data: new Float64Array(0) };
  const error = (z: number, mu: number): number => {
    const iterate = at(z);
    return barrierError(shape, { ...iterate, site: { ...iterate.site, jacobian: empty } }, mu, new Float64Array(1));
  };
  assertEquals(error(10, 20), 3); // the gradient's
  assertEquals(error(10, 10), 10); // |t z - μ|
  assertEquals(error(1000, 0), 200); // 2000 in units of 1000/100
});

Deno.test("takeSoftStep() moves the variables and all multipliers by one length", () => {
  const { state: { barrier, x }, program } = begun(28, Float64Array.of(5)); // a quadratic on a plane, with λ = 0
  const solution = [0.5, -0.5, 0.5], { step } = barrier;
  for (let j = 0; j < 3; j++) step.v[j] = solution[j] - x[j];
  step.multipliers[0] = -barrier.at.multipliers[0];
  assert(takeSoftStep(program, barrier));
  assertEquals([...barrier.at.site.v], solution);
  assertEquals([...barrier.at.multipliers], [0]);
  assertEquals(barrier.soft, 1);
});
