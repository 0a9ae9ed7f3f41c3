// Sparse Cholesky and LDLᵀ against the dense factorizations, and against themselves.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  DomainError,
  integer,
  NotPositiveDefiniteError,
  ShapeError,
  SingularMatrixError,
  uniform,
} from "../../../lib/core/mod.ts";
import {
  addSparse,
  analyzeSymmetric,
  cholesky,
  fromTriplets,
  graphLaplacian,
  gridLaplacian,
  identity,
  ldlt,
  multiplySparse,
  normSparse,
  permuteSparse,
  refine,
  scaleColumns,
  sparseCholesky,
  sparseDiagonal,
  sparseIdentity,
  sparseLdlt,
  toDense,
  transposeSparse,
  useBackend,
} from "../../../lib/linalg/mod.ts";
import { backwardError, generator, randomDefinite, randomSparse, randomVector } from "./random.ts";

const eps = 2 ** -52;

// @must sparseCholesky, sparseLdlt, sparseLu, sparseQr, solveLeastSquares: hundreds of random systems are solved as by the
//   dense methods, among them structurally singular ones, with empty rows, of order 0 and 1
// @measured reached: 150 definite, 100 quasi-definite, 400 square and 650 rectangular ones; backward errors at most 4
//   rounding units by Cholesky and 20 times the growth by LU, ranks those of the singular values
Deno.test("sparseCholesky() solves random systems as the dense factorization does", () => {
  const s = generator(1);
  for (let trial = 0; trial < 150; trial++) {
    const n = integer(s, 60), A = randomDefinite(s, n, uniform(s) * 4 / Math.max(1, n)), b = randomVector(s, n);
    const factor = sparseCholesky(A), dense = cholesky(toDense(A)), x = factor.solve(b);
    assert(backwardError(A, x, b) <= 4 * eps, `${n}: ${backwardError(A, x, b)}`);
    const { sign, logarithm } = factor.logDeterminant(), expected = dense.logDeterminant();
    assertEquals(sign, 1);
    assertAlmostEquals(logarithm, expected.logarithm, 1e-11 * (1 + n));
    const condition = factor.reciprocalCondition() / dense.reciprocalCondition();
    assert(condition > 0.3 && condition < 3, `${condition}`);
    // P A Pᵀ = L D Lᵀ
    const LDL = multiplySparse(scaleColumns(factor.L, factor.D), transposeSparse(factor.L));
    const difference = addSparse(1, permuteSparse(LDL, factor.permutation), -1, A);
    assert(normSparse(difference) <= 4 * eps * normSparse(A));
  }
});

Deno.test("sparseCholesky() in any order gives the same solution", () => {
  const s = generator(2), A = gridLaplacian(7, 9, 3), b = randomVector(s, A.rows), x = sparseCholesky(A).solve(b);
  const reversed = Array.from({ length: A.rows }, (_, i) => A.rows - 1 - i);
  for (const ordering of ["natural", reversed] as const) {
    const analysis = analyzeSymmetric(A, { ordering }), y = sparseCholesky(A, { analysis }).solve(b);
    y.forEach((entry, i) => assertAlmostEquals(entry, x[i], 1e-13));
  }
});

Deno.test("sparseCholesky() and sparseLdlt() give the same on every backend, in the memory of the kernels and outside", () => {
  const A = gridLaplacian(12, 12, 12), shifted = addSparse(1, A, -1.3, sparseIdentity(A.rows)), s = generator(8);
  const b = randomVector(s, A.rows), analysis = analyzeSymmetric(A);
  assert(analysis.operations > 2e6, "so large that kernels are worth it");
  const solutions = (["typescript", "portable", "wasm"] as const).map((name) => {
    using _ = useBackend(name);
    const x = sparseCholesky(A, { analysis }).solve(b), y = sparseLdlt(shifted, { analysis }).solve(b);
    assert(backwardError(A, x, b) <= 4 * eps);
    assert(backwardError(shifted, y, b) <= 1e-12);
    return { x, again: sparseCholesky(A, { analysis }).solve(b) };
  });
  for (const { x, again } of solutions) {
    assertEquals(x, again); // in the room of the matrix before
    x.forEach((entry, i) => assertAlmostEquals(entry, solutions[0].x[i], 1e-12));
  }
});

