// Functions that apply regions: choices, loops, functions with rules, with arrays that they close over.
import * as ad from "../../lib/autodiff/mod.ts";
import type { Operand } from "../../lib/autodiff/mod.ts";
import { filled } from "./filled.ts";
import type { Sample } from "./samples.ts";

const choice = (x: Operand, y: Operand): Operand =>
  ad.cond(
    ad.greater(ad.sum(x), 0),
    (z: Operand) => ad.multiply(ad.exp(z), ad.sin(y)),
    (z: Operand) => ad.square(ad.add(z, ad.multiply(ad.sum(x), y))),
    x,
  );
const recurrent = (options: ad.ScanOptions) => (x: Operand, W: Operand): Operand => {
  const step = (h: Operand, row: Operand): readonly [Operand, Operand] => {
    const next = ad.tanh(ad.add(ad.matmul(W, h), row));
    return [next, ad.multiply(next, ad.add(row, h))];
  };
  const [last, all] = ad.scan(step, ad.multiply(0.5, ad.take(x, 0)), x, options);
  return ad.add(last, ad.sum(ad.multiply(all, x), { axes: 0 }));
};
const power = (x: Operand, a: Operand): Operand =>
  ad.scan((c: Operand, _: readonly Operand[]) => [ad.sin(ad.multiply(c, a)), []], x, [], { length: 4 })[0];
const linear = (x: Operand): Operand =>
  ad.scan((c: Operand, row: Operand) => [ad.add(c, row), c], ad.multiply(0, ad.take(x, 0)), x)[1];
const byTangent = ad.customRule((x: Operand, y: Operand): Operand => ad.multiply(ad.sin(x), y), {
  jvp: ([x, y], [s, t]) => ad.add(ad.multiply(ad.multiply(ad.cos(x), y), s), ad.multiply(ad.sin(x), t)),
});
const byCotangent = ad.customRule((x: Operand, y: Operand): Operand => ad.multiply(ad.exp(x), y), {
  vjp: ([x], c, value) => [ad.multiply(value, c), ad.multiply(ad.exp(x), c)],
});
const block = ad.checkpoint((x: Operand, y: Operand): readonly Operand[] => [
  ad.sin(ad.multiply(x, ad.exp(y))),
  ad.tanh(ad.add(x, y)),
]);

/** By the name of the primitive. */
export const regionSamples: Readonly<Record<string, readonly Sample[]>> = {
  cond: [
    { f: choice, at: [filled([3], 0.1, 1), filled([3])] },
    { f: choice, at: [filled([3], -1, -0.1), filled([3])] },
  ],
  scan: [
    { f: recurrent({}), at: [filled([5, 2]), filled([2, 2])] },
    { f: recurrent({ reverse: true }), at: [filled([3, 2]), filled([2, 2])] },
    { f: recurrent({ checkpoint: true }), at: [filled([7, 2]), filled([2, 2])] },
    { f: recurrent({ checkpoint: true, reverse: true }), at: [filled([7, 2]), filled([2, 2])] },
    { f: power, at: [filled([2], 0.5, 1), filled([2], 0.5, 1)] },
    { f: linear, at: [filled([3, 2])] },
  ],
  checkpoint: [
    {
      f: (x, y) => {
        const [a, b] = block(x, y), [c, d] = block(b, a);
        return ad.add(c, d);
      },
      at: [filled([3]), filled([3])],
    },
    {
      f: (x, y) => ad.checkpoint((z: Operand) => ad.multiply(ad.checkpoint((w: Operand) => ad.exp(w))(z), y))(x),
      at: [filled([2]), filled([2])],
    },
  ],
  customRule: [
    { f: byTangent, at: [filled([3]), filled([3])] },
    { f: byCotangent, at: [filled([3]), filled([3])] },
    { f: (x) => byCotangent(byTangent(x, x), ad.sin(x)), at: [filled([2])] },
    {
      f: (x) => ad.scan((c: Operand, row: Operand) => [byCotangent(ad.multiply(0.2, c), row), c], ad.take(x, 0), x)[0],
      at: [filled([4, 2])],
    },
  ],
};
