// Projections and proximal operators as array functions against those of the proximal room, and their derivatives.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { fillNormal, type Proximable, rng, ShapeError, type Vector } from "../../lib/core/mod.ts";
import * as ad from "../../lib/autodiff/mod.ts";
import { box, l1Ball, l1Norm, l2Ball, l2Norm, nonnegative, simplex } from "../../lib/proximal/mod.ts";
import { assertClose, assertLaws, entries } from "./laws.ts";

type Map = (x: ad.Operand) => ad.Operand;
const pairs: readonly [name: string, map: Map, set: Proximable][] = [
  ["box", (x) => ad.projectBox(x, -0.5, 1), box(-0.5, 1)],
  ["nonnegative", ad.projectNonnegative, nonnegative()],
  ["simplex", (x) => ad.projectSimplex(x), simplex()],
  ["simplex 3", (x) => ad.projectSimplex(x, 3), simplex(3)],
  ["l1 ball", (x) => ad.projectL1Ball(x, 2), l1Ball(2)],
  ["l2 ball", (x) => ad.projectL2Ball(x, 2), l2Ball(2)],
  ["soft threshold", (x) => ad.softThreshold(x, 0.4), l1Norm(0.4)],
  ["block soft threshold", (x) => ad.blockSoftThreshold(x, 1.2), l2Norm(1.2)],
];

Deno.test("projections and proximal operators are those of the proximal room", () => {
  const s = rng(2);
  for (let k = 0; k < 200; k++) {
    const n = 1 + k % 8,
      x = fillNormal(s, new Float64Array(n)).map((v) => v * (k % 3 + 0.2)),
      expected = new Float64Array(n);
    for (const [name, map, set] of pairs) {
      set.proximal(x, 1, expected);
      assertClose([entries(map(x))], [expected], 1e-14, `${name} of ${x}`);
    }
  }
});

Deno.test("projections satisfy the laws of derivatives inside of their pieces", () => {
  const x = Float64Array.of(1.9, -0.2, 1.35, -1.6, 0.7);
  for (const [name, map] of pairs) {
    if (name === "simplex 3") continue; // a kink is near
    assertLaws(map, [x], name);
  }
  assertLaws((v, r) => ad.projectSimplex(v, r), [Float64Array.of(2, 0.2, 1.4, -3), 1.1], "radius of a simplex");
  assertLaws((v, r) => ad.projectL1Ball(v, r), [Float64Array.of(2, 0.2, -0.8, 3), 2.2], "radius of a ball");
  assertLaws((v, t) => ad.softThreshold(v, t), [Float64Array.of(2, 0.1, -1.4, -0.2), 0.6], "threshold");
});

Deno.test("projectSimplex() is exact at ties and leaves points of the simplex", () => {
  assertEquals(ad.projectSimplex(Float64Array.of(5, 5)), Float64Array.of(0.5, 0.5));
  assertEquals(ad.projectSimplex(Float64Array.of(0.25, 0.75, 0)), Float64Array.of(0.25, 0.75, 0));
  assertEquals(ad.projectL1Ball(new Float64Array(3)), new Float64Array(3));
  const gradient = ad.grad((x: ad.Operand) => ad.sum(ad.projectL2Ball(x)))(new Float64Array(2)) as Vector;
  assertEquals(gradient, Float64Array.of(1, 1));
  assert(ad.blockSoftThreshold(new Float64Array(1), 1) instanceof Float64Array);
  assertThrows(() => ad.projectSimplex(new Float64Array(0)), ShapeError, "a vector with entries");
});
