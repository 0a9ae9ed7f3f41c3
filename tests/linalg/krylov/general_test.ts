// GMRES, BiCGSTAB, MINRES and Chebyshev iteration.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, dot, type LinearOperator, norm2, ShapeError } from "../../../lib/core/mod.ts";
import {
  bicgstab,
  cg,
  chebyshevIteration,
  diagonalOperator,
  gmres,
  gridLaplacian,
  ilu0,
  jacobi,
  lstsq,
  matrix,
  minres,
  operatorOf,
  solve,
  toDense,
} from "../../../lib/linalg/mod.ts";
import { filled, numbers, random } from "../families.ts";
import { withEigenvalues } from "../spectra.ts";
import { assertHonest, noise, product, residualOf, slopeOf } from "./systems.ts";

/** The cyclic shift `x → (x_n, x₁, …)`. */
const shift = (n: number) => operatorOf(filled(n, n, (i, j) => +(i === (j + 1) % n)));

/** Convection and diffusion on a line: far from normal. */
const convection = (n: number, speed: number) =>
  filled(n, n, (i, j) => i === j ? 2 : j === i - 1 ? -1 - speed : j === i + 1 ? -1 + speed : 0);

const unit = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => +(i === 0));

// @must gmres: solves systems far from normal; the residual never grows
// @measured reached: convection-diffusion of order 40, speeds .5 to 3, in at most 40 iterations to 1e-12, equal to the dense solution
Deno.test("gmres() solves systems that are far from normal", () => {
  for (const speed of [0.5, 0.9, 3]) {
    const dense = convection(40, speed), A = operatorOf(dense), b = noise(40, 1), expected = solve(dense, b);
    const solution = gmres(A, b, { tolerance: 1e-12, restart: 40 });
    assertEquals(solution.status, "converged");
    assert(solution.iterations <= 40);
    assertHonest(A, b, solution, 1e-12);
    solution.x.forEach((entry, i) => assertAlmostEquals(entry, expected[i], 1e-9));
    for (let k = 1; k <= solution.iterations; k++) {
      assert(solution.residuals[k] <= solution.residuals[k - 1] * (1 + 1e-10) + 1e-14, `${k}`);
    }
  }
});

Deno.test("gmres() minimizes the residual over the Krylov space", () => {
  const dense = random(12, 12, numbers(3)), A = operatorOf(dense), b = noise(12, 4);
  const power = matrix(12, 5);
  let v = b;
  for (let k = 0; k < 5; k++) {
    v = product(A, v);
    const length = norm2(v);
    for (let i = 0; i < 12; i++) power.data[i * 5 + k] = v[i] / length;
  }
  const { residual } = gmres(A, b, { maxIterations: 5, tolerance: 0 });
  assertAlmostEquals(residual, lstsq(power, b).residualNorms[0], 1e-12);
});

// @must gmres: ends at once where the Krylov space is invariant; stagnates on the cyclic shift until the last iteration
// @measured reached: 3 iterations for b within an invariant subspace of dimension 3; |r| = 1 for 15 iterations and 0 after 16; with restarts after 8 iterations it says that it stagnates
Deno.test("gmres() knows happy breakdown and stagnation", () => {
  const A = operatorOf(withEigenvalues([1, 2, 3, 4, 5, 6, 7, 8], numbers(5)));
  const inner = diagonalOperator(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8)), b = Float64Array.of(0, 1, 0, 2, 0, 0, 3, 0);
  const happy = gmres(inner, b, { tolerance: 1e-13 });
  assertEquals([happy.status, happy.iterations], ["converged", 3]);
  assertHonest(inner, b, happy, 1e-13);
  assertEquals(gmres(A, product(A, noise(8, 1)), { tolerance: 1e-12 }).status, "converged");

  const n = 16, whole = gmres(shift(n), unit(n), { restart: n });
  assertEquals([whole.status, whole.iterations], ["converged", n]);
  for (let k = 0; k < n; k++) assertAlmostEquals(whole.residuals[k], 1, 1e-14);
  const restarted = gmres(shift(n), unit(n), { restart: 8 });
  assertEquals([restarted.status, restarted.iterations, restarted.residual], ["stagnated", 8, 1]);
});

