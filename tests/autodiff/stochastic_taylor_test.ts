// Stochastic Taylor estimates against exact operators, their spread, and their memory.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, rng, uniform } from "../../lib/core/mod.ts";
import * as ad from "../../lib/autodiff/mod.ts";
import type { Operand } from "../../lib/autodiff/mod.ts";
import { compiled, entries } from "./laws.ts";
import { filled } from "./samples.ts";

/** `Σ sin xᵢ + ½ Σ xᵢ² xᵢ₊₁`, the Laplacian of which is `-Σ sin xᵢ + Σ xᵢ₊₁`. */
const chain = (x: Operand): Operand => {
  const left = ad.slice(x, 0, -1), right = ad.slice(x, 1);
  return ad.add(ad.sum(ad.sin(x)), ad.multiply(0.5, ad.sum(ad.multiply(ad.square(left), right))));
};
const laplacian = (x: Float64Array): number => x.reduce((sum, e, i) => sum - Math.sin(e) + (i > 0 ? e : 0), 0);
const uniformPoint = (d: number, seed: number): Float64Array => {
  const generator = rng(seed);
  return Float64Array.from({ length: d }, () => 2 * uniform(generator) - 1);
};

/** Mean and standard deviation. */
function moments(samples: readonly number[]): [number, number] {
  const mean = samples.reduce((a, b) => a + b) / samples.length;
  return [mean, Math.sqrt(samples.reduce((s, e) => s + (e - mean) ** 2, 0) / (samples.length - 1))];
}

// @must stdeLaplacian: with all unit vectors it is the Laplacian to 1e-12
// @measured reached: 3e-15 relative, for a chain and for a network of two layers
Deno.test("stdeLaplacian() with all unit vectors is the Laplacian", () => {
  const W = filled([6, 10]), network = (x: Operand): Operand => ad.sum(ad.tanh(ad.matmul(W, ad.sin(x))));
  for (const f of [chain, network]) {
    const x = uniformPoint(10, 1), H = entries(ad.hessian(f)(x));
    const trace = x.reduce((sum, _, i) => sum + H[11 * i], 0);
    const { value, standardError } = ad.stdeLaplacian(f, x, { rng: rng(2), samples: 10 });
    assertAlmostEquals(value, trace, 1e-12 * Math.max(1, Math.abs(trace)));
    assertEquals(standardError, 0);
  }
  assertAlmostEquals(
    ad.stdeLaplacian(chain, uniformPoint(7, 3), { rng: rng(1), samples: 7 }).value,
    laplacian(uniformPoint(7, 3)),
    1e-13,
  );
});

// @must stdeLaplacian: d = 1000: standard deviations of Rademacher (16 probes), Gaussian (16) and sparse (64) estimates are those of
// Hutchinson's formulas (about 8, 11 and 80); all are unbiased, |z| < 4
// @measured reached: 10.7, 13.6 and 93 in 60 repetitions where the formulas say 9.0, 12.5 and 93; |z| at most 1.3
Deno.test("stdeLaplacian() is unbiased, with the spread that the Hessian tells", () => {
  const d = 1000, x = uniformPoint(d, 3), exact = laplacian(x), repetitions = 60;
  // entries of the Hessian: on the diagonal -sin xᵢ + xᵢ₊₁, beside it xᵢ
  const diagonal = Float64Array.from(x, (e, i) => -Math.sin(e) + (i < d - 1 ? x[i + 1] : 0));
  const off = x.slice(0, -1).reduce((s, e) => s + e * e, 0), on = diagonal.reduce((s, e) => s + e * e, 0);
  const spread = (d * on - exact ** 2) * (1 - 64 / d) / 64;
  const expected = {
    rademacher: Math.sqrt(4 * off / 16),
    gaussian: Math.sqrt((4 * off + 2 * on) / 16),
    sparse: Math.sqrt(spread),
  };
  for (const probes of ["rademacher", "gaussian", "sparse"] as const) {
    const generator = rng(7), samples = probes === "sparse" ? 64 : 16;
    const all = Array.from(
      { length: repetitions },
      () => ad.stdeLaplacian(chain, x, { rng: generator, samples, probes }),
    );
    const [mean, deviation] = moments(all.map(({ value }) => value));
    const z = (mean - exact) / (deviation / Math.sqrt(repetitions));
    assert(Math.abs(z) < 4, `${probes}: z = ${z}`);
    assert(Math.abs(deviation / expected[probes] - 1) < 0.3, `${probes}: ${deviation} for ${expected[probes]}`);
    const [stated] = moments(all.map(({ standardError }) => standardError));
    assert(Math.abs(stated / expected[probes] - 1) < 0.15, `${probes}: ${stated} stated for ${expected[probes]}`);
  }
});

// @must stdeLaplacian: a Laplacian in a million dimensions in bounded memory
// @measured reached: compiled no buffer besides x and v, interpreted 7 arrays of d numbers at d = 10 000 and 1 000 000; 4 probes, z = 0.5
Deno.test("stdeLaplacian() takes a million dimensions in the memory of a few vectors", () => {
  const arrays = [10_000, 1_000_000].map((d) => {
    const zero = new Float64Array(d);
    const program = ad.trace((x: Operand, v: Operand) => ad.directionalDerivative(chain, x, v, 2), zero, zero);
    assertEquals(ad.compile(program).bytes, 0);
    return ad.interpreter(program).bytes / (8 * d);
  });
  assert(Math.max(...arrays) < 7.1, `${arrays} arrays`);
  const x = uniformPoint(1_000_000, 4), options = { rng: rng(1), samples: 4, probes: "rademacher" } as const;
  const { value, standardError } = ad.stdeLaplacian(chain, x, options);
  assert(Math.abs(value - laplacian(x)) < 4 * standardError, `${value} +- ${standardError}, exactly ${laplacian(x)}`);
});

