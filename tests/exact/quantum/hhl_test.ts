// The algorithm of Harrow, Hassidim and Lloyd: fidelity, probability, measurements, and its gates against formulas.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, dot, norm2, rng, ShapeError, type Vector } from "../../../lib/core/mod.ts";
import { hhlSimulate, measureObservable } from "../../../lib/exact/mod.ts";
import { fourier, register } from "../../../lib/exact/quantum/register.ts";
import { eigh, lu, matmul, matrix, matvec, transpose } from "../../../lib/linalg/mod.ts";
import { normal, normalVector, withEigenvalues } from "./matrices.ts";

/** Eigenvalues spread evenly from 1/κ to 1. */
const spread = (kappa: number): number[] => [0, 1, 2, 3].map((k) => 1 / kappa + k * (1 - 1 / kappa) / 3);
const median = (x: number[]): number => x.toSorted((a, b) => a - b)[x.length >> 1];

Deno.test("fourier() is the Fourier transform, gate by gate", () => {
  const T = 16, n = 3, system = normalVector(n, 1);
  for (const sign of [1, -1] as const) {
    for (let y = 0; y < T; y++) {
      const state = register(4, system);
      state.real.copyWithin(y * n, 0, n);
      if (y > 0) state.real.fill(0, 0, n);
      fourier(state, sign);
      for (let k = 0; k < T; k++) {
        for (let j = 0; j < n; j++) {
          assertAlmostEquals(state.real[k * n + j], system[j] * Math.cos(2 * Math.PI * y * k / T) / 4, 1e-14);
          assertAlmostEquals(
            state.imaginary[k * n + j],
            sign * system[j] * Math.sin(2 * Math.PI * y * k / T) / 4,
            1e-14,
          );
        }
      }
    }
  }
});

// @must hhlSimulate: the infidelity falls about 10 times with every 2 qubits of the clock
// @measured reached: 12 to 15 times, condition numbers 4 and 16, from 4 to 10 qubits
// @must hhlSimulate: 4 x 4 with condition number 4: infidelity 4e-4, 4e-5, 5e-6, 5e-7 with 4, 6, 8, 10 qubits; condition
//   number 16: 2e-4, 7e-6, 4e-7, 2e-8
// @measured not reached: it depends on b, which is not given: medians of 9 random ones 1.5e-3, 1.2e-4, 9.8e-6, 7.8e-7 and
//   1.2e-3, 8.0e-5, 5.5e-6, 3.8e-7; the best of these 7e-4, 5e-5, 4e-6, 3e-7 and 7e-5, 5e-6, 3e-7, 2e-8
Deno.test("hhlSimulate() gains an order of magnitude with two qubits", () => {
  for (const [kappa, level] of [[4, 1.6e-3], [16, 1.3e-3]] as const) {
    const infidelities = [4, 6, 8, 10].map((clockQubits) =>
      Array.from(
        { length: 9 },
        (_, seed) =>
          hhlSimulate(withEigenvalues(spread(kappa), seed), normalVector(4, 50 + seed), { clockQubits }).infidelity,
      )
    );
    const medians = infidelities.map(median);
    medians.forEach((f, k) => assert(f <= level * 0.1 ** k && (k === 0 || f >= medians[k - 1] / 20), `${medians}`));
  }
});

// @must hhlSimulate: eigenvalues that the clock holds exactly, [[.75, .25], [.25, .75]], t = 2, t₀ = π: infidelity below
//   1e-12
// @measured reached: 0 to rounding; the clock holds 1/2 and 1 as k = 1 and 2
Deno.test("hhlSimulate() is exact where the clock is", () => {
  const A = matrix([[0.75, 0.25], [0.25, 0.75]]);
  for (const b of [[1, 0], [0, 1], [1, 1], [3, -5]]) {
    const right = Float64Array.from(b), solution = hhlSimulate(A, right, { clockQubits: 2, time: Math.PI });
    assert(solution.infidelity < 1e-12);
    const exact = lu(A).solve(right), length = norm2(exact);
    solution.x.forEach((x, i) => assertAlmostEquals(x, exact[i] / length, 1e-12));
    assertAlmostEquals(solution.probability, (0.5 * length / norm2(right)) ** 2, 1e-12); // |C A⁻¹ b|²/|b|²
  }
});

