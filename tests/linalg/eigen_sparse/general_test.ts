// Krylov-Schur, singular values by Golub and Kahan's process, reordered Schur forms.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, type LinearOperator, type Matrix, ShapeError, type Vector } from "../../../lib/core/mod.ts";
import {
  eig,
  type Eigenpairs,
  eigs,
  gridLaplacian,
  identity,
  identityOperator,
  lu,
  matmul,
  matrix,
  norm,
  operatorOf,
  reorderSchur,
  schur,
  subtract,
  svd,
  svds,
  transpose,
} from "../../../lib/linalg/mod.ts";
import { families, filled, numbers, random } from "../families.ts";
import { rotationOf } from "../spectra.ts";

/** The dense eigenvalues by descending merit. */
function ranked(A: Matrix, merit: (re: number, im: number) => number): [number, number][] {
  const { values: { real, imaginary } } = eig(A);
  return Array.from(real, (a, i): [number, number] => [a, imaginary[i]])
    .sort((x, y) => merit(...y) - merit(...x) || y[1] - x[1]);
}

function assertEigenpairs(A: Matrix, { values, vectors, residuals, status, message }: Eigenpairs, name: string): void {
  const n = A.rows, k = values.real.length;
  assertEquals(status, "converged", `${name}: ${message}`);
  const re = matmul(A, { rows: n, columns: k, data: vectors.real }),
    im = matmul(A, { rows: n, columns: k, data: vectors.imaginary });
  for (let j = 0; j < k; j++) {
    const a = values.real[j], b = values.imaginary[j];
    let sum = 0, length = 0;
    for (let i = 0; i < n; i++) {
      const x = vectors.real[i * k + j], y = vectors.imaginary[i * k + j];
      sum += (re.data[i * k + j] - a * x + b * y) ** 2 + (im.data[i * k + j] - a * y - b * x) ** 2;
      length += x * x + y * y;
    }
    assertAlmostEquals(length, 1, 1e-12, name);
    assertAlmostEquals(Math.sqrt(sum), residuals[j], 1e-13 * norm(A) + 1e-2 * residuals[j], name);
  }
}

// @must eigs: agrees with dense eigenvalues, real and complex, of matrices far from normal, from any side and around a shift
// @measured reached: families of order 60, k = 1 to 7: values to 1e-7, residuals to 1e-10 of the norm
Deno.test("eigs() agrees with dense eigenvalues", () => {
  const merits = { "magnitude": Math.hypot, "largest-real": (a: number) => a, "smallest-real": (a: number) => -a };
  const matrices: Record<string, Matrix> = {
    uniform: random(60, 60, numbers(1)),
    triangular: filled(60, 60, (i, j) => i === j ? 60 - i : j > i ? 1 / (1 + j - i) : 0),
    convection: filled(60, 60, (i, j) => i === j ? 2 : j === i - 1 ? -1.1 : j === i + 1 ? -0.9 : 0),
    rotations: filled(
      60,
      60,
      (i, j) => i === j ? 0.1 * i : i === j + 1 && i % 2 === 1 ? i : j === i + 1 && j % 2 === 1 ? -j : 0,
    ),
    rank: matmul(random(60, 3, numbers(2)), random(3, 60, numbers(3))),
  };
  for (const [name, dense] of Object.entries(matrices)) {
    for (const which of ["magnitude", "largest-real", "smallest-real"] as const) {
      if (name === "rank" && which !== "magnitude") continue; // zero, fifty-seven times
      const expected = ranked(dense, merits[which]);
      for (const k of [1, 2, 3].concat(name === "rank" ? [] : [7])) {
        const pairs = eigs(operatorOf(dense), k, { which }),
          found = pairs.values.real.length,
          what = `${name}, ${which}, ${k}`;
        assertEigenpairs(dense, pairs, what);
        assert(found === k || found === k + 1 && pairs.values.imaginary[k - 1] > 0, what);
        const size = norm(dense, 2);
        const near = ([a, b]: [number, number]): boolean =>
          pairs.values.real.some((re, j) =>
            Math.hypot(re - a, Math.abs(pairs.values.imaginary[j]) - Math.abs(b)) < 1e-7 * size
          );
        for (const value of expected.slice(0, k)) assert(near(value), `${what}: misses ${value}`);
      }
    }
  }
});

Deno.test("eigs() finds those nearest to a shift by an inverse", () => {
  const dense = random(50, 50, numbers(4)),
    shift = 0.7,
    factors = lu(filled(50, 50, (i, j) => dense.data[i * 50 + j] - (i === j ? shift : 0)));
  const inverse: LinearOperator = {
    rows: 50,
    columns: 50,
    apply: (x, out) => out.set(factors.solve(x)),
    applyTranspose: (y, out) => out.set(factors.solveTranspose(y)),
  };
  const pairs = eigs(operatorOf(dense), 4, { inverse, shift }),
    expected = ranked(dense, (a, b) => -Math.hypot(a - shift, b));
  assertEigenpairs(dense, pairs, "shift");
  for (let j = 0; j < 4; j++) {
    assertAlmostEquals(pairs.values.real[j], expected[j][0], 1e-9);
    assertAlmostEquals(pairs.values.imaginary[j], expected[j][1], 1e-9);
  }
});

