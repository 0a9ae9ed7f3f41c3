// Choices, loops, rules and rematerialization against straight-line programs; their memory. The laws of derivatives, Taylor
// coefficients, batches and compilation are tested on samples of all of them with those of other primitives.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { ShapeError } from "../../lib/core/mod.ts";
import * as ad from "../../lib/autodiff/mod.ts";
import type { Operand } from "../../lib/autodiff/mod.ts";
import { assertClose, compiled, entries } from "./laws.ts";
import { filled } from "./samples.ts";

const vector = (...x: number[]): Float64Array => Float64Array.from(x);
const W = filled([4, 4], -0.5, 0.5);

/** `h ← tanh(W h + x)` over the rows of x; the loss is the sum of all `|h|²`. */
function looped(options: ad.ScanOptions): (x: Operand, M: Operand) => Operand {
  return (x, M) => {
    const step = (h: Operand, row: Operand): readonly [Operand, Operand] => {
      const next = ad.tanh(ad.add(ad.matmul(M, h), row));
      return [next, ad.dot(next, next)];
    };
    return ad.sum(ad.scan(step, new Float64Array(4) as Operand, x, options)[1]);
  };
}

function unrolled(reverse: boolean): (x: Operand, M: Operand) => Operand {
  return (x, M) => {
    const n = ad.shapeOf(x)[0];
    let h: Operand = new Float64Array(4), loss: Operand = 0;
    for (let i = 0; i < n; i++) {
      h = ad.tanh(ad.add(ad.matmul(M, h), ad.take(x, reverse ? n - 1 - i : i)));
      loss = ad.add(loss, ad.dot(h, h));
    }
    return loss;
  };
}

// @must scan: value, gradient and Hessian-vector product are those of the unrolled loop, forwards and backwards, with and without
// checkpoints, compiled or not
// @measured reached: to 1e-13 relative for 5 and 50 steps
Deno.test("scan() has the derivatives of the unrolled loop", () => {
  for (const n of [0, 1, 5, 50]) {
    const x = filled([n, 4]), v = filled([n, 4], -0.3, 0.3);
    for (const [reverse, checkpoint] of [[false, false], [true, false], [false, true], [true, true]]) {
      const f = looped({ reverse, checkpoint }), g = unrolled(reverse), what = `${n} ${reverse} ${checkpoint}`;
      assertClose([entries(f(x, W))], [entries(g(x, W))], 1e-13, what);
      if (n === 0) continue;
      assertClose([entries(ad.grad(f)(x, W))], [entries(ad.grad(g)(x, W))], 1e-13, what);
      assertClose([entries(ad.hvp(f)(x, v, W))], [entries(ad.hvp(g)(x, v, W))], 1e-13, what);
      const parameters = (h: typeof f) => ad.grad((M: Operand) => h(x, M))(W);
      assertClose([entries(parameters(f))], [entries(parameters(g))], 1e-13, what);
      const program = ad.trace((y: Operand) => ad.grad(f)(y, W), x);
      assertClose(ad.compile(program).run([entries(x)]), [entries(ad.grad(g)(x, W))], 1e-13, what);
    }
  }
});

// @must scan: the memory of reverse mode grows as n, with checkpoints as √n
// @measured reached: from 256 to 4096 steps 15.8 times as much for all states, 3.4 times with checkpoints; at 4096 steps a thirtieth
Deno.test("scan() with checkpoints keeps about √n states", () => {
  const bytes = (n: number, checkpoint: boolean): number => {
    const f = (c: Operand): Operand => {
      const step = (h: Operand, _: readonly Operand[]): readonly [Operand, []] => [ad.sin(ad.exp(ad.sin(h))), []];
      return ad.sum(ad.scan(step, c, [] as readonly Operand[], { length: n, checkpoint })[0]);
    };
    return compiled(ad.grad(f) as (x: Operand) => Operand, [filled([64])]).bytes;
  };
  const ratio = (checkpoint: boolean): number => bytes(4096, checkpoint) / bytes(256, checkpoint);
  const [all, few] = [ratio(false), ratio(true)];
  assert(all > 14 && all < 17, `${all}`);
  assert(few < 4.5, `${few}`);
  assert(bytes(4096, true) < bytes(4096, false) / 25, "less memory");
});

