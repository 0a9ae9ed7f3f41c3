// Factorizations, determinants, transforms and sorting as array functions: their values against linalg, their edges.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, type Matrix, ShapeError } from "../../lib/core/mod.ts";
import * as linalg from "../../lib/linalg/mod.ts";
import * as ad from "../../lib/autodiff/mod.ts";
import { topological } from "../../lib/autodiff/node.ts";
import { lower } from "../../lib/autodiff/substitute.ts";
import { filled } from "./filled.ts";
import { assertClose, entries } from "./laws.ts";
import { dominant } from "./matrix_samples.ts";

const at = (stack: ad.Operand, i: number): Matrix => ad.asMatrix(ad.take(stack, i));
const filledWith = (x: number): Matrix => linalg.matrix([[x, x], [x, x]]);
const isNaN = (x: ad.Operand): boolean => entries(x).every(Number.isNaN);

Deno.test("stacks of matrices are factored and solved one by one as linalg does", () => {
  const A = dominant(3, 4, 4),
    B = filled([3, 4, 2]),
    X = ad.solve(A, B),
    Y = ad.solve(A, B, { positiveDefinite: true });
  for (let i = 0; i < 3; i++) {
    const Ai = at(A, i), Bi = at(B, i), symmetric = ad.asMatrix(ad.multiply(0.5, ad.add(Ai, ad.transpose(Ai))));
    assertClose([at(X, i).data], [linalg.solve(Ai, Bi).data], 1e-14, "solve");
    assertClose([at(Y, i).data], [linalg.solve(symmetric, Bi).data], 1e-14, "positive definite");
    assertAlmostEquals(entries(ad.det(A))[i], linalg.det(Ai), 1e-12);
    assertAlmostEquals(entries(ad.logdet(A))[i], Math.log(linalg.det(Ai)), 1e-13);
    assertClose([at(ad.cholesky(A), i).data], [linalg.cholesky(symmetric).L.data], 1e-14, "cholesky");
    assertClose([at(ad.sqrtm(A), i).data], [linalg.sqrtm(symmetric).data], 1e-13, "sqrtm");
  }
});

Deno.test("qr() has a positive diagonal and gives back the matrix, also a wide one", () => {
  for (const shape of [[4, 3], [3, 3], [2, 4]]) {
    const A = ad.negate(dominant(...shape)), { Q, R } = ad.qr(A);
    assertClose([entries(ad.matmul(Q, R))], [entries(A)], 1e-14, "Q R");
    const k = Math.min(...shape), gram = ad.matmul(ad.transpose(Q), Q);
    assertClose([entries(gram)], [linalg.identity(k).data], 1e-14, "QᵀQ");
    for (let i = 0; i < k; i++) assert(ad.asMatrix(R).data[i * shape[1] + i] > 0);
  }
});

Deno.test("value and gradient of a likelihood share one factorization", () => {
  const likelihood = (K: ad.Operand, y: ad.Operand): ad.Operand =>
    ad.add(ad.logdet(K, { positiveDefinite: true }), ad.dot(y, ad.solve(K, y, { positiveDefinite: true })));
  const program = ad.trace(
    (K: ad.Traced, y: ad.Traced) => {
      const { value, gradient } = ad.valueAndGrad(likelihood)(K, y);
      return [value, gradient];
    },
    dominant(4, 4),
    filled([4]),
  );
  const names = topological(lower(program.outputs)).map((node) => node.primitive.name);
  assertEquals(names.filter((name) => name === "cholesky").length, 1);
  const general = ad.trace(
    (A, b) => ad.grad((a: ad.Operand) => ad.sum(ad.solve(a, b)))(A),
    dominant(4, 4),
    filled([4]),
  );
  const nodes = topological(lower(general.outputs)).map((node) => node.primitive.name);
  assertEquals(nodes.filter((name) => name === "eliminated" || name === "solveEliminated").sort(), [
    "eliminated",
    "solveEliminated",
    "solveEliminated",
  ]);
});

Deno.test("matrices without a result give NaN or infinity, as scalars do", () => {
  const indefinite = linalg.matrix([[1, 2], [2, 1]]), singular = linalg.matrix([[1, 2], [2, 4]]);
  assert(isNaN(ad.cholesky(indefinite)) && isNaN(ad.logdet(indefinite, { positiveDefinite: true })));
  assert(isNaN(ad.solve(indefinite, Float64Array.of(1, 1), { positiveDefinite: true })));
  assert(
    isNaN(ad.sqrtm(indefinite, { method: "pade" })) && isNaN(ad.sqrtm(indefinite)) && isNaN(ad.expm(filledWith(1e9))),
  );
  assert(ad.det(singular) === 0 && ad.logdet(singular) === -Infinity);
  assert(entries(ad.solve(singular, Float64Array.of(1, 1))).every((x) => !Number.isFinite(x)));
  const broken = linalg.matrix([[1, NaN], [NaN, 1]]);
  assert(isNaN(ad.eigh(broken).values) && isNaN(ad.svd(broken).S) && isNaN(ad.qr(broken).R) && isNaN(ad.det(broken)));
});

