// Butterflies found by descent: transforms recovered from their matrices, layers against the exact product.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, fillNormal, rng, ShapeError } from "../../lib/core/mod.ts";
import * as ad from "../../lib/autodiff/mod.ts";
import {
  applyButterfly,
  type Butterfly,
  butterflyMatrix,
  type ComplexMatrix,
  complexMatrix,
  dftButterfly,
  hadamardButterfly,
  type Matrix,
  matrix,
} from "../../lib/linalg/mod.ts";
import {
  butterflyLayer,
  butterflySize,
  fitButterfly,
  likelyPermutation,
  permutationSize,
  relaxedPermutation,
} from "../../lib/network/mod.ts";
import { assertClose, assertLaws, entries } from "../autodiff/laws.ts";

const random = (count: number, seed: number) => fillNormal(rng(seed), new Float64Array(count));

/** The root mean squared error of entries, with M scaled to the norm √N. */
function farOf(butterfly: Butterfly, M: ComplexMatrix): number {
  const found = butterflyMatrix(butterfly),
    order = M.rows,
    norm = (a: ComplexMatrix) => Math.hypot(...a.real, ...a.imaginary);
  const difference = {
    ...M,
    real: found.real.map((x, k) => x - M.real[k]),
    imaginary: found.imaginary.map((x, k) => x - M.imaginary[k]),
  };
  return norm(difference) * Math.sqrt(order) / norm(M) / order;
}

Deno.test("butterflyLayer() multiplies every column as applyButterfly() does", () => {
  const order = 8, form = { shared: false }, count = butterflySize(order, form);
  const own = { real: random(count, 1), imaginary: random(count, 2) };
  const X = { real: matrix(order, 3, random(24, 3)), imaginary: matrix(order, 3, random(24, 4)) };
  const Y = butterflyLayer(own, X, form), permutation = Uint32Array.from({ length: order }, (_, i) => i);
  const column = (A: ad.Operand, j: number) => ad.asVector(ad.take(A, j, 1));
  for (let j = 0; j < 3; j++) {
    const y = applyButterfly({ order, entries: own, permutation }, {
      real: column(X.real, j),
      imaginary: column(X.imaginary, j),
    });
    assertClose([column(Y.real, j), column(Y.imaginary!, j)], [y.real, y.imaginary], 1e-14, "column");
  }
});

// @must butterflyLayer: gradient check
// @measured reached: up to third derivatives against differences to 1e-7, complex and real, with and without shared entries
Deno.test("butterflyLayer() has derivatives that satisfy the laws", () => {
  const X = { real: matrix(4, 2, random(8, 5)), imaginary: matrix(4, 2, random(8, 6)) };
  for (const shared of [true, false]) {
    const count = butterflySize(4, { shared });
    assertLaws((a) => butterflyLayer({ real: a }, { real: X.real }, { shared }).real, [random(count, 7)], "real");
    assertLaws(
      (a, b, x) =>
        butterflyLayer({ real: a, imaginary: b }, { real: x, imaginary: X.imaginary }, { shared }).imaginary!,
      [random(count, 8), random(count, 9), X.real],
      "complex",
    );
  }
});

// @must fitButterfly: learned DFT N = 8, 16 and Hadamard N = 32 with fixed bit-reversal permutation reach RMSE <= 1e-4 in <= 10 restarts
// @measured reached: RMSE below 4e-5 in 1, 1 and 2 attempts with shared entries, in 1, 1 and 2 without; DFT of 64 in 1 attempt
Deno.test("fitButterfly() finds Fourier's and Hadamard's fast transforms from random entries", () => {
  const cases: [Butterfly, number][] = [[dftButterfly(8), 1], [dftButterfly(16), 1], [hadamardButterfly(32), 2], [
    dftButterfly(64),
    1,
  ]];
  for (const shared of [true, false]) {
    for (const [exact, attempts] of cases) {
      const M = butterflyMatrix(exact),
        fit = fitButterfly(M, { permutation: exact.permutation, shared, learningRate: 0.1, start: "random" });
      assert(fit.error <= 4e-5 && fit.attempts <= attempts, `${exact.order}: ${fit.error} after ${fit.attempts}`);
      assertAlmostEquals(farOf(fit.butterfly, M), fit.error, 1e-12);
    }
  }
});

