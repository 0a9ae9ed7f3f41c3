import { assert, assertEquals } from "@std/assert";
import type { SparseProgram, SparseQuadraticProgram } from "../../lib/constrained/mod.ts";
import { exactCertificate, formatRational, provesInfeasible, provesUnbounded, rational } from "../../lib/exact/mod.ts";
import { fromTriplets } from "../../lib/linalg/mod.ts";
import { dense } from "../constrained/programs.ts";

const whole = (...ray: number[]) => ray.map((a) => rational(a));
const positive = [0, Infinity] as const;

const exact = (program: SparseProgram, proves: "infeasible" | "unbounded", ...ray: number[]) => {
  const found = exactCertificate(program, { proves, ray: Float64Array.from(ray) });
  return found.status === "exact" ? found.ray : found.status;
};

Deno.test("provesInfeasible() takes each multiplier with the bound that its sign asks for", () => {
  // x + y <= 1, x - y >= 2, y >= 0
  const program = dense([0, 0], [[1, 1], [1, -1]], [[-Infinity, 1], [2, Infinity]], [[-Infinity, Infinity], positive]);
  assert(provesInfeasible(program, whole(1, -1))); // 2y <= -1
  assert(!provesInfeasible(program, whole(-1, 1))); // asks for bounds that are infinite
  assert(!provesInfeasible(program, whole(1, 0))); // x has no bounds
  assert(!provesInfeasible(program, whole(0, 0)));
  const touching = dense([0, 0], [[1, 1], [1, -1]], [[-Infinity, 1], [1, Infinity]], [[-Infinity, Infinity], positive]);
  assert(!provesInfeasible(touching, whole(1, -1))); // (1, 0) is feasible: the value is 0
  const boxed = dense([0, 0], [[1, 1]], [[5, Infinity]], [[0, 2], [0, 2]]);
  assert(provesInfeasible(boxed, whole(-1)));
  assert(!provesInfeasible(dense([0, 0], [[1, 1]], [[4, Infinity]], [[0, 2], [0, 2]]), whole(-1)));
});

Deno.test("provesUnbounded() looks at slope, bounds, rows and curvature", () => {
  const program = dense([-1, 0], [[1, -1]], [[-Infinity, 1]], [positive, positive]);
  assert(provesUnbounded(program, whole(1, 1)));
  assert(provesUnbounded(program, whole(1, 2)));
  assert(!provesUnbounded(program, whole(2, 1))); // leaves the row
  assert(!provesUnbounded(program, whole(0, 1))); // has no slope
  assert(!provesUnbounded(program, whole(-1, -1))); // leaves the bounds
  const bent = (h: number): SparseQuadraticProgram => ({
    kind: "quadratic-program",
    hessian: fromTriplets(2, 2, [0, 0, 1, 1], [0, 1, 0, 1], [1, -1, -1, h]),
    linear: program,
  });
  assert(provesUnbounded(bent(1), whole(1, 1)));
  assert(!provesUnbounded(bent(2), whole(1, 1)));
});

// @must exactCertificate: a ray in doubles, whose equations hold up to rounding only, is made exact
// @measured reached: thirds and sevenths come out as such; of a wrong ray nothing is made
Deno.test("exactCertificate() repairs what rounding spoiled", () => {
  // 3x + 7y = 1 and x + 7/3 y = 1/2: three times the second row is the first one, 3/2 is not 1
  const free = [-Infinity, Infinity] as const;
  const program = dense([0, 0], [[3, 7.5], [1, 2.5]], [[1, 1], [0.5, 0.5]], [free, free]);
  const y = exact(program, "infeasible", 1 + 3e-15, -3);
  assert(y !== "uncertified" && provesInfeasible(program, y));
  assertEquals(formatRational(rational(y[1], y[0])), "-3");
  assert(!provesInfeasible(program, [rational(1 + 3e-15), rational(-3)])); // as it is, it proves nothing
  assertEquals(exact(program, "infeasible", 1, 3), "uncertified");
  assertEquals(exact(program, "infeasible", 1.01, -3), "uncertified");

  // 3a = 7b, 7b = 11c: a ray of fractions
  const cone = dense([-1, 0, 0], [[3, -7, 0], [0, 7, -11]], [[2, 2], [3, 3]], [positive, positive, positive]);
  const d = exact(cone, "unbounded", 1 / 3, 1 / 7, 1 / 11);
  assert(d !== "uncertified" && provesUnbounded(cone, d));
  assertEquals([1, 2].map((k) => formatRational(rational(d[k], d[0]))), ["3/7", "3/11"]);
  assertEquals(exact(cone, "unbounded", -1 / 3, -1 / 7, -1 / 11), "uncertified");
});

Deno.test("exactCertificate() keeps small unknowns that balance a row, not those that balance none", () => {
  // 2e-12 a = b, c <= 0: c = 1e-11 is an error, b = 2e-12 is none
  const program = dense([-1, 0, 0], [[2e-12, -1, 0], [0, 0, 1]], [[0, 0], [-Infinity, 0]], [
    positive,
    positive,
    positive,
  ]);
  const d = exact(program, "unbounded", 1, 2e-12 * (1 + 1e-13), 1e-11);
  assert(d !== "uncertified" && provesUnbounded(program, d));
  assertEquals(d[2], rational(0));
  assertEquals(rational(d[1], d[0]), rational(2e-12));
});
