// Random graphs without cycles, and data that they make.
import { fillNormal, integer, type Matrix, permutation, type Rng, uniform } from "../../lib/core/mod.ts";
import { matrix } from "../../lib/linalg/mod.ts";

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
 * A graph of d vertices with so many edges, drawn among the pairs of a random order (Erdős and Rényi), with weights of random sign and
 * uniform magnitude within 0.5 to 2; and n observations of `x = Wᵀx + noise` with standard normal noise.
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
