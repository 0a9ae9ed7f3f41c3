// Conjugate gradients, block and deflated ones.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, dot, norm2, NotPositiveDefiniteError, ShapeError } from "../../../lib/core/mod.ts";
import {
  blockCg,
  cg,
  cgCurvature,
  cgDirection,
  cgStart,
  cgStep,
  cgTurn,
  cgWorkspace,
  column,
  deflatedCg,
  diagonal,
  diagonalOperator,
  eigsh,
  gridLaplacian,
  identityOperator,
  jacobi,
  matrix,
  operatorOf,
  scaledOperator,
  solve,
  toSparse,
  transpose,
} from "../../../lib/linalg/mod.ts";
import { numbers, random } from "../families.ts";
import { withEigenvalues } from "../spectra.ts";
import { assertHonest, noise, product, residualOf, slopeOf } from "./systems.ts";

// @must cg: ends after as many iterations as there are different eigenvalues
// @measured reached: 1, 3 and 7 iterations for 1, 3 and 7 eigenvalues, order 40, to 1e-12
Deno.test("cg() ends after as many iterations as there are different eigenvalues", () => {
  for (const count of [1, 3, 7]) {
    const A = operatorOf(withEigenvalues(Array.from({ length: 40 }, (_, i) => 1 + (i % count)), numbers(count)));
    const b = noise(40, 1), solution = cg(A, b, { tolerance: 1e-12 });
    assertEquals([solution.status, solution.iterations], ["converged", count]);
    assertHonest(A, b, solution, 1e-12);
  }
});

Deno.test("cg() agrees with a dense solve, from any start", () => {
  const A = withEigenvalues(Array.from({ length: 30 }, (_, i) => 1 + i * i), numbers(2)), b = noise(30, 2);
  const expected = solve(A, b);
  for (const start of [undefined, noise(30, 3), expected]) {
    const { x, status } = cg(operatorOf(A), b, { tolerance: 1e-13, ...(start && { start }) });
    assertEquals(status, "converged");
    for (let i = 0; i < 30; i++) assertAlmostEquals(x[i], expected[i], 1e-11);
  }
  assertEquals(cg(operatorOf(A), b, { start: expected, tolerance: 1e-10 }).iterations, 0);
  assertEquals(cg(operatorOf(A), new Float64Array(30)).residual, 0);
});

// @must cg: the error in the energy norm falls no slower than ((√κ - 1)/(√κ + 1))ᵏ
// @measured reached: below twice the bound at all of 60 iterations for κ = 10, 100, 1000; slopes within 10 % of the bound's for κ = 100
Deno.test("cg() keeps the bound by the condition", () => {
  const n = 400, b = noise(n, 4);
  for (const kappa of [10, 100, 1000]) {
    // the zeros of a Chebyshev polynomial, spread: the bound is nearly sharp
    const d = Float64Array.from(
      { length: n },
      (_, i) => (kappa + 1) / 2 + (kappa - 1) / 2 * Math.cos(Math.PI * (i + 0.5) / n),
    );
    const A = diagonalOperator(d), exact = b.map((entry, i) => entry / d[i]), errors = new Float64Array(61);
    for (let k = 0; k <= 60; k++) {
      const { x } = cg(A, b, { maxIterations: k, tolerance: 1e-15 }), e = x.map((entry, i) => entry - exact[i]);
      errors[k] = Math.sqrt(dot(e, product(A, e)));
    }
    const rate = (Math.sqrt(kappa) - 1) / (Math.sqrt(kappa) + 1);
    for (let k = 0; k <= 60; k++) assert(errors[k] <= 2 * rate ** k * errors[0] + 1e-14, `κ = ${kappa}, k = ${k}`);
    if (kappa === 100) assertAlmostEquals(slopeOf(errors, 10, 60) / Math.log(rate), 1, 0.1);
  }
});

