// Quasi-Newton approximations of the Hessian.
import { assert, assertEquals } from "@std/assert";
import { dot, fillNormal, iterate, type Matrix, norm2, rng } from "../../../lib/core/mod.ts";
import { eigh, matvec } from "../../../lib/linalg/mod.ts";
import { quadratic } from "../../../lib/problems/mod.ts";
import { type SecantMemory, secantSource, trustRegion } from "../../../lib/smooth/mod.ts";

const differenceTo = (H: Matrix, B: Matrix): number => norm2(H.data.map((h, k) => h - B.data[k])) / norm2(H.data);

/** A random symmetric matrix with eigenvalues of both signs. */
function indefinite(n: number, seed: number): Matrix {
  const data = fillNormal(rng(seed), new Float64Array(n * n)), H = { rows: n, columns: n, data };
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) data[i * n + j] = data[j * n + i];
  return H;
}

// @must trust-region-sr1, secantSource: B is the Hessian of a quadratic function after n steps, to 1e-8
// @measured reached: to 2e-13 after exactly n trials of the trust region for n = 4, 8 and 12; to 1e-10 from n random steps for an
// indefinite matrix of order 20
Deno.test("SR1 finds the Hessian of a quadratic function in n steps", () => {
  for (const n of [4, 8, 12]) {
    const diagonal = Array.from({ length: n }, (_, i) => 1 + i), { problem, start } = quadratic(diagonal);
    const H = { rows: n, columns: n, data: new Float64Array(n * n) };
    diagonal.forEach((d, i) => H.data[i * n + i] = d);
    let trials = 0;
    for (const state of iterate(problem, trustRegion({ subproblem: "exact", hessian: "sr1" }), start)) {
      const error = differenceTo(H, (state.hessian as SecantMemory).matrix);
      assert(trials === n ? error <= 1e-12 : error > 1e-2, `n = ${n}: ${error} after ${trials}`);
      if (trials++ === n) break;
    }
  }
  const n = 20, H = indefinite(n, 5), source = secantSource("sr1"), memory = source.init(n), random = rng(6);
  for (let k = 0; k < n; k++) {
    const s = fillNormal(random, new Float64Array(n));
    source.note(memory, new Float64Array(n));
    assert(source.learn(memory, s, matvec(H, s)));
  }
  assert(differenceTo(H, memory.matrix) <= 1e-8, String(differenceTo(H, memory.matrix)));
});

Deno.test("secants: B s = y after an update, BFGS stays positive definite, what says nothing is left out", () => {
  const n = 6, random = rng(7);
  for (const name of ["sr1", "bfgs"] as const) {
    const source = secantSource(name), memory = source.init(n), zero = new Float64Array(n);
    let updates = 0;
    for (let k = 0; k < 40; k++) {
      const s = fillNormal(random, new Float64Array(n)), y = fillNormal(random, new Float64Array(n));
      source.note(memory, zero);
      if (!source.learn(memory, s, y)) continue;
      updates++;
      if (name === "bfgs") assert(eigh(memory.matrix).values[0] > 0 && dot(s, y) > 0);
      const error = norm2(matvec(memory.matrix, s).map((v, i) => v - y[i]));
      assert(error <= 1e-8 * norm2(y) * Math.max(1, norm2(memory.matrix.data)), `${name}: ${error}`);
    }
    assert(name === "sr1" ? updates === 40 : updates > 10 && updates < 30, `${name}: ${updates}`);
    const before = memory.matrix.data.slice(), s = fillNormal(random, new Float64Array(n));
    source.note(memory, zero);
    assert(!source.learn(memory, s, new Float64Array(n).fill(NaN)));
    assert(!source.learn(memory, s, new Float64Array(n).fill(1e200)));
    if (name === "sr1") assert(!source.learn(memory, s, matvec(memory.matrix, s))); // y - B s is 0
    else assert(!source.learn(memory, s, s.map((v) => -v)));
    assertEquals(memory.matrix.data, before);
    source.forget(memory);
    assertEquals(memory.matrix.data, source.init(n).matrix.data);
  }
});
