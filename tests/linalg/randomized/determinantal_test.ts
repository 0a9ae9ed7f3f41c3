import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, type Matrix, norm2, rng, ShapeError } from "../../../lib/core/mod.ts";
import {
  add,
  approximateLeverageScores,
  det,
  determinantalProcess,
  diagonal,
  diagonalOf,
  identity,
  inv,
  lEnsemble,
  leverageScores,
  lstsq,
  matmul,
  matrix,
  matvec,
  qr,
  sampleProjection,
  transpose,
  volumeSampling,
} from "../../../lib/linalg/mod.ts";
import { filled, numbers, random } from "../families.ts";
import { withEigenvalues } from "../spectra.ts";

const submatrix = (A: Matrix, rows: readonly number[], columns: readonly number[]): Matrix =>
  filled(rows.length, columns.length, (i, j) => A.data[rows[i] * A.columns + columns[j]]);
const subsets = (n: number): number[][] =>
  Array.from({ length: 2 ** n }, (_, mask) => Array.from({ length: n }, (_, i) => i).filter((i) => mask >> i & 1));

/**
 * The chi-square statistic of counts against probabilities, and its degrees of freedom; rare cells are put together.
 */
function chiSquare(counts: ReadonlyMap<string, number>, law: ReadonlyMap<string, number>): [number, number] {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  let statistic = 0, cells = 0, rare = 0, rareCount = 0;
  for (const [key, p] of law) {
    const count = counts.get(key) ?? 0;
    if (p * total < 5) {
      rare += p * total;
      rareCount += count;
    } else {
      statistic += (count - p * total) ** 2 / (p * total);
      cells++;
    }
  }
  if (rare > 5) {
    statistic += (rareCount - rare) ** 2 / rare;
    cells++;
  }
  for (const key of counts.keys()) assert(law.has(key), `${key} cannot occur`);
  return [statistic, cells - 1];
}
const drawn = (draws: number, sample: () => Uint32Array): Map<string, number> => {
  const counts = new Map<string, number>();
  for (let k = 0; k < draws; k++) {
    const key = `${[...sample()].sort((i, j) => i - j)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
};
/** Refuses a statistic that is more than four standard deviations from its mean. */
const assertFits = (what: string, counts: Map<string, number>, law: Map<string, number>): void => {
  const [statistic, freedom] = chiSquare(counts, law);
  assert(
    freedom > 1 && Math.abs(statistic - freedom) < 4 * Math.sqrt(2 * freedom),
    `${what}: ${statistic}, ${freedom}`,
  );
};
const lawOf = (n: number, weight: (J: number[]) => number): Map<string, number> => {
  const weights = subsets(n).map((J): [string, number] => [`${J}`, weight(J)]).filter(([, w]) => w > 1e-12);
  const total = weights.reduce((sum, [, w]) => sum + w, 0);
  return new Map(weights.map(([key, w]) => [key, w / total]));
};

const n = 6, L = withEigenvalues([0.2, 0.5, 1, 1.5, 3, 6], numbers(1));

// @must lEnsemble: samples have the law det L_JJ / det(L + I); those of size k the law det L_JJ / e_k
// @measured reached: all 64 subsets of 6 points, 20000 draws: χ² 78 of 63; for k = 2, 3 7 of 14, 10 of 19
Deno.test("lEnsemble() samples subsets with the probabilities of their determinants", () => {
  const process = lEnsemble(L), generator = rng(2), weight = (J: number[]): number => det(submatrix(L, J, J));
  const law = lawOf(n, weight), total = det(add(L, identity(n)));
  assertAlmostEquals(law.get("")!, 1 / total, 1e-12); // the normalization
  assertFits("all sizes", drawn(20000, () => process.sample(generator)), law);
  for (const k of [1, 2, 3, 5]) {
    const ofSize = lawOf(n, (J) => J.length === k ? weight(J) : 0);
    assertFits(`size ${k}`, drawn(8000, () => process.sampleOfSize(k, generator)), ofSize);
  }
});

// @must determinantalProcess: point i is in a sample with probability Kᵢᵢ, i and j with det K_{ij,ij}; the size has
//   the mean tr K
// @measured reached: 8 points, 20000 draws: all 36 frequencies within 3 standard deviations
Deno.test("determinantalProcess() has the inclusion probabilities of its kernel", () => {
  const n = 8, K = withEigenvalues([0, 0.1, 0.3, 0.5, 0.5, 0.8, 1, 1], numbers(3)), draws = 20000;
  const process = determinantalProcess(K), generator = rng(4), together = matrix(n, n);
  for (let k = 0; k < draws; k++) {
    const sample = process.sample(generator);
    assert(sample.length >= 2 && sample.length <= 7); // two eigenvalues are 1, one is 0
    for (const i of sample) for (const j of sample) together.data[i * n + j]++;
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const p = i === j ? K.data[i * (n + 1)] : det(submatrix(K, [i, j], [i, j]));
      const frequency = together.data[i * n + j] / draws;
      assert(Math.abs(frequency - p) < 3.5 * Math.sqrt(p * (1 - p) / draws) + 1e-9, `${i}, ${j}: ${frequency}, ${p}`);
    }
  }
  assertEquals(process.sampleOfSize(2, generator).length, 2);
  assertEquals(process.sampleOfSize(7, generator).length, 7);
});

Deno.test("lEnsemble() samples a given size however far it is from the usual one", () => {
  const process = lEnsemble(diagonal(Float64Array.from({ length: 60 }, (_, i) => i < 30 ? 1e8 : 2e8)));
  const generator = rng(5);
  let large = 0;
  for (let k = 0; k < 3000; k++) large += +(process.sampleOfSize(1, generator)[0] >= 30);
  assertAlmostEquals(large / 3000, 2 / 3, 0.03);
  assertEquals([...process.sampleOfSize(60, generator)].sort((i, j) => i - j), Array.from({ length: 60 }, (_, i) => i));
  assertEquals(process.sampleOfSize(0, generator).length, 0);
});

// @must sampleProjection: k distinct rows with the law det Q_J²
// @measured reached: 7 x 3, all 35 subsets, 20000 draws: χ² 43 of 31
Deno.test("sampleProjection() has the law of squared volumes", () => {
  const { Q } = qr(random(7, 3, numbers(6))), generator = rng(7);
  const law = lawOf(7, (J) => J.length === 3 ? det(submatrix(Q, J, [0, 1, 2])) ** 2 : 0);
  assertFits("projection", drawn(20000, () => sampleProjection(Q, generator)), law);
});

// @must volumeSampling: the law det(A_JᵀA_J) / (C(n-d, k-d) det AᵀA), by both methods
// @measured reached: 7 x 2, k = 2, 3, 5, 12000 draws of each: χ² within 2 standard deviations
Deno.test("volumeSampling() has the law of squared volumes, by both methods", () => {
  const A = random(7, 2, numbers(8)), generator = rng(9);
  for (const method of ["fast", "reverse"] as const) {
    for (const k of [2, 3, 5]) {
      const weight = (J: number[]): number => {
        const part = submatrix(A, J, [0, 1]);
        return J.length === k ? det(matmul(transpose(part), part)) : 0;
      };
      assertFits(
        `${method}, ${k}`,
        drawn(12000, () => volumeSampling(A, k, generator, { method })),
        lawOf(7, weight),
      );
    }
  }
  assertEquals([...volumeSampling(A, 7, generator)], [0, 1, 2, 3, 4, 5, 6]);
});

// @must volumeSampling: least squares on the rows drawn is unbiased, E A_J⁺ b_J = A⁺ b; for k = d its loss is d + 1
//   times the least
// @measured reached: 40 x 3, k = 3 and 6, 3000 draws: z-scores below 1.4, loss 3.8 ± .2 times the least
Deno.test("volumeSampling() makes least squares unbiased", () => {
  const n = 40, d = 3, next = numbers(10), A = filled(n, d, (_, j) => j === 0 ? 1 : next() + 1);
  const b = Float64Array.from({ length: n }, (_, i) => A.data[i * d + 1] ** 2 + next());
  const { x: best, residualNorms: [least] } = lstsq(A, b), draws = 3000, generator = rng(11);
  for (const k of [3, 6]) {
    const sum = new Float64Array(d), squares = new Float64Array(d);
    let loss = 0, lossSquares = 0;
    for (let draw = 0; draw < draws; draw++) {
      const J = [...volumeSampling(A, k, generator)];
      const { x } = lstsq(submatrix(A, J, [0, 1, 2]), Float64Array.from(J, (i) => b[i]));
      for (let j = 0; j < d; j++) {
        sum[j] += x[j] / draws;
        squares[j] += x[j] * x[j] / draws;
      }
      const fitted = matvec(A, x), ratio = norm2(b.map((value, i) => value - fitted[i])) ** 2 / least ** 2;
      loss += ratio / draws;
      lossSquares += ratio * ratio / draws;
    }
    for (let j = 0; j < d; j++) {
      const z = (sum[j] - best[j]) / Math.sqrt((squares[j] - sum[j] ** 2) / draws);
      assert(Math.abs(z) < 3.5, `k = ${k}, entry ${j}: ${z}`);
    }
    const error = Math.sqrt((lossSquares - loss * loss) / draws);
    if (k === d) assert(Math.abs(loss - d - 1) < 3 * error && error < 0.2, `${loss}, error ${error}`);
  }
});

// @must leverageScores: within 0 and 1, the sum is the rank, the diagonal of A (AᵀA)⁻¹Aᵀ
// @measured reached: to 1e-13; rank 3 of 5 columns: the sum is 3
Deno.test("leverageScores() are the diagonal of the projection onto the columns", () => {
  const A = random(30, 5, numbers(12)), scores = leverageScores(A);
  const projection = matmul(matmul(A, inv(matmul(transpose(A), A))), transpose(A));
  diagonalOf(projection).forEach((value, i) => assertAlmostEquals(scores[i], value, 1e-13));
  assertAlmostEquals(scores.reduce((sum, x) => sum + x, 0), 5, 1e-12);
  const deficient = leverageScores(matmul(random(30, 3, numbers(13)), random(3, 5, numbers(14))));
  assertAlmostEquals(deficient.reduce((sum, x) => sum + x, 0), 3, 1e-12);
  assert(deficient.every((x) => x >= 0 && x <= 1 + 1e-14));
  assertEquals(leverageScores(matrix(3, 2)), new Float64Array(3));
});

// @must approximateLeverageScores: each within a factor, with the relative deviation √(2/r) of the projection
// @measured reached: 2000 x 8, r = 400: ratios .79 to 1.30, in the mean 1.01
Deno.test("approximateLeverageScores() are near the exact ones", () => {
  const next = numbers(15), A = filled(2000, 8, (i) => next() * (i % 100 === 0 ? 10 : 1)), exact = leverageScores(A);
  const ratios = approximateLeverageScores(A, { sketchSize: 400, projections: 400, generator: rng(16) })
    .map((score, i) => score / exact[i]);
  assert(ratios.every((ratio) => ratio > 0.6 && ratio < 1.6), `${Math.min(...ratios)} to ${Math.max(...ratios)}`);
  assertAlmostEquals(ratios.reduce((sum, ratio) => sum + ratio, 0) / 2000, 1, 0.06);
});

Deno.test("samples are the same for the same seed", () => {
  const A = random(20, 3, numbers(17)), process = lEnsemble(L), { Q } = qr(A);
  assertEquals(process.sample(rng(1)), process.sample(rng(1)));
  assertEquals(process.sampleOfSize(3, rng(1)), process.sampleOfSize(3, rng(1)));
  assertEquals(sampleProjection(Q, rng(1)), sampleProjection(Q, rng(1)));
  assertEquals(volumeSampling(A, 5, rng(1)), volumeSampling(A, 5, rng(1)));
});

Deno.test("determinantal and volume sampling refuse bad input", () => {
  const random = rng(1);
  assertThrows(() => lEnsemble(matrix(2, 3)), ShapeError, "2 x 3");
  assertThrows(() => lEnsemble(diagonal([1, -1])), DomainError, "got -1");
  assertThrows(() => determinantalProcess(diagonal([1, 1.5])), DomainError, "got 1.5");
  assertThrows(() => lEnsemble(diagonal([1, 1, 0])).sampleOfSize(3, random), DomainError, "0 to 2 points, got 3");
  assertThrows(() => determinantalProcess(diagonal([1, 0.5])).sampleOfSize(0, random), DomainError, "1 to 2 points");
  assertThrows(() => lEnsemble(diagonal([1])).sampleOfSize(0.5, random), DomainError, "0.5");
  assertThrows(() => sampleProjection(matrix([[1], [1]]), random), DomainError, "orthonormal");
  const A = matrix([[1, 2], [2, 4], [3, 6]]);
  assertThrows(() => volumeSampling(A, 2, random), DomainError, "rank 2");
  assertThrows(() => volumeSampling(transpose(A), 2, random), ShapeError, "2 x 3");
  assertThrows(() => volumeSampling(matrix([[1, 0], [0, 1], [1, 1]]), 1, random), DomainError, ">= 2");
  assertThrows(() => volumeSampling(matrix([[1, 0], [0, 1], [1, 1]]), 4, random), DomainError, "at most 3");
  assertThrows(() => approximateLeverageScores(transpose(A)), ShapeError, "2 x 3");
  assertThrows(() => leverageScores(matrix([[Infinity]])), DomainError, "Infinity");
});
