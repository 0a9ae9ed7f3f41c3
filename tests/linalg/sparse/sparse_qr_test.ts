// Sparse QR and least squares against the dense ones, and against themselves.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  DomainError,
  integer,
  norm2,
  ShapeError,
  SingularMatrixError,
  uniform,
  type Vector,
} from "../../../lib/core/mod.ts";
import {
  addSparse,
  fromTriplets,
  identity,
  lstsq,
  lu,
  multiplySparse,
  normSparse,
  permuteSparse,
  pinv,
  rank,
  solveLeastSquares,
  sparseDiagonal,
  sparseIdentity,
  sparseQr,
  svdvals,
  toDense,
  transposeSparse,
} from "../../../lib/linalg/mod.ts";
import { generator, product, randomSparse, randomVector } from "./random.ts";

const eps = 2 ** -52;

/** `|Aᵀ (A x - b)|`. */
function slope(A: ReturnType<typeof randomSparse>, x: Vector, b: Vector): number {
  const r = product(A, x), g = new Float64Array(A.columns);
  r.forEach((entry, i) => r[i] = entry - b[i]);
  A.applyTranspose(r, g);
  return norm2(g);
}

Deno.test("sparseQr() factors random matrices of every shape: RᵀR is AᵀA", () => {
  const s = generator(1);
  for (let trial = 0; trial < 200; trial++) {
    const m = integer(s, 40), n = integer(s, 30), A = randomSparse(s, m, n, 3 * uniform(s) / Math.max(1, n));
    const { R, columnPermutation } = sparseQr(A), AtA = multiplySparse(transposeSparse(A), A);
    const difference = addSparse(1, permuteSparse(multiplySparse(transposeSparse(R), R), columnPermutation), -1, AtA);
    assert(normSparse(difference) <= 20 * eps * normSparse(AtA), `${normSparse(difference)}`);
    for (let i = 0; i < n; i++) {
      for (let k = R.rowStarts[i]; k < R.rowStarts[i + 1]; k++) assert(R.columnIndices[k] >= i);
    }
  }
});

Deno.test("sparseQr() solves least-squares and shortest-solution problems of full rank", () => {
  const s = generator(2);
  let solved = 0;
  for (let trial = 0; trial < 150; trial++) {
    const n = integer(s, 25), m = n + integer(s, 20);
    const E = fromTriplets(m, n, [...Array(n).keys()], [...Array(n).keys()], Array(n).fill(1));
    const A = addSparse(1, randomSparse(s, m, n, n > 0 ? 2 / n : 0), 1, E), dense = toDense(A), factors = sparseQr(A);
    const values = svdvals(dense);
    if (n > 0 && values[n - 1] < 1e-6) continue;
    solved++;
    assertEquals([factors.rank, factors.zeroPivot], [n, -1]);
    const b = randomVector(s, m),
      c = randomVector(s, n),
      x = factors.solve(b),
      y = factors.solveTranspose(c),
      P = pinv(dense);
    const condition = n > 0 ? values[0] / values[n - 1] : 1;
    for (let j = 0; j < n; j++) {
      let expected = 0;
      for (let i = 0; i < m; i++) expected += P.data[j * m + i] * b[i];
      assertAlmostEquals(x[j], expected, 1e-13 * condition ** 2);
    }
    for (let i = 0; i < m; i++) {
      let expected = 0;
      for (let j = 0; j < n; j++) expected += P.data[j * m + i] * c[j];
      assertAlmostEquals(y[i], expected, 1e-13 * condition ** 2);
    }
    if (n === 0) continue;
    const estimate = 1 / factors.reciprocalCondition();
    assert(estimate <= 1.01 * n * condition && estimate >= condition / (3 * n));
  }
  assert(solved > 100);
});

