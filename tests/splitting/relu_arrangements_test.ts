// Activation patterns of rectified linear units.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { DomainError, dot, fillNormal, type Matrix, rng } from "../../lib/core/mod.ts";
import { matmul, matrix } from "../../lib/linalg/mod.ts";
import {
  arrangementCount,
  type Arrangements,
  patternSamples,
  perturbedArrangements,
  reluArrangements,
  sampledArrangements,
} from "../../lib/splitting/mod.ts";

const random = rng(2),
  gaussian = (rows: number, columns: number): Matrix =>
    matrix(rows, columns, fillNormal(random, new Float64Array(rows * columns)));
const keys = ({ count, examples, patterns }: Arrangements): string[] =>
  Array.from({ length: count }, (_, i) => patterns.subarray(i * examples, (i + 1) * examples).join("")).sort();

// @must reluArrangements: d = 2, n = 16: 32 patterns
// @measured reached: 32, those of the middles of the arcs between 32 sorted angles; in general position 2 Σ C(n-1, k), k < d, to d = 5
Deno.test("reluArrangements() finds as many patterns as Cover counts, and in the plane those of all arcs", () => {
  for (const [n, d] of [[1, 1], [5, 1], [7, 2], [9, 3], [12, 4], [10, 5], [3, 5]]) {
    const found = keys(reluArrangements(gaussian(n, d)));
    assertEquals(found.length, arrangementCount(n, d));
    assertEquals(new Set(found).size, found.length);
  }
  const n = 16, X = gaussian(n, 2), angles: number[] = [];
  for (let k = 0; k < n; k++) {
    const angle = Math.atan2(X.data[2 * k], -X.data[2 * k + 1]);
    angles.push(angle, angle > 0 ? angle - Math.PI : angle + Math.PI);
  }
  angles.sort((a, b) => a - b);
  const arcs = angles.map((a, i) => {
    const middle = i + 1 < angles.length ? (a + angles[i + 1]) / 2 : (a + angles[0]) / 2 + Math.PI;
    const h = Float64Array.of(Math.cos(middle), Math.sin(middle));
    return Array.from({ length: n }, (_, k) => dot(X.data.subarray(2 * k, 2 * k + 2), h) >= 0 ? 1 : 0).join("");
  });
  assertEquals(keys(reluArrangements(X)), arcs.sort());
});

Deno.test("reluArrangements() and a large sample find the same patterns", () => {
  const X = gaussian(6, 3), all = keys(reluArrangements(X)), sample = sampledArrangements(X, 1000, rng(1));
  assertEquals(keys(sample), all);
});

Deno.test("reluArrangements() counts rows that are repeated, opposite, dependent or zero as what they are", () => {
  const X = gaussian(5, 2), rows = Array.from({ length: 5 }, (_, k) => [...X.data.subarray(2 * k, 2 * k + 2)]);
  const [a, b] = rows,
    with1 = matrix([...rows, [2 * a[0], 2 * a[1]], [-b[0], -b[1]], [0, 0]]),
    found = reluArrangements(with1);
  assertEquals(found.count, 10);
  for (let i = 0; i < 10; i++) {
    const pattern = found.patterns.subarray(8 * i, 8 * i + 8);
    assertEquals([pattern[5], pattern[6], pattern[7]], [pattern[0], 1 - pattern[1], 1]);
  }
  assertEquals(reluArrangements(matmul(X, gaussian(2, 4))).count, 10); // rank 2 in four dimensions
  // four planes through one line in space, and one across: (2 · 4) · 2 cells
  assertEquals(reluArrangements(matrix([[1, 0, 0], [0, 1, 0], [1, 1, 0], [1, -1, 0], [0, 0, 1]])).count, 16);
  assertEquals(keys(reluArrangements(matrix([[0, 0]]))), ["1"]);
});

Deno.test("sampledArrangements() are distinct patterns, as many as asked for while there are", () => {
  const X = gaussian(20, 3), sample = sampledArrangements(X, 50, rng(3)), all = new Set(keys(reluArrangements(X)));
  assertEquals([sample.count, new Set(keys(sample)).size], [50, 50]);
  assert(keys(sample).every((key) => all.has(key)));
  assertEquals(keys(sampledArrangements(X, 50, rng(3))), keys(sample));
  assertEquals(sampledArrangements(gaussian(2, 2), 100, rng(1)).count, 4);
});

Deno.test("perturbedArrangements() holds patterns of the rows, and others that only perturbed rows have", () => {
  const X = matrix(12, 3, gaussian(12, 3).data.map((x, k) => k % 3 === 2 ? 1 : x)),
    all = new Set(keys(reluArrangements(X)));
  const plain = perturbedArrangements(X, 40, rng(4), { radius: 0, perVector: 3 });
  assert(keys(plain).every((key) => all.has(key)));
  const moved = keys(perturbedArrangements(X, 40, rng(4), { radius: 0.5, perVector: 3 }));
  assertEquals(new Set(moved).size, 40);
  const ones = matrix(12, 1, new Float64Array(12).fill(1)); // a bias alone does not change
  assertEquals(perturbedArrangements(ones, 9, rng(4), { radius: 5, perVector: 3 }).count, 2);
  assert(perturbedArrangements(ones, 9, rng(4), { radius: 5, perVector: 3, bias: false }).count > 2);
  assert(moved.some((key) => all.has(key)) && moved.some((key) => !all.has(key)));
});

// @must patternSamples: the bound of the paper, with the roles of its two probabilities told apart
// @measured reached: ξ is the probability that one more pattern changes the optimum, ψ that the statement fails, by Calafiore and Campi
Deno.test("patternSamples() is the smaller of the two bounds", () => {
  assertEquals(patternSamples(9, { violation: 0.5, confidence: 0.5 }), 39); // 10/0.25 - 1 against 4 (10 + log 2) = 42.8
  assertEquals(patternSamples(9, { violation: 0.1, confidence: 1 - Math.exp(-5) }), 300); // 20 (10 + 5) against 14840
});

Deno.test("activation patterns are refused where there are too many, too few, or numbers that are not finite", () => {
  assertThrows(
    () => reluArrangements(gaussian(60, 9)),
    DomainError,
    "Cannot enumerate activation patterns: expected at most",
  );
  assertThrows(() => reluArrangements(matrix([[1, NaN]])), DomainError, "NaN at index 1");
  assertThrows(() => sampledArrangements(gaussian(2, 2), 0, rng(0)), DomainError);
  assertThrows(() => perturbedArrangements(gaussian(2, 2), 1, rng(0), { radius: -1, perVector: 1 }), DomainError);
  assertThrows(() => patternSamples(4, { violation: 0, confidence: 0.5 }), DomainError);
});
