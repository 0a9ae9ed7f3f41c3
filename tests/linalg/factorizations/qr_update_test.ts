import { assert, assertEquals, assertThrows } from "@std/assert";
import { DomainError, type Matrix, ShapeError, type Vector } from "../../../lib/core/mod.ts";
import { diagonalOf, matrix, norm, qr, qrUpdate } from "../../../lib/linalg/mod.ts";
import { assertSmall, distance, factorError, orthogonality } from "../backward_error.ts";
import { filled, numbers, product, random } from "../families.ts";

const changed = (A: Matrix, u: Vector, v: Vector): Matrix =>
  filled(A.rows, A.columns, (i, j) => A.data[i * A.columns + j] + u[i] * v[j]);

Deno.test("qrUpdate() agrees with factoring anew, for thin and full Q, tall, square and wide", () => {
  const next = numbers(1);
  for (const [m, n] of [[1, 1], [2, 1], [1, 2], [5, 5], [30, 8], [8, 30], [40, 39], [12, 0]]) {
    const A = random(m, n, next), u = random(m, 1, next).data, v = random(n, 1, next).data, B = changed(A, u, v);
    const factors = qr(A), R = filled(m, n, (i, j) => i < factors.R.rows ? factors.R.data[i * n + j] : 0);
    for (const pair of [factors, { Q: factors.fullQ, R }]) {
      const updated = qrUpdate(pair, u, v), what = `${m} x ${n}, Q with ${pair.Q.columns}`;
      assertEquals([updated.Q.columns, updated.R.rows], [pair.Q.columns, pair.R.rows], what);
      assertSmall(n === 0 ? 0 : factorError(B, updated.Q, updated.R), Math.max(m, n), what);
      assertSmall(orthogonality(updated.Q), Math.max(m, n), what);
      assert(updated.R.data.every((r, k) => k % n >= Math.floor(k / n) || r === 0), what);
      const [one, other] = [updated.R, qr(B).R].map((T) => diagonalOf(T).map(Math.abs).subarray(0, Math.min(m, n)));
      assert(distance(matrix(1, one.length, one), matrix(1, other.length, other)) < 1e-12, what);
    }
  }
});

// @must qrUpdate: rank-one updates and downdates agree with factoring anew, also after a thousand
// @measured reached: to 10 n eps; after a thousand of them errors and orthogonality are below 1e-12
Deno.test("qrUpdate() stays accurate over a thousand updates, also with a vector in the range of Q", () => {
  const next = numbers(2), m = 12, n = 5;
  let A = random(m, n, next), pair: { Q: Matrix; R: Matrix } = qr(A);
  for (let k = 0; k < 1000; k++) {
    const v = random(n, 1, next).data, u = k % 3 === 0 ? product(A, random(n, 1, next)).data : random(m, 1, next).data;
    const s = k % 2 === 0 ? 1 : -1; // up and down
    const w = u.map((x) => s * x / norm(A));
    A = changed(A, w, v);
    pair = qrUpdate(pair, w, v);
  }
  assert(orthogonality(pair.Q) < 1e-12, `${orthogonality(pair.Q)}`);
  assert(factorError(A, pair.Q, pair.R) < 1e-12, `${factorError(A, pair.Q, pair.R)}`);
});

Deno.test("qrUpdate() undoes an update by a downdate, down to a matrix of lower rank", () => {
  const next = numbers(3), A = random(10, 4, next), pair = qr(A);
  const u = A.data.filter((_, k) => k % 4 === 2).map((x) => -x); // takes column 2 away
  const { Q, R } = qrUpdate(pair, u, Float64Array.of(0, 0, 1, 0));
  assertSmall(factorError(changed(A, u, Float64Array.of(0, 0, 1, 0)), Q, R), 10, "a column of zeros");
  assertSmall(orthogonality(Q), 10, "orthogonality");
  const back = qrUpdate({ Q, R }, u.map((x) => -x), Float64Array.of(0, 0, 1, 0));
  assertSmall(factorError(A, back.Q, back.R), 10, "and back");
});

Deno.test("qrUpdate() refuses what does not fit or is not finite", () => {
  const { Q, R } = qr(random(4, 2, numbers(4))), u = new Float64Array(4), v = new Float64Array(2);
  assertThrows(() => qrUpdate({ Q: R, R: Q }, u, v), ShapeError, "got 2 x 2 and 4 x 2");
  assertThrows(() => qrUpdate({ Q, R }, v, v), ShapeError, "expected u of 4 entries, got 2");
  assertThrows(() => qrUpdate({ Q, R }, u, u), ShapeError, "expected v of 2 entries, got 4");
  assertThrows(() => qrUpdate({ Q, R }, u, Float64Array.of(1, NaN)), DomainError, "NaN at index 1");
});