Deno.test("det() has the sign of permutations", () => {
  assertEquals(ad.det(linalg.matrix([[0, 1, 0], [0, 0, 1], [1, 0, 0]])), 1);
  assertEquals(ad.det(linalg.matrix([[0, 1, 0], [1, 0, 0], [0, 0, 1]])), -1);
  assertEquals(ad.det({ shape: [2, 0, 0], data: new Float64Array(0) }), Float64Array.of(1, 1));
});

Deno.test("eigh() has first derivatives of functions of equal eigenvalues", () => {
  const f = (A: ad.Operand): ad.Operand => ad.sum(ad.exp(ad.eigh(A).values)); // tr exp A
  const A = linalg.matrix([[2, 0, 0], [0, 2, 0], [0, 0, 1]]), gradient = ad.grad(f)(A) as Matrix;
  assertClose([gradient.data], [linalg.expm(A).data], 1e-14, "gradient of tr exp A");
  const { vectors } = ad.jvp((X: ad.Operand) => ad.eigh(X), [A], [A]).tangent as unknown as { vectors: Matrix };
  assert(vectors.data.every(Number.isFinite));
});

Deno.test("the gradient of the nuclear norm is U Vᵀ", () => {
  const A = dominant(3, 5), { U, V } = ad.svd(A);
  const gradient = ad.grad((X: ad.Operand) => ad.sum(ad.svd(X).S))(A);
  assertClose([entries(gradient)], [entries(ad.matmul(U, ad.transpose(V)))], 1e-14, "U Vᵀ");
});

Deno.test("fft(), ifft() and rfft() are those of linalg along the last axis", () => {
  for (const n of [1, 5, 8, 12]) {
    const real = filled([2, n]) as Matrix, imaginary = filled([2, n]) as Matrix, X = ad.fft({ real, imaginary });
    const back = ad.ifft(X), half = ad.rfft(real);
    assertClose([entries(back.real), entries(back.imaginary)], [real.data, imaginary.data], 1e-14, "inverse");
    for (let i = 0; i < 2; i++) {
      const expected = linalg.fft({ real: linalg.row(real, i), imaginary: linalg.row(imaginary, i) });
      assertClose(
        [entries(ad.take(X.real, i)), entries(ad.take(X.imaginary, i))],
        [
          expected.real,
          expected.imaginary,
        ],
        1e-14,
        "fft",
      );
      const first = linalg.rfft(linalg.row(real, i));
      assertClose([entries(ad.take(half.imaginary, i))], [first.imaginary], 1e-13, "rfft");
    }
  }
});

Deno.test("sort(), topK(), quantile() and median() order entries along any axis; equal ones keep their order, NaN comes last", () => {
  const x = linalg.matrix([[3, 1, 2], [0, 5, 4]]);
  assertEquals(ad.sort(x), linalg.matrix([[1, 2, 3], [0, 4, 5]]));
  assertEquals(ad.sort(x, { axis: 0, descending: true }), linalg.matrix([[3, 5, 4], [0, 1, 2]]));
  assertEquals(ad.topK(x, 2), linalg.matrix([[3, 2], [5, 4]]));
  assertEquals(ad.median(x), Float64Array.of(2, 4));
  assertEquals(ad.quantile(x, 0.25, { axis: 0 }), Float64Array.of(0.75, 2, 2.5));
  assertEquals(ad.sort(Float64Array.of(2, NaN, -Infinity, 1)), Float64Array.of(-Infinity, 1, 2, NaN));
  const first = ad.grad((v: ad.Operand) => ad.take(ad.sort(v), 0))(Float64Array.of(1, 1, 2));
  assertEquals(first, Float64Array.of(1, 0, 0));
});

Deno.test("what does not fit is refused by name", () => {
  const wide = filled([2, 3]);
  for (const f of [ad.inv, ad.det, ad.logdet, ad.cholesky, ad.eigh, ad.expm, ad.sqrtm, ad.diagonalOf]) {
    assertThrows(() => f(wide), ShapeError, "expected square matrices, got [2, 3]");
  }
  assertThrows(
    () => ad.solve(filled([3, 3]), filled([2])),
    ShapeError,
    "Cannot apply solve: expected right-hand sides",
  );
  assertThrows(() => ad.qr(filled([3])), ShapeError, "expected matrices");
  assertThrows(() => ad.fft({ real: filled([3]), imaginary: filled([4]) }), ShapeError, "parts of one shape");
  assertThrows(() => ad.topK(filled([3]), 4), ShapeError, "at least 4 entries");
  assertThrows(() => ad.quantile(filled([3]), 1.5), DomainError, "a fraction between 0 and 1, got 1.5");
  assertThrows(
    () => ad.inverseSqrtm(filled([3, 3]), { method: "taylor" }),
    DomainError,
    "expected a method for it, got taylor",
  );
});
