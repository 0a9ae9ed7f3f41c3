// Conjugate directions from proposals.
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  DomainError,
  dot,
  fillNormal,
  type LinearOperator,
  norm2,
  rng,
  ShapeError,
  type Vector,
} from "../../../lib/core/mod.ts";
import { cg, cholesky, deepConjugateDirection, matrix, matvec } from "../../../lib/linalg/mod.ts";

const n = 60, copy = (r: Vector, out: Vector): void => out.set(r);

/** -1, 2, -1 on n points. */
const laplacian: LinearOperator = {
  rows: n,
  columns: n,
  apply: (x, out) => {
    for (let i = 0; i < n; i++) out[i] = 2 * x[i] - (i > 0 ? x[i - 1] : 0) - (i + 1 < n ? x[i + 1] : 0);
  },
  applyTranspose: () => {
    throw new Error("not asked for");
  },
};
const dense = matrix(n, n);
for (let i = 0; i < n; i++) {
  dense.data[i * (n + 1)] = 2;
  if (i > 0) dense.data[i * n + i - 1] = dense.data[(i - 1) * n + i] = -1;
}
const factors = cholesky(dense), b = fillNormal(rng(1), new Float64Array(n));

// @must deepConjugateDirection: with the residual for a proposal and two directions kept as many iterations as CG, 60 on the one-dimensional Laplacian of 60 points
// @measured reached: 60 and 60, residuals of the first 50 iterations equal to 5e-15; with one and with all directions kept the same
Deno.test("deepConjugateDirection() is conjugate gradients when the residual is proposed", () => {
  const plain = cg(laplacian, b, { tolerance: 1e-10 });
  assertEquals(plain.iterations, n);
  for (const memory of [1, 2, Infinity]) {
    const { status, iterations, residuals, products } = deepConjugateDirection(laplacian, b, {
      direction: copy,
      memory,
      tolerance: 1e-10,
    });
    assertEquals([status, iterations, products], ["converged", n, n + 1]);
    const worst = Math.max(...residuals.slice(0, 50).map((r, k) => Math.abs(r / plain.residuals[k] - 1)));
    assert(worst < 1e-12, `${worst}`);
  }
});

Deno.test("deepConjugateDirection() is steepest descent when nothing is kept", () => {
  const { residuals } = deepConjugateDirection(laplacian, b, { direction: copy, memory: 0, maxIterations: 5 });
  const r = b.slice(), image = new Float64Array(n);
  for (let k = 0; k < 5; k++) {
    assert(Math.abs(residuals[k] / norm2(r) - 1) < 1e-12);
    laplacian.apply(r, image);
    const alpha = dot(r, r) / dot(r, image);
    for (let i = 0; i < n; i++) r[i] -= alpha * image[i];
  }
});

// @must deepConjugateDirection: with c A⁻¹ for a proposal one iteration, for any c
// @measured reached: 1 for c = 1e-6, 1, -3 and 1e9
Deno.test("deepConjugateDirection() takes one iteration with the inverse, at any scale", () => {
  for (const c of [1e-6, 1, -3, 1e9]) {
    const direction = (r: Vector, out: Vector): void => {
      factors.solve(r, out);
      for (let i = 0; i < n; i++) out[i] *= c;
    };
    const { status, iterations, x } = deepConjugateDirection(laplacian, b, { direction });
    assertEquals([status, iterations], ["converged", 1]);
    const exact = factors.solve(b);
    assert(norm2(x.map((v, i) => v - exact[i])) < 1e-11 * norm2(exact));
  }
});