Deno.test("cg() with a preconditioner that is the inverse takes one iteration", () => {
  const d = Float64Array.from({ length: 50 }, (_, i) => 10 ** (i / 10)), A = diagonalOperator(d), b = noise(50, 5);
  const solution = cg(A, b, { preconditioner: jacobi(toSparse(diagonal(d))), tolerance: 1e-12 });
  assertEquals([solution.status, solution.iterations], ["converged", 1]);
  assertHonest(A, b, solution, 1e-12);
});

Deno.test("cg() never takes a small residual of its recursion for a small residual", () => {
  // so ill-conditioned that recursion and truth part
  const A = operatorOf(withEigenvalues(Array.from({ length: 40 }, (_, i) => 10 ** (-12 * i / 39)), numbers(6)));
  const b = product(A, noise(40, 7));
  for (const tolerance of [1e-8, 1e-12, 1e-15, 1e-17, 0]) {
    const solution = cg(A, b, { tolerance, maxIterations: 10_000 });
    assertHonest(A, b, solution, tolerance, `${tolerance}`);
    if (tolerance < 1e-16) assertEquals(solution.status, "stagnated", solution.message);
  }
});

Deno.test("cg() converges where recursion and truth lie on both sides of the target", () => {
  const A = operatorOf(withEigenvalues(Array.from({ length: 40 }, (_, i) => 10 ** (-6 * i / 39)), numbers(6)));
  const b = noise(40, 8), { residuals, x } = cg(A, b, { tolerance: 1e-6 });
  let restarted = 0;
  for (let k = 5; k < residuals.length - 1; k++) { // the target is the residual of an iterate as the recursion has it
    const options = { tolerance: 0, absolute: residuals[k] };
    const solution = cg(A, b, options), warm = cg(A, b, { ...options, start: x.map((entry) => 0.999 * entry) });
    assertEquals([solution.status, warm.status], ["converged", "converged"], `${k}`);
    if (solution.products > solution.iterations + 1) restarted++;
  }
  assert(restarted > 0);
});

Deno.test("cg() says what keeps it from the solution", () => {
  const b = Float64Array.of(1, 2, 3), diagonalOf = (...d: number[]) => diagonalOperator(Float64Array.from(d));
  const indefinite = cg(diagonalOf(1, -2, 3), b);
  assertEquals(indefinite.status, "indefinite");
  assert(indefinite.message.includes("A is not positive definite"), indefinite.message);
  assertEquals(cg(diagonalOf(-1, -1, -1), b).status, "indefinite");
  assertEquals(cg(diagonalOf(0, 0, 0), b).status, "breakdown");
  const M = cg(diagonalOf(1, 2, 3), b, { preconditioner: diagonalOf(1, -1, 1) });
  assertEquals(M.status, "indefinite");
  assert(M.message.includes("preconditioner"), M.message);
  assertEquals(cg(gridLaplacian(30), noise(30, 1), { maxIterations: 5 }).status, "iteration-limit");
  // the third product is not finite: the iterate of the second is kept
  let products = 0;
  const A = gridLaplacian(10),
    broken = {
      ...A,
      apply: (x: Float64Array, out: Float64Array): void => {
        A.apply(x, out);
        if (++products === 3) out[4] = NaN;
      },
    };
  const cut = cg(broken, noise(10, 2)), two = cg(A, noise(10, 2), { maxIterations: 2 });
  assertEquals([cut.status, cut.iterations], ["non-finite", 2]);
  assertEquals(cut.x, two.x);
  const nan = { ...A, apply: (_: Float64Array, out: Float64Array) => void out.fill(NaN) };
  assertEquals(cg(nan, noise(10, 2)).status, "non-finite");
  assertEquals(cg(A, noise(10, 2), { preconditioner: nan }).status, "non-finite");
});

