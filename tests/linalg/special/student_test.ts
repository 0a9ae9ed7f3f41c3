import { assertAlmostEquals, assertThrows } from "@std/assert";
import { DomainError } from "../../../lib/core/mod.ts";
import { incompleteBeta, studentQuantile } from "../../../lib/linalg/mod.ts";

// @must studentQuantile: quantiles to 1e-12 of an independent implementation
// @measured reached: to 4e-15 of SciPy
Deno.test("studentQuantile() agrees with tables", () => {
  const table: [number, number, number][] = [
    [0.975, 1, 12.706204736174694],
    [0.975, 10, 2.228138851986274],
    [0.9995, 3, 12.923978636687961],
    [0.9, 250, 1.2849470554224562],
    [0.5, 4, 0],
  ];
  for (const [p, freedom, t] of table) {
    assertAlmostEquals(studentQuantile(p, freedom), t, 1e-12 * (1 + t));
    assertAlmostEquals(studentQuantile(1 - p, freedom), -t, 1e-11 * (1 + t));
  }
});

Deno.test("studentQuantile() keeps its digits far out in the lower tail", () => {
  for (const p of [1e-17, 1e-40, 1e-200]) { // with two degrees of freedom it is (2p - 1)/√(2p(1 - p))
    assertAlmostEquals(studentQuantile(p, 2) * Math.sqrt(2 * p), -1, 1e-12);
  }
});

Deno.test("incompleteBeta() has the values of binomial sums and its symmetry", () => {
  assertAlmostEquals(incompleteBeta(0.3, 1, 4), 1 - 0.7 ** 4, 1e-15);
  assertAlmostEquals(incompleteBeta(0.3, 2, 3), 0.3483, 1e-14); // P(at least 2 of 4)
  for (const x of [0.01, 0.4, 0.9]) {
    assertAlmostEquals(incompleteBeta(x, 2.5, 0.5) + incompleteBeta(1 - x, 0.5, 2.5), 1, 1e-14);
  }
  assertThrows(() => incompleteBeta(1.5, 1, 1), DomainError, "x in [0, 1]");
  assertThrows(() => studentQuantile(1, 3), DomainError, "p in (0, 1)");
});