// @must hhlSimulate: the success probability scales as 1/κ²
// @measured reached: slope -2.00 over κ = 4, 8, 16, 32 for b along the largest eigenvalue; 1 for b along the smallest
Deno.test("hhlSimulate() succeeds with a probability of 1/κ²", () => {
  const kappas = [4, 8, 16, 32],
    probabilities = kappas.map((kappa) => {
      const A = withEigenvalues(spread(kappa), 7),
        { vectors } = eigh(A),
        along = (k: number): Vector => Float64Array.from({ length: 4 }, (_, i) => vectors.data[4 * i + k]);
      assertAlmostEquals(hhlSimulate(A, along(0), { clockQubits: 10 }).probability, 1, 0.1);
      return hhlSimulate(A, along(3), { clockQubits: 10 }).probability;
    });
  const slope = Math.log(probabilities[3] / probabilities[0]) / Math.log(8);
  assertAlmostEquals(slope, -2, 0.05);
});

Deno.test("hhlSimulate() takes negative eigenvalues, and by embedding any matrix", () => {
  const A = withEigenvalues([-0.9, -0.4, 0.5, 1], 3), b = normalVector(4, 4), exact = lu(A).solve(b);
  const { x, infidelity } = hhlSimulate(A, b, { clockQubits: 10 });
  assert(infidelity < 1e-4, `${infidelity}`);
  assertAlmostEquals(Math.abs(dot(x, exact)) / norm2(exact), 1, 1e-4);
  const M = normal(3, 3, 5), B = matrix(6, 6), right = normalVector(3, 6);
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) B.data[6 * i + j + 3] = B.data[6 * (j + 3) + i] = M.data[3 * i + j];
  }
  const embedded = hhlSimulate(B, Float64Array.of(...right, 0, 0, 0), { clockQubits: 12 }), y = lu(M).solve(right);
  assert(embedded.infidelity < 1e-3, `${embedded.infidelity}`);
  assert(dot(embedded.x.slice(3), y) / norm2(y) > 0.999);
});

// @must measureObservable: the estimate of xᵀMx from shots is within 3 sigma
// @measured reached: 20 of 20 runs of 2000 shots; the standard error is that of the outcomes' variance within 10 %
Deno.test("measureObservable() estimates within its standard error", () => {
  const M = matmul(normal(5, 5, 1), transpose(normal(5, 5, 1))), x = normalVector(5, 2), length = norm2(x);
  const unit = x.map((xi) => xi / length), y = matvec(M, unit), mean = dot(unit, y), variance = dot(y, y) - mean * mean;
  for (let seed = 0; seed < 20; seed++) {
    const estimate = measureObservable(unit, M, 2000, rng(seed));
    assert(Math.abs(estimate.mean - mean) <= 3 * estimate.standardError, `${seed}`);
    assertAlmostEquals(estimate.standardError, Math.sqrt(variance / 2000), 0.1 * Math.sqrt(variance / 2000));
  }
});

// @must hhlSimulate: matrices that are not symmetric are refused, with the embedding; singular ones as well
// @measured reached: both DomainErrors, and b = 0, times at which eigenvalues wrap around, sizes that do not fit
Deno.test("hhlSimulate(), measureObservable() refuse what they cannot simulate", () => {
  const b = Float64Array.of(1, 2), A = matrix([[2, 1], [1, 2]]);
  assertThrows(() => hhlSimulate(matrix([[1, 2], [0, 1]]), b), DomainError, "take [[0, A], [Aᵀ, 0]]");
  assertThrows(() => hhlSimulate(matrix([[1, 1], [1, 1]]), b), DomainError, "an inverse");
  assertThrows(() => hhlSimulate(A, new Float64Array(2)), DomainError, "other than 0");
  const broken = matrix([[NaN, 0], [0, 1]]);
  assertThrows(() => hhlSimulate(broken, b), DomainError, "finite entries");
  assertThrows(() => measureObservable(b, broken, 10, rng(1)), DomainError, "finite entries");
  assertThrows(() => hhlSimulate(A, Float64Array.of(1, 2, 3)), ShapeError, "2 x 2 and 3");
  assertThrows(() => hhlSimulate(A, b, { time: 2.2 }), DomainError, "a time between 0 and 2.09");
  for (const clockQubits of [0, 17, 2.5]) {
    assertThrows(() => hhlSimulate(A, b, { clockQubits }), DomainError, "clock qubits");
  }
  assertThrows(() => measureObservable(b, A, 1, rng(1)), DomainError, "2 shots");
  assertThrows(() => measureObservable(b, matrix(3, 3), 10, rng(1)), ShapeError, "order 2");
  assertEquals(hhlSimulate(matrix([[4]]), Float64Array.of(2)).x, Float64Array.of(1));
});
