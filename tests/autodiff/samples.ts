// For every primitive functions that apply it, and where to try them, away from kinks and poles.
import { sparseMatrix } from "../../lib/core/mod.ts";
import * as ad from "../../lib/autodiff/mod.ts";
import type { Operand, Value } from "../../lib/autodiff/mod.ts";
import { filled } from "./filled.ts";
import { matrixSamples } from "./matrix_samples.ts";
import { regionSamples } from "./region_samples.ts";

export { filled } from "./filled.ts";

/** A function and arguments. */
export interface Sample {
  readonly f: (...x: Operand[]) => Operand;
  readonly at: readonly Value[];
}

const vector = (...x: number[]): Float64Array => Float64Array.from(x);
const one = (f: (x: Operand) => Operand, low: number, high: number): Sample[] => [{ f, at: [filled([4], low, high)] }];
const two = (f: (x: Operand, y: Operand) => Operand, low: number, high: number): Sample[] => [
  { f, at: [filled([3], low, high), filled([3], low, high)] },
  { f, at: [filled([2, 3], low, high), filled([3], low, high)] },
  { f, at: [filled([2, 1], low, high), filled([], low, high)] },
];
const apart = vector(-1.5, -0.4, 0.6, 1.7); // from whole numbers, zero, and each other
const sparse = sparseMatrix({
  rows: 2,
  columns: 3,
  rowStarts: Uint32Array.of(0, 2, 3),
  columnIndices: Uint32Array.of(0, 2, 1),
  values: Float64Array.of(1.5, -2, 3),
});
const cube = filled([2, 3, 4]);

