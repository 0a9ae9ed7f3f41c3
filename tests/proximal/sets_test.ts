// Projections and minimizers of linear functions.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, dot, fillNormal, rng, ShapeError, SingularMatrixError, type Vector } from "../../lib/core/mod.ts";
import { matrix, matvec } from "../../lib/linalg/mod.ts";
import {
  affineSet,
  box,
  type CompactSet,
  type ConvexSet,
  halfspace,
  l1Ball,
  l2Ball,
  maxNormBall,
  monotoneCone,
  nonnegative,
  nuclearBall,
  secondOrderCone,
  semidefiniteCone,
  simplex,
  spectralBall,
} from "../../lib/proximal/mod.ts";

const compact: Record<string, CompactSet> = {
  "box": box(Float64Array.from({ length: 9 }, (_, i) => -i), 1),
  "simplex": simplex(),
  "large simplex": simplex(30),
  "l1 ball": l1Ball(2),
  "l2 ball": l2Ball(1.5),
  "max ball": maxNormBall(0.7),
  "nuclear ball": nuclearBall(3, 3, 1.3),
  "spectral ball": spectralBall(3, 3, 0.8),
};
const cones: Record<string, ConvexSet> = {
  "nonnegative": nonnegative(),
  "second order": secondOrderCone(),
  "monotone": monotoneCone(),
  "semidefinite": semidefiniteCone(3),
};

const points = (seed: number, count: number, n = 9): Vector[] => {
  const random = rng(seed);
  return Array.from({ length: count }, (_, k) => fillNormal(random, new Float64Array(n)).map((v) => (k + 1) * v / 3));
};
const projected = (C: ConvexSet, x: Vector): Vector => {
  const out = new Float64Array(x.length);
  C.project(x, out);
  return out;
};
const minimizer = (C: CompactSet, g: Vector): Vector => {
  const out = new Float64Array(g.length);
  C.minimizeLinear(g, out);
  return out;
};

// @must simplex, l1Ball, l2Ball, box, nuclearBall, spectralBall: the projection p of x has (x - p)ᵀ(s - p) <= 0 for all s of the set, by its own minimizer of linear functions
// @measured reached: at most 9e-14 for 8 sets and 12 points each
Deno.test("projections meet the variational inequality", () => {
  for (const [name, C] of Object.entries(compact)) {
    for (const x of points(1, 12)) {
      const p = projected(C, x), away = x.map((v, i) => p[i] - v), s = minimizer(C, away);
      assertEquals(C.value(p), 0, name);
      assertEquals(C.value(s), 0, name);
      const excess = dot(away, p) - dot(away, s);
      assert(excess <= 1e-12 && excess >= -1e-12, `${name}: ${excess}`);
      // the projection of what is inside is itself
      const again = projected(C, p);
      for (let i = 0; i < 9; i++) assertAlmostEquals(again[i], p[i], 1e-13, name);
      const inPlace = x.slice();
      C.project(inPlace, inPlace);
      assertEquals(inPlace, p, name);
    }
  }
});

Deno.test("minimizers of linear functions are no worse than any point", () => {
  for (const [name, C] of Object.entries(compact)) {
    for (const g of points(2, 6)) {
      const s = minimizer(C, g), least = dot(g, s);
      for (const x of points(3, 20)) assert(least <= dot(g, projected(C, x)) + 1e-12, name);
      const inPlace = g.slice();
      C.minimizeLinear(inPlace, inPlace);
      assertEquals(inPlace, s, name);
    }
    assertEquals(C.value(minimizer(C, new Float64Array(9))), 0, `${name} for g = 0`);
  }
});

Deno.test("projections on cones leave what is orthogonal and polar", () => {
  for (const [name, C] of Object.entries(cones)) {
    const others = points(5, 30).map((x) => projected(C, x));
    for (const x of points(4, 12)) {
      const p = projected(C, x), rest = x.map((v, i) => v - p[i]);
      assertEquals(C.value(p), 0, name);
      assertAlmostEquals(dot(p, rest), 0, 1e-12, name);
      for (const u of others) assert(dot(rest, u) <= 1e-12, name);
      const inPlace = x.slice();
      C.project(inPlace, inPlace);
      assertEquals(inPlace, p, name);
    }
    // what is polar goes to 0
    const [x] = points(6, 1), rest = x.map((v, i) => v - projected(C, x)[i]);
    for (const v of projected(C, rest)) assertAlmostEquals(v, 0, 1e-13, name);
  }
});