Deno.test("cg() refuses what does not fit", () => {
  const A = gridLaplacian(4), b = noise(4, 1);
  assertThrows(() => cg(A, noise(3, 1)), ShapeError, "expected an operator of 3 x 3, got 4 x 4");
  assertThrows(() => cg(operatorOf(matrix(4, 3)), b), ShapeError);
  assertThrows(() => cg(A, b, { start: noise(5, 1) }), ShapeError, "start");
  assertThrows(() => cg(A, b, { preconditioner: identityOperator(3) }), ShapeError, "preconditioner");
  assertThrows(() => cg(A, Float64Array.of(1, NaN, 0, 0)), DomainError, "index 1");
  assertThrows(() => cg(A, b, { tolerance: -1 }), DomainError, "tolerance");
  assertThrows(() => cg(A, b, { absolute: NaN }), DomainError, "absolute");
  assertThrows(() => cg(A, b, { maxIterations: 1.5 }), DomainError, "maxIterations");
});

Deno.test("the steps of conjugate gradients in a workspace are those of cg()", () => {
  const A = gridLaplacian(7, 9), b = noise(63, 3), M = jacobi(A), w = cgWorkspace(63, true), x = new Float64Array(63);
  w.residual.set(b);
  cgStart(w, M);
  for (let k = 0; k < 5; k++) {
    cgDirection(w);
    A.apply(w.direction, w.product);
    assert(cgCurvature(w) > w.flat);
    cgTurn(w, cgStep(x, w), M);
  }
  assertEquals(x, cg(A, b, { preconditioner: M, maxIterations: 5 }).x);
  assertAlmostEquals(norm2(w.residual), norm2(residualOf(A, x, b)), 1e-13);
});

// @must blockCg: fewer products than one solve for each right-hand side
// @measured reached: 0.52 of them for 8 right-hand sides on a grid of 40 x 40, to 1e-10
Deno.test("blockCg() takes fewer products than one solve for each right-hand side", () => {
  const A = gridLaplacian(40, 40), B = random(1600, 8, numbers(1)), tolerance = 1e-10;
  const block = blockCg(A, B, { tolerance }), columns = Array.from({ length: 8 }, (_, j) => column(B, j));
  const single = columns.reduce((sum, b) => sum + cg(A, b, { tolerance }).products, 0);
  assertEquals(block.status, "converged");
  columns.forEach((b, j) => {
    assertHonest(A, b, block.columns[j], tolerance);
    assertEquals(column(block.X, j), block.columns[j].x);
  });
  assert(block.products < 0.6 * single, `${block.products / single}`);
});

Deno.test("blockCg() of one column is cg()", () => {
  const A = gridLaplacian(12, 11), b = noise(132, 1), B = { rows: 132, columns: 1, data: b };
  for (const preconditioner of [undefined, diagonalOperator(noise(132, 2).map((entry) => 2 + entry))]) {
    const options = preconditioner ? { preconditioner } : {}, one = cg(A, b, options), block = blockCg(A, B, options);
    assertEquals(block.iterations, one.iterations);
    for (let k = 0; k < one.iterations; k++) {
      assertAlmostEquals(block.columns[0].residuals[k] / one.residuals[k], 1, 1e-4);
    }
  }
});

Deno.test("blockCg() solves dependent and zero columns", () => {
  const A = gridLaplacian(9, 9),
    b = noise(81, 1),
    c = noise(81, 2),
    rows = [b, c, b, new Float64Array(81), b.map((x, i) => 3 * x - c[i])];
  const B = transpose({ rows: 5, columns: 81, data: Float64Array.from(rows.flatMap((entries) => [...entries])) });
  const start = random(81, 5, numbers(5));
  const options = [{}, { start }, { preconditioner: jacobi(A) }, {
    start,
    preconditioner: scaledOperator(3, jacobi(A)),
  }];
  for (const more of options) {
    const { status, columns } = blockCg(A, B, { tolerance: 1e-9, ...more });
    // no start but the solution itself makes the residual of zero zero
    assertEquals(status === "converged" || "start" in more, true);
    [0, 1, 2, 4].forEach((j) => {
      assertEquals(columns[j].status, "converged");
      assertHonest(A, rows[j], columns[j], 1e-9);
    });
  }
});

