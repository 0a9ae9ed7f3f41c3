import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  DomainError,
  fillNormal,
  type Matrix,
  norm2,
  rng,
  ShapeError,
  SingularMatrixError,
  type SparseMatrix,
  sparseMatrix,
  type Vector,
} from "../../../lib/core/mod.ts";
import {
  countSketch,
  gaussianSketch,
  iterativeSketching,
  lsqr,
  lstsq,
  matmul,
  matrix,
  matvec,
  operatorOf,
  qr,
  randomizedKaczmarz,
  sketchAndPrecondition,
  sketchAndSolve,
  sparseSign,
  srht,
  svdvals,
  transpose,
} from "../../../lib/linalg/mod.ts";
import { filled, numbers, random } from "../families.ts";
import { rotationOf } from "../spectra.ts";

const minus = (x: Vector, y: Vector): Vector => x.map((value, i) => value - y[i]);
const residualOf = (A: Matrix, x: Vector, b: Vector): number => norm2(minus(b, matvec(A, x)));

/** n x d with singular values from 1 to 1/condition, and its left factor. */
function conditioned(n: number, d: number, condition: number, seed: number): { A: Matrix; U: Matrix } {
  const next = numbers(seed), { Q: U } = qr(random(n, d, next)), V = rotationOf(d, next);
  return { A: matmul(filled(n, d, (i, j) => U.data[i * d + j] * condition ** (-j / (d - 1))), V), U };
}
/** A right-hand side at the distance `residual` from the range, the minimizer x known. */
function noisy(
  n: number,
  d: number,
  condition: number,
  residual: number,
  seed: number,
): { A: Matrix; b: Vector; x: Vector } {
  const { A, U } = conditioned(n, d, condition, seed), x = fillNormal(rng(seed), new Float64Array(d));
  const noise = fillNormal(rng(seed + 1), new Float64Array(n)),
    rest = minus(noise, matvec(U, matvec(transpose(U), noise)));
  return { A, b: matvec(A, x).map((value, i) => value + residual * rest[i] / norm2(rest)), x };
}
const sparseOf = (A: Matrix): SparseMatrix =>
  // dense rows, each first entry in two parts
  sparseMatrix({
    rows: A.rows,
    columns: A.columns,
    rowStarts: Uint32Array.from({ length: A.rows + 1 }, (_, i) => i * (A.columns + 1)),
    columnIndices: Uint32Array.from({ length: A.rows * (A.columns + 1) }, (_, k) => k % (A.columns + 1) % A.columns),
    values: Float64Array.from({ length: A.rows * (A.columns + 1) }, (_, k) => {
      const i = Math.floor(k / (A.columns + 1)), j = k % (A.columns + 1) % A.columns;
      return A.data[i * A.columns + j] / (j === 0 ? 2 : 1);
    }),
  });

// @must sketchAndSolve: with a Gaussian sketch E |A x - b|² = (1 + d/(s - d - 1)) min |A x - b|²
// @measured reached: 200 x 4, s = 24, 1500 draws: 1.213 ± .005, in theory 1.211
Deno.test("sketchAndSolve() loses as much as theory says", () => {
  const n = 200, d = 4, s = 24, next = numbers(1), A = random(n, d, next), b = Float64Array.from({ length: n }, next);
  const { residualNorms: [least] } = lstsq(A, b), generator = rng(2), draws = 1500;
  let sum = 0, squares = 0;
  for (let draw = 0; draw < draws; draw++) {
    const x = sketchAndSolve(A, b, { sketch: gaussianSketch, sketchSize: s, generator });
    const ratio = (residualOf(A, x, b) / least) ** 2;
    sum += ratio / draws;
    squares += ratio * ratio / draws;
  }
  const error = Math.sqrt((squares - sum * sum) / draws), exact = 1 + d / (s - d - 1);
  assert(Math.abs(sum - exact) < 3 * error && error < 0.01, `${sum} ± ${error}, ${exact}`);
});

// @must sketchAndPrecondition: iterations that do not depend on the condition, where LSQR alone is far off after as
//   many
// @measured reached: 1500 x 20: 15, 15, 21 iterations for conditions 1e2, 1e5, 1e8 to errors of 1e-12, 1e-12, 2e-11;
//   LSQR alone: 2e-2, 1e-3, 3e-5
Deno.test("sketchAndPrecondition() takes as many iterations for any condition", () => {
  const n = 1500, d = 20, counts: number[] = [];
  for (const condition of [1e2, 1e5, 1e8]) {
    const { A, b, x } = noisy(n, d, condition, 0.1, 3), found = sketchAndPrecondition(A, b, { tolerance: 1e-11 });
    assertEquals(found.status, "converged", found.message);
    assert(norm2(matvec(A, minus(found.x, x))) < 1e-10, `condition ${condition}`);
    counts.push(found.iterations);
    const alone = lsqr(operatorOf(A), b, { tolerance: 1e-11, maxIterations: found.iterations });
    assert(norm2(matvec(A, minus(alone.x, x))) > 1e-6, `condition ${condition}`);
  }
  assert(Math.max(...counts) <= 40 && Math.max(...counts) - Math.min(...counts) <= 8, `${counts}`);
});

