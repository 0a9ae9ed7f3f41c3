// Data reweighting.
import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import {
  type BlockBilevel,
  DomainError,
  fillNormal,
  iterations,
  normal,
  rng,
  ShapeError,
  solve,
  uniform,
  type Vector,
} from "../../lib/core/mod.ts";
import { bsvrb, implicitDescent } from "../../lib/games/mod.ts";
import { type Dataset, dataset, reweighting } from "../../lib/problems/mod.ts";

/** Three clouds in the plane, with a constant feature; `flipped` of the labels are wrong. */
function clouds(seed: number, rows: number, flipped: number): { set: Dataset; wrong: boolean[] } {
  const random = rng(seed),
    features = new Float64Array(3 * rows),
    targets = new Float64Array(rows),
    wrong: boolean[] = [];
  for (let i = 0; i < rows; i++) {
    const k = i % 3, angle = 2 * Math.PI * k / 3;
    features.set([3 * Math.cos(angle) + normal(random), 3 * Math.sin(angle) + normal(random), 1], 3 * i);
    wrong.push(uniform(random) < flipped);
    targets[i] = wrong[i] ? (k + 1 + Math.floor(2 * uniform(random))) % 3 : k;
  }
  return { set: dataset({ columns: 3, features, targets, name: "clouds" }), wrong };
}

const training = clouds(1, 60, 0.3), validation = clouds(2, 60, 0).set;
const { problem, start } = reweighting(training.set, validation);

Deno.test("reweighting() has the derivatives of its values, and blocks whose means they are", () => {
  const random = rng(3), n = problem.dimension, m = problem.lowerDimension, { blocks, lower, upper } = problem;
  const x = fillNormal(random, new Float64Array(n)), y = fillNormal(random, new Float64Array(m));
  const v = fillNormal(random, new Float64Array(m)), everyone = Uint32Array.from({ length: 60 }, (_, i) => i);
  const slope = (f: (h: number) => number): number => (f(1e-5) - f(-1e-5)) / 2e-5;
  const moved = (u: Vector, d: Vector, h: number): Vector => u.map((e, k) => e + h * d[k]);
  const along = (g: (out: Vector) => void, d: Vector): number => {
    const out = new Float64Array(d.length);
    g(out);
    return out.reduce((s, e, k) => s + e * d[k], 0);
  };
  const w = fillNormal(random, new Float64Array(n)),
    part = (u: Vector, k: number): Vector => u.subarray(3 * k, 3 * k + 3);
  assertAlmostEquals(along((o) => lower.gradientY(x, y, o), v), slope((h) => lower.value(x, moved(y, v, h))), 1e-8);
  assertAlmostEquals(along((o) => lower.gradientX(x, y, o), w), slope((h) => lower.value(moved(x, w, h), y)), 1e-8);
  assertAlmostEquals(along((o) => upper.gradientY(x, y, o), v), slope((h) => upper.value(x, moved(y, v, h))), 1e-8);
  const gradient = (at: Vector, of: Vector): number => along((o) => lower.gradientY(at, of, o), v);
  assertAlmostEquals(along((o) => lower.hessianVector(x, y, v, o), v), slope((h) => gradient(x, moved(y, v, h))), 1e-7);
  assertAlmostEquals(along((o) => lower.crossVector(x, y, v, o), w), slope((h) => gradient(moved(x, w, h), y)), 1e-7);
  const whole = new Float64Array(m), one = new Float64Array(3), cross = new Float64Array(n), sum = new Float64Array(n);
  const at = (block: number) => ({ block, x, y: part(y, block) });
  const pairs: [(out: Vector) => void, (block: number, out: Vector) => void][] = [
    [(o) => lower.gradientY(x, y, o), (k, o) => blocks.lowerGradientY(at(k), everyone, o)],
    [(o) => upper.gradientY(x, y, o), (k, o) => blocks.upperGradientY(at(k), everyone, o)],
    [(o) => lower.hessianVector(x, y, v, o), (k, o) => blocks.lowerHessianVector(at(k), everyone, part(v, k), o)],
  ];
  for (const [full, block] of pairs) {
    full(whole);
    for (let k = 0; k < 3; k++) {
      block(k, one);
      one.forEach((e, c) => assertAlmostEquals(e / 3, whole[3 * k + c], 1e-14));
    }
  }
  for (let k = 0; k < 3; k++) {
    blocks.lowerCrossVector(at(k), everyone, part(v, k), cross);
    cross.forEach((e, i) => sum[i] += e / 3);
  }
  lower.crossVector(x, y, v, cross);
  cross.forEach((e, i) => assertAlmostEquals(sum[i], e, 1e-15));
});

/** How often an example with a right label is trusted more than one with a wrong one. */
function separation(x: Vector): number {
  let better = 0, pairs = 0;
  training.wrong.forEach((bad, i) => {
    if (bad) return;
    training.wrong.forEach((worse, j) => {
      if (!worse) return;
      pairs++;
      if (x[i] > x[j]) better++;
    });
  });
  return better / pairs;
}

// @must implicit-descent, bsvrb-v1, bsvrb-v2: of examples of which 30 % have wrong labels, those are trusted least
// @measured reached: 60 points of three clouds: right ones above wrong ones in .982 of the pairs by implicit descent, in all by BSVRB v1 and v2
Deno.test("reweighting() finds the wrong labels, by each bilevel solver", () => {
  const rates = { upperRate: 10, lowerRate: 0.3, alpha: 0.3, beta: 0.3, blocks: 2, batchSize: 16 };
  const runs: [Parameters<typeof solve<BlockBilevel>>[1], number][] = [
    [implicitDescent(), 10],
    [bsvrb({ version: "v1", floor: 0.01, ...rates }), 400],
    [bsvrb({ version: "v2", ...rates }), 400],
  ];
  for (const [solver, steps] of runs) {
    const { x } = solve(problem, solver, { start, stop: iterations(steps), measureEvery: steps });
    assert(separation(x) > 0.95, `${solver.name}: ${separation(x)}`);
  }
});

Deno.test("reweighting() refuses data that do not fit", () => {
  const two = dataset({ columns: 1, features: Float64Array.of(1, 2), targets: Float64Array.of(0, 1) });
  assertThrows(() => reweighting(training.set, two), ShapeError, "expected 3 features");
  assertThrows(() => reweighting(training.set, validation, { regularization: 0 }), DomainError, "a regularization > 0");
  const strange = dataset({ columns: 3, features: validation.features, targets: validation.targets.map((t) => t + 7) });
  assertThrows(() => reweighting(training.set, strange), DomainError, "expected the labels 0,1,2 for validation");
});