// @must checkpoint: a chain of n blocks needs the memory of one block and of n arguments
// @measured reached: 40 blocks of 20 functions: one array more for each block, 20 without checkpoints
Deno.test("checkpoint() keeps the arguments alone", () => {
  const block = (x: Operand): Operand => {
    for (let i = 0; i < 20; i++) x = ad.sin(ad.multiply(1.01, x));
    return x;
  };
  const arrays = (f: (x: Operand) => Operand, n: number): number => {
    const chain = (x: Operand): Operand => {
      for (let i = 0; i < n; i++) x = f(x);
      return ad.sum(x);
    };
    return compiled(ad.grad(chain) as (x: Operand) => Operand, [filled([1000])]).bytes / 8000;
  };
  const kept = ad.checkpoint(block), slope = (f: typeof block): number => (arrays(f, 40) - arrays(f, 20)) / 20;
  assert(slope(kept) < 1.1, `${slope(kept)}`);
  assert(slope(block) > 15, `${slope(block)}`);
  const x = filled([3]), f = (b: typeof block) => ad.grad((y: Operand) => ad.sum(b(b(y))))(x);
  assertClose([entries(f(kept))], [entries(f(block))], 1e-15, "gradient");
});

Deno.test("cond() computes the chosen branch alone, and its derivative", () => {
  const f = (x: Operand): Operand =>
    ad.cond(ad.greater(x, 0), (y: Operand) => ad.log(y), (y: Operand) => ad.multiply(2, y), x);
  assertEquals([ad.grad(f)(0.5), ad.grad(f)(0), ad.grad(ad.grad(f))(0.5)], [2, 2, -4]);
  assertEquals([f(1), f(-1)], [0, -2]);
  let calls = 0;
  const root = ad.customRoot((x: Operand, a: Operand) => ad.subtract(x, a))((_: Operand, a: Operand) => {
    calls++;
    return a;
  });
  const solves = (x: Operand): Operand => ad.cond(ad.greater(x, 0), (y: Operand) => root(y, y), (y: Operand) => y, x);
  const program = compiled(solves, [1]);
  assertEquals([program.run([vector(-2)])[0][0], calls], [-2, 0]);
  assertEquals([program.run([vector(2)])[0][0], calls], [2, 1]);
});

Deno.test("cond() over a batch chooses for each member", () => {
  const f = (x: Operand): Operand =>
    ad.cond(ad.greater(x, 0), (y: Operand) => ad.square(y), (y: Operand) => ad.negate(y), x);
  assertEquals(ad.vmap(f)(vector(3, -2, 0)), vector(9, 2, -0));
  assertEquals(ad.vmap(ad.grad(f))(vector(3, -2, 0)), vector(6, -1, -1));
  assertEquals(ad.grad((x: Operand) => ad.sum(ad.vmap(f)(x) as Operand))(vector(3, -2)), vector(6, -1));
});

Deno.test("whileLoop() has tangents and Taylor coefficients, runs over batches, and refuses reverse mode by name", () => {
  // a ← a / 2 until below 1, counting
  const halve = ({ x, n }: { x: Operand; n: Operand }) => ({ x: ad.divide(x, 2), n: ad.add(n, 1) });
  const f = (a: Operand) =>
    ad.whileLoop(({ x }: { x: Operand; n: Operand }) => ad.greater(x, 1), halve, { x: a, n: 0 });
  assertEquals(f(20), { x: 0.625, n: 5 });
  assertEquals(ad.jvp(f, [20], [1]).tangent, { x: 1 / 32, n: 0 });
  assertEquals(ad.vmap(f)(vector(20, 0.5, 3)), { x: vector(0.625, 0.5, 0.75), n: vector(5, 0, 2) });
  const root = (a: Operand): Operand =>
    ad.whileLoop(
      (x: Operand) => ad.greater(ad.abs(ad.subtract(ad.square(x), a)), 1e-9),
      (x: Operand) => ad.multiply(0.5, ad.add(x, ad.divide(a, x))),
      ad.add(1, ad.multiply(0, a)),
    );
  const series = ad.jet(root, 4, [1, 0]).series as number[];
  assertAlmostEquals(series[0], 1 / 4, 1e-6);
  assertAlmostEquals(series[1], -1 / 64, 1e-6);
  assertClose([entries(ad.vmap(root)(vector(4, 9, 100)) as Operand)], [vector(2, 3, 10)], 1e-9, "roots");
  assertThrows(() => ad.grad(root)(4), ad.TraceError, "Use scan for a fixed number of steps, customRoot");
  const forward = ad.vmap((a: Operand, v: Operand) => ad.jvp(root, [a], [v]).tangent)(vector(4, 16), vector(1, 1));
  assertClose([entries(forward as Operand)], [vector(1 / 4, 1 / 8)], 1e-6, "tangents over a batch");
});

