import { assert, assertEquals, assertThrows } from "@std/assert";
import { fillNormal, rng, ShapeError } from "../../lib/core/mod.ts";
import { compile } from "../../lib/autodiff/compile/compile.ts";
import { make } from "../../lib/autodiff/node.ts";
import { definePrimitive, registry } from "../../lib/autodiff/primitive.ts";
import * as ad from "../../lib/autodiff/mod.ts";
import type { Operand } from "../../lib/autodiff/mod.ts";
import { deno } from "../project/deno.ts";
import { assertClose, entries } from "./laws.ts";
import { argumentsOf, randomProgram } from "./programs.ts";
import { samples } from "./samples.ts";

/** Everything that generated text may hold. */
const token =
  /"use strict"|\b(?:const|let|for|if|try|finally|false|true|undefined|busy|door|outs|length|function|return|fill|set|erf|erfc|Infinity|NaN|Math\.\w+|[xopdkastrfil]\d+|[IOPDKASI])\b|\d+(?:\.\d+)?(?:e[+-]?\d+)?|[-+*\/=<>!?:;,.(){}[\]\s|]/g;

/** What is left of a text without that. */
const strange = (source: string): string => source.replace(token, "");

Deno.test("compile() = interpreter() on the samples of every primitive, in value and gradient", () => {
  for (const [name, list] of Object.entries(samples)) {
    list.forEach(({ f, at }, i) => {
      const squares = (...x: Operand[]): Operand => ad.sum(ad.square(f(...x))), gradient = ad.grad(squares);
      for (const g of [f, gradient as typeof f]) {
        const program = ad.trace(g, ...at), arrays = at.map(entries), compiled = compile(program);
        const expected = ad.interpreter(program).run(arrays), first = compiled.run(arrays);
        assertClose(first, expected, 1e-13, `${name} ${i}:\n${compiled.source}`);
        assertEquals(compiled.run(arrays), first);
        assertEquals(strange(compiled.source), "");
      }
    });
  }
});

// @must compile: compiled = interpreter = eager on 300 random programs; no generated text holds a user's string
// @measured reached: 300 programs with kinks, their gradients and Hessian-vector products to 1e-12; text of known tokens alone
Deno.test("compile() = interpreter() = eager on 300 random programs, their gradients and Hessian-vector products", () => {
  for (let seed = 0; seed < 300; seed++) {
    const n = seed % 2 === 0 ? 3 : 7; // with 7 there are loops, with 3 all is written out
    const f = randomProgram(seed, true, n), [x, A] = argumentsOf(seed, n), [v] = argumentsOf(seed + 300, n);
    const loss = (a: Operand, b: Operand): Operand => ad.sum(f(a, b)), gradient = ad.grad(loss), product = ad.hvp(loss);
    const cases: [(...x: Operand[]) => Operand, ad.Value[]][] = [
      [f, [x, A]],
      [(a, b) => gradient(a, b), [x, A]],
      [(a, b, d) => product(a, d, b), [x, A, v]],
    ];
    for (const [g, at] of cases) {
      const program = ad.trace(g, ...at), compiled = compile(program), arrays = at.map(entries);
      const result = compiled.run(arrays), what = `program ${seed}:\n${compiled.source}`;
      assertClose(result, ad.interpreter(program).run(arrays), 1e-12, what);
      assertClose(result, [entries(g(...at))], 1e-12, what);
      assertEquals(compiled.run(arrays), result);
      assertEquals(strange(compiled.source), "");
    }
  }
});

