// Problems that the tests of transport share.
import { type Matrix, type Rng, rng, uniform, type Vector } from "../../lib/core/mod.ts";

/** n points, uniform in the unit square. */
export function points(random: Rng, n: number): Matrix {
  return { rows: n, columns: 2, data: numbers(random, 2 * n) };
}

/** n x n costs, uniform in [0, 1]: random assignment. */
export function randomCosts(n: number, seed: number): Matrix {
  return { rows: n, columns: n, data: numbers(rng(seed), n * n) };
}

/** n masses that add up to 1. */
export function masses(random: Rng, n: number): Vector {
  return shares(numbers(random, n));
}

/** v over its sum. */
export function shares(v: Vector): Vector {
  const sum = v.reduce((s, mass) => s + mass, 0);
  return v.map((mass) => mass / sum);
}

function numbers(random: Rng, n: number): Vector {
  return Float64Array.from({ length: n }, () => uniform(random));
}

/** The row sums and column sums of a plan. */
export function marginals({ rows, columns, data }: Matrix): { sent: Vector; received: Vector } {
  const sent = new Float64Array(rows), received = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      sent[i] += data[i * columns + j];
      received[j] += data[i * columns + j];
    }
  }
  return { sent, received };
}

/** A grid of `size` x `size` pixels, one point each, in the unit square. */
export function pixels(size: number): Matrix {
  const data = Float64Array.from({ length: 2 * size * size }, (_, k) => {
    const pixel = k >> 1;
    return (k & 1 ? pixel % size : Math.floor(pixel / size)) / (size - 1);
  });
  return { rows: size * size, columns: 2, data };
}

/** Two bumps on a grid, and a little everywhere. */
export function bumps(size: number, centres: readonly (readonly [number, number])[]): Vector {
  const { data } = pixels(size);
  return shares(Float64Array.from({ length: size * size }, (_, k) =>
    centres.reduce(
      (s, [x, y]) => s + Math.exp(-((data[2 * k] - x) ** 2 + (data[2 * k + 1] - y) ** 2) / 0.02),
      1e-3,
    )));
}
