import { assertEquals } from "@std/assert";
import { compile } from "../../lib/autodiff/compile/compile.ts";
import * as ad from "../../lib/autodiff/mod.ts";
import type { Operand } from "../../lib/autodiff/mod.ts";
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
    const f = randomProgram(seed, true), [x, A] = argumentsOf(seed), [v] = argumentsOf(seed + 300);
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