// @must iterativeSketching: the error falls by η with momentum, 2η/(1 + η²) when damped, η the distortion of a sketch
//   of s rows
// @measured reached: 2000 x 20, s = 320, η = .28, damped .53, four sketches: mean ratios .28, damped .39 to .46
Deno.test("iterativeSketching() converges at the rates of theory", () => {
  const n = 2000, d = 20, sketchSize = 320, eta = Math.sqrt(d / sketchSize) * (1 + d ** (-2 / 3));
  const { A } = conditioned(n, d, 1e3, 6), b = fillNormal(rng(7), new Float64Array(n));
  for (const sketch of [gaussianSketch, srht, sparseSign, countSketch]) {
    for (const momentum of [true, false]) {
      const { errors, status } = iterativeSketching(A, b, { sketch, sketchSize, momentum, tolerance: 1e-12 });
      const k = errors.findIndex((error) => error < 1e-9 * errors[0]), rate = (errors[k] / errors[0]) ** (1 / k);
      assertEquals(status, "converged", sketch.name);
      const predicted = momentum ? eta : 2 * eta / (1 + eta * eta);
      assert(rate < 1.1 * predicted && rate > 0.7 * predicted, `${sketch.name}, ${momentum}: ${rate}, ${predicted}`);
    }
  }
});

// @must iterativeSketching: forward stable: errors as small as those of a QR factorization, at any condition
// @measured reached: 1000 x 10, conditions 1e2, 1e6, 1e10, |r| = 1e-3: |x - x*| at most 1.2 times, |A (x - x*)| at
//   most 1.02 times that of QR
Deno.test("iterativeSketching() is as accurate as a QR factorization", () => {
  const n = 1000, d = 10;
  for (const condition of [1e2, 1e6, 1e10]) {
    const { A, b, x } = noisy(n, d, condition, 1e-3, 8), byQr = qr(A).solve(b);
    for (const momentum of [true, false]) {
      const found = iterativeSketching(A, b, { momentum, tolerance: 1e-17, maxIterations: 300, sketchSize: 160 });
      assertEquals(found.status, "stagnated");
      const forward = norm2(minus(found.x, x)) / norm2(minus(byQr, x));
      const residual = norm2(matvec(A, minus(found.x, x))) / norm2(matvec(A, minus(byQr, x)));
      assert(forward < 10 && residual < 10, `condition ${condition}: ${forward}, ${residual}`);
    }
  }
});

Deno.test("sketched least squares take sparse matrices, and give the same bits for the same seed", () => {
  const A = random(120, 5, numbers(11)), b = fillNormal(rng(12), new Float64Array(120)), S = sparseOf(A);
  const { x } = lstsq(A, b);
  for (const solver of [sketchAndPrecondition, iterativeSketching]) {
    const found = solver(S, b, { generator: rng(1) });
    assertEquals(found.status, "converged");
    assert(norm2(minus(found.x, x)) < 1e-8, solver.name);
    assertEquals(solver(S, b, { generator: rng(1) }).x, found.x);
  }
  assert(norm2(minus(sketchAndSolve(S, b), sketchAndSolve(A, b))) < 1e-13);
});

Deno.test("iterativeSketching() says when a limit or a wrong distortion ends it", () => {
  const { A } = conditioned(400, 10, 10, 13), b = fillNormal(rng(14), new Float64Array(400));
  assertEquals(iterativeSketching(A, b, { maxIterations: 3 }).status, "iteration-limit");
  const wrong = iterativeSketching(A, b, { sketchSize: 14, distortion: 0.05, maxIterations: 1000 });
  assert(wrong.status === "stagnated" || wrong.status === "non-finite", wrong.status);
});

// @must randomizedKaczmarz: E |x⁺ - x*|² <= (1 - 1/κ_F²) |x - x*|², with equality where all singular values are alike
// @measured reached: 12 orthonormal columns, 600 runs of 40 steps: slope of the logarithm 1.01 of log(1 - 1/12);
//   condition 4: 4.3 times as steep as the bound
Deno.test("randomizedKaczmarz() converges at the published rate", () => {
  const d = 12, { Q } = qr(random(60, d, numbers(15))), x = fillNormal(rng(16), new Float64Array(d)), b = matvec(Q, x);
  const generator = rng(17), steps = 40, runs = 600, start = new Float64Array(d);
  const meanError = (A: Matrix, right: Vector, exact: Vector): number => {
    let sum = 0;
    for (let run = 0; run < runs; run++) {
      const found = randomizedKaczmarz(A, right, { maxIterations: steps, tolerance: 0, generator, start });
      assertEquals(found.iterations, steps);
      sum += norm2(minus(found.x, exact)) ** 2 / runs;
    }
    return Math.log(sum / norm2(exact) ** 2) / steps;
  };
  const slope = meanError(Q, b, x), exact = Math.log(1 - 1 / d);
  assertAlmostEquals(slope / exact, 1, 0.05);
  const { A } = conditioned(60, d, 4, 18), values = svdvals(A);
  const bound = Math.log(1 - (values[d - 1] / norm2(A.data)) ** 2), uneven = meanError(A, matvec(A, x), x);
  assert(uneven < bound && uneven > 12 * bound, `${uneven}, ${bound}`);
});