Deno.test("sparseLdlt() counts the eigenvalues below a shift", () => {
  const sizes = [9, 11], A = gridLaplacian(...sizes), values: number[] = [];
  for (let i = 1; i <= sizes[0]; i++) {
    for (let j = 1; j <= sizes[1]; j++) {
      values.push(4 * Math.sin(Math.PI * i / 20) ** 2 + 4 * Math.sin(Math.PI * j / 24) ** 2);
    }
  }
  for (const shift of [0.1, 1, 2.5, 3.7, 6, 9]) {
    const { inertia } = sparseLdlt(addSparse(1, A, -shift, sparseIdentity(A.rows)));
    assertEquals(inertia.negative, values.filter((value) => value < shift).length);
    assertEquals(inertia.zero, 0);
  }
});

Deno.test("analyzeSymmetric() counts the entries of L as elimination makes them", () => {
  const s = generator(3);
  for (let trial = 0; trial < 60; trial++) {
    const n = 1 + integer(s, 40), A = randomDefinite(s, n, 1.5 / n), analysis = analyzeSymmetric(A);
    const { permutation } = sparseCholesky(A, { analysis });
    // the boolean elimination of the permuted pattern
    const full = Array.from({ length: n }, () => new Uint8Array(n)), rank = new Uint32Array(n);
    permutation.forEach((i, k) => rank[i] = k);
    for (let i = 0; i < n; i++) {
      for (let k = A.rowStarts[i]; k < A.rowStarts[i + 1]; k++) full[rank[i]][rank[A.columnIndices[k]]] = 1;
    }
    let entries = 0, operations = 0;
    for (let j = 0; j < n; j++) {
      const below = Array.from({ length: n - j - 1 }, (_, i) => i + j + 1).filter((i) => full[i][j]);
      for (const i of below) for (const k of below) full[i][k] = 1;
      entries += 1 + below.length;
      operations += (1 + below.length) ** 2;
    }
    assertEquals([analysis.factorEntries, analysis.operations], [entries, operations]);
  }
});

// @must analyzeSymmetric: little fill: no more than 1.1 times what SuperLU's minimum degree leaves
// @measured reached: grid of 200 x 200 points 1023617 entries of L to SuperLU's 976217, 1.05 times
Deno.test("analyzeSymmetric() orders a grid with little fill, and leaves none in trees and arrows", () => {
  assert(analyzeSymmetric(gridLaplacian(200, 200)).factorEntries <= 1.1 * 976217);
  const n = 50,
    arrow = fromTriplets(
      n,
      n,
      [...Array(n).fill(0), ...Array(n).keys()],
      [...Array(n).keys(), ...Array(n).fill(0)],
      Array(2 * n).fill(1),
    );
  const path = sparseDiagonal([Array(n - 1).fill(-1), Array(n).fill(3), Array(n - 1).fill(-1)], [-1, 0, 1]);
  const filled = addSparse(1, arrow, 1, sparseIdentity(n));
  for (const A of [filled, path]) assertEquals(analyzeSymmetric(A).factorEntries, 2 * n - 1);
  // many rows that are dense
  const s = generator(4),
    wide = randomSparse(s, 400, 3, 20),
    A = addSparse(1, multiplySparse(wide, transposeSparse(wide)), 5, sparseIdentity(400));
  assertEquals(analyzeSymmetric(A).factorEntries, 400 * 401 / 2);
});

