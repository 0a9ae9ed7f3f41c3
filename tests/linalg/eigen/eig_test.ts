import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, type Matrix, ShapeError } from "../../../lib/core/mod.ts";
import {
  type ComplexVector,
  eig,
  eigvals,
  eigvalsh,
  hessenberg,
  matmul,
  matrix,
  schur,
} from "../../../lib/linalg/mod.ts";
import { families, filled, numbers, random } from "../families.ts";
import { symmetrized } from "../spectra.ts";

/** Eigenvalues in order of their real parts, then their imaginary ones; nearly equal real parts count as equal. */
function sorted({ real, imaginary }: ComplexVector): [number, number][] {
  const round = (x: number): number => Math.round(x * 1e6) / 1e6;
  return Array.from(real, (x, j): [number, number] => [x, imaginary[j]])
    .sort(([a, b], [c, d]) => round(a) - round(c) || b - d);
}

function assertSpectrum(A: Matrix, expected: [number, number][], tolerance: number): void {
  const order = sorted({
    real: Float64Array.from(expected, ([x]) => x),
    imaginary: Float64Array.from(expected, ([, y]) => y),
  });
  for (const found of [eigvals(A), eig(A).values, schur(A).values]) {
    sorted(found).forEach(([x, y], j) => {
      assertAlmostEquals(x, order[j][0], tolerance);
      assertAlmostEquals(y, order[j][1], tolerance);
    });
  }
}

Deno.test("eig() finds the eigenvalues of cycles: roots of unity", () => {
  for (const n of [1, 2, 3, 4, 5, 8, 17, 50]) {
    const roots = Array.from({ length: n }, (_, k): [number, number] => {
      const angle = 2 * Math.PI * k / n;
      return [Math.cos(angle), Math.sin(angle)];
    });
    assertSpectrum(families.cyclic(n, () => 0), roots, 1e-14);
    // the cycle graph: 2 cos(2πk/n), the four cycle among them
    if (n > 2) {
      assertSpectrum(families["cycle graph"](n, () => 0), roots.map(([x]) => [2 * x, 0]), 1e-7 * +(n > 4) + 1e-13);
    }
  }
});

Deno.test("eig() finds published and closed-form eigenvalues", () => {
  // companion matrix of (x - 1)(x - 2)…(x - 10): Wilkinson's polynomial
  let coefficients = [1];
  for (let k = 1; k <= 10; k++) coefficients = [...coefficients, 0].map((c, i) => c - k * (coefficients[i - 1] ?? 0));
  const companion = filled(10, 10, (i, j) => i === 0 ? -coefficients[j + 1] : +(i === j + 1));
  assertSpectrum(companion, Array.from({ length: 10 }, (_, k) => [k + 1, 0]), 1e-6);
  // Frank's matrix, n = 12: the largest eigenvalue, and reciprocal pairs
  const frank = sorted(eigvals(families.frank(12, () => 0)));
  assertAlmostEquals(frank[11][0], 32.2288915015722, 1e-12);
  for (let k = 0; k < 3; k++) assertAlmostEquals(frank[11 - k][0] * frank[k][0], 1, 1e-5);
  // a Toeplitz tridiagonal matrix: a + 2 √(bc) cos(kπ/(n + 1)), real for bc > 0 and complex for bc < 0
  for (const [b, c] of [[4, 1], [-4, 1], [0.5, 2]]) {
    const n = 9,
      T = filled(n, n, (i, j) => i === j ? 1 : j === i + 1 ? b : i === j + 1 ? c : 0),
      root = Math.sqrt(Math.abs(b * c));
    const waves = Array.from({ length: n }, (_, k) => 2 * root * Math.cos((k + 1) * Math.PI / (n + 1)));
    assertSpectrum(T, waves.map((w) => b * c > 0 ? [1 + w, 0] : [1, w]), 1e-12);
  }
});

/** The characteristic polynomial of a small matrix by the Faddeev-LeVerrier recurrence, at a complex point. */
function characteristic(A: Matrix, x: number, y: number): number {
  const n = A.rows;
  let M = matrix(n, n), c = 1;
  const coefficients = [1];
  for (let k = 1; k <= n; k++) {
    M = matmul(A, filled(n, n, (i, j) => M.data[i * n + j] + (i === j ? c : 0)));
    c = -M.data.filter((_, i) => i % (n + 1) === 0).reduce((sum, m) => sum + m, 0) / k;
    coefficients.push(c);
  }
  let re = 0, im = 0;
  for (const c of coefficients) [re, im] = [re * x - im * y + c, re * y + im * x];
  return Math.hypot(re, im);
}

Deno.test("eigvals() finds the roots of the characteristic polynomial of small matrices", () => {
  const next = numbers(3);
  for (let k = 0; k < 200; k++) {
    const n = 1 + k % 6, A = random(n, n, next), { real, imaginary } = eigvals(A);
    for (let j = 0; j < n; j++) assert(characteristic(A, real[j], imaginary[j]) < 1e-12 * 4 ** n, `${k}`);
    const trace = real.reduce((sum, x) => sum + x, 0);
    assertAlmostEquals(trace, A.data.filter((_, i) => i % (n + 1) === 0).reduce((sum, x) => sum + x, 0), 1e-13);
  }
});

Deno.test("eig() of symmetric matrices agrees with eigh()", () => {
  const next = numbers(4);
  for (const n of [1, 2, 7, 40]) {
    const A = symmetrized(random(n, n, next)), found = sorted(eig(A).values);
    eigvalsh(A).forEach((value, j) => {
      assertAlmostEquals(found[j][0], value, 1e-13);
      assertEquals(Math.abs(found[j][1]), 0);
    });
  }
});

Deno.test("eigvals() of badly scaled matrices are accurate, thanks to balancing", () => {
  // D⁻¹ B D has the eigenvalues of B
  const next = numbers(5), n = 12, B = random(n, n, next), d = (i: number): number => 2 ** (8 * ((i * 5) % 7));
  const A = filled(n, n, (i, j) => B.data[i * n + j] * d(j) / d(i));
  const exact = sorted(eigvals(B)), found = sorted(eigvals(A));
  exact.forEach(([x, y], j) => {
    assertAlmostEquals(found[j][0], x, 1e-12);
    assertAlmostEquals(found[j][1], y, 1e-12);
  });
});

Deno.test("eig(), schur() and hessenberg() refuse bad input", () => {
  for (const f of [eig, eigvals, schur, hessenberg]) {
    assertThrows(() => f(matrix(2, 3)), ShapeError, "2 x 3");
    assertThrows(() => f(matrix([[1, NaN], [0, 1]])), DomainError, "(0, 1)");
  }
});

Deno.test("eig() and schur() leave their argument as it is", () => {
  const A = random(9, 9, numbers(6)), before = A.data.slice();
  for (const f of [eig, eigvals, schur, hessenberg]) f(A);
  assertEquals(A.data, before);
});
