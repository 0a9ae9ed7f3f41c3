// Exponentials and roots of matrices as array functions: gradients against differences, approximations, batches.
import { assert } from "@std/assert";
import { fillNormal, type Matrix, rng } from "../../lib/core/mod.ts";
import * as linalg from "../../lib/linalg/mod.ts";
import * as ad from "../../lib/autodiff/mod.ts";
import { assertClose, entries, inner, slope } from "./laws.ts";

/** A symmetric matrix with eigenvalues from 1 to the condition. */
function definite(n: number, condition: number, seed: number): Matrix {
  const Q = linalg.qr(linalg.matrix(n, n, fillNormal(rng(seed), new Float64Array(n * n)))).Q;
  const values = Float64Array.from({ length: n }, (_, i) => condition ** (i / (n - 1)));
  return linalg.matmul(linalg.matmul(Q, linalg.diagonal(values)), linalg.transpose(Q));
}

const n = 16, W = definite(n, 3, 1), A = definite(n, 10, 2);
const V = linalg.matrix(n, n, fillNormal(rng(3), new Float64Array(n * n)));
const symmetric = ad.asMatrix(ad.multiply(0.05, ad.add(V, ad.transpose(V))));

// @must sqrtm, inverseSqrtm: the gradient of tr(W A^{1/2}) matches central differences to 1e-6
// @measured reached: 2e-11 for eigenvalues and for 10 steps of Newton and Schulz, at condition 10; with Padé's approximant, of which the
// backward iteration sees the error, 7e-3 (inverse root 3e-2), with Taylor's 8e-2
Deno.test("sqrtm() and inverseSqrtm() have the gradients of differences", () => {
  const moved = (s: number): Matrix => linalg.add(A, linalg.scale(symmetric, s));
  for (const root of [ad.sqrtm, ad.inverseSqrtm]) {
    for (
      const [method, tolerance] of [["eigen", 1e-8], ["newtonSchulz", 1e-8], ["pade", 0.05], ["taylor", 0.1]] as const
    ) {
      if (method === "taylor" && root === ad.inverseSqrtm) continue;
      const f = (X: ad.Operand): ad.Operand => ad.sum(ad.multiply(W, root(X, { method })));
      const exact = (X: ad.Operand): number => ad.asNumber(ad.sum(ad.multiply(W, root(X))));
      const difference = slope((s) => [Float64Array.of(exact(moved(s)))])[0][0];
      const found = inner([entries(ad.grad(f)(A))], [symmetric.data]);
      const error = Math.abs(found - difference) / Math.abs(difference);
      assert(error < tolerance, `${root.name} ${method}: ${error}`);
    }
  }
});

Deno.test("sqrtm() and expm() of stacks are those of each matrix", () => {
  const B = definite(n, 5, 4), both = ad.stack([A, B]);
  for (const method of ["eigen", "newtonSchulz", "pade", "taylor"] as const) {
    const roots = ad.sqrtm(both, { method });
    assertClose([entries(ad.take(roots, 1))], [entries(ad.sqrtm(B, { method }))], 1e-15, method);
  }
  const once = ad.matmul(ad.sqrtm(A), ad.inverseSqrtm(A));
  assertClose([entries(once)], [linalg.identity(n).data], 1e-13, "inverse");
  assertClose([entries(ad.expm(both)).slice(0, n * n)], [linalg.expm(A).data], 1e-15, "expm");
});

Deno.test("expm() has the gradient of tr(B exp A) in closed form where the two commute", () => {
  const gradient = ad.grad((X: ad.Operand) => ad.sum(ad.multiply(linalg.identity(n), ad.expm(X))))(A);
  assertClose([entries(gradient)], [linalg.expm(A).data], 1e-12, "exp Aᵀ");
});
