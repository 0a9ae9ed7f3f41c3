import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { add, multiply, negate, type Operand, square, subtract } from "../../../lib/autodiff/mod.ts";
import { nonlinearSolvers, sqp, type SqpState, type TwiceConstrained } from "../../../lib/constrained/mod.ts";
import {
  DomainError,
  fillNormal,
  iterate,
  iterations,
  measureBelow,
  measures,
  norm2,
  type Result,
  rng,
  solve,
  uniform,
} from "../../../lib/core/mod.ts";
import { hockSchittkowski } from "../../../lib/problems/mod.ts";
import { assertResumes } from "../../core/resumed.ts";
import { firstOrderOf, stated } from "./problems.ts";

const modes = ["exact", "bfgs"] as const;
const sum = (...terms: Operand[]): Operand => terms.reduce((s, term) => add(s, term));
const stop = (absolute: number, most = 200) => [measureBelow("kktResidual", { absolute }), iterations(most)];

// @must sqp: HS71 from (1, 5, 5, 1): 17.0140173 at (1, 4.743, 3.8211, 1.3794) in at most 15 iterations, with multipliers
// @measured reached: 5 iterations with Hessians, 8 with BFGS matrices (SciPy's SLSQP 6); λ = (0.1614686, 0.5522937)
Deno.test("sqp() solves HS71 with its multipliers", () => {
  const { problem, start } = hockSchittkowski(71);
  for (const hessian of modes) {
    const result = solve(problem, sqp({ hessian }), { start });
    assertEquals(result.status, "converged");
    assert(result.iterations <= (hessian === "exact" ? 6 : 10), `${hessian}: ${result.iterations}`);
    assertAlmostEquals(result.value, 17.0140172891563, 1e-9);
    result.x.forEach((xj, j) => assertAlmostEquals(xj, [1, 4.7429996, 3.8211499, 1.3794082][j], 1e-6));
    // the multipliers as published by IPOPT's documentation
    result.point.multipliers!.forEach((y, i) => assertAlmostEquals(y, [0.1614686, 0.5522937][i], 1e-6));
  }
});

/** Maratos' example, at an angle. */
const maratos = stated({
  dimension: 2,
  f: ([x, y]) => subtract(multiply(2, subtract(add(square(x), square(y)), 1)), x),
  equality: ([x, y]) => [subtract(add(square(x), square(y)), 1)],
});
const angle = (t: number): Float64Array => Float64Array.of(Math.cos(t), Math.sin(t));

// @must sqp: Maratos' example: unit steps with the correction and a quadratic rate, shorter steps without it
// @measured reached: from 0.1, 0.3, 0.5 and 0.7 radians 3 to 5 whole steps, errors of x and λ below 1.2 times their square each time; without it the first 7 or 8 steps are short, 10 to 12 in all
Deno.test("sqp() corrects steps that curve away from constraints", () => {
  const run = (t: number, secondOrderCorrection: boolean): { lengths: number[]; errors: number[] } => {
    const lengths: number[] = [], errors: number[] = [], start = { x: angle(t), multipliers: Float64Array.of(-1.5) };
    for (const { x, multipliers, iteration, length } of iterate(maratos, sqp({ secondOrderCorrection }), start)) {
      errors.push(Math.hypot(x[0] - 1, x[1], multipliers[0] + 1.5));
      if (iteration > 0) lengths.push(length);
      if (errors.at(-1)! < 1e-13 || errors.length > 40) break;
    }
    return { lengths, errors };
  };
  for (const t of [0.1, 0.3, 0.5, 0.7]) {
    const corrected = run(t, true), plain = run(t, false);
    assert(corrected.lengths.every((length) => length === 1), `${t}: ${corrected.lengths}`);
    assertLess(plain.lengths[0], 0.5);
    assertLess(corrected.lengths.length, plain.lengths.length);
    corrected.errors.forEach((error, k) => k > 0 && assertLess(error, 1.2 * corrected.errors[k - 1] ** 2 + 1e-15));
  }
});