// @must simplex: exact without sorting
// @measured reached: within 2e-15 of the threshold by sorting, for up to 5000 entries in any order, with ties, at 1e8 times the total
Deno.test("simplex() finds the threshold that sorting finds", () => {
  const random = rng(7);
  for (const n of [1, 2, 5, 100, 5000]) {
    for (const order of ["random", "ascending", "descending", "ties", "far"]) {
      const x = fillNormal(random, new Float64Array(n));
      if (order === "ascending") x.sort();
      if (order === "descending") x.sort().reverse();
      if (order === "ties") { for (let i = 0; i < n; i++) x[i] = Math.round(x[i]); }
      if (order === "far") { for (let i = 0; i < n; i++) x[i] = 1e8 + Math.round(4 * x[i]) / 16; }
      const p = projected(simplex(), x), shift = Math.max(...x), sorted = x.map((v) => v - shift).sort().reverse();
      let sum = 0, tau = 0;
      for (let k = 0; k < n; k++) {
        sum += sorted[k];
        if (sorted[k] > (sum - 1) / (k + 1)) tau = (sum - 1) / (k + 1);
      }
      for (let i = 0; i < n; i++) assertAlmostEquals(p[i], Math.max(x[i] - shift - tau, 0), 2e-15);
      assertEquals(simplex().value(p), 0);
    }
  }
});

Deno.test("monotoneCone() is isotonic regression", () => {
  assertEquals([...projected(monotoneCone(), Float64Array.of(1, 3, 2, 4, 3.5, 3))], [1, 2.5, 2.5, 3.5, 3.5, 3.5]);
  const x = fillNormal(rng(8), new Float64Array(500)).map((v, i) => v + i / 100), p = projected(monotoneCone(), x);
  let z = 0; // Σ_{i<=k} (xᵢ - pᵢ) >= 0, and 0 where p rises
  for (let k = 0; k < 500; k++) {
    z += x[k] - p[k];
    assert(z >= -1e-11);
    if (k === 499 || p[k + 1] > p[k]) assertAlmostEquals(z, 0, 1e-11);
  }
});

Deno.test("affineSet() and halfspace() move along their normals", () => {
  const A = matrix([[1, 2, 0, -1], [0, 1, 3, 1]]), b = Float64Array.of(1, -2), C = affineSet(A, b);
  const [x] = points(9, 1, 4), p = projected(C, x);
  matvec(A, p).forEach((v, i) => assertAlmostEquals(v, b[i], 1e-14));
  assertEquals(C.value(p), 0);
  assertEquals(C.value(x), Infinity);
  // x - p is a combination of the rows of A: orthogonal to their null space
  for (const z of [[6, -3, 1, 0], [3, -1, 0, 1]]) {
    assertAlmostEquals(z.reduce((s, v, i) => s + v * (x[i] - p[i]), 0), 0, 1e-13);
  }
  const H = halfspace([3, 4], 10);
  projected(H, Float64Array.of(6, 8)).forEach((v, i) => assertAlmostEquals(v, [1.2, 1.6][i], 1e-14));
  assertEquals([...projected(H, Float64Array.of(-1, 2))], [-1, 2]);
  assertEquals([H.value(Float64Array.of(1.2, 1.6)), H.value(Float64Array.of(2, 2))], [0, Infinity]);
});

Deno.test("makers of sets refuse bad input", () => {
  for (const make of [simplex, l1Ball, l2Ball, maxNormBall]) {
    for (const size of [0, -1, NaN, Infinity]) assertThrows(() => make(size), DomainError, "> 0, got");
  }
  assertThrows(() => box(1, 0), DomainError, "up to the upper");
  assertThrows(() => box([0, 0], [1]), DomainError, "up to the upper");
  assertThrows(() => box([0, 0], 1).project(new Float64Array(3), new Float64Array(3)), ShapeError, "2 entries");
  assertThrows(() => halfspace([0, 0], 1), DomainError, "> 0, got 0");
  assertThrows(() => halfspace([1], NaN), DomainError, "finite bound");
  assertThrows(() => affineSet(matrix(3, 2), new Float64Array(3)), ShapeError, "at most 2 equations");
  assertThrows(() => affineSet(matrix([[0, 0]]), new Float64Array(1)), SingularMatrixError);
  assertThrows(() => semidefiniteCone(0), DomainError, "a length > 0");
  assertThrows(() => simplex().project(new Float64Array(0), new Float64Array(0)), DomainError, "at least one entry");
});
