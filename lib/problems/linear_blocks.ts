/**
 * The blocks of linear models with one output: columns of the features instead of rows.
 *
 * ```
 * f(w) = (1/N) Σᵢ ℓᵢ(zᵢ) + (λ/2)|w|²,  z = A w
 * memory = (z, ℓ'(z), Σ ℓᵢ(zᵢ)),   ∂f/∂wⱼ = aⱼᵀℓ'(z)/N + λ wⱼ,   H = (c/N) A_bᵀA_b + λ,  ℓ'' <= c
 * ```
 *
 * @module
 */
import { type Blocks, type BlockSmooth, copy, type Instance, type TwiceSmooth, type Vector } from "../core/mod.ts";
import type { Dataset } from "./dataset.ts";
import { designMatrix } from "./design_matrix.ts";
import type { Loss } from "./linear_model.ts";

/** The features column by column. */
interface Columns {
  /** Column `j` has the entries from `starts[j]` up to, not including, `starts[j + 1]`. */
  readonly starts: Uint32Array;
  readonly rows: Uint32Array;
  readonly values: Vector;
}

/** The model with its blocks; `regularization` is the λ that it has, from which an intercept is free. */
export function withLinearBlocks(
  model: Instance<TwiceSmooth>,
  data: Dataset,
  loss: Loss,
  regularization: number,
  intercept: boolean,
): Instance<TwiceSmooth & BlockSmooth> {
  const blocks = linearBlocks(model.problem.dimension, data, loss, regularization, intercept);
  return { ...model, problem: { ...model.problem, blocks } };
}

function linearBlocks(n: number, data: Dataset, loss: Loss, regularization: number, intercept: boolean): Blocks {
  const N = data.rows,
    { multiply } = designMatrix(data, intercept),
    { starts, rows, values } = columnsOf(data, intercept);
  const weights = new Float64Array(N), ones = new Float64Array(N).fill(1), scattered = new Float64Array(N);
  const penaltyOf = (j: number): number => j < data.columns ? regularization : 0;
  const lipschitz = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    let square = 0;
    for (let k = starts[j]; k < starts[j + 1]; k++) square += values[k] * values[k];
    lipschitz[j] = loss.curvature * square / N + penaltyOf(j);
  }
  const regions = (memory: Vector): [Vector, Vector] => [memory.subarray(0, N), memory.subarray(N, 2 * N)];
  /** From the scores: the slopes, and the sum of the losses. */
  const refresh = (memory: Vector): void => {
    const [z, slopes] = regions(memory);
    copy(z, slopes);
    memory[2 * N] = loss.slopes(slopes);
  };
  /** `(c/N) A_bᵀ diag(weight) A_b + λ`. */
  const gram = (block: Uint32Array, weight: Vector, c: number, out: Vector): void => {
    const size = block.length;
    for (let a = 0; a < size; a++) {
      const j = block[a];
      for (let k = starts[j]; k < starts[j + 1]; k++) scattered[rows[k]] = weight[rows[k]] * values[k];
      for (let b = 0; b <= a; b++) {
        const i = block[b];
        let s = 0;
        for (let k = starts[i]; k < starts[i + 1]; k++) s += scattered[rows[k]] * values[k];
        out[a * size + b] = out[b * size + a] = c * s / N + (a === b ? penaltyOf(j) : 0);
      }
      for (let k = starts[j]; k < starts[j + 1]; k++) scattered[rows[k]] = 0;
    }
  };
  return {
    lipschitz,
    memoryLength: 2 * N + 1,
    remember: (x, memory) => {
      multiply(x, memory.subarray(0, N));
      refresh(memory);
    },
    value: (x, memory) => {
      let square = 0;
      for (let j = 0; j < data.columns; j++) square += x[j] * x[j];
      return memory[2 * N] / N + regularization / 2 * square;
    },
    gradient: (x, block, memory, out) => {
      for (let b = 0; b < block.length; b++) {
        const j = block[b];
        let s = 0;
        for (let k = starts[j]; k < starts[j + 1]; k++) s += memory[N + rows[k]] * values[k];
        out[b] = s / N + penaltyOf(j) * x[j];
      }
    },
    move: (x, block, memory, change) => {
      for (let b = 0; b < block.length; b++) {
        const j = block[b], d = change[b];
        if (d === 0) continue;
        x[j] += d;
        for (let k = starts[j]; k < starts[j + 1]; k++) memory[rows[k]] += d * values[k];
      }
      refresh(memory);
    },
    curvature: (block, out) => gram(block, ones, loss.curvature, out),
    hessian: (_x, block, memory, out) => {
      copy(memory.subarray(0, N), scattered);
      loss.weigh(scattered);
      weights.fill(1);
      loss.curve(scattered, weights);
      scattered.fill(0);
      gram(block, weights, 1, out);
    },
  };
}

function columnsOf({ features, rows: N, columns }: Dataset, intercept: boolean): Columns {
  const width = columns + (intercept ? 1 : 0), starts = new Uint32Array(width + 1);
  const dense = features instanceof Float64Array;
  if (dense) { for (let j = 0; j < columns; j++) starts[j + 1] = N; }
  else for (const j of features.columnIndices) starts[j + 1]++;
  if (intercept) starts[width] = N;
  for (let j = 0; j < width; j++) starts[j + 1] += starts[j];
  const rows = new Uint32Array(starts[width]), values = new Float64Array(starts[width]), next = starts.slice(0, width);
  const put = (i: number, j: number, value: number): void => {
    rows[next[j]] = i;
    values[next[j]++] = value;
  };
  for (let i = 0; i < N; i++) {
    if (dense) { for (let j = 0; j < columns; j++) put(i, j, features[i * columns + j]); }
    else {
      for (let k = features.rowStarts[i]; k < features.rowStarts[i + 1]; k++) {
        put(i, features.columnIndices[k], features.values[k]);
      }
    }
    if (intercept) put(i, columns, 1);
  }
  return { starts, rows, values };
}