Deno.test("compile() hands signs on: sums subtract, products keep them, and nothing is negated but what others need", () => {
  const n = 20,
    [x, y] = [1, 2].map((seed) => ({ shape: [n, 3], data: fillNormal(rng(seed), new Float64Array(3 * n)) }));
  const minus = (v: Operand): Operand => ad.reshape(ad.negate(ad.take(v, 0, 1)), [n, 1]); // a sign that is behind a repetition
  const operations: ((a: Operand, b: Operand) => Operand)[] = [
    ad.add,
    ad.subtract,
    ad.multiply,
    ad.divide,
    ad.max,
    (a, b) => ad.add(ad.square(a), b),
    (a, b) => ad.add(ad.reciprocal(a), b),
    (a, b) => ad.add(ad.exp(a), ad.negate(b)),
    (a, b) => ad.select(ad.greater(a, b), a, b),
  ];
  const at = [x.data, y.data], places = Float64Array.from({ length: n }, (_, k) => k % 2);
  const sides: ((v: Operand) => Operand)[] = [minus, (v) => v, (v) => ad.multiply(v, minus(v))];
  for (const operation of operations) {
    for (const left of sides) {
      for (const right of sides) {
        const f = (a: Operand, b: Operand): Operand[] => {
          const c = ad.add(operation(left(a), right(b)), ad.multiply(0, a)), sums = ad.sum(c, { axes: 1 });
          return [c, sums, ad.sum(c), ad.scatterAdd({ shape: [2, 3], data: new Float64Array(6) }, places, c)];
        };
        const program = ad.trace(f, x, y), compiled = compile(program);
        assertClose(compiled.run(at), ad.interpreter(program).run(at), 1e-14, compiled.source);
        assertEquals(strange(compiled.source), "");
      }
    }
  }
  const i = Float64Array.of(0, 0, 1), j = Float64Array.of(1, 2, 2);
  const energy = (z: Operand): Operand => {
    const squares = ad.sum(ad.square(ad.subtract(ad.gather(z, i), ad.gather(z, j))), { axes: 1 });
    return ad.sum(ad.reciprocal(ad.sqrt(squares)));
  };
  const { source } = compile(ad.trace(ad.grad(energy), ad.ofShape(3, 3)));
  assertEquals(source.match(/=-|\+=-/g), null, source);
});

// @must compile: aliasing of inputs and outputs, reentry and resizable buffers are refused at the door
// @measured reached: also after the same arrays have been let in
Deno.test("compile() refuses arrays of other lengths, shared or resizable memory, and running inside itself", () => {
  const compiled = ad.compile(ad.trace((x: Operand) => ad.add(x, ad.slice(x, 0, 1)), ad.ofShape(3)));
  const x = Float64Array.of(1, 2, 3), out = new Float64Array(3);
  for (let run = 0; run < 2; run++) { // before and after arrays have been let in
    assertThrows(() => compiled.run([new Float64Array(2)], [out]), ShapeError, "3 entries");
    assertThrows(() => compiled.run([x], [new Float64Array(4)]), ShapeError, "3 entries");
    assertThrows(() => compiled.run([], [out]), ShapeError, "expected 1 inputs, got 0");
    assertThrows(() => compiled.run([undefined as unknown as Float64Array], [out]), ShapeError, "got undefined");
    assertThrows(() => compiled.run([x], [x]), ShapeError, "share no memory");
    assertThrows(() => compiled.run([out.subarray(0)], [out]), ShapeError, "share no memory");
    const resizable = new Float64Array(new ArrayBuffer(24, { maxByteLength: 48 }));
    assertThrows(() => compiled.run([resizable], [out]), ShapeError, "resizable");
    assertEquals(compiled.run([x], [out]), [out]);
    assertEquals([...out], [2, 3, 4]);
  }
  structuredClone(x, { transfer: [x.buffer] });
  assertThrows(() => compiled.run([x], [out]), ShapeError, "3 entries"); // taken away since it was let in

  const outside = ad.trace((x: Operand) => ad.sum(x), ad.ofShape(2));
  assertThrows(() => compile({ inputs: [], outputs: outside.outputs }), ad.TraceError, "from outside");
});

Deno.test("compile() is closed while it runs, and open again after an error in a kernel", () => {
  const primitive = definePrimitive({
    name: "test: calls back",
    emission: "kernel",
    shape: ([given]) => given,
    jvp: () => undefined,
    kernel: () => ([a], out) => {
      if (a[0] === 0) throw new RangeError("zero");
      if (a[0] === 1) compiled.run([a]);
      out.set(a);
    },
  });
  const program = ad.trace((x: Operand) => make(primitive, [x as ad.Node], null), ad.ofShape(1));
  const compiled = compile(program);
  assertThrows(() => compiled.run([Float64Array.of(1)]), ad.TraceError, "not reentrant");
  assertThrows(() => compiled.run([Float64Array.of(0)]), RangeError, "zero");
  assertEquals(compiled.run([Float64Array.of(2)]), [Float64Array.of(2)]);
  registry.delete(primitive.name);
});