// @must deepConjugateDirection: proposals that are not symmetric, nor linear, still converge, and the error in the norm of A never grows
// @measured reached: 15, 14 and 13 iterations with 0, 2 and all directions kept for A⁻¹ and a disturbance without symmetry, 31, 25 and 14 through tanh(5 r); where rᵀf(r) may vanish, as through tanh(12 r), only the full memory converges (24)
Deno.test("deepConjugateDirection() never enlarges the error in the norm of A", () => {
  const noise = matrix(n, n, fillNormal(rng(2), new Float64Array(n * n)).map((v) => v / 20)), exact = factors.solve(b);
  const proposals: Record<string, (r: Vector, out: Vector) => void> = {
    "not symmetric": (r, out) => {
      const rest = matvec(noise, r);
      factors.solve(r, out);
      for (let i = 0; i < n; i++) out[i] += 0.3 * rest[i];
    },
    "not linear": (r, out) => {
      for (let i = 0; i < n; i++) out[i] = Math.tanh(5 * r[i]);
      factors.solve(out, out);
    },
  };
  for (const [name, direction] of Object.entries(proposals)) {
    let before = Infinity;
    for (let maxIterations = 0; maxIterations <= 40; maxIterations++) {
      const { x } = deepConjugateDirection(laplacian, b, { direction, maxIterations });
      const error = x.map((v, i) => v - exact[i]), energy = Math.sqrt(dot(error, matvec(dense, error)));
      assert(energy <= before * (1 + 1e-10), `${name}: ${energy} after ${before}`);
      before = energy;
    }
    const [none, two, all] = [0, 2, Infinity].map((memory) =>
      deepConjugateDirection(laplacian, b, { direction, memory })
    );
    for (const { status } of [none, two, all]) assertEquals(status, "converged", name);
    assert(all.iterations < two.iterations && two.iterations < none.iterations, name);
  }
});

Deno.test("deepConjugateDirection() keeps directions conjugate", () => {
  const taken: Vector[] = [], noise = rng(5);
  const recorded: LinearOperator = {
    ...laplacian,
    apply: (x, out) => {
      taken.push(x.slice());
      laplacian.apply(x, out);
    },
  };
  const direction = (_: Vector, out: Vector): void => void fillNormal(noise, out);
  const { status, iterations } = deepConjugateDirection(recorded, b, { direction, memory: Infinity });
  assertEquals([status, iterations], ["converged", n]); // n conjugate directions span the space
  const image = new Float64Array(n),
    angle = (d: Vector, e: Vector): number => {
      laplacian.apply(e, image);
      const product = dot(d, image), ee = dot(e, image);
      laplacian.apply(d, image);
      return Math.abs(product) / Math.sqrt(ee * dot(d, image));
    };
  for (let k = 1; k < n; k++) for (let j = 0; j < k; j++) assert(angle(taken[k], taken[j]) < 1e-11);
});

Deno.test("deepConjugateDirection() says what is wrong", () => {
  const two = (a: number): LinearOperator => ({
    rows: 2,
    columns: 2,
    apply: (x, out) => out.set([x[0], a * x[1]]),
    applyTranspose: (x, out) => out.set([x[0], a * x[1]]),
  });
  const right = Float64Array.of(1, 2),
    run = (a: number, direction: (r: Vector, out: Vector) => void): string =>
      deepConjugateDirection(two(a), right, { direction }).status;
  assertEquals(run(-1, copy), "indefinite");
  assertEquals(run(0, (_, out) => out.set([0, 1])), "breakdown");
  assertEquals(run(1, (_, out) => out.fill(0)), "breakdown");
  assertEquals(run(1, (_, out) => out.set([1, 0])), "breakdown"); // the same direction again
  assertEquals(run(1, (_, out) => out.fill(NaN)), "non-finite");
  const { status, x, residual } = deepConjugateDirection(laplacian, b, { direction: copy, maxIterations: 7 });
  assertEquals(status, "iteration-limit");
  const image = new Float64Array(n);
  laplacian.apply(x, image);
  assert(Math.abs(norm2(image.map((v, i) => b[i] - v)) - residual) < 1e-12);
  assertThrows(() => deepConjugateDirection(laplacian, new Float64Array(3), { direction: copy }), ShapeError);
  assertThrows(() => deepConjugateDirection(laplacian, b, { direction: copy, memory: -1 }), DomainError, "memory");
  assertThrows(() => deepConjugateDirection(laplacian, b, { direction: copy, memory: 1.5 }), DomainError, "memory");
});
