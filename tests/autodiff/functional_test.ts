// Functional derivatives against the Euler-Lagrange equation written out, differences, and a descent to a geodesic.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError } from "../../lib/core/mod.ts";
import * as ad from "../../lib/autodiff/mod.ts";
import type { Fn, Functional, Operand } from "../../lib/autodiff/mod.ts";

const quadrature = ad.gaussLegendre(24, 0, 1);
const number = (x: Operand): number => ad.asNumber(x);
/** `∫ L(x, y, y') dx`. */
const action = (L: (x: Operand, y: Operand, slope: Operand) => Operand) => (y: Fn): Functional =>
  ad.integrate(ad.pointwise(L, y, ad.nabla(y)), quadrature);
const arcLength = action((_x, _y, slope) => ad.sqrt(ad.add(1, ad.square(slope))));
const brachistochrone = action((_x, y, slope) => ad.sqrt(ad.divide(ad.add(1, ad.square(slope)), y)));

/** A curve with its first two derivatives. */
const curve = (x: Operand): Operand => ad.add(ad.add(1, x), ad.multiply(0.3, ad.sin(ad.multiply(3, x))));
const derivatives = (x: number): [number, number, number] => [
  1 + x + 0.3 * Math.sin(3 * x),
  1 + 0.9 * Math.cos(3 * x),
  -2.7 * Math.sin(3 * x),
];

// @must functionalGrad: equals Euler-Lagrange L_y - d/dx L_{y'} at points to 1e-8 for arc length, brachistochrone and Dirichlet's
// energy (-2 Laplacian)
// @measured reached: to 1e-13
Deno.test("functionalGrad() is the left side of the Euler-Lagrange equation", () => {
  const length = ad.functionalGrad(arcLength)(curve), time = ad.functionalGrad(brachistochrone)(curve);
  for (const x of [0.1, 0.35, 0.8]) {
    const [y, p, q] = derivatives(x), s = 1 + p * p;
    assertAlmostEquals(number(length.at(x)), -q / s ** 1.5, 1e-13);
    // L = √(s/y): L_y = -√s / (2 y^1.5), L_p = p / √(s y), d/dx L_p = q / √(s y) - p (2 p q y + s p) / (2 (s y)^1.5)
    const inner = q / Math.sqrt(s * y) - p * (2 * p * q * y + s * p) / (2 * (s * y) ** 1.5);
    assertAlmostEquals(number(time.at(x)), -Math.sqrt(s) / (2 * y ** 1.5) - inner, 1e-13);
  }
  const square = ad.productQuadrature(ad.gaussLegendre(8, 0, 1), ad.gaussLegendre(8, 0, 1));
  const dirichlet = (y: Fn): Functional => ad.integrate(ad.pointwise((_, g) => ad.dot(g, g), ad.nabla(y)), square);
  const u = (x: Operand): Operand => ad.multiply(ad.sin(ad.take(x, 0)), ad.exp(ad.multiply(2, ad.take(x, 1))));
  const at = Float64Array.of(0.4, 0.3), value = Math.sin(0.4) * Math.exp(0.6);
  assertAlmostEquals(number(ad.functionalGrad(dirichlet)(u).at(at)), -2 * (4 - 1) * value, 1e-12);
});

// @must functionalGrad: exchange energy ∫ ρ^{4/3} of the local density approximation gives (4/3) ρ^{1/3}
// @measured reached: to 1e-15
Deno.test("functionalGrad() of local energies is the derivative of the density", () => {
  const exchange = (rho: Fn): Functional => ad.integrate(ad.pointwise((_, r) => ad.power(r, 4 / 3), rho), quadrature);
  const gradient = ad.functionalGrad(exchange)((x) => ad.exp(ad.negate(x)));
  for (const x of [0, 0.5, 1]) assertAlmostEquals(number(gradient.at(x)), 4 / 3 * Math.exp(-x / 3), 1e-15);
});

// @must functionalGrad: d/dε F[y + ε h] = ∫ grad · h to 1e-6 for h that vanishes at the boundary
// @measured reached: to 1e-9 for four functionals, one of them a quotient of integrals, one through a composition
Deno.test("functionalGrad() gives the derivative along every function that vanishes at the boundary", () => {
  const bump = (x: Operand): Operand => ad.multiply(ad.square(ad.sin(ad.multiply(Math.PI, x))), ad.exp(x));
  const quotient = (y: Fn): Functional =>
    ad.combine(
      (a, b) => ad.divide(ad.square(a), b),
      ad.integrate(ad.pointwise((x, v, s) => ad.add(ad.multiply(x, v), ad.square(s)), y, ad.nabla(y)), quadrature),
      ad.integrate(ad.pointwise((_, v) => ad.square(v), y), quadrature),
    );
  const composed = (y: Fn): Functional => {
    const warped = ad.compose(ad.fn((x) => ad.exp(ad.multiply(0.5, x))), y),
      mixed = ad.compose(y, ad.fn((x) => ad.square(x)));
    return ad.integrate(ad.pointwise((_, a, b) => ad.multiply(a, b), warped, mixed), quadrature);
  };
  const root = ad.fn((u) => ad.sqrt(u)),
    bySquare = (y: Fn): Functional => {
      const mixed = ad.compose(y, ad.fn((x) => ad.square(x)), root);
      return ad.integrate(ad.pointwise((x, a) => ad.multiply(ad.square(x), ad.sin(a)), mixed), quadrature);
    };
  for (const F of [arcLength, brachistochrone, quotient, bySquare]) {
    const gradient = ad.functionalGrad(F)(curve);
    const along = ad.integrate(
      ad.pointwise((_, g, h) => ad.multiply(g, h), gradient, ad.fn(bump)),
      ad.gaussLegendre(60, 0, 1),
    );
    const slope = ad.grad((e: Operand) => F(ad.fn((x) => ad.add(curve(x), ad.multiply(e, bump(x))))).value)(0);
    assertAlmostEquals(number(along.value), slope, 1e-9 * Math.max(1, Math.abs(slope)));
  }
  assertThrows(() => ad.functionalGrad(composed)(curve), ad.TraceError, "expected the inverse");
});