Deno.test("sqp() corrects for what constraints are beyond their tangents", () => {
  // from off the circle, where the step's program asks for Jp = -c
  for (const [radius, t] of [[0.8, 0.5], [0.9, 0.3], [0.95, 0.5]]) {
    const start = { x: angle(t).map((v) => radius * v), multipliers: Float64Array.of(-1.5) };
    const after = (secondOrderCorrection: boolean): SqpState => {
      const states = iterate(maratos, sqp({ secondOrderCorrection }), start);
      states.next();
      return states.next().value!;
    };
    const corrected = after(true), plain = after(false), size = norm2(corrected.direction);
    assert(corrected.corrections === 1 && corrected.length === 1 && plain.length < 1);
    assertLess(Math.abs(corrected.at.constraints[0]), 0.5 * size ** 3); // the tangent misses by |p|²
  }
});

// @must sqp: signs of multipliers
// @measured reached: f* falls by the multiplier as its constraint is relaxed, to 1e-5 of difference quotients; those of inequalities are positive
Deno.test("sqp() has the multipliers of the Lagrangian f + λᵀc + ωᵀg", () => {
  const at = (relaxed: number, which: number): Result =>
    solve(
      stated({
        dimension: 3,
        f: ([x, y, z]) => sum(square(x), multiply(2, square(subtract(y, 1))), multiply(3, square(z)), multiply(x, z)),
        equality: ([x, y, z]) => [subtract(sum(x, y, square(z)), which === 0 ? 2 + relaxed : 2)],
        inequality: ([x, , z]) => [
          subtract(sum(1, negate(z), square(x)), which === 1 ? relaxed : 0),
          subtract(x, which === 2 ? 10 + relaxed : 10),
        ],
      }),
      sqp(),
      { start: [1, 1, 1] },
    );
  const { point: { multipliers } } = at(0, 0);
  assert(multipliers![1] > 0.1 && multipliers![2] === 0);
  for (const which of [0, 1, 2]) {
    const slope = (at(1e-4, which).value - at(-1e-4, which).value) / 2e-4;
    assertAlmostEquals(-slope, multipliers![which], 1e-5);
  }
});

// @must sqp: linear constraints stay exact, bounds hold wherever a function is evaluated
// @measured reached: 40 random problems, with Hessians and BFGS matrices: equations and inequalities to 1e-13 after the first whole step, bounds to the last bit
Deno.test("sqp() keeps linear constraints once they hold, and bounds always", () => {
  const generator = rng(9);
  for (let k = 0; k < 40; k++) {
    const n = 4, a = fillNormal(generator, new Float64Array(n)), b = fillNormal(generator, new Float64Array(n));
    const lower = Array.from({ length: n }, () => -uniform(generator)), upper = lower.map((l) => l + 2);
    const shift = fillNormal(generator, new Float64Array(n));
    const dotWith = (w: Float64Array, x: Operand[]): Operand => sum(...x.map((xj, j) => multiply(w[j], xj)));
    const base = stated({
      dimension: n,
      f: (x) => sum(...x.map((xj, j) => square(square(subtract(xj, shift[j])))), multiply(x[0], x[1])),
      equality: (x) => [dotWith(a, x)],
      inequality: (x) => [subtract(dotWith(b, x), 0.3), subtract(sum(...x.map(square)), 3)],
      lower,
      upper,
    });
    const watch = (x: Float64Array): void => x.forEach((xj, j) => assert(xj >= lower[j] && xj <= upper[j]));
    const { value, gradient } = base.objective;
    const problem: TwiceConstrained = {
      ...base,
      objective: {
        ...base.objective,
        value: (x) => (watch(x), value(x)),
        gradient: (x, out) => (watch(x), gradient(x, out)),
      },
    };
    for (const hessian of modes) {
      let holds = false;
      for (
        const state of iterate(
          problem,
          sqp({ hessian }),
          fillNormal(generator, new Float64Array(n)).map((v) => 3 * v),
        )
      ) {
        const [equation, inequality] = state.at.constraints;
        if (holds) assert(Math.abs(equation) < 1e-13 && inequality < 1e-13, `${equation} ${inequality}`);
        holds ||= state.length === 1;
        if (state.estimate < 1e-8) break;
        assert(!state.stop && state.iteration < 100, `${k} ${hessian} ${state.stop?.message}`);
      }
      assert(holds);
    }
  }
});

