import { assertEquals } from "@std/assert";
import * as ad from "../../lib/autodiff/mod.ts";
import { assertClose, assertLaws, compiled, entries } from "./laws.ts";
import { argumentsOf, randomProgram } from "./programs.ts";

// @must jvp, vjp, hvp: 300 random compositions: up to third derivatives against high-order differences to 1e-7, transposes to
// rounding, symmetry, forward over reverse = reverse over forward
// @measured reached: 300 programs of 9 steps, 1e-7; 1e-12 for transposes and the order of modes; 1e-11 for symmetry
Deno.test("300 random compositions satisfy the laws of derivatives", () => {
  for (let seed = 0; seed < 300; seed++) {
    assertLaws(randomProgram(seed, false), argumentsOf(seed), `program ${seed}`);
  }
});

// @must interpreter: interpreter = eager on 300 random programs, derivatives included
// @measured reached: to 1e-13 relative; the same bits from run to run
Deno.test("interpreter() computes what eager functions do, for 300 random programs with kinks and for their gradients", () => {
  for (let seed = 0; seed < 300; seed++) {
    const f = randomProgram(seed, true), [x, A] = argumentsOf(seed), arrays = [x, A.data];
    const executable = compiled((a, b) => f(a, b), [x, A]);
    const first = executable.run(arrays);
    assertClose(first, [entries(f(x, A))], 1e-13, `program ${seed}`);
    assertEquals(executable.run(arrays), first);
    const loss = (a: ad.Operand, b: ad.Operand): ad.Operand => ad.sum(f(a, b)), gradient = ad.grad(loss);
    const pulled = compiled((a, b) => gradient(a, b), [x, A]).run(arrays);
    assertClose(pulled, [entries(gradient(x, A))], 1e-13, `gradient of program ${seed}`);
  }
});
