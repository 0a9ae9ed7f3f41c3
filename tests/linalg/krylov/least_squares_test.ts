// LSQR and LSMR.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  DomainError,
  type LinearOperator,
  type Matrix,
  norm2,
  ShapeError,
  type Vector,
} from "../../../lib/core/mod.ts";
import {
  diagonalOperator,
  identityOperator,
  type LeastSquaresSolution,
  lsmr,
  lsqr,
  lstsq,
  matmul,
  matrix,
  norm,
  operatorOf,
  qr,
  solveTriangular,
} from "../../../lib/linalg/mod.ts";
import { numbers, random } from "../families.ts";
import { rotationOf } from "../spectra.ts";
import { noise, residualOf } from "./systems.ts";

const methods = { lsqr, lsmr };

/** `|Aᵀ(b - A x)|`. */
function normalResidual(A: LinearOperator, x: Vector, b: Vector): number {
  const out = new Float64Array(A.columns);
  A.applyTranspose(residualOf(A, x, b), out);
  return norm2(out);
}

/** A converged claim is true: a small residual, or a small normal one beside `|A|₂ |r|`. */
function assertHonest(dense: Matrix, b: Vector, solution: LeastSquaresSolution, tolerance: number, name: string): void {
  const A = operatorOf(dense), r = norm2(residualOf(A, solution.x, b)), normal = normalResidual(A, solution.x, b);
  assertAlmostEquals(solution.residual, r, 1e-12 * norm2(b), name);
  assertAlmostEquals(solution.normalResidual, normal, 1e-12 * norm(dense, 2) * norm2(b), name);
  if (solution.status !== "converged") return;
  assert(
    r <= tolerance * norm2(b) * 1.001 || normal <= 1.001 * tolerance * norm(dense, 2) * r,
    `${name}: ${r}, ${normal}`,
  );
}

/** The m x n matrix with these singular values. */
function withSingularValues(m: number, n: number, values: readonly number[], seed: number): Matrix {
  const S = matrix(m, n);
  values.forEach((value, i) => S.data[i * n + i] = value);
  return matmul(matmul(rotationOf(m, numbers(seed)), S), rotationOf(n, numbers(seed + 1)));
}

// @must lsqr, lsmr: least squares of any shape and rank agree with lstsq
// @measured reached: tall, wide, square; full and deficient rank; consistent or not: the shortest minimizer to 1e-7, its residual to 1e-9
Deno.test("lsqr() and lsmr() find the shortest minimizer, of any shape and rank", () => {
  for (const [m, n, rank] of [[30, 12, 12], [30, 12, 7], [12, 30, 12], [12, 30, 5], [20, 20, 20], [20, 20, 13]]) {
    const values = Array.from({ length: rank }, (_, i) => 1 + i),
      dense = withSingularValues(m, n, values, m + n + rank);
    const A = operatorOf(dense), consistent = matmul(dense, random(n, 1, numbers(5))).data;
    for (const b of [noise(m, 1), consistent]) {
      const expected = lstsq(dense, b, { tolerance: 1e-10 });
      for (const [name, method] of Object.entries(methods)) {
        const solution = method(A, b, { tolerance: 1e-10 }), what = `${name}, ${m} x ${n}, ${rank}`;
        assertEquals(solution.status, "converged", `${what}: ${solution.message}`);
        assertHonest(dense, b, solution, 1e-10, what);
        solution.x.forEach((entry, i) => assertAlmostEquals(entry, expected.x[i], 1e-7, what));
        assertAlmostEquals(solution.residual, expected.residualNorms[0], 1e-9, what);
      }
    }
  }
});

