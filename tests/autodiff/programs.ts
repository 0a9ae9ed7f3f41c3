// Random programs over scalars, vectors and matrices, smooth or with kinks, of bounded values.
import { integer, type Matrix, rng, uniform } from "../../lib/core/mod.ts";
import * as ad from "../../lib/autodiff/mod.ts";
import type { Operand } from "../../lib/autodiff/mod.ts";

type Step = (pick: (rank: number) => Operand, n: number) => Operand;
const tame = (x: Operand): Operand => ad.tanh(x);

const smooth: readonly Step[] = [
  (p) => ad.add(p(1), p(0)),
  (p) => ad.add(p(2), p(1)),
  (p) => tame(ad.multiply(p(1), p(1))),
  (p) => tame(ad.multiply(p(2), p(0))),
  (p) => ad.subtract(p(2), p(2)),
  (p) => ad.divide(p(1), ad.add(1.5, ad.square(p(1)))),
  (p) => ad.sin(p(2)),
  (p) => ad.cos(ad.multiply(2, p(1))),
  (p) => ad.exp(tame(p(1))),
  (p) => ad.log1p(ad.square(p(2))),
  (p) => ad.sqrt(ad.add(1, ad.square(p(1)))),
  (p) => ad.power(ad.add(2, tame(p(1))), 2.5),
  (p) => ad.power(ad.add(2, tame(p(1))), p(0)),
  (p) => ad.atan2(p(1), ad.add(2, tame(p(1)))),
  (p) => ad.erf(p(2)),
  (p) => ad.softplus(p(1)),
  (p) => ad.sigmoid(p(2)),
  (p) => tame(ad.matmul(p(2), p(1))),
  (p) => tame(ad.matmul(ad.transpose(p(2)), p(2))),
  (p) => tame(ad.matmul(p(1), p(2))),
  (p) => tame(ad.dot(p(1), p(1))),
  (p) => tame(ad.outer(p(1), p(1))),
  (p) => ad.mean(p(2), { axes: 0 }),
  (p) => ad.sum(p(2), { axes: 1 }),
  (p) => tame(ad.sum(p(2))),
  (p) => ad.product(tame(p(2)), { axes: -1 }),
  (p) => ad.logsumexp(p(2), { axes: 1 }),
  (p) => ad.softmax(p(2), { axes: 0 }),
  (p) => ad.softmax(p(1)),
  (p) => ad.norm(ad.add(2, tame(p(1)))),
  (p) => ad.cumulativeSum(p(1)),
  (p) => ad.transpose(p(2)),
  (p) => ad.concatenate([ad.slice(p(1), 1), ad.slice(p(1), 0, 1)]),
  (p) => ad.pad(ad.slice(p(2), 0, -1), [1, 0], [0, 0]),
  (p, n) => ad.stack(Array.from({ length: n }, () => p(1)), -1),
  (p) => ad.take(p(2), -1, 1),
  (p) => ad.take(p(1), 1),
  (p, n) => ad.gather(p(2), Float64Array.from({ length: n }, (_, i) => i === 0 ? n - 1 : i >> 2)),
  (p) => ad.scatterAdd(p(1), Float64Array.of(1, 1), ad.slice(p(1), 0, 2)),
  (p, n) => ad.reshape(ad.broadcastTo(p(0), [n]), [n]),
];

const kinked: readonly Step[] = [
  (p) => ad.max(p(1), p(1)),
  (p) => ad.min(p(2), p(0)),
  (p) => ad.abs(p(2)),
  (p) => ad.relu(p(1)),
  (p) => ad.clamp(p(2), -0.5, p(0)),
  (p) => ad.select(ad.greater(p(1), 0), p(1), p(1)),
  (p) => ad.maximum(p(2), { axes: 1 }),
  (p) => ad.minimum(p(2)),
  (p) => ad.floor(ad.multiply(3, p(1))),
];

/** A function of a vector of n and a matrix of n x n entries with a vector as result. */
export function randomProgram(seed: number, kinks: boolean, n: number = 3): (x: Operand, A: Operand) => Operand {
  return (x, A) => {
    const s = rng(seed), steps = kinks ? [...smooth, ...kinked] : smooth;
    const pool: Operand[][] = [[0.7, ad.take(x, 0)], [x], [A]];
    const pick = (rank: number): Operand => pool[rank][Math.max(0, pool[rank].length - 1 - integer(s, 3))];
    for (let i = 0; i < 9; i++) {
      const y = steps[integer(s, steps.length)](pick, n);
      pool[ad.shapeOf(y).length].push(y);
    }
    const last = (rank: number): Operand => pool[rank][pool[rank].length - 1];
    return ad.add(ad.add(last(1), last(0)), ad.sum(last(2), { axes: 1 }));
  };
}

/** Arguments of such a function. */
export function argumentsOf(seed: number, n: number = 3): [Float64Array, Matrix] {
  const generator = rng(seed), draw = (): number => 2 * uniform(generator) - 1;
  return [Float64Array.from({ length: n }, draw), {
    rows: n,
    columns: n,
    data: Float64Array.from({ length: n * n }, draw),
  }];
}