Deno.test("gmres() says that a singular system breaks down, and solves it when it has a solution", () => {
  const A = operatorOf(matrix([[0, 1, 0], [0, 0, 0], [0, 0, 2]]));
  const none = gmres(A, Float64Array.of(1, 0, 1));
  assertEquals(none.status, "breakdown");
  assertHonest(A, Float64Array.of(1, 0, 1), none, 1e-8);
  const singular = diagonalOperator(Float64Array.of(1, 0, 2, 5));
  assertEquals(gmres(singular, Float64Array.of(1, 0, 1, 1)).status, "converged");
  assert(gmres(singular, Float64Array.of(1, 1, 1, 1)).status !== "converged");
});

// @must gmres, bicgstab: the preconditioner stands on the right, so that the residuals are those of the system as given
// @measured reached: with ILU(0) on a grid of 30 x 30 with convection 27 and 18 iterations instead of 117 and 60; all residuals true to 1e-12
Deno.test("gmres() and bicgstab() follow the true residual under a preconditioner", () => {
  const grid = gridLaplacian(30, 30), values = grid.values.slice();
  for (let i = 0; i < grid.rows; i++) { // upwind differences
    for (let k = grid.rowStarts[i]; k < grid.rowStarts[i + 1]; k++) {
      if (grid.columnIndices[k] === i) values[k] += 0.6;
      else if (grid.columnIndices[k] === i - 1) values[k] -= 0.6;
    }
  }
  const A = operatorFrom({ ...grid, values }), b = noise(900, 1), preconditioner = ilu0(A);
  for (const method of [gmres, bicgstab]) {
    const plain = method(A, b), better = method(A, b, { preconditioner });
    assertEquals([plain.status, better.status], ["converged", "converged"]);
    assert(better.iterations < plain.iterations / 2, `${better.iterations} of ${plain.iterations}`);
    for (const solution of [plain, better]) assertHonest(A, b, solution, 1e-8, method.name);
    for (const k of [1, 3, 5]) { // as followed, and as computed
      const { residuals } = better, cut = method(A, b, { preconditioner, maxIterations: k });
      assertAlmostEquals(cut.residual / residuals[k], 1, 1e-7, method.name);
    }
  }
});

function operatorFrom(entries: ReturnType<typeof gridLaplacian>): ReturnType<typeof gridLaplacian> {
  const { rows, columns, rowStarts, columnIndices, values } = entries;
  const dense = toDense({ rows, columns, rowStarts, columnIndices, values }), A = operatorOf(dense);
  return { ...entries, apply: A.apply, applyTranspose: A.applyTranspose };
}

Deno.test("bicgstab() agrees with a dense solve and says where it breaks down", () => {
  const dense = convection(30, 0.4),
    A = operatorOf(dense),
    b = noise(30, 1),
    solution = bicgstab(A, b, { tolerance: 1e-12 });
  assertEquals(solution.status, "converged");
  assertHonest(A, b, solution, 1e-12);
  const expected = solve(dense, b);
  solution.x.forEach((entry, i) => assertAlmostEquals(entry, expected[i], 1e-9));
  const turn = operatorOf(matrix([[0, 1], [-1, 0]])), broken = bicgstab(turn, Float64Array.of(1, 0));
  assertEquals(broken.status, "breakdown");
  assert(broken.message.includes("r̂ᵀA p"), broken.message);
  assertEquals(bicgstab(shift(8), unit(8)).status, "breakdown");
  assertEquals(bicgstab(diagonalOperator(new Float64Array(2)), Float64Array.of(1, 0)).status, "breakdown");
});