// @must lsqr: the residual never grows
// @measured reached: in none of 60 iterations, on 60 x 40 of condition 1e3
// @must lsmr: the residual of the normal equations never grows, and is nowhere larger than that of LSQR
// @measured reached: in none of 60 iterations, on 60 x 40 of condition 1e3
Deno.test("lsqr() makes the residual fall, lsmr() the normal residual", () => {
  const dense = withSingularValues(60, 40, Array.from({ length: 40 }, (_, i) => 10 ** (-3 * i / 39)), 3);
  const A = operatorOf(dense), b = noise(60, 2);
  let residual = Infinity, normal = Infinity;
  for (let k = 0; k <= 60; k++) {
    const options = { maxIterations: k, tolerance: 1e-14 }, one = lsqr(A, b, options), other = lsmr(A, b, options);
    assert(one.residual <= residual * (1 + 1e-12), `${k}`);
    assert(other.normalResidual <= normal * (1 + 1e-9) + 1e-13, `${k}: ${other.normalResidual} after ${normal}`);
    assert(other.normalResidual <= one.normalResidual * (1 + 1e-9) + 1e-13, `${k}`);
    residual = one.residual;
    normal = other.normalResidual;
    // what the recursions follow is true
    const longer = [lsqr, lsmr].map((method) => method(A, b, { maxIterations: k + 5, tolerance: 1e-14 }));
    if (k > 40) continue;
    assertAlmostEquals(longer[0].residuals[k] / one.residual, 1, 1e-9, `lsqr, ${k}`);
    assertAlmostEquals(longer[1].residuals[k] / other.residual, 1, 1e-9, `lsmr, ${k}`);
  }
});

Deno.test("lsqr() and lsmr() with the triangle of a QR factorization for preconditioner take three iterations", () => {
  const dense = withSingularValues(50, 20, Array.from({ length: 20 }, (_, i) => 10 ** (-6 * i / 19)), 4),
    { R } = qr(dense);
  const A = operatorOf(dense), b = noise(50, 3), expected = lstsq(dense, b);
  const preconditioner: LinearOperator = {
    rows: 20,
    columns: 20,
    apply: (x, out) => out.set(solveTriangular(R, x)),
    applyTranspose: (y, out) => out.set(solveTriangular(R, y, { transpose: true })),
  };
  for (const [name, method] of Object.entries(methods)) {
    const solution = method(A, b, { preconditioner, tolerance: 1e-11 });
    assertEquals(solution.status, "converged", name);
    assertHonest(dense, b, solution, 1e-11, name);
    assert(solution.iterations <= 3, `${name}: ${solution.iterations}`);
    assertAlmostEquals(solution.residual, expected.residualNorms[0], 1e-9, name);
    assert(method(A, b, { tolerance: 1e-11 }).iterations > 15);
  }
});

Deno.test("lsqr() and lsmr() say what is true, and refuse what does not fit", () => {
  const A = operatorOf(random(9, 4, numbers(1))), b = noise(9, 1);
  for (const [name, method] of Object.entries(methods)) {
    for (const tolerance of [1e-3, 1e-9, 1e-15, 0]) {
      const dense = withSingularValues(15, 10, Array.from({ length: 10 }, (_, i) => 10 ** -i), 8);
      assertHonest(dense, noise(15, 2), method(operatorOf(dense), noise(15, 2), { tolerance }), tolerance, name);
    }
    assertEquals(method(A, b, { maxIterations: 2, tolerance: 1e-14 }).status, "iteration-limit");
    const nan = { ...A, apply: (_: Vector, out: Vector) => void out.fill(NaN) };
    assertEquals(method(nan, b).status, "non-finite");
    const half = { ...A, applyTranspose: (_: Vector, out: Vector) => void out.fill(NaN) };
    assertEquals(method(half, b).status, "non-finite");
    assertEquals(method(A, b, { preconditioner: diagonalOperator(new Float64Array(4)) }).status, "breakdown");
    assertEquals(method(A, new Float64Array(9)).status, "converged");
    assertThrows(() => method(A, noise(4, 1)), ShapeError, "right-hand side");
    assertThrows(() => method(A, b, { preconditioner: identityOperator(9) }), ShapeError, "preconditioner");
    assertThrows(() => method(A, b, { start: noise(9, 1) }), ShapeError, "start");
    assertThrows(() => method(A, b, { tolerance: -1 }), DomainError);
  }
});
