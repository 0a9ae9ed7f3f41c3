// Every primitive of the table against differences and the laws; a primitive without a sample fails.
import { assert, assertEquals } from "@std/assert";
import { rng, uniform } from "../../lib/core/mod.ts";
import { erf, erfc } from "../../lib/autodiff/error_function.ts";
import { interpreter } from "../../lib/autodiff/interpret.ts";
import { input, type Node, sharing, topological } from "../../lib/autodiff/node.ts";
import { registry } from "../../lib/autodiff/primitive.ts";
import { rewrite } from "../../lib/autodiff/substitute.ts";
import * as ad from "../../lib/autodiff/mod.ts";
import { assertClose, assertLaws, entries } from "./laws.ts";
import { indirect, samples } from "./samples.ts";

const names = [...registry.keys()].filter((name) => !(name in indirect));

/** The nodes of a sample's program before macros are replaced. */
function nodesOf(sample: typeof samples[string][number]): Node[] {
  return topological(ad.trace(sample.f, ...sample.at).outputs);
}

Deno.test("every primitive has samples that apply it", () => {
  for (const [name, list] of Object.entries(samples)) {
    assert(registry.has(name), `${name} is no primitive`);
    list.forEach((sample, i) => {
      const hit = nodesOf(sample).some((node) => node.primitive.name === name);
      assert(hit || i > 0, `the first sample of ${name} does not apply it`);
    });
  }
  assertEquals(names.filter((name) => samples[name] === undefined), []);
});

// @must grad: every primitive's jvp, vjp, hvp and third derivatives against high-order differences to 1e-7; jvp and vjp as transposes
// to rounding; symmetric Hessians; forward over reverse = reverse over forward
// @measured reached: all primitives of the table, 1e-7 for derivatives, 1e-12 for transposes, 1e-11 for symmetry
for (const name of names) {
  Deno.test(`${name} has derivatives up to the third order that satisfy the laws`, () => {
    (samples[name] ?? []).forEach(({ f, at }, i) => assertLaws(f, at, `${name} ${i}`));
  });
}

Deno.test("expressions, expansions and lowered forms compute what the kernels do", () => {
  const generator = rng(5);
  for (const name of names) {
    for (const sample of samples[name] ?? []) {
      const traced = ad.trace(sample.f, ...sample.at), arrays = sample.at.map(entries);
      const expected = interpreter(traced).run(arrays);
      const expanded = rewrite(traced.outputs, (node) => node.primitive.expand?.(node) ?? node.primitive.lower?.(node));
      assertClose(interpreter({ inputs: traced.inputs, outputs: expanded }).run(arrays), expected, 1e-14, name);
    }
    const primitive = registry.get(name)!;
    if (primitive.expression === undefined) continue;
    for (const node of samples[name].flatMap(nodesOf).filter((node) => node.primitive === primitive)) {
      const letters = ["a", "b", "c"].slice(0, node.inputs.length);
      const body = `return ${primitive.expression(letters, node.attribute)};`;
      const formula = new Function("erf", "erfc", ...letters, body);
      const numbers = letters.map(() => uniform(generator)), out = new Float64Array(1);
      primitive.kernel!(node)(numbers.map((x) => Float64Array.of(x)), out);
      assertEquals(formula(erf, erfc, ...numbers), out[0], `${name}: ${body}`);
    }
  }
});

Deno.test("equal nodes are one, in either order of commuting arguments, and constants are folded", () => {
  sharing(() => {
    const x = input([3]);
    assert(ad.sin(ad.add(x, 1)) === ad.sin(ad.add(1, x)) && ad.multiply(x, 2) === ad.multiply(2, x));
    assert(ad.negate(ad.negate(x)) === x && ad.add(x, 0) === x && ad.multiply(1, x) === x);
    assertEquals(topological([ad.multiply(2, ad.multiply(3, x)) as Node]).length, 4); // 6 x: a number, its copies, x, the product
  });
});

Deno.test("erf() and erfc() have the values of the tables, and are a few units in the last place from each other", () => {
  // computed with 50 digits
  const table: [number, number, number][] = [
    [0.1, 0.1124629160182848922, 0.8875370839817151078],
    [0.5, 0.5204998778130465377, 0.4795001221869534623],
    [1, 0.8427007929497148693, 0.1572992070502851307],
    [2.5, 0.9995930479825550411, 0.00040695201744495893956],
    [5, 0.9999999999984625402, 1.5374597944280348502e-12],
    [10, 1, 2.0884875837625447570e-45],
    [26, 1, 5.6631924088561428466e-296],
  ];
  for (const [x, e, c] of table) {
    assert(Math.abs(erf(x) / e - 1) < 4e-16, `erf ${x}`);
    assert(Math.abs(erfc(x) / c - 1) < 2e-15, `erfc ${x}: ${erfc(x) / c - 1}`);
    assertEquals([erf(-x), erfc(-x)], [-erf(x), 2 - erfc(x)]);
  }
  assertEquals([erf(0), erf(Infinity), erfc(Infinity), erfc(-Infinity), erf(NaN), erfc(NaN)], [0, 1, 0, 2, NaN, NaN]);
});