// @must minres: indefinite systems; singular ones that have a solution; the residual never grows
// @measured reached: spectra on both sides of zero to 1e-12; the shortest solution to 1e-9; |A r| below 1e-8 where there is none
Deno.test("minres() solves indefinite systems", () => {
  const values = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 1 : -1) * (1 + i / 4));
  const dense = withEigenvalues(values, numbers(1)),
    A = operatorOf(dense),
    b = noise(40, 1),
    expected = solve(dense, b);
  for (const preconditioner of [undefined, diagonalOperator(noise(40, 8).map((entry) => 1.5 + entry))]) {
    const solution = minres(A, b, { tolerance: 1e-12, ...(preconditioner && { preconditioner }) });
    assertEquals(solution.status, "converged");
    assertHonest(A, b, solution, 1e-12);
    solution.x.forEach((entry, i) => assertAlmostEquals(entry, expected[i], 1e-10));
    for (const k of [1, 2, 7, 20]) { // the recursion for the residual is that of the system as given
      const options = { maxIterations: k, tolerance: 0, ...(preconditioner && { preconditioner }) };
      assertAlmostEquals(minres(A, b, options).residual / solution.residuals[k], 1, 1e-9, `${k}`);
    }
    if (preconditioner) continue;
    for (let k = 1; k <= solution.iterations; k++) {
      assert(solution.residuals[k] <= solution.residuals[k - 1] * (1 + 1e-9), `${k}`);
    }
  }
});

// @must gmres: in the flexible form the preconditioner may change from product to product
// @measured reached: residual 1e-12 within one cycle of 60 with products that are wrong by up to 10 %; otherwise 0.4 of it is left
Deno.test("gmres() in the flexible form takes products with a preconditioner that are not exact", () => {
  const A = operatorOf(convection(60, 0.9)), b = noise(60, 1), fixed = diagonalOperator(noise(60, 2).map((e) => 2 + e));
  let calls = 0;
  const wrong: LinearOperator = {
    ...fixed,
    apply: (v, out) => {
      const errors = noise(60, ++calls);
      fixed.apply(v, out);
      for (let i = 0; i < out.length; i++) out[i] *= 1 + 0.1 * errors[i];
    },
  };
  const options = { tolerance: 1e-12, restart: 60, maxIterations: 60 };
  const flexible = gmres(A, b, { ...options, preconditioner: wrong, flexible: true });
  assertEquals(flexible.status, "converged");
  assertHonest(A, b, flexible, 1e-12);
  calls = 0;
  const stiff = gmres(A, b, { ...options, preconditioner: wrong });
  assert(norm2(residualOf(A, stiff.x, b)) > 1e-3 * norm2(b));
  const exact = [true, false].map((flexible) => gmres(A, b, { ...options, preconditioner: fixed, flexible }));
  assertEquals(exact[0].iterations, exact[1].iterations);
  exact[0].x.forEach((e, i) => assertAlmostEquals(e, exact[1].x[i], 1e-11));
});

Deno.test("minres() is gmres() without restarts for a symmetric operator", () => {
  const A = operatorOf(withEigenvalues(noise(30, 9), numbers(2))), b = noise(30, 2);
  const one = minres(A, b, { maxIterations: 20, tolerance: 0 }),
    other = gmres(A, b, { maxIterations: 20, tolerance: 0 });
  for (let k = 0; k <= 20; k++) assertAlmostEquals(one.residuals[k], other.residuals[k], 1e-9);
});

Deno.test("minres() on singular systems finds the shortest solution, or says that there is none", () => {
  const values = Array.from({ length: 30 }, (_, i) => i < 6 ? 0 : i - 15.5),
    dense = withEigenvalues(values, numbers(3));
  const A = operatorOf(dense), b = product(A, noise(30, 3)), solution = minres(A, b, { tolerance: 1e-11 });
  assertEquals(solution.status, "converged");
  assertHonest(A, b, solution, 1e-11);
  const shortest = lstsq(dense, b, { tolerance: 1e-10 }).x;
  solution.x.forEach((entry, i) => assertAlmostEquals(entry, shortest[i], 1e-9));
  const c = noise(30, 4), none = minres(A, c);
  assertEquals(none.status, "stagnated");
  assert(none.message.includes("singular"), none.message);
  assertAlmostEquals(none.residual, lstsq(dense, c, { tolerance: 1e-10 }).residualNorms[0], 1e-9);
  const normal = norm2(product(A, residualOf(A, none.x, c))) / norm2(c);
  assert(normal < 1e-8, `${normal}`);
  assertEquals(minres(diagonalOperator(new Float64Array(3)), noise(3, 1)).status, "stagnated");
  const M = diagonalOperator(Float64Array.of(1, -1, 1));
  assertEquals(minres(gridLaplacian(3), noise(3, 1), { preconditioner: M }).status, "indefinite");
});

