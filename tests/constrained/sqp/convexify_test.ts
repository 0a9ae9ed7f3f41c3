import { add, multiply, square, subtract } from "../../../lib/autodiff/mod.ts";
import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { activeFactors } from "../../../lib/constrained/active_set/factors.ts";
import { AT_UPPER, denseProgram } from "../../../lib/constrained/active_set/program.ts";
import { dampedUpdate, learn, restart } from "../../../lib/constrained/sqp/bfgs.ts";
import { evaluateFirst } from "../../../lib/constrained/evaluation.ts";
import { convexify } from "../../../lib/constrained/sqp/convexify.ts";
import { sqpState } from "../../../lib/constrained/sqp/state.ts";
import { dot, fillNormal, type Matrix, norm2, normInf, rng, uniform } from "../../../lib/core/mod.ts";
import { eigvalsh, ldlt, matmul, matrix, matvec, nullspace, solve, transpose } from "../../../lib/linalg/mod.ts";
import { stated } from "./problems.ts";

/** `[H Aᵀ; A 0]`. */
function kkt(H: Matrix, A: Matrix): Matrix {
  const n = H.rows, m = A.rows, K = matrix(n + m, n + m);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) K.data[i * (n + m) + j] = H.data[i * n + j];
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) K.data[(n + i) * (n + m) + j] = K.data[j * (n + m) + n + i] = A.data[i * n + j];
  }
  return K;
}

Deno.test("convexify() makes Hessians definite, and changes no step where the reduced one is", () => {
  const generator = rng(4);
  let regular = 0, singular = 0, untouched = 0;
  for (let k = 0; k < 200; k++) {
    const n = 5, m = 2, program = denseProgram(m, n), standing = new Uint8Array(m + n).fill(AT_UPPER, 0, m);
    const H = matrix(n, n),
      A = program.rows,
      scales = Float64Array.from({ length: n }, () => 10 ** (2 * uniform(generator)));
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        H.data[i * n + j] = H.data[j * n + i] = 2 * uniform(generator) - 1 + (i === j ? 1 : 0);
      }
    }
    fillNormal(generator, A.data);
    program.hessian.data.set(H.data);
    const { shift, descent, curvature } = convexify(program, standing, activeFactors(n), scales);
    const B = program.hessian;
    assert(eigvalsh(B)[0] > 0);
    const { positive } = ldlt(kkt(H, A)).inertia, isRegular = positive === n;
    assertEquals(descent !== undefined, !isRegular);
    assertEquals(curvature < 0, !isRegular);
    if (descent) { // a unit long in the units of the variables, free of the constraints, with the curvature that it says
      assertAlmostEquals(norm2(descent.map((dj, j) => dj / scales[j])), 1, 1e-12);
      assertLess(normInf(matvec(A, descent)), 1e-9 * normInf(descent));
      assertAlmostEquals(dot(descent, matvec(H, descent)), curvature, 1e-9 * normInf(descent) ** 2);
    }
    if (eigvalsh(H)[0] > 1e-3) {
      B.data.forEach((b, at) => assertAlmostEquals(b, H.data[at], 1e-13));
      untouched++;
    }
    const right = fillNormal(generator, new Float64Array(n + m));
    if (isRegular) { // the same step, and multipliers that differ by what was added
      const newton = solve(kkt(H, A), right), convex = solve(kkt(B, A), right), added = new Float64Array(n);
      for (let j = 0; j < n; j++) assertAlmostEquals(newton[j], convex[j], 1e-8 * (1 + Math.abs(newton[j])));
      if (shift) matvec(shift, convex.subarray(0, n), added);
      for (let j = 0; j < n; j++) {
        let difference = -added[j];
        for (let i = 0; i < m; i++) difference += (newton[n + i] - convex[n + i]) * A.data[i * n + j];
        assertLess(Math.abs(difference), 1e-8 * (1 + Math.abs(added[j]) + Math.abs(newton[n])));
      }
      regular++;
    } else { // on what the constraints leave free, curvature becomes its magnitude in the units of the variables
      const S = matrix(n, n);
      for (let i = 0; i < n; i++) S.data[i * (n + 1)] = scales[i];
      const Z = nullspace(matmul(A, S)),
        reduced = (M: Matrix): number[] => [
          ...eigvalsh(matmul(matmul(transpose(Z), matmul(matmul(S, M), S)), Z)),
        ];
      const least = 1e-4 * normInf(matmul(matmul(S, H), S).data);
      const before = reduced(H).map((v) => Math.max(least, Math.abs(v))).sort((a, b) => a - b), after = reduced(B);
      after.forEach((value, i) => assertAlmostEquals(value, before[i], 1e-9 * before.at(-1)!));
      singular++;
    }
  }
  assert(regular > 30 && singular > 30 && untouched > 5, `${regular} ${singular} ${untouched}`);
});