Deno.test("gradients of functionals are functions that functionals can be made of again", () => {
  // the Hessian of ∫ y'² along h is -2 h''; that of ∫ y⁴ is 12 y² h
  const h = ad.fn((x) => ad.sin(ad.multiply(2, x)));
  const second = (F: (y: Fn) => Functional): Fn =>
    ad.functionalGrad((y) => {
      const gradient = ad.functionalGrad(F)(y);
      return ad.integrate(ad.pointwise((_, g, v) => ad.multiply(g, v), gradient, h), quadrature);
    })(curve);
  const [y] = derivatives(0.6), v = Math.sin(1.2);
  assertAlmostEquals(number(second(action((_x, _y, s) => ad.square(s))).at(0.6)), 8 * v, 1e-12);
  assertAlmostEquals(number(second(action((_x, value) => ad.power(value, 4))).at(0.6)), 12 * y * y * v, 1e-12);
});

Deno.test("linearTranspose() satisfies ∫ c A[h] = ∫ Aᵀ[c] h", () => {
  const A = (y: Fn): Fn => ad.pointwise((x, s, v) => ad.add(ad.multiply(ad.exp(x), s), v), ad.nabla(y), y); // eˣ y' + y
  const c = ad.fn((x) => ad.cos(x)), transposed = ad.linearTranspose(A, ad.fn((x) => ad.multiply(0, x)))(c);
  // c - (eˣ c)'
  for (const x of [0.2, 0.9]) {
    assertAlmostEquals(number(transposed.at(x)), Math.cos(x) - Math.exp(x) * (Math.cos(x) - Math.sin(x)), 1e-14);
  }
});

// @must functionalGrad: gradient descent on a spectral ansatz reaches the geodesic
// @measured reached: from 0.4 and -0.3 to coefficients below 1e-8 of the straight line in 60 steps
Deno.test("descent along functional gradients reaches the straight line", () => {
  const modes = [1, 2], coefficients = [0.4, -0.3];
  const mode = (k: number, x: Operand): Operand => ad.sin(ad.multiply(k * Math.PI, x));
  for (let step = 0; step < 60; step++) {
    const y = (x: Operand): Operand =>
      modes.reduce((sum, k, i) => ad.add(sum, ad.multiply(coefficients[i], mode(k, x))), x);
    const gradient = ad.functionalGrad(arcLength)(y);
    modes.forEach((k, i) => {
      const along = ad.integrate(ad.pointwise((x, g) => ad.multiply(g, mode(k, x)), gradient), quadrature);
      coefficients[i] -= 0.48 / (k * k) * number(along.value);
    });
  }
  assert(Math.max(...coefficients.map(Math.abs)) < 1e-8, `${coefficients}`);
});

Deno.test("gaussLegendre() is exact up to order 2 n - 1", () => {
  for (const n of [1, 2, 5, 12]) {
    const { points, weights } = ad.gaussLegendre(n, -1, 2);
    for (let k = 0; k < 2 * n; k++) {
      const found = weights.reduce((sum, w, i) => sum + w * points[i] ** k, 0),
        exact = (2 ** (k + 1) - (-1) ** (k + 1)) / (k + 1);
      assertAlmostEquals(found, exact, 1e-14 * Math.max(1, Math.abs(exact)) * 4);
    }
  }
  assertEquals(ad.gaussLegendre(3, 0, 2).points[1], 1);
});

Deno.test("functionals refuse quadratures outside of the domain, and empty intervals", () => {
  const root = ad.fn((x) => ad.sqrt(x), [[0, 1]]);
  assertThrows(() => ad.integrate(root, ad.gaussLegendre(4, -1, 1)), DomainError, "in [0, 1]");
  assertThrows(
    () => ad.integrate(ad.pointwise((_, v) => v, root), ad.gaussLegendre(4, 0, 2)),
    DomainError,
    "in [0, 1]",
  );
  assertThrows(() => ad.gaussLegendre(0, 0, 1), DomainError);
  assertThrows(() => ad.gaussLegendre(3, 1, 1), DomainError);
});