Deno.test("fitButterfly() recovers every butterfly from its matrix, and is no worse than from random entries near one", () => {
  const order = 32, permutation = likelyPermutation(random(permutationSize(order), 30), order);
  for (const shared of [true, false]) {
    for (const isReal of [true, false]) {
      const level = (seed: number) =>
        // a butterfly that no choice of units makes unitary
        Array.from({ length: 5 }, (_, l) => {
          const own = random(4 * (shared ? 2 ** l : order / 2), seed + l);
          return Array.from({ length: 2 * order }, (_, k) => own[k % own.length]);
        }).flat();
      const own = { real: Float64Array.from(level(40)), imaginary: Float64Array.from(level(50)) };
      if (isReal) own.imaginary.fill(0);
      const M = butterflyMatrix({ order, permutation, entries: own });
      const { butterfly, error, attempts } = fitButterfly(M, { permutation, shared });
      assert(error <= 1e-14 && attempts === 1, `${error}`);
      assert(farOf(butterfly, M) <= 1e-14);
      if (isReal) assert(butterfly.entries.imaginary.every((x) => x === 0));
    }
  }
  const near = butterflyMatrix(dftButterfly(16)), noise = random(512, 60);
  near.real.forEach((_, k) => near.real[k] += noise[k]);
  near.imaginary.forEach((_, k) => near.imaginary[k] += noise[256 + k]);
  const options = { permutation: dftButterfly(16).permutation, restarts: 1 };
  const [splits, steps, descent] = [{ steps: 1 }, {}, { start: "random" } as const].map((more) =>
    fitButterfly(near, { ...options, ...more }).error
  );
  assert(steps <= splits && splits <= 1.05 * descent && steps <= descent + 1e-6, `${splits}, ${steps}, ${descent}`);
});

// @must fitButterfly, relaxedPermutation: permutations learned as products of relaxed choices per level
// @measured reached: with the transform of Fourier, its permutation found with it, to 3e-16: N = 8 in 1 attempt of 800 steps; N = 16 in 5, N = 32 in
// 3 of 2000
Deno.test("fitButterfly() learns the permutation, too", () => {
  const M = butterflyMatrix(dftButterfly(8)), fit = fitButterfly(M, { permutation: "learned", steps: 800 });
  assert(fit.error <= 1e-14 && fit.attempts <= 2, `${fit.error} after ${fit.attempts}`);
  assertAlmostEquals(farOf(fit.butterfly, M), fit.error, 1e-12);
  assertEquals(fit.parameters, 2 * butterflySize(8) + permutationSize(8));
});

Deno.test("likelyPermutation() is what relaxedPermutation() is for certain choices, bit reversal for even entries first", () => {
  const X = matrix(16, 2, random(32, 11));
  for (let k = 0; k < 10; k++) {
    const logits = random(permutationSize(16), 20 + k).map((x) => 1e4 * x), order = likelyPermutation(logits, 16);
    assertClose(
      [entries(relaxedPermutation(logits, X))],
      [entries(ad.gather(X, Float64Array.from(order)))],
      1e-14,
      "rows",
    );
  }
  const even = Float64Array.from({ length: permutationSize(16) }, (_, i) => i % 3 === 0 ? 1 : -1);
  assertEquals(likelyPermutation(even, 16), dftButterfly(16).permutation);
  assertLaws((logits, x) => relaxedPermutation(logits, x), [random(3, 1), matrix(4, 2, random(8, 2))], "relaxed");
});

// @must butterflySize: as a layer it uses <= 5% of the dense parameters at N = 256
// @measured reached: 1.6% with shared entries; 6.3% without, which no choice of entries lowers
Deno.test("butterflySize() is a small part of the dense matrix", () => {
  assert(butterflySize(256) <= 0.05 * 256 ** 2);
  assertEquals([butterflySize(256), butterflySize(256, { shared: false })], [1020, 4096]);
});

Deno.test("fitButterfly() tells how far the nearest butterfly is from a matrix that is none", () => {
  const M = complexMatrix(8, 8, random(64, 10)), fit = fitButterfly(M, { restarts: 2, steps: 300 });
  assertEquals(fit.attempts, 2);
  assert(fit.error > 0.1);
  assertAlmostEquals(farOf(fit.butterfly, M), fit.error, 1e-12);
});

Deno.test("butterflies refuse what is no square matrix of a power of 2", () => {
  assertThrows(() => fitButterfly(complexMatrix(4, 2)), ShapeError, "expected a square matrix, got 4 x 2");
  assertThrows(() => fitButterfly(complexMatrix(3, 3, random(9, 1))), DomainError, "a power of 2, got 3");
  assertThrows(() => fitButterfly(complexMatrix(4, 4)), DomainError, "expected a nonzero matrix");
  const M = complexMatrix(4, 4, random(16, 1));
  assertThrows(() => fitButterfly(M, { start: "exact" as "random" }), DomainError, 'a start among "splits", "random"');
  assertThrows(() => fitButterfly(M, { restarts: 0 }), DomainError, "expected at least one attempt");
  assertThrows(() => fitButterfly(M, { permutation: new Uint32Array(3) }), DomainError, "a permutation of 4 entries");
  const X: Matrix = matrix(4, 1, random(4, 1));
  assertThrows(() => butterflyLayer({ real: random(5, 1) }, { real: X }), ShapeError, "got 4 and 5");
});
