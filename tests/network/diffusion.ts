// Matrices for factors to be learned on.
import { rng, type SparseMatrix, uniform } from "../../lib/core/mod.ts";
import { addSparse, fromTriplets, graphLaplacian, sparseIdentity } from "../../lib/linalg/mod.ts";

/** Diffusion with coefficients from 0.1 to 10 on m x m points. */
export function diffusion(m: number, seed: number): SparseMatrix {
  const random = rng(seed), n = m * m, i: number[] = [], j: number[] = [], w: number[] = [];
  for (let k = 0; k < n; k++) {
    for (const other of [k % m < m - 1 ? k + 1 : -1, k + m < n ? k + m : -1]) {
      if (other < 0) continue;
      const weight = 10 ** (2 * uniform(random) - 1);
      i.push(k, other);
      j.push(other, k);
      w.push(weight, weight);
    }
  }
  return addSparse(1, graphLaplacian(fromTriplets(n, n, i, j, w)), 0.05, sparseIdentity(n));
}
