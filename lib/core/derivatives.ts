/**
 * Checks hand-written derivatives against differences and names the coordinate that is wrong.
 *
 * @module
 */
import { checkJacobian, type CheckOptions } from "./check_jacobian.ts";
import { kindOf } from "./kinds.ts";
import { type DerivativeOracle, type DerivativeReport, joinReports, type Mismatch, Mismatches } from "./mismatches.ts";
import type { Constrained, Smooth, TwiceSmooth } from "./problem.ts";
import { fillDirection, type Quotient, quotientAlong } from "./quotients.ts";
import { fillSphere, type Rng, rng } from "./rng.ts";
import { dot, norm2, type Vector, vector } from "./vector.ts";

/**
 * Compares the gradient with central differences of the value, and the Hessian-vector product, if there is one and the
 * gradient is right, with those of the gradient: first along random directions, then, where those disagree, coordinate
 * by coordinate.
 *
 * The step is quartered again and again, and the one at which two quotients in a row agree best counts, so that badly
 * scaled functions get a fair check; a difference is relative to the size of the derivative, and as much of it as the
 * error of the quotient explains does not count.
 *
 * Of a constrained problem the objective is checked so, and the constraints by `checkJacobian`.
 *
 * @param problem A smooth or a constrained problem.
 * @param x Where to check; a random point tells more than a special one.
 * @throws {ShapeError} When x has the wrong length.
 *
 * @example A gradient with one wrong sign
 * ```ts
 * import { checkDerivatives } from "@gradus/gradus/core";
 * import { assertEquals } from "@std/assert";
 *
 * const wrong = {
 *   kind: "smooth" as const,
 *   dimension: 2,
 *   value: (x: Float64Array) => x[0] ** 2 + x[1] ** 3,
 *   gradient: (x: Float64Array, out: Float64Array) => {
 *     out[0] = 2 * x[0];
 *     out[1] = -3 * x[1] ** 2;
 *     return x[0] ** 2 + x[1] ** 3;
 *   },
 * };
 * const report = checkDerivatives(wrong, [1, 2]);
 * assertEquals(report.ok, false);
 * assertEquals(report.mismatches[0].coordinate, 1);
 * ```
 */
export function checkDerivatives(
  problem: Smooth | TwiceSmooth | Constrained,
  x: ArrayLike<number>,
  options: CheckOptions = {},
): DerivativeReport {
  if (problem.kind === "constrained") return checkParts(problem, x, options);
  const { tolerance = 1e-5, directions = 3, seed = 0 } = options;
  kindOf(problem);
  const n = problem.dimension, at = vector(x, n, "point"), generator = rng(seed), v = new Float64Array(n);
  const found = new Mismatches(tolerance);
  const compare: Compare = (oracle, coordinate, given, quotient) =>
    found.compare({ oracle, coordinate }, given, quotient);

  const gradient = new Float64Array(n);
  problem.gradient(at, gradient);
  let agree = true;
  for (let k = 0; k < directions; k++) {
    const along = fillDirection(generator, at, v);
    agree = compare("gradient", -1, dot(gradient, along), quotientAlong(problem.value, at, along)) && agree;
  }
  if (!agree) {
    for (let i = 0; i < n; i++) {
      v.fill(0);
      v[i] = 1;
      compare("gradient", i, gradient[i], quotientAlong(problem.value, at, v));
    }
  }
  if (agree && "hessianVector" in problem) { // with a wrong gradient there is nothing to compare with
    checkHessian(problem, at, directions, generator, compare);
  }
  return found.report();
}

/** The checks of objective and constraints. */
function checkParts(problem: Constrained, x: ArrayLike<number>, options: CheckOptions): DerivativeReport {
  kindOf(problem);
  const { objective, constraints } = problem, at = vector(x, objective.dimension, "point");
  const reports: [NonNullable<Mismatch["part"]>, DerivativeReport][] = [
    ["objective", checkDerivatives(objective, at, options)],
  ];
  for (const part of ["equality", "inequality"] as const) {
    const f = constraints[part];
    if (f) reports.push([part, checkJacobian(f, at, options)]);
  }
  return joinReports(reports);
}

/** Compares a derivative with a quotient; returns whether they agree. */
type Compare = (oracle: DerivativeOracle, coordinate: number, given: number, quotient: Quotient) => boolean;

/**
 * `u·Hv` against differences of `u·∇f` along v, the symmetry `u·Hv = v·Hu`, and each entry of `Hv` if they disagree.
 */
function checkHessian(
  problem: TwiceSmooth,
  x: Vector,
  directions: number,
  generator: Rng,
  compare: Compare,
): void {
  const n = x.length,
    u = new Float64Array(n),
    v = new Float64Array(n),
    hu = new Float64Array(n),
    hv = new Float64Array(n);
  const g = new Float64Array(n);
  const slope = (w: Vector) => (y: Vector): number => {
    problem.gradient(y, g);
    return dot(g, w);
  };
  const size = () => norm2(g); // a slope is rounded like the gradient, however small it is
  for (let k = 0; k < directions; k++) {
    fillSphere(generator, u);
    fillDirection(generator, x, v);
    problem.hessianVector(x, u, hu);
    problem.hessianVector(x, v, hv);
    compare("symmetry", -1, dot(v, hu), { value: dot(u, hv), error: 1e-12 * (norm2(hu) + norm2(hv)) });
    if (!compare("hessianVector", -1, dot(u, hv), quotientAlong(slope(u), x, v, size))) {
      for (let i = 0; i < n; i++) {
        u.fill(0);
        u[i] = 1;
        compare("hessianVector", i, hv[i], quotientAlong(slope(u), x, v, size));
      }
    }
  }
}