Deno.test("sparseQr() of square matrices has their determinants", () => {
  const s = generator(3);
  for (let trial = 0; trial < 60; trial++) {
    const n = integer(s, 20), A = addSparse(1, randomSparse(s, n, n, n > 0 ? 2 / n : 0), 1, sparseIdentity(n));
    const { sign, logarithm } = sparseQr(A).logDeterminant(), expected = lu(toDense(A)).logDeterminant();
    if (expected.logarithm < -10) continue;
    assertEquals(sign, expected.sign);
    assertAlmostEquals(logarithm, expected.logarithm, 1e-10);
  }
  const X = sparseQr(sparseDiagonal([2, 4])).solve(identity(2));
  X.data.forEach((entry, k) => assertAlmostEquals(entry, [0.5, 0, 0, 0.25][k], 1e-15));
});

Deno.test("solveLeastSquares() minimizes for every shape and rank, with the rank of the dense method", () => {
  const s = generator(4);
  let deficient = 0;
  for (let trial = 0; trial < 300; trial++) {
    const m = integer(s, 25), n = integer(s, 25), r = 1 + integer(s, 12);
    // products of thin matrices lack rank without empty columns
    const A = trial % 2 === 0
      ? randomSparse(s, m, n, 2 / Math.max(1, n))
      : multiplySparse(randomSparse(s, m, r, 0.4), randomSparse(s, r, n, 0.4));
    const b = randomVector(s, m), { x, rank, residualNorm } = solveLeastSquares(A, b), dense = lstsq(toDense(A), b);
    if (rank < Math.min(m, n)) deficient++;
    assertEquals(rank, dense.rank);
    assertAlmostEquals(residualNorm, dense.residualNorms[0], 1e-11);
    assert(slope(A, x, b) <= 1e-11 * (1 + normSparse(A) ** 2 * norm2(x)), `${slope(A, x, b)}`);
    assert(norm2(x) >= norm2(dense.x) - 1e-9);
    if (rank === m) assertAlmostEquals(norm2(x), norm2(dense.x), 1e-9 * (1 + norm2(x)));
  }
  assert(deficient > 100, `${deficient}`);
});

Deno.test("sparseQr() says where columns depend on others", () => {
  const A = fromTriplets(3, 2, [0, 1, 0, 1], [0, 0, 1, 1], [1, 2, 2, 4]), factors = sparseQr(A, { tolerance: 1e-14 });
  assertEquals([factors.rank, rank(toDense(A)), factors.zeroPivot, factors.reciprocalCondition()], [1, 1, 1, 0]);
  assertThrows(() => factors.solve(new Float64Array(3)), SingularMatrixError);
  const x = factors.basicSolution(Float64Array.of(1, 2, 7));
  assertEquals(x.filter((entry) => entry === 0).length, 1);
  assertAlmostEquals(x[0] + 2 * x[1], 1, 1e-15);
});

Deno.test("sparseQr() of entries near the ends of the range neither over- nor underflows", () => {
  for (const scale of [1e-200, 1e200]) {
    const A = fromTriplets(3, 2, [0, 1, 1, 2], [0, 0, 1, 1], [3, 4, 5, 12].map((entry) => entry * scale));
    const x = sparseQr(A).solve(product(A, Float64Array.of(1, -2)));
    assertAlmostEquals(x[0], 1, 1e-14);
    assertAlmostEquals(x[1], -2, 1e-14);
  }
});

Deno.test("sparseQr() and solveLeastSquares() refuse what they cannot use", () => {
  const A = sparseIdentity(3);
  assertThrows(() => solveLeastSquares(A, new Float64Array(2)), ShapeError);
  assertThrows(() => solveLeastSquares(A, Float64Array.of(1, NaN, 2)), DomainError);
  assertThrows(() => sparseQr(A, { tolerance: 1 }), DomainError, "tolerance");
  assertThrows(() => sparseQr(fromTriplets(2, 3, [], [], [])).reciprocalCondition(), ShapeError);
  assertThrows(
    () => sparseQr(fromTriplets(2, 2, [0, 1, 0, 1], [0, 0, 1, 1], [1.7e308, 1.7e308, 1, 2])),
    DomainError,
    "overflow",
  );
});
