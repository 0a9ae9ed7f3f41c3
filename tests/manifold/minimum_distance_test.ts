// Augmented covariances, and the classifier by nearest means.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, type Matrix, ShapeError } from "../../lib/core/mod.ts";
import { diagonal, eigvalsh, matrix } from "../../lib/linalg/mod.ts";
import { augmentedCovariance, type AugmentOptions, mdm } from "../../lib/manifold/mod.ts";
import { autoregressive, gaussian } from "./matrices.ts";

Deno.test("augmentedCovariance() has the lagged covariances as blocks", () => {
  const X = gaussian(40, 2, 1), C = augmentedCovariance(X, { order: 3, lag: 2 }), count = 36;
  for (let p = 0; p < 3; p++) {
    for (let q = 0; q < 3; q++) {
      for (let i = 0; i < 2; i++) {
        for (let j = 0; j < 2; j++) {
          let sum = 0;
          for (let t = 0; t < count; t++) sum += X.data[2 * (t + 2 * p) + i] * X.data[2 * (t + 2 * q) + j];
          assertAlmostEquals(C.data[6 * (2 * p + i) + 2 * q + j], sum / count, 1e-13);
        }
      }
    }
  }
});

Deno.test("augmentedCovariance() is positive definite also with few samples", () => {
  const C = augmentedCovariance(gaussian(8, 3, 1), { order: 2 }),
    few = augmentedCovariance(gaussian(5, 3, 1), { order: 2 });
  assert(eigvalsh(C)[0] > 0 && eigvalsh(few)[0] > 1e-7);
});

/** The share of test trials that are classified right, two classes with equal covariance in space. */
function accuracy(options: AugmentOptions): number {
  const mixing = gaussian(3, 3, 5),
    trials = (seed: number, count: number): { C: Matrix; label: string }[] =>
      Array.from({ length: count }, (_, k) => {
        const label = k % 2 === 0 ? "slow" : "fast"; // x_t = ±0.9 x_{t-1} - 0.5 x_{t-2}: the same variance
        const signal = autoregressive(label === "slow" ? 0.9 : -0.9, 0.5, 200, mixing, seed + k);
        return { C: augmentedCovariance(signal, options), label };
      });
  const training = trials(1000, 60), { predict } = mdm(training.map(({ C }) => C), training.map(({ label }) => label));
  return trials(2000, 60).filter(({ C, label }) => predict(C) === label).length / 60;
}

// @must mdm, augmentedCovariance: two AR(2) classes of equal spatial covariance, 3 channels, 60 and 60 trials: accuracy .48
//   with p = 1, 1.00 with (p, τ) = (2, 1), (4, 1), (4, 3)
// @measured reached: .60 of 60 test trials with p = 1, all 60 with (2, 1), (4, 1), (4, 3)
Deno.test("mdm() tells signals apart by augmented covariances and not by ordinary ones", () => {
  const plain = accuracy({}), augmented = [[2, 1], [4, 1], [4, 3]].map(([order, lag]) => accuracy({ order, lag }));
  assert(plain > 0.3 && plain < 0.7, `${plain}`);
  assertEquals(augmented, [1, 1, 1]);
});

Deno.test("mdm(), augmentedCovariance() refuse what they cannot use", () => {
  assertThrows(() => mdm([], []), ShapeError, "a label for each matrix");
  assertThrows(() => mdm([diagonal([1])], ["a", "b"]), ShapeError, "got 1 and 2");
  assertThrows(() => mdm([matrix([[1, 2], [2, 1]])], ["a"]), DomainError, "positive definite");
  const X = gaussian(10, 2, 1);
  for (const options of [{ order: 0 }, { lag: 0.5 }, { order: 4, lag: 4 }]) {
    assertThrows(() => augmentedCovariance(X, options), DomainError, "fit into 10 samples");
  }
  assertThrows(() => augmentedCovariance(matrix(5, 2)), DomainError, "other than 0");
  assertThrows(() => augmentedCovariance(matrix([[1], [NaN]])), DomainError);
});