Deno.test("stdeBiharmonic() is unbiased for the square of the Laplacian", () => {
  // f = Σ (xᵢ⁴ + xᵢ² xᵢ₊₁²): Δ²f = 24 d + 8 (d - 1)
  const d = 20,
    f = (x: Operand): Operand => {
      const squares = ad.square(x);
      return ad.add(ad.sum(ad.square(squares)), ad.dot(ad.slice(squares, 1), ad.slice(squares, 0, -1)));
    };
  const { value, standardError } = ad.stdeBiharmonic(f, new Float64Array(d), { rng: rng(5), samples: 400 });
  assert(Math.abs(value - (24 * d + 8 * (d - 1))) < 4 * standardError, `${value} +- ${standardError}`);
  assert(standardError < 60, `${standardError}`);
});

// @must mixedDerivative: mixed partial derivatives of orders up to 4 from one jet against nested derivatives
// @measured reached: all ten kinds of orders 1 to 4, to 1e-10 relative; order of the jet 5 for ∂₁∂₂
Deno.test("mixedDerivative() reads mixed derivatives from one jet", () => {
  const f = (x: Operand): Operand =>
    ad.sin(ad.add(ad.product(ad.add(1.2, x)), ad.dot(x, Float64Array.of(1, -2, 0.5, 0.3))));
  const x = Float64Array.of(0.1, -0.3, 0.2, 0.4), unit = (i: number): Float64Array => x.map((_, k) => k === i ? 1 : 0);
  for (const powers of [[1], [2], [3], [4], [1, 1], [2, 1], [3, 1], [2, 2], [1, 1, 1], [2, 1, 1], [1, 1, 1, 1]]) {
    let g = f;
    powers.forEach((power, i) => {
      for (let k = 0; k < power; k++) {
        const before = g;
        g = (y) => ad.jvp(before, [y], [unit(i)]).tangent as Operand;
      }
    });
    const expected = g(x) as number, found = ad.mixedDerivative(f, x, powers.map((_, i) => unit(i)), powers) as number;
    assert(
      Math.abs(found - expected) < 1e-10 * Math.max(1, Math.abs(expected)),
      `${powers}: ${found}, expected ${expected}`,
    );
  }
  const sizes = (powers: number[]): number =>
    compiled((y) => ad.mixedDerivative(f, y, powers.map((_, i) => unit(i)), powers), [x]).bytes;
  assert(sizes([1, 1]) < 2 * sizes([4]), "order 5");
});

Deno.test("stdeOperator() is unbiased for any linear operator", () => {
  const f = (x: Operand): Operand =>
    ad.multiply(ad.exp(ad.take(x, 0)), ad.sin(ad.multiply(ad.take(x, 1), ad.take(x, 2))));
  const x = Float64Array.of(0.2, 0.7, -0.4), [a, b, c] = x, e = Math.exp(a);
  const terms = [{ coefficient: 2, variables: [0, 0, 1] }, { coefficient: -1, variables: [2, 1] }, {
    coefficient: 0.5,
    variables: [2],
  }];
  const exact = e * (2 * c * Math.cos(b * c) - (Math.cos(b * c) - b * c * Math.sin(b * c)) + 0.5 * b * Math.cos(b * c));
  const { value, standardError } = ad.stdeOperator(f, x, terms, { rng: rng(3), samples: 500 });
  assert(Math.abs(value - exact) < 4 * standardError, `${value} +- ${standardError}, exactly ${exact}`);
  const one = ad.stdeOperator(f, x, [terms[1]], { rng: rng(3), samples: 2 });
  assertAlmostEquals(one.value, -e * (Math.cos(b * c) - b * c * Math.sin(b * c)), 1e-12);
});

Deno.test("an equation's residual is differentiated through its jets", () => {
  // d/da of the second derivative of exp(a x): (2 a + a² x) exp(a x)
  const second = (a: Operand): Operand => ad.directionalDerivative((x) => ad.exp(ad.multiply(a, x)), 0.5, 1, 2);
  assertAlmostEquals(ad.grad(second)(1.5), (3 + 2.25 * 0.5) * Math.exp(0.75), 1e-13);
});

Deno.test("stochastic Taylor estimates refuse orders, samples and variables that are not there", () => {
  const x = new Float64Array(3), g = rng(1);
  assertThrows(() => ad.directionalDerivative(chain, x, x, 0), DomainError, "an order at least 1");
  assertThrows(() => ad.stdeLaplacian(chain, x, { rng: g, samples: 4 }), DomainError, "from 1 to 3, got 4");
  assertThrows(() => ad.stdeLaplacian(chain, x, { rng: g, samples: 0, probes: "gaussian" }), DomainError);
  assertThrows(
    () => ad.stdeOperator(chain, x, [{ coefficient: 1, variables: [3] }], { rng: g }),
    DomainError,
    "a variable",
  );
  assertThrows(
    () => ad.stdeOperator(chain, x, [{ coefficient: NaN, variables: [1] }], { rng: g }),
    DomainError,
    "finite",
  );
  assertThrows(() => ad.mixedDerivative(chain, x, [x], [1, 1]), DomainError, "directions");
});
