import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, type Matrix, rng } from "../../../lib/core/mod.ts";
import { diagonal, gridLaplacian, lanczosLogDeterminant, lanczosQuadrature, matvec } from "../../../lib/linalg/mod.ts";
import { numbers } from "../families.ts";
import { withEigenvalues } from "../spectra.ts";

const times = (A: Matrix) => (v: Float64Array, out: Float64Array): void => void matvec(A, v, out);
const spread = (n: number, condition: number): number[] =>
  Array.from({ length: n }, (_, i) => condition ** (i / (n - 1)));

// @must lanczosQuadrature: k steps are exact for polynomials of degree 2k - 1, and not for 2k
// @measured reached: order 30, k = 2, 3, 4: 3e-16 relative, and 2e-2, 2e-3, 9e-5
Deno.test("lanczosQuadrature() is exact for polynomials of degree 2k - 1", () => {
  const n = 30, values = spread(n, 10), A = withEigenvalues(values, numbers(1));
  for (const steps of [2, 3, 4]) {
    for (const degree of [2 * steps - 1, 2 * steps]) {
      const power = (x: number): number => x ** degree;
      // the same probes with all steps: no error of quadrature
      const few = lanczosQuadrature(times(A), n, power, { steps, maxProducts: 20 * steps, generator: rng(2) });
      const all = lanczosQuadrature(times(A), n, power, { steps: n, maxProducts: 20 * n, generator: rng(2) });
      const error = Math.abs(few.value / all.value - 1);
      if (degree < 2 * steps) assert(error < 1e-13, `${steps} steps, degree ${degree}: ${error}`);
      else assert(error > 1e-6, `${steps} steps, degree ${degree}: ${error}`);
    }
  }
});

// @must lanczosLogDeterminant: within three of its standard errors, with an error of quadrature that falls
//   geometrically with k
// @measured reached: order 100, condition 100: 20 seeds within 2.5 standard errors; k = 5, 10, 20, 40: told 2.8, .16,
//   9e-4, 2e-8, in truth 3.7, .23, 1.5e-3, 2e-8
Deno.test("lanczosLogDeterminant() is as near as it says", () => {
  const n = 100, values = spread(n, 100), A = withEigenvalues(values, numbers(3));
  const exact = values.reduce((sum, value) => sum + Math.log(value), 0);
  for (let seed = 0; seed < 20; seed++) {
    const { value, standardError, quadratureError, products } = lanczosLogDeterminant(times(A), n, {
      maxProducts: 600,
      steps: 20,
      generator: rng(seed),
    });
    assert(Math.abs(value - exact) < 3 * standardError + quadratureError, `seed ${seed}: ${value} and ${exact}`);
    assert(standardError < 0.02 * exact && quadratureError < 1e-2 && products === 600);
  }
  const truth = lanczosLogDeterminant(times(A), n, { maxProducts: 500, steps: 100, generator: rng(4) }).value;
  let before = Infinity;
  for (const steps of [5, 10, 20, 40]) {
    const { value, quadratureError } = lanczosLogDeterminant(times(A), n, {
      maxProducts: 5 * steps,
      steps,
      generator: rng(4),
    });
    const error = Math.abs(value - truth);
    assert(error <= 2 * quadratureError + 1e-10, `${steps} steps: ${error}, told ${quadratureError}`);
    assert(quadratureError < before / 4);
    before = quadratureError;
  }
  assert(before < 1e-5);
});

Deno.test("lanczosLogDeterminant() takes the Laplacian of a grid, of which all eigenvalues are known", () => {
  const n = 24,
    A = gridLaplacian(n, n),
    line = Array.from({ length: n }, (_, i) => 4 * Math.sin((i + 1) * Math.PI / (2 * n + 2)) ** 2);
  const exact = line.reduce((sum, x) => sum + line.reduce((sum, y) => sum + Math.log(x + y), 0), 0);
  const { value, standardError, quadratureError } = lanczosLogDeterminant(A.apply, n * n, {
    maxProducts: 1500,
    steps: 30,
  });
  assert(Math.abs(value - exact) < 3 * standardError + quadratureError, `${value}, ${exact}`);
  assert(standardError < 0.01 * exact && quadratureError < 1e-2 * standardError);
});

Deno.test("lanczosQuadrature() ends at an invariant space, with no error of quadrature", () => {
  const A = diagonal(Array.from({ length: 20 }, (_, i) => i % 3)); // three eigenvalues: three steps
  const exact = lanczosQuadrature(times(A), 20, Math.exp, { maxProducts: 200 });
  assertAlmostEquals(exact.value, 7 + 7 * Math.E + 6 * Math.E ** 2, 1e-12);
  assert(exact.standardError < 1e-13 && exact.quadratureError === 0 && exact.products === 10 * 3);
  assertEquals(lanczosQuadrature((_, out) => out.fill(0), 5, (x) => x + 1, {}).value, 5);
});

Deno.test("lanczosQuadrature() refuses bad input", () => {
  const A = times(diagonal([1, 2, 3]));
  assertThrows(() => lanczosQuadrature(A, 0, Math.exp), DomainError, "rows");
  assertThrows(() => lanczosQuadrature(A, 3, Math.exp, { steps: 0 }), DomainError, "steps");
  assertThrows(() => lanczosQuadrature(A, 3, Math.exp, { maxProducts: 2, steps: 3 }), DomainError, "probes");
  assertThrows(() => lanczosQuadrature((_, out) => out.fill(NaN), 3, Math.exp), DomainError, "NaN");
  assertThrows(() => lanczosQuadrature(A, 3, () => NaN), DomainError, "NaN");
  assertThrows(() => lanczosLogDeterminant(times(diagonal([1, -2])), 2), DomainError, "positive definite");
});
