// Taylor coefficients of every primitive against nested forward mode, and against closed forms.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { ShapeError } from "../../lib/core/mod.ts";
import * as ad from "../../lib/autodiff/mod.ts";
import type { Operand, Tree, Value } from "../../lib/autodiff/mod.ts";
import { registry } from "../../lib/autodiff/primitive.ts";
import { alike, assertClose, entries } from "./laws.ts";
import { matrixSamples } from "./matrix_samples.ts";
import { argumentsOf, randomProgram } from "./programs.ts";
import { filled, indirect, samples } from "./samples.ts";

const factorial = (k: number): number => k < 2 ? 1 : k * factorial(k - 1);

/** `xⱼ + Σ tᵏ seriesₖⱼ`. */
function curve(x: readonly Value[], series: readonly (readonly Value[])[], t: Operand): Operand[] {
  return x.map((start, j) =>
    series.reduce<Operand>((sum, terms, k) => ad.add(sum, ad.multiply(ad.power(t, k + 1), terms[j])), start)
  );
}

/** Asserts that jets agree with derivatives by nested jvp of `t ↦ f(x(t))`. */
function assertJet(f: (...x: Operand[]) => Operand, at: readonly Value[], order: number, what: string): void {
  const series = Array.from({ length: order }, (_, k) => alike(at, k + 1).map((v) => scaled(0.3, v)));
  const jet = ad.jet((x: readonly Operand[]) => f(...x), at as Tree, series as Tree[]);
  let g = (t: Operand): Operand => f(...curve(at, series, t));
  assertClose([entries(jet.value as Operand)], [entries(f(...at))], 1e-14, `${what}: value`);
  for (let k = 1; k <= order; k++) {
    const before = g;
    g = (t) => ad.jvp(before, [t], [1]).tangent as Operand;
    const derivative = entries(g(0)).map((d) => d / factorial(k));
    assertClose([entries(jet.series[k - 1] as Operand)], [derivative], 1e-10, `${what}: order ${k}`);
  }
}

function scaled(factor: number, x: Value): Value {
  if (typeof x === "number") return factor * x;
  return x instanceof Float64Array ? x.map((e) => factor * e) : { ...x, data: x.data.map((e) => factor * e) };
}

// @must jet: coefficients of exp, log, sin, tanh, division and an MLP against nested forward mode to 1e-10 for orders up to 5; jets of
// order k equal nested first order to 1e-9
// @measured reached: every primitive of the table, orders up to 6 (4 for functions of matrices), to 1e-10 relative
for (const name of registry.keys()) {
  if (name in indirect) continue;
  const order = name in matrixSamples ? 4 : 6;
  Deno.test(`${name} has the Taylor coefficients that nested tangents give`, () => {
    assert(samples[name] !== undefined, `no samples of ${name}`);
    samples[name].forEach(({ f, at }, i) => assertJet(f, at, i === 0 ? order : 3, `${name} ${i}`));
  });
}

Deno.test("jet() agrees with nested jvp on 50 random programs", () => {
  for (let seed = 0; seed < 50; seed++) assertJet(randomProgram(seed, false), argumentsOf(seed), 3, `program ${seed}`);
});

// @must jet: coefficients of exp, log, sin, tanh and division against closed forms, and of an MLP, to 1e-10
// @measured reached: 1e-15 for closed forms of order 8; MLP of two layers in the test of nested tangents, to 1e-10
Deno.test("jet() has the coefficients of known series", () => {
  const unit = [1, 0, 0, 0, 0, 0, 0, 0], orders = unit.map((_, k) => k + 1);
  const check = (f: (x: Operand) => Operand, x: number, expected: number[], what: string): void =>
    assertClose([Float64Array.from(ad.jet(f, x, unit).series as number[])], [Float64Array.from(expected)], 1e-15, what);
  check(ad.exp, 0, orders.map((k) => 1 / factorial(k)), "exp");
  check(ad.log, 1, orders.map((k) => (k % 2 === 0 ? -1 : 1) / k), "log");
  check(ad.sin, 0, orders.map((k) => k % 2 === 0 ? 0 : (k % 4 === 1 ? 1 : -1) / factorial(k)), "sin");
  check(ad.tanh, 0, [1, 0, -1 / 3, 0, 2 / 15, 0, -17 / 315, 0], "tanh");
  check(ad.atan, 0, [1, 0, -1 / 3, 0, 1 / 5, 0, -1 / 7, 0], "atan");
  check(ad.asin, 0, [1, 0, 1 / 6, 0, 3 / 40, 0, 15 / 336, 0], "asin");
  check((x) => ad.divide(1, ad.subtract(1, x)), 0, orders.map(() => 1), "1 / (1 - x)");
  check((x) => ad.sqrt(x), 1, [1 / 2, -1 / 8, 1 / 16, -5 / 128, 7 / 256, -21 / 1024, 33 / 2048, -429 / 32768], "√x");
  check((x) => ad.power(x, 3), 0, [0, 0, 1, 0, 0, 0, 0, 0], "x³ at 0");
});

Deno.test("jet() of a multilayer perceptron agrees with nested tangents", () => {
  const A = filled([8, 5], -1, 1), B = filled([8], -1, 1);
  assertJet((x, C) => ad.dot(C, ad.tanh(ad.matmul(A, ad.tanh(ad.multiply(x, x))))), [filled([5]), B], 5, "MLP");
});

Deno.test("jet() nests with itself and with gradients, and composes", () => {
  const f = (x: Operand): Operand => ad.exp(ad.sin(x)), g = (x: Operand): Operand => ad.log1p(ad.square(x));
  const inner = ad.jet(g, 0.4, [1, 0.5, -0.2]), whole = ad.jet((x: Operand) => f(g(x)), 0.4, [1, 0.5, -0.2]);
  const outer = ad.jet(f, inner.value, inner.series);
  assertClose(
    [Float64Array.from(outer.series as number[])],
    [Float64Array.from(whole.series as number[])],
    1e-15,
    "f ∘ g",
  );
  const second = (x: Operand): Operand => ad.multiply(2, ad.jet(f, x, [1, 0]).series[1] as Operand);
  const fourth = ad.multiply(2, ad.jet(second, 0.4, [1, 0]).series[1] as Operand);
  const third = ad.grad(second)(0.4), direct = ad.jet(f, 0.4, [1, 0, 0, 0]).series as number[];
  assertClose(
    [Float64Array.of(third, fourth as number)],
    [Float64Array.of(6 * direct[2], 24 * direct[3])],
    1e-13,
    "nested",
  );
  const record = ad.jet(({ a, b }: { a: Operand; b: Operand }) => [ad.multiply(a, b), a], { a: 2, b: 3 }, [
    { a: 1, b: 0 },
    { a: 0, b: 1 },
  ]);
  assertEquals(record, { value: [6, 2], series: [[3, 1], [2, 0]] });
});

Deno.test("jet() refuses a series without terms or of other shapes", () => {
  assertThrows(() => ad.jet(ad.exp, 1, []), ShapeError, "at least one");
  assertThrows(() => ad.jet(ad.exp, 1, [Float64Array.of(1, 2)]), ShapeError, "expected shape []");
});