// @must randomizedKaczmarz: a block takes a system in fewer projections, and in fewer sweeps where blocks are well
//   conditioned
// @measured reached: 300 x 30, tolerance 1e-10: 1800 rows, 80 blocks of 15, so 6 and 4 sweeps
Deno.test("randomizedKaczmarz() solves dense and sparse systems, by rows and by blocks, the shortest solution of wide ones", () => {
  const A = random(300, 30, numbers(19)), x = fillNormal(rng(20), new Float64Array(30)), b = matvec(A, x);
  const [single, block] = [1, 15].map((block) => randomizedKaczmarz(A, b, { block, tolerance: 1e-10 }));
  for (
    const found of [single, block, randomizedKaczmarz(sparseOf(A), b), randomizedKaczmarz(sparseOf(A), b, { block: 7 })]
  ) {
    assertEquals(found.status, "converged", found.message);
    assert(norm2(minus(found.x, x)) < 1e-7);
    assertAlmostEquals(found.residual, residualOf(A, found.x, b), 1e-12);
    assertEquals(found.residuals.length, found.products);
  }
  const [dense, sparse] = [A, sparseOf(A)].map((A) => randomizedKaczmarz(A, b, { maxIterations: 60 }).x);
  assert(norm2(minus(dense, sparse)) < 1e-12); // entries that occur twice count as their sum
  assert(block.iterations * 15 < 0.7 * single.iterations, `${block.iterations}, ${single.iterations}`);
  const wide = transpose(random(30, 8, numbers(21))), right = fillNormal(rng(22), new Float64Array(8));
  const shortest = lstsq(wide, right).x;
  for (const size of [1, 3]) {
    assert(norm2(minus(randomizedKaczmarz(wide, right, { block: size }).x, shortest)) < 1e-6);
  }
});

Deno.test("randomizedKaczmarz() does not call contradicting equations converged", () => {
  const A = matrix([[1, 0], [0, 1], [1, 1]]),
    found = randomizedKaczmarz(A, Float64Array.of(1, 1, 5), { maxIterations: 500 });
  assertEquals([found.status, found.iterations], ["iteration-limit", 500]);
  assert(found.residual > 1);
  assertEquals(randomizedKaczmarz(A, new Float64Array(3)).iterations, 0);
  const repeated = randomizedKaczmarz(A, Float64Array.of(1, 2, 3), { generator: rng(3) });
  assertEquals(repeated.x, randomizedKaczmarz(A, Float64Array.of(1, 2, 3), { generator: rng(3) }).x);
});

Deno.test("sketched systems refuse bad input", () => {
  const A = matrix([[1, 2], [3, 4], [5, 6]]), b = Float64Array.of(1, 2, 3);
  for (const solver of [sketchAndSolve, sketchAndPrecondition, iterativeSketching]) {
    assertThrows(() => solver(transpose(A), b), ShapeError, "2 x 3");
    assertThrows(() => solver(A, b.subarray(1)), ShapeError, "3 entries");
    assertThrows(() => solver(A, Float64Array.of(1, NaN, 2)), DomainError, "NaN");
    assertThrows(() => solver(A, b, { sketchSize: 1 }), DomainError, ">= 2, got 1");
    assertThrows(() => solver(matrix([[1, 2], [2, 4], [3, 6]]), b), SingularMatrixError, "rank 2");
  }
  assertThrows(() => iterativeSketching(A, b, { distortion: 1 }), DomainError, "(0, 1)");
  assertThrows(() => iterativeSketching(A, b, { tolerance: -1 }), DomainError, "tolerance");
  assertThrows(() => randomizedKaczmarz(matrix(2, 2), new Float64Array(2)), DomainError, "positive finite sum");
  assertThrows(() => randomizedKaczmarz(A, b, { block: 0 }), DomainError, "block");
  assertThrows(() => randomizedKaczmarz(A, b.subarray(1)), ShapeError, "3 entries");
  assertThrows(() => randomizedKaczmarz(A, b, { start: b }), ShapeError, "2 entries");
  assertThrows(() => randomizedKaczmarz(matrix([[NaN]]), Float64Array.of(1)), DomainError, "NaN");
});
