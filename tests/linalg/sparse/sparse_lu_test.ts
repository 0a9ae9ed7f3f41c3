// Sparse LU and triangles against the dense factorizations, and against themselves.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, integer, ShapeError, SingularMatrixError, uniform } from "../../../lib/core/mod.ts";
import {
  addSparse,
  fromTriplets,
  gridLaplacian,
  identity,
  lu,
  multiplySparse,
  normSparse,
  permuteSparse,
  rank,
  refine,
  solveTriangular,
  sparseDiagonal,
  sparseIdentity,
  sparseLu,
  type SparseLuOptions,
  sparseTriangular,
  toDense,
  transposeSparse,
} from "../../../lib/linalg/mod.ts";
import { backwardError, generator, randomSparse, randomVector } from "./random.ts";

const eps = 2 ** -52;
const options: readonly SparseLuOptions[] = [
  {},
  { ordering: "columns" },
  { ordering: "symmetric", threshold: 0.01 },
  { ordering: "natural", threshold: 1 },
];

Deno.test("sparseLu() factors random matrices, singular ones among them, as the dense factorization does", () => {
  const s = generator(1);
  let singular = 0, solved = 0;
  for (let trial = 0; trial < 400; trial++) {
    const n = integer(s, 40),
      A = randomSparse(s, n, n, (1 + 4 * uniform(s)) / Math.max(1, n)),
      option = options[trial % 4];
    const factors = sparseLu(A, option), { L, U, permutation, columnPermutation } = factors;
    const PAQ = multiplySparse(L, U), size = normSparse(A), growth = factors.growth;
    const difference = addSparse(1, permuteSparse(PAQ, permutation, columnPermutation), -1, A);
    assert(normSparse(difference) <= 8 * eps * growth * size, `${trial}: ${normSparse(difference)}`);
    if (factors.zeroPivot >= 0) {
      assert(rank(toDense(A)) < n);
      assertEquals(Math.abs(factors.determinant()), 0);
      assertEquals(factors.reciprocalCondition(), 0);
      assertThrows(() => factors.solve(new Float64Array(n)), SingularMatrixError);
      singular++;
      continue;
    }
    const dense = lu(toDense(A));
    if (dense.reciprocalCondition() < 1e-12) continue;
    solved++;
    const b = randomVector(s, n), x = factors.solve(b), y = factors.solveTranspose(b);
    assert(backwardError(A, x, b) <= 20 * eps * growth, `${trial}`);
    assert(backwardError(transposeSparse(A), y, b) <= 20 * eps * growth, `${trial}`);
    const { sign, logarithm } = factors.logDeterminant(), expected = dense.logDeterminant();
    assertEquals(sign, expected.sign);
    assertAlmostEquals(logarithm, expected.logarithm, 1e-9 + 1e-14 / dense.reciprocalCondition());
    const condition = factors.reciprocalCondition() / dense.reciprocalCondition();
    assert(condition > 0.3 && condition < 3, `${condition}`);
  }
  assert(singular > 50 && solved > 100, `${singular}, ${solved}`);
});

Deno.test("sparseLu() keeps entries of L below the inverse of the threshold", () => {
  const s = generator(2), A = addSparse(1, randomSparse(s, 200, 200, 0.02), 0.05, sparseIdentity(200));
  for (const threshold of [0.1, 0.5, 1]) {
    const largest = sparseLu(A, { threshold }).L.values.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
    assert(largest <= 1 / threshold + 1e-12 && largest > (threshold < 1 ? 1.01 : 0.99));
  }
});

Deno.test("sparseLu() takes larger pivots where entries would grow", () => {
  const s = generator(5);
  let grown = 0;
  for (let trial = 0; trial < 20; trial++) {
    const n = 150, B = randomSparse(s, n, n, 3 / n), tiny = sparseDiagonal(randomVector(s, n).map((d) => d * 0.01));
    const A = addSparse(1, addSparse(1, B, 0.3, transposeSparse(B)), 1, tiny),
      b = randomVector(s, n),
      factors = sparseLu(A);
    if (sparseLu(A, { threshold: 0.001, ordering: "symmetric" }).growth > 1e4) grown++;
    assert(factors.growth <= 1000);
    assert(backwardError(A, factors.solve(b), b) <= 20 * eps * factors.growth);
  }
  assert(grown > 3, `${grown}`);
});

Deno.test("sparseLu() of a grid fills little, on the diagonal", () => {
  const A = gridLaplacian(60, 60), factors = sparseLu(A);
  assertEquals(factors.permutation, factors.columnPermutation);
  assert(factors.L.values.length < 25 * A.rows, `${factors.L.values.length}`);
  const columns = sparseLu(A, { ordering: "columns" });
  assert(columns.L.values.length + columns.U.values.length < 100 * A.rows);
});

