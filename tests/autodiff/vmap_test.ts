// Batches of every primitive against loops over their members.
import { assertEquals, assertThrows } from "@std/assert";
import { DomainError, ShapeError } from "../../lib/core/mod.ts";
import * as ad from "../../lib/autodiff/mod.ts";
import type { Operand, Value } from "../../lib/autodiff/mod.ts";
import { registry } from "../../lib/autodiff/primitive.ts";
import { assertClose, entries } from "./laws.ts";
import { argumentsOf, randomProgram } from "./programs.ts";
import { filled, indirect, samples } from "./samples.ts";

const vector = (...x: number[]): Float64Array => Float64Array.from(x);
const matrix = (rows: number, columns: number, ...data: number[]): Value => ({ rows, columns, data: vector(...data) });

/** Members like a value, and their stack along a new first axis. */
function membersLike(x: Value, count: number): { members: Value[]; stacked: Operand } {
  const members = Array.from({ length: count }, (_, i) => ad.multiply(1 + 0.01 * i, x) as Value);
  return { members, stacked: ad.stack(members) };
}

/** Asserts that vmap is the loop, with all arguments batched and with each alone. */
function assertBatches(f: (...x: Operand[]) => Operand, at: readonly Value[], what: string): void {
  const count = 3, stacks = at.map((x) => membersLike(x, count));
  const patterns = [at.map(() => true), ...at.length > 1 ? at.map((_, k) => at.map((_, j) => j === k)) : []];
  for (const marks of patterns) {
    const axes = marks.map((mark) => mark ? 0 : null);
    const all = ad.vmap(f as ad.ArrayFunction, { axes })(...at.map((x, k) => marks[k] ? stacks[k].stacked : x));
    const loop = Array.from(
      { length: count },
      (_, i) => f(...at.map((x, k) => marks[k] ? stacks[k].members[i] : x)),
    );
    assertEquals(ad.shapeOf(all as Operand), [count, ...ad.shapeOf(loop[0])], what);
    assertClose([entries(all as Operand)], [entries(ad.stack(loop))], 1e-12, `${what}, batched ${marks}`);
  }
}

// @must vmap: for every primitive the batch is the loop over members, whichever arguments have the axis
// @measured reached: every primitive of the table and its gradient, to 1e-12 relative
for (const name of registry.keys()) {
  if (name in indirect) continue;
  Deno.test(`${name} over a batch is the loop over its members, and so is its gradient`, () => {
    samples[name].forEach(({ f, at }, i) => {
      assertBatches(f, at, `${name} ${i}`);
      const gradient = (...x: Operand[]): Operand => {
        const parts = ad.grad((y: readonly Operand[]) => ad.sum(ad.atan(f(...y))))(x);
        return ad.concatenate(parts.map((part) => ad.reshape(part, [-1])));
      };
      assertBatches(gradient, at, `gradient of ${name} ${i}`);
    });
  });
}

Deno.test("vmap() is the loop for 50 random programs, and its gradient is that of the loop", () => {
  for (let seed = 0; seed < 50; seed++) {
    const f = randomProgram(seed, true), [x, A] = argumentsOf(seed), what = `program ${seed}`;
    assertBatches(f as (...x: Operand[]) => Operand, [x, A], what);
    const { members, stacked } = membersLike(x, 3);
    const all = (y: Operand): Operand => ad.sum(ad.vmap(f, { axes: [0, null] })(y, A) as Operand);
    const loop = members.map((member) => ad.grad((y: Operand) => ad.sum(f(y, A)))(member));
    assertClose([entries(ad.grad(all)(stacked) as Operand)], [entries(ad.stack(loop))], 1e-12, what);
  }
});

Deno.test("vmap() nests, takes any axis, trees, and what functions close over", () => {
  const x = filled([2, 3]), y = filled([4, 3]);
  const table = ad.vmap((a: Operand) => ad.vmap((b: Operand) => ad.dot(a, b))(y) as Operand)(x);
  assertClose([entries(table as Operand)], [entries(ad.matmul(x, ad.transpose(y)))], 1e-15, "a bᵀ");
  const columns = ad.vmap((a: Operand) => ad.sum(ad.square(a)), { axes: [1] })(x);
  assertClose([entries(columns as Operand)], [entries(ad.sum(ad.square(x), { axes: 0 }))], 1e-15, "columns");
  const pairs = ad.vmap(({ a, b }: { a: Operand; b: Operand }) => [ad.multiply(a, b), 7])({
    a: vector(1, 2),
    b: vector(3, 4),
  });
  assertEquals(pairs, [vector(3, 8), vector(7, 7)]);
  const scaled = ad.grad((s: Operand) => ad.sum(ad.vmap((a: Operand) => ad.multiply(s, a))(x) as Operand))(2);
  assertClose([Float64Array.of(scaled)], [entries(ad.sum(x))], 1e-15, "closed over");
  const pushed = ad.jvp(ad.vmap((a: Operand) => ad.tanh(ad.sum(a))) as ad.ArrayFunction, [x], [x]).tangent;
  const each = ad.vmap((a: Operand, v: Operand) => ad.jvp((b: Operand) => ad.tanh(ad.sum(b)), [a], [v]).tangent)(x, x);
  assertClose([entries(pushed as Operand)], [entries(each as Operand)], 1e-15, "jvp");
});

Deno.test("indices that differ among members take and add within their own member", () => {
  const tables = matrix(2, 3, 1, 2, 3, 4, 5, 6), indices = matrix(2, 2, 2, 0, 1, 1);
  const take = (a: Operand, k: Operand): Operand => ad.gather(a, k);
  assertEquals(ad.vmap(take)(tables, indices), matrix(2, 2, 3, 1, 5, 5));
  assertEquals(ad.vmap(take, { axes: [null, 0] })(vector(1, 2, 3), indices), matrix(2, 2, 3, 1, 2, 2));
  const put = (a: Operand, k: Operand, u: Operand): Operand => ad.scatterAdd(a, k, u);
  assertEquals(ad.vmap(put)(tables, indices, matrix(2, 2, 10, 20, 30, 40)), matrix(2, 3, 21, 2, 13, 4, 75, 6));
  assertThrows(() => ad.vmap(take)(tables, matrix(2, 2, 3, 0, 1, 1)), DomainError); // of the neighbour
});

Deno.test("vmap() refuses axes that are not there and members that differ in number", () => {
  const f = (x: Operand, y: Operand): Operand => ad.add(x, y);
  assertThrows(() => ad.vmap(f)(vector(1, 2), vector(1, 2, 3)), ShapeError, "expected 2 members, got 3");
  assertThrows(() => ad.vmap(f, { axes: [1, 0] })(vector(1), vector(1)), ShapeError, "expected an axis 1");
  assertThrows(() => ad.vmap(f, { axes: [null, null] })(1, 2), ad.TraceError, "at least one argument with members");
});

Deno.test("jacobian() takes unit vectors in several batches where there are many", () => {
  const x = filled([131]) as Float64Array, f = (y: Operand): Operand => ad.multiply(y, ad.sum(ad.square(y)));
  const s = entries(ad.sum(ad.square(x)))[0]; // ∂ᵢfⱼ = s δᵢⱼ + 2 xᵢ xⱼ
  const expected = Float64Array.from({ length: 131 * 131 }, (_, k) => {
    const i = Math.floor(k / 131), j = k % 131;
    return (i === j ? s : 0) + 2 * x[i] * x[j];
  });
  for (const mode of ["forward", "reverse"] as const) {
    assertClose([entries(ad.jacobian(f, { mode })(x))], [expected], 1e-14, mode);
  }
});
