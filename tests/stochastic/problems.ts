// Problems that the tests of stochastic methods share.
import { dot, fillNormal, normal, rng, type Stochastic, type Vector } from "../../lib/core/mod.ts";

/** ½ mean (aᵢᵀx - bᵢ)²; `scales` are the lengths of the columns, `noise` that of b. */
export function leastSquares(
  seed: number,
  examples: number,
  scales: readonly number[],
  noise: number,
): {
  problem: Stochastic & Required<Pick<Stochastic, "batchHessianVector">>;
  solution: Vector;
  rows: Vector[];
  b: Vector;
} {
  const random = rng(seed), n = scales.length, solution = fillNormal(random, new Float64Array(n));
  const rows = Array.from(
    { length: examples },
    () => fillNormal(random, new Float64Array(n)).map((v, j) => v * scales[j]),
  );
  const b = Float64Array.from(rows, (a) => dot(a, solution) + noise * normal(random));
  const batchValue = (x: Vector, batch: Uint32Array): number => {
    let sum = 0;
    for (const i of batch) sum += (dot(rows[i], x) - b[i]) ** 2 / 2;
    return sum / batch.length;
  };
  const problem = {
    kind: "stochastic" as const,
    name: "least squares",
    dimension: n,
    examples,
    batchValue,
    batchGradient: (x: Vector, batch: Uint32Array, out: Vector): number => {
      out.fill(0);
      for (const i of batch) {
        const r = (dot(rows[i], x) - b[i]) / batch.length;
        for (let j = 0; j < n; j++) out[j] += r * rows[i][j];
      }
      return batchValue(x, batch);
    },
    batchHessianVector: (_: Vector, batch: Uint32Array, v: Vector, out: Vector): void => {
      out.fill(0);
      for (const i of batch) {
        const s = dot(rows[i], v) / batch.length;
        for (let j = 0; j < n; j++) out[j] += s * rows[i][j];
      }
    },
  };
  return { problem, solution, rows, b };
}

/** Gradients given step by step, whatever x is: what a transformation makes of them is seen in x. */
export function scripted(gradients: readonly (readonly number[])[]): Stochastic {
  let step = 0;
  return {
    kind: "stochastic",
    name: "a script",
    dimension: gradients[0].length,
    examples: 1,
    batchValue: () => 0,
    batchGradient: (_, __, out) => {
      out.set(gradients[Math.min(step++, gradients.length - 1)]);
      return 0;
    },
  };
}