Deno.test("dampedUpdate() maps s to y where curvature is positive, and stays definite where it is not", () => {
  const generator = rng(8), n = 4;
  for (let k = 0; k < 100; k++) {
    const root = matrix(n, n, fillNormal(generator, new Float64Array(n * n))), B = matmul(transpose(root), root);
    for (let i = 0; i < n; i++) B.data[i * (n + 1)] += 0.1;
    const s = fillNormal(generator, new Float64Array(n)), y = fillNormal(generator, new Float64Array(n));
    const before = matvec(B, s), curvature = dot(s, before), along = dot(s, y), given = y.slice();
    dampedUpdate(B, s, y, new Float64Array(n));
    assert(eigvalsh(B)[0] > 0);
    const after = matvec(B, s), theta = along >= 0.2 * curvature ? 1 : 0.8 * curvature / (curvature - along);
    after.forEach((a, i) => assertAlmostEquals(a, theta * given[i] + (1 - theta) * before[i], 1e-10 * (1 + curvature)));
    if (along < 0.2 * curvature) assertAlmostEquals(dot(s, after), 0.2 * curvature, 1e-9 * curvature);
  }
});

Deno.test("learn() sets the size of the first matrix, in the units of the variables, and leaves f out where its weight is 0", () => {
  // f = 1000 (x² + y²), c = (x² - y)/2; a step from (1, 3) to (1.5, 2) with λ = 2
  const problem = stated({
    dimension: 2,
    f: ([x, y]) => multiply(1000, add(square(x), square(y))),
    equality: ([x, y]) => [multiply(0.5, subtract(square(x), y))],
  });
  for (const weight of [0, 1] as const) {
    const state = sqpState(problem, { x: Float64Array.of(1, 3) }, rng(1)), from = [1, 3], to = [1.5, 2];
    state.weight = weight;
    restart(state);
    const gradient = weight * 2000 * 3 * 4; // the largest |∂f| (1 + |xⱼ|)
    state.hessian.data.forEach((b, at) =>
      assertAlmostEquals(b, at % 3 === 0 ? Math.max(1, gradient) / (1 + from[at / 3]) ** 2 : 0, 1e-10)
    );
    state.trial.x.set(to);
    evaluateFirst(problem, state.trial);
    state.next[0] = 2;
    learn(state);
    const s = to.map((t, j) => t - from[j]), y = [weight * 2000 * s[0] + 2 * s[0], weight * 2000 * s[1]];
    const product = matvec(state.hessian, Float64Array.from(s));
    product.forEach((entry, j) => assertAlmostEquals(entry, y[j], 1e-9 * (1 + Math.abs(y[j]))));
    // in the units of the variables, the first matrix is the size (Sy)ᵀ(Sy)/s·y; its determinant tells
    const size = ((y[0] * 2) ** 2 + (y[1] * 4) ** 2) / (s[0] * y[0] + s[1] * y[1]), first = [size / 4, size / 16];
    const curved = s[0] ** 2 * first[0] + s[1] ** 2 * first[1], along = s[0] * y[0] + s[1] * y[1];
    const [a, b, c, d] = state.hessian.data;
    assertAlmostEquals((a * d - b * c) / (first[0] * first[1] * along / curved), 1, 1e-9); // det B⁺ = det B s·y/sᵀBs
  }
});