Deno.test("sparseLu() finds pivots that only some order has, and says where there are none", () => {
  const cycle = fromTriplets(5, 5, [0, 1, 2, 3, 4], [1, 2, 3, 4, 0], [1, 2, 3, 4, 5]);
  assertAlmostEquals(sparseLu(cycle).determinant(), lu(toDense(cycle)).determinant(), 1e-12);
  assertEquals(sparseLu(fromTriplets(3, 3, [0, 1, 2], [0, 0, 0], [1, 1, 1])).zeroPivot >= 0, true);
  assertEquals(sparseLu(fromTriplets(3, 3, [], [], [])).zeroPivot, 0);
  assertEquals(sparseLu(fromTriplets(3, 3, [0, 0, 0], [0, 1, 2], [1, 1, 1])).determinant(), 0);
});

Deno.test("sparseLu() takes matrices of order 0 and 1, several right-hand sides, and refinement", () => {
  assertEquals(sparseLu(sparseIdentity(0)).determinant(), 1);
  assertEquals(sparseLu(sparseDiagonal([-4])).solve(Float64Array.of(2)), Float64Array.of(-0.5));
  const s = generator(3), A = addSparse(1, randomSparse(s, 30, 30, 0.1), 1, sparseIdentity(30)), factors = sparseLu(A);
  const X = factors.solve(identity(30)), expected = lu(toDense(A)).inverse();
  X.data.forEach((entry, k) => assertAlmostEquals(entry, expected.data[k], 1e-11));
  const b = randomVector(s, 30), x = factors.solve(b);
  assert(refine(A, factors, b, x).converged);
  assert(backwardError(A, x, b) <= eps);
});

Deno.test("sparseLu() refuses what it cannot use", () => {
  assertThrows(() => sparseLu(fromTriplets(2, 3, [], [], [])), ShapeError);
  const A = gridLaplacian(4);
  for (const threshold of [0, 1.5, NaN]) assertThrows(() => sparseLu(A, { threshold }), DomainError, "threshold");
  assertThrows(() => sparseLu(A, { ordering: [0, 1, 2] }), ShapeError);
  assertThrows(() => sparseLu(A, { ordering: [0, 1, 2, 2] }), DomainError);
  const huge = fromTriplets(2, 2, [0, 0, 1, 1], [0, 1, 0, 1], [1e308, 1e308, -1e308, 1e308]);
  assertThrows(() => sparseLu(huge), DomainError, "overflow");
});

Deno.test("sparseTriangular() solves as the dense triangle does, with sparse right-hand sides too", () => {
  const s = generator(4);
  for (let trial = 0; trial < 200; trial++) {
    const n = 1 + integer(s, 40), lower = trial % 2 === 0, unit = trial % 4 < 2;
    const A = addSparse(0.5, randomSparse(s, n, n, 2 / n), 2, sparseIdentity(n)),
      T = sparseTriangular(A, { lower, unit });
    const b = randomVector(s, n), dense = toDense(A);
    T.solve(b).forEach((entry, i) => assertAlmostEquals(entry, solveTriangular(dense, b, { lower, unit })[i], 1e-12));
    const transposed = solveTriangular(dense, b, { lower, unit, transpose: true });
    T.solveTranspose(b).forEach((entry, i) => assertAlmostEquals(entry, transposed[i], 1e-12));
    const places = Uint32Array.from({ length: n }, (_, i) => i).filter(() => uniform(s) < 0.1);
    const x = T.solveSparse({
      length: n,
      indices: places,
      values: places.length > 0 ? b.slice(0, places.length) : new Float64Array(0),
    });
    const full = new Float64Array(n), right = new Float64Array(n);
    places.forEach((i, k) => right[i] = b[k]);
    x.indices.forEach((i, k) => full[i] = x.values[k]);
    T.solve(right).forEach((entry, i) => assertAlmostEquals(full[i], entry, 1e-12));
    assert(x.indices.every((i, k) => k === 0 || x.indices[k - 1] < i));
  }
});

// @must sparseTriangular: a sparse right-hand side costs no more than the entries that it reaches
// @measured reached: the entry before the last but one of a chain of 100 gives three entries, no others are visited
Deno.test("sparseTriangular() with a sparse right-hand side visits no more than it reaches", () => {
  const T = sparseTriangular(sparseDiagonal([Array(99).fill(1), Array(100).fill(2)], [-1, 0]), { lower: true });
  const x = T.solveSparse({ length: 100, indices: Uint32Array.of(97), values: Float64Array.of(8) });
  assertEquals([...x.indices], [97, 98, 99]);
  assertEquals([...x.values], [4, -2, 1]);
});

Deno.test("sparseTriangular() refuses what it cannot use", () => {
  assertThrows(() => sparseTriangular(fromTriplets(2, 3, [], [], [])), ShapeError);
  const T = sparseTriangular(fromTriplets(2, 2, [0], [0], [1])), values = Float64Array.of(1);
  assertEquals(T.zeroPivot, 1);
  assertThrows(() => T.solveSparse({ length: 2, indices: Uint32Array.of(0), values }), SingularMatrixError);
  const I = sparseTriangular(sparseIdentity(2));
  assertThrows(() => I.solveSparse({ length: 3, indices: Uint32Array.of(0), values }), ShapeError);
  assertThrows(() => I.solveSparse({ length: 2, indices: Uint32Array.of(2), values }), DomainError);
  assertThrows(
    () => I.solveSparse({ length: 2, indices: Uint32Array.of(0), values: Float64Array.of(NaN) }),
    DomainError,
  );
});