/** By the name of the primitive. */
export const samples: Readonly<Record<string, readonly Sample[]>> = {
  add: two(ad.add, -2, 2),
  subtract: two(ad.subtract, -2, 2),
  multiply: two(ad.multiply, -2, 2),
  divide: two(ad.divide, 0.5, 2),
  negate: one(ad.negate, -2, 2),
  square: one(ad.square, -2, 2),
  reciprocal: one(ad.reciprocal, 0.5, 2),
  constantPower: [3, 2.5, -2].map((p) => ({ f: (x: Operand) => ad.power(x, p), at: [filled([3], 0.5, 2)] })),
  power: two(ad.power, 0.5, 2),
  exp: one(ad.exp, -1, 1),
  expm1: one(ad.expm1, -1, 1),
  log: one(ad.log, 0.5, 2),
  log1p: one(ad.log1p, -0.5, 2),
  sqrt: one(ad.sqrt, 0.5, 2),
  sin: one(ad.sin, -2, 2),
  cos: one(ad.cos, -2, 2),
  tan: one(ad.tan, -1, 1),
  asin: one(ad.asin, -0.7, 0.7),
  acos: one(ad.acos, -0.7, 0.7),
  atan: one(ad.atan, -2, 2),
  atan2: [...two(ad.atan2, 0.5, 2), { f: ad.atan2, at: [vector(-1, 1.5), vector(-1.2, -0.8)] }],
  sinh: one(ad.sinh, -1, 1),
  cosh: one(ad.cosh, -1, 1),
  tanh: one(ad.tanh, -2, 2),
  erf: one(ad.erf, -2, 2),
  erfc: one(ad.erfc, -2, 2),
  logGamma: [...one(ad.logGamma, 0.5, 3), ...one(ad.logGamma, 5, 30)],
  polygamma: [...one(ad.digamma, 0.5, 3), ...one((x) => ad.polygamma(2, x), 1, 3)],
  softplus: one(ad.softplus, -2, 2),
  sigmoid: one(ad.sigmoid, -2, 2),
  abs: [{ f: ad.abs, at: [apart] }],
  sign: [{ f: (x) => ad.multiply(x, ad.sign(x)), at: [apart] }],
  floor: [{ f: (x) => ad.multiply(x, ad.floor(x)), at: [apart] }],
  relu: [{ f: ad.relu, at: [apart] }],
  max: [{ f: ad.max, at: [apart, vector(0.5, -1, 1, 0)] }],
  min: [{ f: ad.min, at: [apart, vector(0.5, -1, 1, 0)] }, { f: (x) => ad.clamp(x, -1, 1), at: [apart] }],
  greater: [{ f: (x) => ad.multiply(x, ad.greater(x, 0)), at: [apart] }],
  greaterEqual: [{ f: (x) => ad.multiply(x, ad.lessEqual(x, 0)), at: [apart] }],
  equal: [{ f: (x) => ad.multiply(x, ad.equal(ad.floor(x), 0)), at: [apart] }],
  select: [{ f: (x, y) => ad.select(ad.less(x, 0), ad.square(y), ad.exp(x)), at: [apart, filled([4])] }],
  stopGradient: [{ f: (x) => ad.multiply(x, ad.stopGradient(ad.floor(x))), at: [apart] }],
  broadcast: [
    { f: (x) => ad.broadcastTo(x, [2, 3, 4]), at: [filled([3, 1])] },
    { f: (x) => ad.broadcastTo(x, [2, 3]), at: [filled([])] },
  ],
  reshape: [{ f: (x) => ad.reshape(x, [4, -1]), at: [cube] }],
  permute: [{ f: (x) => ad.transpose(x, [2, 0, 1]), at: [cube] }, { f: (x) => ad.transpose(x), at: [filled([2, 3])] }],
  slice: [{ f: (x) => ad.slice(x, 1, -1, 2), at: [cube] }, { f: (x) => ad.take(x, -1, 1), at: [cube] }],
  pad: [{ f: (x) => ad.pad(x, [1, 0], [0, 2]), at: [filled([2, 3])] }],
  concatenate: [
    { f: (x, y) => ad.concatenate([x, y, x], 1), at: [filled([2, 3]), filled([2, 1])] },
    { f: (x, y) => ad.stack([x, y], -1), at: [filled([2, 3]), filled([2, 3])] },
  ],
  gather: [
    { f: (x) => ad.gather(x, vector(2, 0, 2)), at: [filled([3])] },
    { f: (x) => ad.gather(x, { rows: 2, columns: 2, data: vector(2, 0, 2, 1) }, 1), at: [cube] },
  ],
  scatterAdd: [
    { f: (x, y) => ad.scatterAdd(x, vector(2, 0, 2), y), at: [filled([4]), filled([3])] },
    { f: (x, y) => ad.scatterAdd(x, vector(2, 0), y, 1), at: [cube, filled([2, 2, 4])] },
  ],
  sum: [
    { f: (x) => ad.sum(x), at: [cube] },
    { f: (x) => ad.sum(x, { axes: [0, 2], keepAxes: true }), at: [cube] },
    { f: (x) => ad.mean(x, { axes: 1 }), at: [cube] },
    { f: (x) => ad.product(x, { axes: [1, 2] }), at: [filled([2, 2, 3], 0.5, 1.5)] },
    { f: (x) => ad.sum(x, { axes: 0 }), at: [filled([3, 2])] },
  ],
  largest: [
    { f: (x) => ad.maximum(x, { axes: 1 }), at: [{ rows: 2, columns: 3, data: vector(1, 2, 0, -1, -2, -3) }] },
    { f: (x) => ad.minimum(x, { axes: [0] }), at: [{ rows: 2, columns: 3, data: vector(1, 2, 0, -1, -2, -3) }] },
  ],
  cumulativeSum: [
    { f: (x) => ad.cumulativeSum(x), at: [filled([4])] },
    { f: (x) => ad.cumulativeSum(x, { axis: 1, reverse: true }), at: [cube] },
  ],
  logsumexp: [
    { f: (x) => ad.logsumexp(x), at: [filled([4], -2, 2)] },
    { f: (x) => ad.logsumexp(x, { axes: 0 }), at: [filled([2, 3], -2, 2)] },
  ],
  softmax: [
    { f: (x) => ad.softmax(x), at: [filled([4], -2, 2)] },
    { f: (x) => ad.softmax(x, { axes: [0, 2] }), at: [cube] },
    { f: (x) => ad.exp(ad.logSoftmax(x, { axes: 0 })), at: [filled([3, 2])] },
  ],
  norm: [{ f: (x) => ad.norm(x), at: [filled([4])] }, { f: (x) => ad.norm(x, { axes: 0 }), at: [filled([3, 2])] }],
  dot: [{ f: ad.dot, at: [filled([4]), filled([4])] }, { f: (x) => ad.dot(x, x), at: [filled([4])] }],
  matvec: [
    { f: ad.matmul, at: [filled([2, 3]), filled([3])] },
    { f: ad.matmul, at: [filled([2]), filled([2, 3])] },
    { f: (x, y) => ad.matmul(ad.transpose(x), y), at: [filled([3, 2]), filled([3])] },
    { f: (x, y) => ad.matmul(x, ad.matmul(y, x)), at: [filled([5]), filled([5, 5])] },
    { f: (x) => ad.matmul(ad.broadcastTo(x, [5, 600]), ad.broadcastTo(ad.take(x, 0), [600])), at: [filled([5, 1])] },
    { f: (x) => ad.slice(ad.matmul(x, ad.broadcastTo(0.1, [5, 600])), 1, 4), at: [filled([5])] },
  ],
  matmul: [
    { f: ad.matmul, at: [filled([2, 3]), filled([3, 4])] },
    { f: (x, y) => ad.matmul(ad.transpose(x), y), at: [filled([3, 2]), filled([3, 4])] },
    { f: (x, y) => ad.matmul(x, ad.transpose(y)), at: [filled([2, 3]), filled([4, 3])] },
    { f: (x, y) => ad.matmul(ad.transpose(x), ad.transpose(y)), at: [filled([3, 2]), filled([4, 3])] },
    { f: ad.matmul, at: [cube, filled([4, 2])] },
    { f: (x, y) => ad.contract(x, y, [0, 2], [1, 0]), at: [cube, filled([4, 2, 2])] },
    { f: (x) => ad.matmul(x, x), at: [filled([2, 2])] },
  ],
  sparseProduct: [
    { f: (x) => ad.sparseMatmul(sparse, x), at: [filled([3])] },
    { f: (x) => ad.square(ad.sparseMatmul(sparse, x)), at: [filled([3, 2])] },
  ],
  patches: [
    { f: (x) => ad.averagePool(x, [2, 3], { stride: [1, 2] }), at: [filled([2, 3, 5])] },
    { f: (x) => ad.maxPool(x, [2]), at: [vector(1, 3, 2, -1, -4, -2, 7)] },
  ],
  convolution: [
    { f: (x, w) => ad.convolution2d(x, w), at: [filled([2, 2, 4, 3]), filled([3, 2, 2, 2])] },
    {
      f: (x, w) => ad.convolution2d(x, w, { stride: [2, 1], padding: [1, 2] }),
      at: [filled([1, 2, 4, 3]), filled([2, 2, 3, 2])],
    },
    { f: (x, w) => ad.convolution1d(x, w, { stride: 2, padding: 1 }), at: [filled([2, 2, 5]), filled([3, 2, 3])] },
    { f: (x) => ad.convolution1d(x, x, { padding: 1 }), at: [filled([2, 2, 3])] },
  ],
  ...matrixSamples,
  ...regionSamples,
};

/** Primitives that only rules make, and what does; leaves have no derivative. */
export const indirect: Readonly<Record<string, string>> = {
  sparseTransposeProduct: "sparseProduct",
  eliminated: "solve",
  solveEliminated: "solve",
  pivotProduct: "det",
  expmTangent: "expm",
  lyapunov: "sqrtm",
  implicitSolve: "solution",
  addPatches: "patches",
  customTangent: "customRule",
  whileLoop: "forward mode alone",
  convolutionImages: "convolution",
  convolutionWeights: "convolution",
  matvecPair: "interpreter",
  input: "leaf",
  literal: "leaf",
  constant: "leaf",
};