Deno.test("compile() gives outputs that are inputs, constants, numbers, or the same twice", () => {
  const c = Float64Array.of(5, 6);
  const f = (x: Operand): ad.Tree => {
    const y = ad.square(x), s = ad.sum(x);
    return [x, c, 3, y, y, s, s, ad.transpose(ad.outer(x, c)), ad.broadcastTo(7, [2]), ad.add(ad.sum(c), 1)];
  };
  const x = Float64Array.of(1, 2), compiled = compile(ad.trace(f, x));
  const expected = [[1, 2], [5, 6], [3], [1, 4], [1, 4], [3], [3], [5, 10, 6, 12], [7, 7], [12]];
  assertEquals(compiled.run([x]).map((out) => [...out]), expected);
  c[0] = 0; // kept by reference
  assertEquals([...compiled.run([x])[1]], [0, 6]);
});

Deno.test("compile() runs over arrays without entries, and of one", () => {
  for (const n of [0, 1]) {
    const f = (A: Operand): ad.Tree => [
      ad.sum(A),
      ad.sum(A, { axes: 1 }),
      ad.sum(A, { axes: 0 }),
      ad.maximum(A, { axes: 1 }),
      ad.concatenate([A, A], 1),
      ad.exp(ad.reshape(A, [-1])),
    ];
    const program = ad.trace(f, ad.ofShape(3, n)), A = new Float64Array(3 * n).fill(2);
    assertEquals(compile(program).run([A]), ad.interpreter(program).run([A]));
  }
});

Deno.test("compile() shares a loop between value and gradient, and splits it where windows end", () => {
  const rosenbrock = (x: Operand): Operand => {
    const a = ad.slice(x, 0, -1), b = ad.slice(x, 1);
    return ad.sum(
      ad.add(ad.square(ad.subtract(1, a)), ad.multiply(100, ad.square(ad.subtract(b, ad.square(a))))),
    );
  };
  const gradient = ad.valueAndGrad(rosenbrock);
  const { source, bytes } = compile(ad.trace((x: Operand) => {
    const { value, gradient: g } = gradient(x);
    return [value, g];
  }, ad.ofShape(1000)));
  assertEquals([source.match(/for\(/g)?.length, bytes], [1, 0]); // [0, 1), [1, 999) and [999, 1000)
});

// @must compile: programs of 5000 statements are divided into functions of at most 1000
// @measured reached: 20000 scalar statements in functions below 1100 lines each; the time a statement is in the bench
Deno.test("compile() divides long programs into functions that engines optimize", () => {
  const f = (x: Operand): Operand => {
    let a = ad.take(x, 0), b = ad.take(x, 1);
    for (let i = 0; i < 5000; i++) [a, b] = [ad.add(ad.multiply(a, 0.5), b), ad.sin(a)];
    return ad.add(a, b);
  };
  const program = ad.trace(f, ad.ofShape(2)), compiled = compile(program), x = Float64Array.of(0.3, -0.8);
  const functions = compiled.source.split(/^function /m).slice(1).map((text) => text.split("=").length);
  assert(functions.length >= 15 && Math.max(...functions) < 3200, `${functions}`);
  assertClose(compiled.run([x]), ad.interpreter(program).run([x]), 1e-14, "long program");
});

Deno.test("without code generation compile() interprets", async () => {
  const script =
    `import { compile, ofShape, square, trace } from ${
      JSON.stringify(new URL("../../lib/autodiff/mod.ts", import.meta.url).href)
    };\nconst { source, run } = compile(trace(square, ofShape(2)));\n` +
    `console.log(JSON.stringify([source, [...run([Float64Array.of(3, 4)])[0]]]));`;
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, script);
    const { code, stdout, stderr } = await deno([
      "run",
      "--no-check",
      "--v8-flags=--disallow-code-generation-from-strings",
      file,
    ]);
    assertEquals(code, 0, stderr);
    assertEquals(JSON.parse(stdout), ["", [9, 16]]);
  } finally {
    await Deno.remove(file);
  }
});
