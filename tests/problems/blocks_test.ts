// Problems that show their blocks: their oracles against those of the whole.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  type BlockSmooth,
  DomainError,
  fillNormal,
  iterations,
  rng,
  ShapeError,
  solve,
  type TwiceSmooth,
} from "../../lib/core/mod.ts";
import { fromTriplets, gridLaplacian } from "../../lib/linalg/mod.ts";
import {
  blockLeastSquares,
  blockLogisticRegression,
  dataset,
  labelPropagation,
  sparseQuadratic,
} from "../../lib/problems/mod.ts";
import { blockCoordinateDescent, greedy } from "../../lib/splitting/mod.ts";

const random = rng(1),
  dense = fillNormal(random, new Float64Array(7 * 4)),
  targets = fillNormal(random, new Float64Array(7));
const kept = [0, 2, 3, 5, 8, 9, 12, 14, 18, 19, 21, 23, 26];
const sparse = {
  rowStarts: Uint32Array.of(0, 3, 4, 6, 8, 10, 12, 13),
  columnIndices: Uint32Array.from(kept, (k) => k % 4),
  values: Float64Array.from(kept, (k) => dense[k]),
};
const labels = targets.map((t) => t > 0 ? 1 : 0);
const problems: (TwiceSmooth & BlockSmooth)[] = [
  blockLeastSquares(dataset({ columns: 4, features: dense, targets }), { regularization: 0.3, intercept: true }),
  blockLeastSquares(dataset({ columns: 4, features: sparse, targets })),
  blockLogisticRegression(dataset({ columns: 4, features: dense, targets: labels })),
  blockLogisticRegression(dataset({ columns: 4, features: sparse, targets: labels }), { intercept: true }),
  sparseQuadratic(gridLaplacian(2, 3), [1, 2, 3, 4, 5, 6]),
].map(({ problem }) => problem);

Deno.test("blocks give the value, gradient and Hessian of the whole, also after moves", () => {
  for (const problem of problems) {
    const { blocks, dimension: n } = problem, x = fillNormal(rng(2), new Float64Array(n)), whole = new Float64Array(n);
    const memory = new Float64Array(blocks.memoryLength), block = Uint32Array.of(3, 0, 1), part = new Float64Array(n);
    blocks.remember(x, memory);
    for (let round = 0; round < 3; round++) {
      assertAlmostEquals(blocks.value(x, memory), problem.gradient(x, whole), 1e-12);
      blocks.gradient(x, block, memory, part);
      block.forEach((i, b) => assertAlmostEquals(part[b], whole[i], 1e-12));
      const H = new Float64Array(9), column = new Float64Array(n);
      blocks.hessian!(x, block, memory, H);
      for (let b = 0; b < 3; b++) {
        const unit = new Float64Array(n);
        unit[block[b]] = 1;
        problem.hessianVector(x, unit, column);
        for (let a = 0; a < 3; a++) assertAlmostEquals(H[3 * a + b], column[block[a]], 1e-12);
      }
      const before = x.slice(), change = Float64Array.of(0.3, -1, 0.7);
      blocks.move(x, block, memory, change);
      block.forEach((i, b) => assertAlmostEquals(x[i], before[i] + change[b], 1e-15));
    }
  }
});

Deno.test("curvature() lies above the Hessian, and its diagonal is that of the Lipschitz constants", () => {
  for (const problem of problems) {
    const { blocks, dimension: n } = problem, all = Uint32Array.from({ length: n }, (_, i) => i);
    const H = new Float64Array(n * n), v = new Float64Array(n), product = new Float64Array(n), draws = rng(3);
    blocks.curvature(all, H);
    for (let i = 0; i < n; i++) assertAlmostEquals(H[i * (n + 1)], blocks.lipschitz[i], 1e-12);
    for (let k = 0; k < 20; k++) {
      fillNormal(draws, v);
      problem.hessianVector(fillNormal(draws, new Float64Array(n)), v, product);
      let above = 0;
      for (let i = 0; i < n; i++) {
        above -= v[i] * product[i];
        for (let j = 0; j < n; j++) above += v[i] * H[i * n + j] * v[j];
      }
      assert(above >= -1e-12, `${problem.name}: ${above}`);
    }
  }
});

