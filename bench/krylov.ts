/**
 * Krylov solvers side by side with SciPy, on Poisson's equation in the square.
 *
 * Ratios are to the first of each line. An iteration is one of a hundred of a call, which allocates its vectors as SciPy's does.
 *
 * Run: `deno run -A bench/krylov.ts`
 *
 * @module
 */
import { axpy, fillNormal, norm2, rng } from "../lib/core/mod.ts";
import { cg, eigsh, gridLaplacian, minres } from "../lib/linalg/mod.ts";
import { Goals, Peer, sideBySide } from "./side_by_side.ts";

const peer = new Peer("krylov.py"), goals = new Goals();

// @must cg: iterations per second on Poisson's equation with 1e6 unknowns at least those of SciPy
// @measured reached: 1.08 to 1.17 times as many, in one thread each
for (const n of [100, 1000]) {
  const A = gridLaplacian(n, n), b = fillNormal(rng(1), new Float64Array(n * n)), out = new Float64Array(n * n);
  await sideBySide(peer, `product, ${n * n} unknowns`, {
    SciPy: { operation: "spmv", n },
    ours: () => A.apply(b, out),
  });
  const t = await sideBySide(peer, `cg, ${n * n} unknowns`, {
    SciPy: { operation: "cg", n },
    ours: () => cg(A, b, { maxIterations: 100, tolerance: 0 }),
  });
  if (n === 1000) goals.note("cg, 1e6 unknowns, time of a hundred iterations to SciPy", t.ours.ratio, 1);
}

{
  const n = 100, A = gridLaplacian(n, n);
  await sideBySide(peer, `eigsh, six of ${n * n}`, { SciPy: { operation: "eigsh", n }, ours: () => eigsh(A, 6) });
}

// @must cg, minres: solve Poisson's equation with 1e6 unknowns to the residual that was asked for
// @measured reached: to 1e-8 in 2834 and 2665 iterations without a preconditioner
{
  const n = 1000, A = gridLaplacian(n, n), b = fillNormal(rng(1), new Float64Array(n * n)), size = norm2(b);
  for (const [name, method] of Object.entries({ cg, minres })) {
    const { status, iterations, x } = method(A, b, { tolerance: 1e-8 }), r = new Float64Array(n * n);
    A.apply(x, r);
    axpy(-1, b, r);
    console.log(`${name}, ${n * n} unknowns: ${status} after ${iterations} iterations, ${norm2(r) / size}`);
    goals.note(`${name}, 1e6 unknowns, residual`, norm2(r) / size, 1e-8);
  }
}

await peer.close();
console.log(String(goals));
