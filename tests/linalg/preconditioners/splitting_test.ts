// Preconditioners by the diagonal, by blocks, by sweeps.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { DomainError, rng, ShapeError, SingularMatrixError } from "../../../lib/core/mod.ts";
import {
  blockJacobi,
  diagonal,
  diagonalOf,
  eigvalsh,
  fromTriplets,
  gridLaplacian,
  inv,
  jacobi,
  matmul,
  type Matrix,
  norm,
  scale,
  sorSweep,
  ssor,
  subtract,
  toDense,
} from "../../../lib/linalg/mod.ts";
import { assertOperator, dominant, matrixOf } from "./operators.ts";

/** A matrix with some of its entries only. */
const part = (A: Matrix, keep: (i: number, j: number) => boolean): Matrix => ({
  ...A,
  data: A.data.map((a, k) => keep(Math.floor(k / A.columns), k % A.columns) ? a : 0),
});
const distance = (A: Matrix, B: Matrix): number => norm(subtract(A, B)) / norm(A);

Deno.test("jacobi() and blockJacobi() invert the diagonal and its blocks", () => {
  const A = dominant(31, rng(1)), dense = toDense(A);
  assert(distance(matrixOf(jacobi(A)), inv(part(dense, (i, j) => i === j))) < 1e-15);
  const blocks = [3, 1, 0, 2].map((r) => Uint32Array.from({ length: r === 3 ? 7 : 8 }, (_, k) => 4 * k + r));
  for (const choice of [1, 4, 31, 100, blocks]) {
    const same = (i: number, j: number): boolean =>
      typeof choice === "number" ? Math.floor(i / choice) === Math.floor(j / choice) : i % 4 === j % 4;
    const M = blockJacobi(A, choice);
    assertOperator(M, `blockJacobi of ${choice}`);
    assert(distance(matrixOf(M), inv(part(dense, same))) < 1e-14, `${choice}`);
  }
});

// @must ssor: M = ω/(2-ω) (D/ω + L) D⁻¹ (D/ω + U), symmetric positive definite for 0 < ω < 2
// @measured reached: difference from the dense formula below 1e-14 for five ω from 0.1 to 1.9, symmetric and unsymmetric A; all
//   eigenvalues positive
Deno.test("ssor() and sorSweep() apply the inverses of their formulas; SSOR is positive definite", () => {
  for (const symmetric of [false, true]) {
    const A = dominant(40, rng(2), symmetric), dense = toDense(A), D = diagonal(diagonalOf(dense));
    for (const omega of [0.1, 0.7, 1, 1.5, 1.9]) {
      const lower = part(dense, (i, j) => j < i), upper = part(dense, (i, j) => j > i);
      const plus = (T: Matrix): Matrix => ({ ...T, data: T.data.map((t, k) => t + D.data[k] / omega) });
      const M = scale(matmul(matmul(plus(lower), inv(D)), plus(upper)), omega / (2 - omega));
      const inverse = matrixOf(ssor(A, omega));
      assert(distance(inverse, inv(M)) < 1e-14);
      assert(distance(matrixOf(sorSweep(A, omega)), inv(plus(lower))) < 1e-14);
      assertOperator(ssor(A, omega), `ssor with ${omega}`);
      assertOperator(sorSweep(A, omega), `sorSweep with ${omega}`);
      if (symmetric) assert(eigvalsh(scale({ ...inverse, data: inverse.data }, 1))[0] > 0);
    }
  }
  // the error of one forward and one backward sweep: no eigenvalue outside [0, 1)
  const A = gridLaplacian(6, 7), C = inv(toDense(A)), E = subtract(C, matrixOf(ssor(A, 1.3)));
  assert(
    eigvalsh({ ...E, data: E.data.map((e, k) => (e + E.data[k % 42 * 42 + Math.floor(k / 42)]) / 2) })[0] > -1e-14,
  );
});

Deno.test("preconditioners by splitting refuse bad input", () => {
  const A = gridLaplacian(3), hole = fromTriplets(3, 3, [0, 1, 2, 2], [0, 0, 1, 2], [1, 1, 1, 1]);
  for (const omega of [0, 2, NaN, -1]) {
    assertThrows(() => ssor(A, omega), DomainError, `expected ω in (0, 2), got ${omega}`);
  }
  assertThrows(() => jacobi(hole), DomainError, "got 0 at (1, 1)");
  assertThrows(() => ssor(hole), DomainError, "got 0 at (1, 1)");
  assertThrows(() => jacobi(fromTriplets(2, 3, [], [], [])), ShapeError, "got 2 x 3");
  assertThrows(() => blockJacobi(A, 0), DomainError, "got 0");
  assertThrows(() => blockJacobi(A, [Uint32Array.of(0, 1), Uint32Array.of(1, 2)]), ShapeError, "got 1 in another");
  assertThrows(() => blockJacobi(A, [Uint32Array.of(0, 2)]), ShapeError, "expected 3 indices in blocks, got 2");
  assertThrows(() => blockJacobi(A, [Uint32Array.of(0, 1, 3)]), ShapeError, "got 3");
  const error = assertThrows(() => blockJacobi(hole, [Uint32Array.of(0), Uint32Array.of(1, 2)]), SingularMatrixError);
  assertEquals(error.pivot, 1);
});