Deno.test("sqp() estimates what the yardstick measures, resumes bit for bit, and needs no second derivatives", () => {
  for (const number of [71, 26, 100, 112]) {
    const { problem, start } = hockSchittkowski(number);
    for (const solver of [sqp(), sqp({ hessian: "bfgs" }), sqp({ secondOrderCorrection: false })]) {
      for (const state of iterate(problem, solver, start)) {
        const measured = measures(problem, solver.point(problem, state));
        assertAlmostEquals(state.estimate, measured.kktResidual, 1e-12 * (1 + measured.kktResidual));
        assertEquals(state.value, measured.value);
        if (state.iteration > 5) break;
      }
    }
  }
  const { problem, start } = hockSchittkowski(104);
  for (const hessian of modes) assertResumes(problem, () => sqp({ hessian }), start, 4);
  assertResumes(problem, nonlinearSolvers["sqp"], start, 4);
  const first = firstOrderOf(problem), counted = solve(first, sqp(), { start });
  assertEquals(counted.status, "converged");
  assertEquals(solve(problem, sqp({ hessian: "bfgs" }), { start }).x, counted.x);
  assertThrows(() => solve(first, sqp({ hessian: "exact" }), { start }), DomainError, "second derivatives");
  assertThrows(() => sqp({ hessian: "newton" as "exact" }), DomainError, "expected a hessian");
});

Deno.test("sqp() starts from multipliers, and projects the start on the bounds", () => {
  const { problem, start, minima } = hockSchittkowski(71);
  const { point, iterations: cold } = solve(problem, sqp(), { start, stop: stop(1e-12) });
  const warm = solve(problem, sqp(), { start: point, stop: stop(1e-12) });
  assert(warm.iterations <= 1 && cold > 3);
  assertEquals(solve(problem, sqp(), { start: point.x, stop: stop(1e-8) }).iterations, 0); // finds the multipliers that x has
  const outside = solve(problem, sqp(), { start: [-9, 70, 70, -9] });
  assertEquals(outside.status, "converged");
  assertAlmostEquals(outside.value, minima[0], 1e-8);
  for (const state of iterate(problem, sqp(), [-9, 70, 70, -9])) {
    assertEquals([...state.x], [1, 5, 5, 1]);
    break;
  }
});

Deno.test("sqp() converges quadratically with Hessians, superlinearly with BFGS matrices", () => {
  const { problem, start } = hockSchittkowski(40);
  const { point: { x, multipliers } } = solve(problem, sqp(), { start, stop: stop(1e-15) });
  const errors = (hessian: "exact" | "bfgs"): number[] => {
    const list: number[] = [];
    for (const state of iterate(problem, sqp({ hessian }), start)) {
      const apart = [...state.x.map((xj, j) => xj - x[j]), ...state.multipliers.map((y, i) => y - multipliers![i])];
      list.push(norm2(Float64Array.from(apart)));
      if (list.at(-1)! < 1e-11 || list.length > 30) return list;
    }
    return list;
  };
  const exact = errors("exact"), bfgs = errors("bfgs");
  assert(exact.length <= 6 && bfgs.length <= 12, `${exact.length} ${bfgs.length}`);
  exact.forEach((error, k) => k > 0 && assertLess(error, exact[k - 1] ** 2 + 1e-12));
  assertLess(bfgs.at(-1)!, 0.05 * bfgs.at(-2)!);
});
