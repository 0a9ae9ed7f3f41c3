import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, fillNormal, type Matrix, norm2, rng, ShapeError, type Vector } from "../../../lib/core/mod.ts";
import {
  countSketch,
  gaussianSketch,
  gridLaplacian,
  matrix,
  matvec,
  randomizedKaczmarz,
  rowSketch,
  sketchAndProject,
  type SketchMaker,
  sketchProjection,
  srht,
} from "../../../lib/linalg/mod.ts";
import { filled, numbers, random } from "../families.ts";
import { rotationOf, withEigenvalues } from "../spectra.ts";

const minus = (x: Vector, y: Vector): Vector => x.map((value, i) => value - y[i]);

// @must sketchAndProject: E |x⁺ - x*|² = (1 - s/n) |x - x*|² for an orthogonal A and a Gaussian S
// @measured reached: n = 12, s = 1, 3, 6, 400 runs of 20, 6, 3 steps: to .5 percent
Deno.test("sketchAndProject() converges at the rate of theory", () => {
  const n = 12,
    A = rotationOf(n, numbers(1)),
    x = fillNormal(rng(2), new Float64Array(n)),
    b = matvec(A, x),
    runs = 400;
  for (const [sketchSize, maxIterations] of [[1, 20], [3, 6], [6, 3]]) {
    const generator = rng(3);
    let sum = 0;
    for (let run = 0; run < runs; run++) {
      const found = sketchAndProject(A, b, { sketchSize, maxIterations, tolerance: 0, generator });
      sum += norm2(minus(found.x, x)) ** 2 / runs;
    }
    const rate = (sum / norm2(x) ** 2) ** (1 / maxIterations);
    assertAlmostEquals(rate / (1 - sketchSize / n), 1, 0.03, `s = ${sketchSize}`);
  }
});

/** [[B, Gᵀ], [G, 0]] with a definite B of order n and m rows of G. */
function saddle(n: number, m: number): Matrix {
  const B = withEigenvalues(Array.from({ length: n }, (_, i) => 1 + i / 4), numbers(4)), G = random(m, n, numbers(5));
  return filled(n + m, n + m, (i, j) => {
    if (i < n && j < n) return B.data[i * n + j];
    return i < n ? G.data[(j - n) * n + i] : j < n ? G.data[(i - n) * n + j] : 0;
  });
}

// @must sketchAndProject: blocks need far fewer steps than single rows: by more than the size of the block
// @measured reached: a saddle point system of 20 + 4: Gaussian rows, s = 1 and 8: 4464 and 300 steps
Deno.test("sketchAndProject() solves saddle point systems, with fewer and cheaper steps by blocks", () => {
  const K = saddle(20, 4), x = fillNormal(rng(6), new Float64Array(24)), b = matvec(K, x);
  const counts = [1, 8].map((sketchSize) => {
    const found = sketchAndProject(K, b, { sketchSize, tolerance: 1e-6 });
    assertEquals(found.status, "converged", found.message);
    assertAlmostEquals(found.residual, norm2(minus(b, matvec(K, found.x))), 1e-12);
    return found.iterations;
  });
  assert(counts[0] > 10 * counts[1], `${counts}`);
  const makers: SketchMaker[] = [srht, countSketch, rowSketch];
  for (const sketch of makers) {
    assertEquals(sketchAndProject(K, b, { sketch, sketchSize: 8, tolerance: 1e-6 }).status, "converged", sketch.name);
  }
});

Deno.test("sketchProjection() with one row is Kaczmarz's step, with all rows it solves", () => {
  const A = random(9, 5, numbers(7)), x = fillNormal(rng(8), new Float64Array(5)), b = matvec(A, x), y = x.map(() => 1);
  const S = rowSketch(1, 9, rng(9)), project = sketchProjection(S, A, b), i = S.indices[0];
  const a = A.data.subarray(5 * i, 5 * i + 5),
    step = (b[i] - a.reduce((sum, v, j) => sum + v * y[j], 0)) / norm2(a) ** 2;
  const expected = y.map((value, j) => value + step * a[j]);
  project(y);
  y.forEach((value, j) => assertAlmostEquals(value, expected[j], 1e-14));
  const all = new Float64Array(5);
  sketchProjection(gaussianSketch(5, 9, rng(10)), A, b)(all);
  assert(norm2(minus(all, x)) < 1e-9);
  // rows that depend on each other: the shortest correction
  const dependent = new Float64Array(5), repeated = rowSketch(8, 9, rng(12), { weights: [0, 1, 0, 0, 1, 0, 0, 0, 0] });
  sketchProjection(repeated, A, b)(dependent);
  const product = matvec(A, dependent);
  assertEquals([...new Set(repeated.indices)].sort(), [1, 4]);
  for (const k of [1, 4]) assertAlmostEquals(product[k], b[k], 1e-12);
});

Deno.test("sketchAndProject() takes sparse systems, and gives the same bits for the same seed", () => {
  const A = gridLaplacian(5, 5), x = fillNormal(rng(12), new Float64Array(25)), b = new Float64Array(25);
  A.apply(x, b);
  const found = sketchAndProject(A, b, { generator: rng(13) });
  assertEquals(found.status, "converged", found.message);
  assert(norm2(minus(found.x, x)) < 1e-5);
  assertEquals(sketchAndProject(A, b, { generator: rng(13) }), found);
  assertEquals(randomizedKaczmarz(A, b, { tolerance: 1e-6 }).status, "converged");
});

Deno.test("sketchAndProject() refuses bad input", () => {
  const A = matrix([[1, 2], [3, 4]]), b = Float64Array.of(1, 2);
  assertThrows(() => sketchAndProject(A, b.subarray(1)), ShapeError, "2 entries");
  assertThrows(() => sketchAndProject(A, b, { sketchSize: 0 }), DomainError, "0 x 2");
  assertThrows(() => sketchAndProject(A, Float64Array.of(1, NaN)), DomainError, "NaN");
  assertThrows(() => sketchAndProject(matrix([[NaN]]), b.subarray(1)), DomainError, "NaN");
  assertThrows(() => sketchProjection(gaussianSketch(1, 3, rng(1)), A, b), ShapeError, "2 columns, got 3");
});