Deno.test("eigs() copes with permutations, invariant subspaces and defective matrices", () => {
  const shift = filled(24, 24, (i, j) => +(i === (j + 1) % 24));
  const cyclic = eigs(operatorOf(shift), 2);
  assertEigenpairs(shift, cyclic, "shift");
  cyclic.values.real.forEach((re, j) => assertAlmostEquals(Math.hypot(re, cyclic.values.imaginary[j]), 1, 1e-10));
  assertAlmostEquals(eigs(identityOperator(30), 2).values.real[1], 1, 1e-13);
  const jordan = filled(30, 30, (i, j) => i === j ? (i < 2 ? 3 : 1 / (i + 1)) : +(i === 0 && j === 1));
  const top = eigs(operatorOf(jordan), 1);
  assertAlmostEquals(top.values.real[0], 3, 1e-6);
});

Deno.test("eigs() says what is true, and refuses what does not fit", () => {
  const A = operatorOf(random(80, 80, numbers(6))),
    nan = { ...A, apply: (_: Vector, out: Vector) => void out.fill(NaN) };
  assertEquals(eigs(A, 3, { maxIterations: 1, subspace: 8 }).status, "iteration-limit");
  assertEquals(eigs(nan, 3).status, "non-finite");
  assertThrows(() => eigs(operatorOf(matrix(3, 2)), 1), ShapeError);
  assertThrows(() => eigs(A, 81), DomainError, "k <= 80");
  assertThrows(() => eigs(A, 1, { inverse: identityOperator(3) }), ShapeError, "inverse");
});

// @must svds: agrees with the dense decomposition from either end, of any shape, multiple values as often as they are
// @measured reached: 12 families of 40 x 25 and 25 x 40, k = 1 to 6, to 1e-9 of the norm; triplets orthonormal to 1e-12
Deno.test("svds() agrees with the dense decomposition", () => {
  const orthogonal = rotationOf(40, numbers(1));
  for (const [name, make] of [...Object.entries(families), ["orthogonal", () => orthogonal] as const]) {
    const square = make(40, numbers(2)), tall = { rows: 40, columns: 25, data: square.data.slice(0, 1000) };
    for (const dense of [tall, transpose(tall), square]) {
      const { S } = svd(dense), A = operatorOf(dense), size = S[0] || 1;
      for (const k of [1, 2, 6]) {
        // values that lie close together beside the largest one are not to be found from products
        const separated = ["random", "orthogonal", "symmetric", "positive definite", "laplacian", "sparse"].includes(
          name,
        );
        for (const which of separated ? ["largest", "smallest"] as const : ["largest"] as const) {
          const triplets = svds(A, k, { which }), what = `${name}, ${dense.rows} x ${dense.columns}, ${which}, ${k}`;
          assertEquals(triplets.status, "converged", `${what}: ${triplets.message}`);
          const expected = which === "largest" ? S.slice(0, k) : S.slice(S.length - k);
          triplets.S.forEach((value, j) => assertAlmostEquals(value, expected[j], 1e-9 * size, what));
          for (const basis of [triplets.U, triplets.V]) {
            assert(norm(subtract(matmul(transpose(basis), basis), identity(k))) < 1e-12, what);
          }
          const error = subtract(
            matmul(dense, triplets.V),
            filled(dense.rows, k, (i, j) => triplets.U.data[i * k + j] * triplets.S[j]),
          );
          assert(norm(error) < 1e-9 * size, what);
        }
      }
    }
  }
});

Deno.test("svds() says what is true, and refuses what does not fit", () => {
  const A = gridLaplacian(30, 30), nan = { ...A, applyTranspose: (_: Vector, out: Vector) => void out.fill(NaN) };
  assertEquals(svds(A, 3, { which: "smallest", maxIterations: 1 }).status, "iteration-limit");
  assertEquals(svds(nan, 3).status, "non-finite");
  assertThrows(() => svds(operatorOf(matrix(3, 2)), 3), DomainError, "k <= 2");
  assertThrows(() => svds(A, 3, { subspace: 4 }), DomainError, "subspace");
});

// @must reorderSchur: the wanted eigenvalues come first, their vectors span an invariant subspace; eigenvalues stay the same
// @measured reached: 13 families of order 12 and 31, real and complex: residuals and orthogonality to 1e-12 of the norm
Deno.test("reorderSchur() brings the wanted eigenvalues to the front", () => {
  for (const [name, make] of Object.entries(families)) {
    for (const n of [12, 31]) {
      const A = make(n, numbers(7)), size = norm(A) || 1, form = schur(A), middle = form.values.real.toSorted()[n >> 1];
      const { T, Q, values, count } = reorderSchur(form, (a) => a < middle);
      assert(norm(subtract(A, matmul(Q, matmul(T, transpose(Q))))) < 1e-12 * size, `${name}, ${n}`);
      assert(norm(subtract(matmul(transpose(Q), Q), identity(n))) < 1e-12, `${name}, ${n}`);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < i; j++) {
          const entry = T.data[i * n + j];
          if (j < i - 1 || i === count) assertEquals(entry, 0, `${name}, ${n}: (${i}, ${j})`);
        }
      }
      if (name !== "uniform") continue;
      assertEquals(count, form.values.real.filter((a) => a < middle).length);
      for (let i = 0; i < n; i++) assertEquals(values.real[i] < middle - 1e-10, i < count, `${i}`);
    }
  }
});
