// Random graphs without cycles, and data that they make.
import { fillNormal, integer, type Matrix, permutation, type Rng, rng, uniform } from "../../../lib/core/mod.ts";
import { column, matrix } from "../../../lib/linalg/mod.ts";

/** A random graph and data from it. */
export interface SimulatedGraph {
  /** The weights. */
  readonly W: Matrix;
  /** An order in which edges lead forward. */
  readonly order: Uint32Array;
  /** Observations in rows. */
  readonly X: Matrix;
}

/**
 * A graph of d vertices with so many edges, drawn among the pairs of a random order (Erdős and Rényi), with weights of
 * random sign and uniform magnitude within 0.5 to 2; and n observations of `x = Wᵀx + noise` with standard normal
 * noise.
 */
export function simulatedGraph(random: Rng, d: number, edges: number, n: number): SimulatedGraph {
  const order = permutation(random, new Uint32Array(d)), W = matrix(d, d), X = matrix(n, d);
  for (let drawn = 0; drawn < edges;) {
    const p = integer(random, d), q = integer(random, d), at = order[p] * d + order[q];
    if (p >= q || W.data[at] !== 0) continue;
    W.data[at] = (uniform(random) < 0.5 ? -1 : 1) * (0.5 + 1.5 * uniform(random));
    drawn++;
  }
  fillNormal(random, X.data);
  for (let row = 0; row < n * d; row += d) {
    for (const j of order) for (let i = 0; i < d; i++) X.data[row + j] += W.data[i * d + j] * X.data[row + i];
  }
  return { W, order, X };
}

/** Columns with mean 0, and variance 1 where asked for. */
export function centred(X: Matrix, standard = false): Matrix {
  const out = matrix(X.rows, X.columns, X.data);
  for (let j = 0; j < X.columns; j++) {
    const v = column(X, j), mean = v.reduce((s, e) => s + e, 0) / X.rows;
    const deviation = standard ? Math.sqrt(v.reduce((s, e) => s + (e - mean) ** 2, 0) / X.rows) : 1;
    for (let i = 0; i < X.rows; i++) out.data[i * X.columns + j] = (v[i] - mean) / deviation;
  }
  return out;
}

/** `|X - XW|²/(2n) + λ|W|₁` from the data. */
export function objective(X: Matrix, W: Matrix, penalty = 0): number {
  const { rows: n, columns: d, data } = centred(X);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) {
      let r = data[i * d + j];
      for (let k = 0; k < d; k++) r -= data[i * d + k] * W.data[k * d + j];
      sum += r * r / (2 * n);
    }
  }
  return sum + penalty * W.data.reduce((s, w) => s + Math.abs(w), 0);
}

/** Zeros and ones, each a one with the probability that those before it give it. */
export function logisticData(
  seed: number,
  d: number,
  edges: number,
  n: number,
): { W: Matrix; X: Matrix; order: Uint32Array } {
  const random = rng(seed), { W, order } = simulatedGraph(random, d, edges, 1), X = matrix(n, d);
  for (let row = 0; row < n * d; row += d) {
    for (const j of order) {
      let z = 0;
      for (let i = 0; i < d; i++) z += W.data[i * d + j] * X.data[row + i];
      X.data[row + j] = uniform(random) < 1 / (1 + Math.exp(-z)) ? 1 : 0;
    }
  }
  return { W, X, order };
}
