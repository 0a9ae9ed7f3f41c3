// What derivatives must satisfy, checked on any function of arrays: agreement with differences up to the third order, transposes,
// symmetry, the order of modes.
import { assert } from "@std/assert";
import { rng, uniform } from "../../lib/core/mod.ts";
import * as ad from "../../lib/autodiff/mod.ts";
import type { Executable, Operand, Value } from "../../lib/autodiff/mod.ts";

export type Flat = readonly Float64Array[];

/** The entries of a value. */
export function entries(x: Operand): Float64Array {
  if (typeof x === "number") return Float64Array.of(x);
  if (x instanceof Float64Array) return x;
  assert("data" in x, "a traced array instead of a value");
  return x.data;
}

/** `Σ aᵢ bᵢ` over several arrays. */
export function inner(a: Flat, b: Flat): number {
  let total = 0;
  a.forEach((x, k) => x.forEach((v, i) => total += v * b[k][i]));
  return total;
}

const largest = (a: Flat): number => a.reduce((m, x) => x.reduce((n, v) => Math.max(n, Math.abs(v)), m), 0);

/** Asserts that arrays agree relative to the largest entry, or absolutely if that is below 1. */
export function assertClose(actual: Flat, expected: Flat, tolerance: number, what: string): void {
  const scale = Math.max(1, largest(expected));
  actual.forEach((x, k) =>
    x.forEach((v, i) => {
      const error = Math.abs(v - expected[k][i]) / scale;
      assert(error <= tolerance, `${what}: entry ${i} of array ${k} is ${v}, expected ${expected[k][i]} (${error})`);
    })
  );
}

/** The derivative at 0 of a curve of arrays by central differences, extrapolated: error `O(h¹⁰)`. */
export function slope(curve: (s: number) => Flat): Float64Array[] {
  const table: Flat[][] = [], levels = 5;
  for (let k = 0, h = 1 / 16; k < levels; k++, h /= 2) {
    const up = curve(h).map((x) => x.slice()), down = curve(-h);
    table.push([up.map((x, j) => x.map((v, i) => (v - down[j][i]) / (2 * h)))]);
    for (let j = 1; j <= k; j++) {
      const fine = table[k][j - 1], coarse = table[k - 1][j - 1], w = 4 ** j - 1;
      table[k].push(fine.map((x, a) => x.map((v, i) => v + (v - coarse[a][i]) / w)));
    }
  }
  return table[levels - 1][levels - 1].map((x) => x.slice());
}

/** The function that a traced program computes, on flat arrays. */
export function compiled(f: (...x: Operand[]) => ad.Tree, examples: readonly Value[]): Executable {
  return ad.interpreter(ad.trace(f, ...examples));
}

/** Arrays of the same shapes with uniform entries. */
export function alike(values: readonly Value[], seed: number): Value[] {
  const generator = rng(seed), next = (): number => 2 * uniform(generator) - 1;
  return values.map((value) => {
    if (typeof value === "number") return next();
    return value instanceof Float64Array ? value.map(next) : { ...value, data: value.data.map(next) };
  });
}

/** Asserts all laws for `f` at these arguments. */
export function assertLaws(f: (...x: Operand[]) => Operand, at: readonly Value[], what: string): void {
  const k = at.length, x = at.map(entries), [v, w] = [alike(at, 1), alike(at, 2)];
  const along = (s: number): Flat => x.map((a, j) => a.map((e, i) => e + s * entries(v[j])[i]));
  const value = compiled(f, at), y = f(...at), u = alike([y as Value], 3)[0];

  const forward = ad.jvp(f, at, v), tangent = entries(forward.tangent as Operand);
  assertClose([entries(forward.value as Operand)], [entries(y)], 1e-14, `${what}: value under jvp`);
  assertClose([tangent], slope((s) => value.run(along(s))), 1e-7, `${what}: jvp against differences`);

  const reverse = ad.vjp(f, ...at), cotangents = (reverse.pullback(u) as Operand[]).map(entries);
  const left = inner([entries(u)], [tangent]), right = inner(cotangents, v.map(entries));
  assert(
    Math.abs(left - right) <= 1e-12 * Math.max(1, Math.abs(left)),
    `${what}: <u, Jv> = ${left}, <J'u, v> = ${right}`,
  );
  const linear = ad.linearize(f, ...at);
  assertClose([entries(linear.pushforward(...v) as Operand)], [tangent], 1e-13, `${what}: linearize is jvp`);

  // the scalar <u, f> for second and third derivatives
  const scalar = (tuple: readonly Operand[]): Operand => ad.sum(ad.multiply(u, f(...tuple)));
  const gradient = ad.grad(scalar);
  const g = compiled((...a) => gradient(a), at);
  const product = (a: readonly Operand[], d: readonly Operand[]): readonly Operand[] => ad.hvp(scalar)(a, d);
  const hv = compiled((...a) => product(a.slice(0, k), a.slice(k)), [...at, ...v]);
  const Hv = hv.run([...x, ...v.map(entries)]).map((a) => a.slice()), Hw = hv.run([...x, ...w.map(entries)]);
  assertClose(Hv, slope((s) => g.run(along(s))), 1e-7, `${what}: hvp against differences`);
  const [vHw, wHv] = [inner(v.map(entries), Hw), inner(w.map(entries), Hv)];
  assert(Math.abs(vHw - wHv) <= 1e-11 * Math.max(1, largest(Hv)), `${what}: v'Hw = ${vHw}, w'Hv = ${wHv}`);
  const reverseOverForward = ad.grad((a: readonly Operand[]) => ad.jvp(scalar as never, [a], [v]).tangent as Operand);
  assertClose((reverseOverForward(at) as readonly Operand[]).map(entries), Hv, 1e-12, `${what}: reverse over forward`);

  const reverseOverReverse = ad.grad((a: readonly Operand[]) =>
    gradient(a).map((part, i) => ad.sum(ad.multiply(part, v[i]))).reduce(ad.add)
  );
  assertClose((reverseOverReverse(at) as readonly Operand[]).map(entries), Hv, 1e-12, `${what}: reverse over reverse`);

  const third = ad.jvp((a: readonly Operand[]) => product(a, w), [at], [v]).tangent as readonly Operand[];
  assertClose(
    third.map(entries),
    slope((s) => hv.run([...along(s), ...w.map(entries)])),
    1e-7,
    `${what}: third derivative against differences`,
  );
}