// @must sparseCholesky: rank-one updates and downdates give the factors of the changed matrix
// @measured reached: 60 matrices, within the pattern of L and beyond it, backward errors at most 20 rounding units after
//   updates and 1e-13 after downdates
Deno.test("update() and downdate() follow a matrix, within the pattern of L and beyond it", () => {
  const s = generator(5);
  for (let trial = 0; trial < 60; trial++) {
    const n = 2 + integer(s, 30), A = randomDefinite(s, n, 1.5 / n), factor = sparseCholesky(A), b = randomVector(s, n);
    const x = new Float64Array(n);
    if (trial % 2 === 0) {
      // a column of L: always fits
      const L = transposeSparse(factor.L), j = integer(s, n);
      for (let k = L.rowStarts[j]; k < L.rowStarts[j + 1]; k++) x[factor.permutation[L.columnIndices[k]]] = uniform(s);
    } else for (let k = 0; k < 3; k++) x[integer(s, n)] = uniform(s);
    const at = [...x.keys()], X = fromTriplets(n, 1, at, at.map(() => 0), x);
    const changed = addSparse(1, A, 1, multiplySparse(X, transposeSparse(X))), up = factor.update(x);
    assert(backwardError(changed, up.solve(b), b) <= 20 * eps);
    assertAlmostEquals(up.logDeterminant().logarithm, sparseCholesky(changed).logDeterminant().logarithm, 1e-11);
    const down = up.downdate(x);
    assert(backwardError(A, down.solve(b), b) <= 1e-13);
    assertEquals(factor.solve(b), sparseCholesky(A).solve(b));
    assertThrows(() => factor.downdate(x.map((entry) => 1000 * entry)), NotPositiveDefiniteError);
  }
});

Deno.test("sparseCholesky() names the minor that is not positive", () => {
  const A = sparseDiagonal([4, 3, -1, 2]);
  for (const ordering of ["natural", [2, 0, 1, 3]] as const) {
    const error = assertThrows(
      () => sparseCholesky(A, { analysis: analyzeSymmetric(A, { ordering }) }),
      NotPositiveDefiniteError,
    );
    // the diagonal has trees of one node each, whose order is kept
    assertEquals(error.minor, ordering === "natural" ? 3 : 1);
  }
  // the Laplacian of a graph is singular
  const error = assertThrows(
    () => sparseCholesky(graphLaplacian(fromTriplets(2, 2, [0, 1], [1, 0], [1, 1]))),
    NotPositiveDefiniteError,
  );
  assertEquals(error.minor, 2);
});

Deno.test("sparseCholesky() takes matrices of order 0 and 1, and several right-hand sides", () => {
  assertEquals(sparseCholesky(sparseIdentity(0)).solve(new Float64Array(0)).length, 0);
  assertEquals(sparseCholesky(sparseDiagonal([4])).solve(Float64Array.of(2)), Float64Array.of(0.5));
  const A = gridLaplacian(5), X = sparseCholesky(A).solve(identity(5)), inverse = cholesky(toDense(A)).inverse();
  X.data.forEach((entry, k) => assertAlmostEquals(entry, inverse.data[k], 1e-15));
});

Deno.test("sparseCholesky() and analyzeSymmetric() refuse what they cannot use", () => {
  const A = gridLaplacian(3, 3);
  assertThrows(() => sparseCholesky(fromTriplets(2, 3, [], [], [])), ShapeError);
  assertThrows(() => sparseCholesky(fromTriplets(2, 2, [0, 0, 1], [0, 1, 1], [1, 1, 3])), DomainError, "symmetric");
  assertThrows(() => sparseCholesky(A, { analysis: analyzeSymmetric(gridLaplacian(9)) }), DomainError, "pattern");
  assertThrows(() => analyzeSymmetric(A, { ordering: [1, 2] }), ShapeError, "9");
  assertThrows(() => analyzeSymmetric(A, { ordering: Array(9).fill(1) }), DomainError);
  assertThrows(() => sparseCholesky(A).update(new Float64Array(8)), ShapeError);
  assertThrows(() => sparseLdlt(A, { signs: new Float64Array(9) }), DomainError, "signs");
  assertThrows(() => sparseLdlt(A, { regularization: -1 }), DomainError, "regularization");
});