Deno.test("customRule() is used in both modes, whichever it is given for, and over batches", () => {
  // deliberately not the derivative: 10 for each unit
  const forward = ad.customRule((x: Operand): Operand => ad.sin(x), { jvp: (_, [v]) => ad.multiply(10, v) });
  const reverse = ad.customRule((x: Operand): Operand => ad.sin(x), { vjp: (_, c) => [ad.multiply(10, c)] });
  for (const f of [forward, reverse]) {
    const sum = (x: Operand): Operand => ad.sum(f(x)), x = vector(1, 2);
    assertEquals(f(x), ad.sin(x));
    assertEquals(ad.grad(sum)(x), vector(10, 10));
    assertEquals(ad.jvp(f as ad.ArrayFunction, [x], [vector(1, 2)]).tangent, vector(10, 20));
    assertEquals(ad.grad((y: Operand) => ad.sum(ad.vmap(f as ad.ArrayFunction)(y) as Operand))(x), vector(10, 10));
    assertEquals(ad.vmap(ad.grad((y: Operand) => f(y)))(x), vector(10, 10));
    assertEquals(ad.hvp((y: Operand) => ad.sum(ad.square(f(y))))(0, 1), 200);
    assertEquals(ad.jet(f as ad.ArrayFunction, 0, [1, 0]).series, [10, 0]);
  }
  const clipped = ad.customRule((x: Operand): Operand => x, { vjp: (_, c) => [ad.clamp(c, -1, 1)] });
  assertEquals(ad.grad((x: Operand) => ad.multiply(5, clipped(x)))(1), 1); // need not be linear for reverse mode
});

Deno.test("customRule() refuses derivatives by what it closes over, and rules that return other shapes", () => {
  const closes = (a: Operand): Operand =>
    ad.customRule((x: Operand): Operand => ad.multiply(a, x), { jvp: (_, [v]) => v })(2);
  assertThrows(() => ad.grad(closes)(3), ad.TraceError, "closes over");
  const wrong = ad.customRule((x: Operand): Operand => ad.sum(x), { vjp: (_, c) => [c] });
  assertThrows(() => ad.grad((x: Operand) => wrong(x))(vector(1, 2)), ShapeError, "expected shape [2]");
});

// @must cond, scan, checkpoint, customRule: nest in each other, under all transformations
// @measured reached: a loop of a choice of a rule inside of a checkpoint: gradient, Hessian and third derivative to 1e-12
Deno.test("regions nest in each other", () => {
  const rule = ad.customRule((x: Operand): Operand => ad.sin(x), { jvp: ([x], [v]) => ad.multiply(ad.cos(x), v) });
  const nested = (x: Operand): Operand => {
    const step = (c: Operand, y: Operand): readonly [Operand, Operand] => {
      const choose = ad.cond(
        ad.greater(y, 0),
        (a: Operand) => rule(ad.multiply(a, x)),
        (a: Operand) => ad.multiply(a, a),
        c,
      );
      return [
        choose,
        ad.scan((d: Operand, _: readonly Operand[]) => [ad.multiply(d, y), []], c, [], { length: 2 })[0],
      ];
    };
    const [last, all] = ad.checkpoint(() => ad.scan(step, x, vector(1, -0.5, 2) as Operand))();
    return ad.add(last, ad.sum(all));
  };
  const straight = (x: Operand): Operand => {
    let c = x, total: Operand = 0;
    for (const y of [1, -0.5, 2]) {
      total = ad.add(total, ad.multiply(c, y * y));
      c = y > 0 ? ad.sin(ad.multiply(c, x)) : ad.multiply(c, c);
    }
    return ad.add(c, total);
  };
  for (let order = 0, f = nested, g = straight; order < 4; order++) {
    assertAlmostEquals(f(0.8) as number, g(0.8) as number, 1e-12);
    [f, g] = [ad.grad(f) as typeof nested, ad.grad(g) as typeof straight];
  }
  assertClose(
    [entries(ad.vmap(nested)(vector(0.3, 0.8)) as Operand)],
    [
      vector(straight(0.3) as number, straight(0.8) as number),
    ],
    1e-14,
    "batch",
  );
});

Deno.test("regions refuse what does not fit", () => {
  const x = vector(1, 2);
  assertThrows(
    () => ad.scan((c: Operand, _: Operand) => [ad.sum(c), c], x as Operand, x),
    ad.TraceError,
    "expected results",
  );
  assertThrows(
    () => ad.scan((c: Operand, _: Operand) => [c, c], 0, x, { length: 3 }),
    ShapeError,
    "one number of steps",
  );
  assertThrows(() => ad.scan((c: Operand, _: readonly Operand[]) => [c, c], 0, []), ShapeError, "got none");
  const cases = (d: Operand): Operand => ad.cond(d, (y: Operand) => y, (y: Operand) => ad.sum(y), x as Operand);
  assertThrows(() => ad.trace(cases, 1), ad.TraceError, "expected results of the shapes [2], got []");
  assertThrows(
    () => ad.whileLoop((c: Operand) => c, (c: Operand) => c, x as Operand),
    ad.TraceError,
    "that is a number",
  );
});