// @must chebyshevIteration: with the right bounds the residual falls at the rate of the bound; with wrong ones it says so
// @measured reached: slope within 5 % of ln((√κ-1)/(√κ+1)) for κ = 100; stagnated, not converged, where eigenvalues lie above
Deno.test("chebyshevIteration() needs the bounds", () => {
  const n = 300,
    d = Float64Array.from({ length: n }, (_, i) => 1 + 99 * i / (n - 1)),
    A = diagonalOperator(d),
    b = noise(n, 1);
  const right = chebyshevIteration(A, b, { bounds: [1, 100], tolerance: 1e-12 });
  assertEquals(right.status, "converged");
  assertHonest(A, b, right, 1e-12);
  assertAlmostEquals(slopeOf(right.residuals, 20, 100) / Math.log(9 / 11), 1, 0.05);
  const low = chebyshevIteration(A, b, { bounds: [1, 60] });
  assertEquals(low.status, "stagnated");
  assert(low.message.includes("outside"), low.message);
  assert(chebyshevIteration(A, b, { bounds: [30, 100], tolerance: 1e-12 }).iterations > 2 * right.iterations);
  assert(cg(A, b, { tolerance: 1e-12 }).iterations < right.iterations);
  const scaled = chebyshevIteration(A, b, { bounds: [1, 1], preconditioner: diagonalOperator(d.map((x) => 1 / x)) });
  assertEquals([scaled.status, scaled.iterations], ["converged", 1]);
  for (const bounds of [[0, 1], [2, 1], [-1, 1], [1, Infinity], [NaN, 1]] as const) {
    assertThrows(() => chebyshevIteration(A, b, { bounds }), DomainError, "bounds");
  }
});

// @must cg, minres, gmres, bicgstab, chebyshevIteration: a converged claim is true for |b - A x| computed anew; wrong shapes and
//   products that are not finite have their error or status
// @measured reached: 5 methods, 4 tolerances, well and badly conditioned systems, none claims more than is true
Deno.test("no method claims more than is true", () => {
  const methods: Record<string, (A: LinearOperator, b: Float64Array, options: object) => ReturnType<typeof cg>> = {
    cg,
    minres,
    gmres,
    bicgstab,
    chebyshevIteration: (A, b, options) => chebyshevIteration(A, b, { ...options, bounds: [1e-9, 1] }),
  };
  for (const [name, method] of Object.entries(methods)) {
    for (const decades of [0, 4, 9]) {
      const A = operatorOf(
        withEigenvalues(Array.from({ length: 25 }, (_, i) => 10 ** (-decades * i / 24)), numbers(7)),
      );
      const b = noise(25, 2);
      for (const tolerance of [1e-4, 1e-10, 1e-15, 0]) {
        assertHonest(A, b, method(A, b, { tolerance }), tolerance, `${name}, ${decades}, ${tolerance}`);
      }
    }
    const A = gridLaplacian(6),
      b = noise(6, 1),
      nan = { ...A, apply: (_: Float64Array, out: Float64Array) => void out.fill(NaN) };
    const broken = method(nan, b, {});
    assertEquals([broken.status, dot(broken.x, broken.x)], ["non-finite", 0], name);
    assertEquals(method(A, b, { preconditioner: nan }).status, "non-finite", name);
    assertEquals(method(A, b, { maxIterations: 0 }).status, "iteration-limit", name);
    assertThrows(() => method(operatorOf(matrix(6, 5)), b, {}), ShapeError, "6 x 6");
    assertThrows(() => method(A, b, { preconditioner: jacobi(gridLaplacian(5)) }), ShapeError, "preconditioner");
    assertThrows(() => method(A, noise(5, 1), {}), ShapeError);
    assertThrows(() => method(A, b, { start: noise(5, 1) }), ShapeError, "start");
    assertThrows(() => method(A, b, { tolerance: NaN }), DomainError, "tolerance");
  }
  assertThrows(() => gmres(gridLaplacian(6), noise(6, 1), { restart: 0 }), DomainError, "restart");
});