Deno.test("blockCg() says what keeps it from the solution", () => {
  const B = random(4, 2, numbers(1)), A = diagonalOperator(Float64Array.of(1, -1, 2, 3));
  assertEquals(blockCg(A, B).status, "indefinite");
  assertEquals(blockCg(gridLaplacian(4), B, { preconditioner: A }).status, "indefinite");
  assertEquals(blockCg(gridLaplacian(30), random(30, 2, numbers(1)), { maxIterations: 2 }).status, "iteration-limit");
  const nan = { ...A, apply: (_: Float64Array, out: Float64Array) => void out.fill(NaN) };
  assertEquals(blockCg(nan, B).status, "non-finite");
  assertThrows(() => blockCg(gridLaplacian(3), B), ShapeError);
  assertThrows(() => blockCg(gridLaplacian(4), B, { start: matrix(4, 3) }), ShapeError, "start");
});

// @must deflatedCg: without the eigenvectors of outliers it converges as the rest of the spectrum has it
// @measured reached: 36 iterations instead of 102 with 4 outliers of 1e-5 below [1, 10], 36 for the rest alone
Deno.test("deflatedCg() leaves out known outliers", () => {
  const n = 200, values = Array.from({ length: n }, (_, i) => i < 4 ? 1e-5 * (i + 1) : 1 + 9 * (i - 4) / (n - 5));
  const A = diagonalOperator(Float64Array.from(values)), b = noise(n, 1), tolerance = 1e-10;
  const W = matrix(n, 4);
  for (let j = 0; j < 4; j++) W.data[j * 4 + j] = 1;
  const deflated = deflatedCg(A, b, W, { tolerance }), plain = cg(A, b, { tolerance });
  const rest = cg(diagonalOperator(Float64Array.from(values.slice(4))), b.slice(4), { tolerance });
  assertHonest(A, b, deflated, tolerance);
  assertEquals([deflated.status, plain.status], ["converged", "converged"]);
  assert(Math.abs(deflated.iterations - rest.iterations) <= 1, `${deflated.iterations}, ${rest.iterations}`);
  assert(deflated.iterations < plain.iterations / 2, `${deflated.iterations} of ${plain.iterations}`);
});

Deno.test("deflatedCg() works with eigenvectors found by Lanczos, preconditioners and any basis", () => {
  const A = gridLaplacian(25, 25), b = noise(625, 1), plain = cg(A, b).iterations;
  const W = eigsh(A, 8, { which: "smallest", tolerance: 1e-6 }).vectors;
  for (const options of [{}, { preconditioner: jacobi(A) }, { start: noise(625, 5) }]) {
    const solution = deflatedCg(A, b, W, options);
    assertEquals(solution.status, "converged");
    assertHonest(A, b, solution, 1e-8);
    assert(solution.iterations < 0.7 * plain, `${solution.iterations} of ${plain}`);
  }
  const any = deflatedCg(A, b, random(625, 3, numbers(2)));
  assertEquals(any.status, "converged");
  assertHonest(A, b, any, 1e-8);
  assertThrows(() => deflatedCg(A, b, matrix(625, 2)), NotPositiveDefiniteError);
  assertThrows(() => deflatedCg(A, b, matrix(3, 2)), ShapeError, "625 rows");
});

Deno.test("deflatedCg() keeps the residual orthogonal to the basis, whatever it is, from any start", () => {
  const A = gridLaplacian(12, 12), b = noise(144, 1), W = random(144, 3, numbers(2)), start = noise(144, 5);
  for (const maxIterations of [1, 2, 5, 10]) {
    const { x } = deflatedCg(A, b, W, { maxIterations, start, preconditioner: jacobi(A) }), r = b.slice();
    product(A, x).forEach((entry, i) => r[i] -= entry);
    for (let j = 0; j < 3; j++) {
      const w = column(W, j);
      assert(Math.abs(dot(w, r)) < 1e-12 * norm2(w) * norm2(b), `${dot(w, r)}`);
    }
  }
});
