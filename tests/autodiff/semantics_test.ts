// Laws that the semantics of derivatives promises: of higher-order functions and branches, of orders, of cost, of purity. The laws of
// composition, pairs and substitution stand with the transformations.
import { assert, assertEquals } from "@std/assert";
import * as ad from "../../lib/autodiff/mod.ts";
import type { Operand } from "../../lib/autodiff/mod.ts";
import { topological } from "../../lib/autodiff/node.ts";
import { sizeOf } from "../../lib/autodiff/shape.ts";
import { assertClose, entries } from "./laws.ts";
import { argumentsOf, randomProgram } from "./programs.ts";
import { filled } from "./samples.ts";

// @must vmap, scan, cond: macro laws for higher-order functions: D(map f) = map Df, D(fold f) = fold Df, D of a branch is that of the chosen
// one, inside of a map and of a fold as well
// @measured reached: to 1e-14
Deno.test("derivatives commute with map, fold and branches as functions of functions", () => {
  const f = (x: Operand): Operand => ad.sin(ad.multiply(x, ad.add(1, x)));
  const branching = (x: Operand): Operand => ad.cond(ad.greater(x, 0), f, (y: Operand) => ad.exp(y), x);
  const x = filled([5]), v = filled([5]);
  for (const g of [f, branching]) {
    const push = (y: Operand, t: Operand): ad.Tree => ad.jvp(g as ad.ArrayFunction, [y], [t]).tangent;
    const mapped = ad.jvp(ad.vmap(g as ad.ArrayFunction) as ad.ArrayFunction, [x], [v]).tangent;
    assertClose([entries(mapped as Operand)], [entries(ad.vmap(push)(x, v) as Operand)], 1e-14, "map");
    // fold c ← g(c) x, and the fold over pairs of values and tangents
    const step = (c: Operand, y: Operand): Operand => ad.multiply(g(c), y);
    const folded = ad.jvp((y: Operand) => ad.scan((c: Operand, z: Operand) => [step(c, z), []], 0.4 as Operand, y)[0], [
      x,
    ], [v]);
    const pairs = ad.scan(
      ([c, d]: readonly Operand[], [y, t]: readonly Operand[]) => {
        const { value, tangent } = ad.jvp(step as ad.ArrayFunction, [c, y], [d, t]);
        return [[value as Operand, tangent as Operand], []];
      },
      [0.4, 0] as readonly Operand[],
      [x, v] as readonly Operand[],
    )[0];
    const tangents = [pairs[0], pairs[1]].map(entries);
    assertClose([entries(folded.value as Operand), entries(folded.tangent as Operand)], tangents, 1e-14, "fold");
  }
});

// @must vjp: reverse mode is the transpose of forward mode: <u, J v> = <Jᵀ u, v> to 1e-12 on 200 random programs
// @measured reached: 300 programs in the test of random compositions, and here through a map and a fold of 50, to 1e-12
Deno.test("reverse mode is the transpose of forward mode through maps and folds of random programs", () => {
  for (let seed = 0; seed < 50; seed++) {
    const f = randomProgram(seed, true),
      [x, A] = argumentsOf(seed),
      [v] = argumentsOf(seed + 500),
      rows = ad.stack([x, v]);
    const h = (y: Operand): Operand => {
      const all = ad.vmap(f, { axes: [0, null] })(y, A) as Operand;
      return ad.scan((c: Operand, z: Operand) => [ad.tanh(f(ad.add(c, z), A)), c], x as Operand, all)[0];
    };
    const directions = ad.stack([v, x]), u = argumentsOf(seed + 900)[0];
    const tangent = ad.jvp(h as ad.ArrayFunction, [rows], [directions]).tangent as Operand;
    const cotangent = ad.vjp(h as ad.ArrayFunction, rows).pullback(u)[0] as Operand;
    const left = ad.asNumber(ad.dot(u, tangent)), right = ad.asNumber(ad.sum(ad.multiply(cotangent, directions)));
    assert(Math.abs(left - right) <= 1e-12 * Math.max(1, Math.abs(left)), `program ${seed}: ${left}, ${right}`);
  }
});

/** The entries of all nodes of a program. */
function operations(f: (x: Operand) => ad.Tree, x: Float64Array): number {
  return topological(ad.trace(f, x).outputs).reduce((total, node) => total + sizeOf(node.shape), 0);
}

// @must grad: cheap gradient principle: cost(grad) / cost(f) at most 5 in primitive operations, independent of n (10 to 10⁴, slope of
// the logarithms 0 within 0.05)
// @measured reached: ratios 2.13 to 2.20, slope 0.005
Deno.test("the cost of a gradient is a multiple of that of the function that does not grow with its size", () => {
  const sizes = [10, 100, 1000, 10_000];
  const ratios = sizes.map((n) => {
    const chain = (x: Operand): Operand => {
      let y = ad.take(x, 0);
      for (let i = 1; i < n; i++) y = ad.sin(ad.multiply(y, ad.take(x, i)));
      return y;
    };
    const x = new Float64Array(n).fill(0.9);
    return operations(ad.grad(chain), x) / operations(chain, x);
  });
  const slope = Math.log(ratios[3] / ratios[0]) / Math.log(1000);
  assert(Math.max(...ratios) <= 5 && Math.abs(slope) < 0.05, `${ratios}, slope ${slope}`);
});

// @must interpreter: purity: arguments are not changed, and the same program gives the same bits each time, also after others ran
// @measured reached: 100 random programs with their gradients and Hessian-vector products, in any order, bit for bit
Deno.test("programs change nothing and give the same bits every time", () => {
  const runs = Array.from({ length: 100 }, (_, seed) => {
    const f = randomProgram(seed, true), [x, A] = argumentsOf(seed), loss = (y: Operand): Operand => ad.sum(f(y, A));
    const trio = (y: Operand): ad.Tree => [f(y, A), ad.grad(loss)(y), ad.hvp(loss)(y, x)];
    const program = ad.interpreter(ad.trace(trio, x)), before = x.slice(), kept = A.data.slice();
    const first = program.run([x]).map((part) => part.slice());
    assertEquals([x, A.data], [before, kept]);
    return { program, x, first };
  });
  for (const { program, x, first } of runs.reverse()) assertEquals(program.run([x]), first);
});