Deno.test("blocks are charged their share of a gradient", () => {
  const { problem, start } = blockLeastSquares(dataset({ columns: 4, features: dense, targets }));
  const cyclic = solve(problem, blockCoordinateDescent(), { start, stop: iterations(8), measureEvery: 100 });
  assertEquals(cyclic.counts.evaluations, 1 / 2 + 8 / 4); // the residual, and each coordinate twice
  const all = solve(problem, blockCoordinateDescent({ selection: greedy() }), { start, stop: iterations(8) });
  assertEquals(all.counts.evaluations, 1 / 2 + 9 / 2 + 8 / 8); // half a gradient after each step
  const { problem: chain } = sparseQuadratic(gridLaplacian(4), [1, 1, 1, 2]);
  const kept = solve(chain, blockCoordinateDescent({ selection: greedy() }), { start, stop: iterations(8) });
  assertEquals(kept.counts.evaluations, 1 + 8 / 4); // the gradient is at hand
  assertEquals(kept.counts.calls["blocks.move"], 8);
});

Deno.test("a run of a rule without gradients is measured once per evaluation, and at its end", () => {
  const { problem, start } = sparseQuadratic(gridLaplacian(10), new Float64Array(10).fill(1));
  const { counts, measures, value, x } = solve(problem, blockCoordinateDescent(), { start, stop: iterations(95) });
  assertEquals(counts.evaluations, 10.5);
  assertEquals(counts.measuring, 11); // at 0 … 10 evaluations … and the end
  assertEquals(value, problem.value(x));
  assert(measures.gradientNorm > 0);
});

Deno.test("labelPropagation() is the harmonic function between its labels", () => {
  const W = fromTriplets(4, 4, [0, 1, 1, 2, 2, 3], [1, 0, 2, 1, 3, 2], [1, 1, 2, 2, 1, 1]);
  const { problem, nodes } = labelPropagation(W, [0, NaN, NaN, 5]), gradient = new Float64Array(2);
  assertEquals([...nodes], [1, 2]);
  problem.gradient(Float64Array.of(2, 3), gradient); // flows 2, 2 (3 - 2), 5 - 3
  assertEquals([...gradient], [0, 0]);
});

Deno.test("sparseQuadratic() and labelPropagation() refuse matrices and labels that do not fit", () => {
  const lopsided = fromTriplets(2, 2, [0, 0, 1], [0, 1, 1], [1, 1, 1]);
  assertThrows(() => sparseQuadratic(lopsided, [1, 1]), DomainError, "symmetric");
  assertThrows(() => sparseQuadratic(fromTriplets(2, 2, [0], [0], [1]), [1, 1]), DomainError, "got 0 at 1");
  assertThrows(() => sparseQuadratic(gridLaplacian(3), [1, 1]), ShapeError);
  assertThrows(() => sparseQuadratic(fromTriplets(2, 3, [], [], []), [1, 1]), ShapeError, "square");
  assertThrows(() => labelPropagation(gridLaplacian(2), [1, 2, 3]), ShapeError);
  assertThrows(() => labelPropagation(gridLaplacian(2), [1, 2]), DomainError, "without labels");
});

Deno.test("kinds refuse constants of blocks that do not fit", () => {
  const { problem } = sparseQuadratic(gridLaplacian(3), [1, 1, 1]);
  for (const lipschitz of [new Float64Array(2), Float64Array.of(1, -1, 1), Float64Array.of(1, NaN, 1)]) {
    const wrong = { ...problem, blocks: { ...problem.blocks, lipschitz } };
    assertThrows(() => solve(wrong, blockCoordinateDescent(), { start: [0, 0, 0] }), Error, "lipschitz");
  }
});