// @must sparseLdlt: factors quasi-definite matrices in any order, with their inertia
// @measured reached: 100 random ones of order up to 50, determinants to 1e-11, inertia exact
Deno.test("sparseLdlt() of quasi-definite matrices: solutions, inertia, determinants", () => {
  const s = generator(6);
  for (let trial = 0; trial < 100; trial++) {
    const n = 1 + integer(s, 30), m = integer(s, 20), H = randomDefinite(s, n, 1 / n), B = randomSparse(s, m, n, 2 / n);
    const i: number[] = [], j: number[] = [], values: number[] = [];
    const put = (A: typeof H, row: number, column: number): void => {
      for (let r = 0; r < A.rows; r++) {
        for (let k = A.rowStarts[r]; k < A.rowStarts[r + 1]; k++) {
          i.push(row + r);
          j.push(column + A.columnIndices[k]);
          values.push(A.values[k]);
        }
      }
    };
    put(H, 0, 0);
    put(B, n, 0);
    put(transposeSparse(B), 0, n);
    put(sparseDiagonal(new Float64Array(m).fill(-0.5)), n, n);
    const K = fromTriplets(n + m, n + m, i, j, values), factors = sparseLdlt(K), b = randomVector(s, n + m);
    assertEquals(factors.inertia, { positive: n, negative: m, zero: 0 });
    assertEquals(factors.regularized, 0);
    const x = factors.solve(b), expected = ldlt(toDense(K)).logDeterminant();
    assert(backwardError(K, x, b) <= 20 * eps * (1 + factors.growth), `${backwardError(K, x, b)}`);
    const { sign, logarithm } = factors.logDeterminant();
    assertEquals(sign, expected.sign);
    assertAlmostEquals(logarithm, expected.logarithm, 1e-11 * (n + m));
  }
});

Deno.test("sparseLdlt() with regularization and refinement solves saddle points without a second block", () => {
  const s = generator(7),
    n = 40,
    m = 15,
    H = randomDefinite(s, n, 1 / n),
    B = addSparse(
      1,
      randomSparse(s, m, n, 0.1),
      1,
      fromTriplets(m, n, [...Array(m).keys()], [...Array(m).keys()], Array(m).fill(1)),
    );
  const D = toDense(H), full = identity(n + m);
  full.data.fill(0);
  const C = toDense(B);
  for (let r = 0; r < n; r++) for (let c = 0; c < n; c++) full.data[r * (n + m) + c] = D.data[r * n + c];
  for (let r = 0; r < m; r++) {
    for (let c = 0; c < n; c++) full.data[(n + r) * (n + m) + c] = full.data[c * (n + m) + n + r] = C.data[r * n + c];
  }
  const i: number[] = [], j: number[] = [], values: number[] = [];
  full.data.forEach((entry, k) => {
    if (entry === 0) return;
    i.push(Math.floor(k / (n + m)));
    j.push(k % (n + m));
    values.push(entry);
  });
  const K = fromTriplets(n + m, n + m, i, j, values), b = randomVector(s, n + m), x0 = ldlt(full).solve(b);
  const signs = Float64Array.from({ length: n + m }, (_, k) => k < n ? 1 : -1);
  // constraints first: all their pivots are zero
  const analysis = analyzeSymmetric(K, { ordering: Array.from({ length: n + m }, (_, k) => (k + n) % (n + m)) });
  assert(sparseLdlt(K, { analysis }).zeroPivot >= 0);
  const factors = sparseLdlt(K, { analysis, signs, regularization: 1e-7 });
  assert(factors.regularized > 0);
  assertEquals(factors.inertia, { positive: n, negative: m, zero: 0 });
  const x = factors.solve(b);
  assert(refine(K, factors, b, x).converged);
  x.forEach((entry, k) => assertAlmostEquals(entry, x0[k], 1e-11));
  assert(backwardError(K, x, b) <= eps);
});

Deno.test("sparseLdlt() says what a zero pivot hid, and how far growth reached", () => {
  const K = fromTriplets(2, 2, [0, 1, 1], [1, 0, 1], [1, 1, 1e-9]);
  const natural = analyzeSymmetric(K, { ordering: "natural" });
  const factors = sparseLdlt(K, { analysis: natural });
  assertEquals([factors.zeroPivot, factors.inertia], [0, { positive: 0, negative: 0, zero: 2 }]);
  assertThrows(() => factors.solve(Float64Array.of(1, 0)), SingularMatrixError, "regularization");
  const reversed = sparseLdlt(K, { analysis: analyzeSymmetric(K, { ordering: [1, 0] }) });
  assertAlmostEquals(reversed.growth, 1e9, 1);
  const x = reversed.solve(Float64Array.of(1, 0));
  assert(!refine(K, reversed, Float64Array.of(1, 0), x).converged || backwardError(K, x, Float64Array.of(1, 0)) <= eps);
});
