/**
 * Linear and quadratic programs: measured by primal residual, dual residual and duality gap.
 *
 * With the reduced costs `d = Px + c + Aᵀy` the measures are
 *
 * - `primalResidual`, the largest distance of an `(Ax)ᵢ` or `xⱼ` from its bounds,
 * - `dualResidual`, the largest `|dⱼ|` or `|yᵢ|` whose sign asks for a bound that is infinite,
 * - `gap`, the distance of the objective from that of the dual,
 *   `-½ xᵀPx + Σⱼ dⱼ (lowerⱼ or upperⱼ) - Σᵢ yᵢ (rowUpperᵢ or rowLowerᵢ)`, each with the bound that its sign asks for,
 *   and without the terms of `dualResidual`,
 *
 * and before them `relativeKktResidual`, the largest of `primalResidual/(1 + p)`, `dualResidual/(1 + |c|∞)` and
 * `gap/(1 + |objective| + |dual|)`, `p` the largest finite row bound in magnitude.
 *
 * That variables are whole, where a program asks for it, is not measured.
 *
 * Source: Applegate et al., Practical large-scale linear programming using primal-dual hybrid gradient (2021), section
 * 4, in the maximum norm.
 *
 * @module
 */
import type { Kind, Measures } from "../kind.ts";
import { ShapeError } from "../errors.ts";
import { checkBounds, checkShape, checkVector, refusal } from "../parts.ts";
import type { LinearProgram, QuadraticProgram } from "../problem.ts";
import type { Point } from "../solver.ts";
import { dot, normInf, type Vector } from "../vector.ts";

const measures = ["relativeKktResidual", "primalResidual", "dualResidual", "gap"];

/** Linear programs. */
export const linearProgram: Kind<LinearProgram> = {
  name: "linear-program",
  oracles: [
    { path: ["matrix", "apply"], arity: 2, cost: 1, required: true, ranks: false },
    { path: ["matrix", "applyTranspose"], arity: 2, cost: 1, required: true, ranks: false },
  ],
  measures,
  hasValue: true,
  ranking: "measure",
  dimension: (problem) => problem.objective.length,
  parts: (problem) => ({ multipliers: problem.matrix.rows }),
  check,
  measurer: (problem) => measurer(problem, () => {}),
};

/** Quadratic programs. */
export const quadraticProgram: Kind<QuadraticProgram> = {
  name: "quadratic-program",
  oracles: [
    { path: ["hessian", "apply"], arity: 2, cost: 1, required: true, ranks: false },
    { path: ["linear", "matrix", "apply"], arity: 2, cost: 1, required: true, ranks: false },
    { path: ["linear", "matrix", "applyTranspose"], arity: 2, cost: 1, required: true, ranks: false },
  ],
  measures,
  hasValue: true,
  ranking: "measure",
  dimension: (problem) => problem.linear.objective.length,
  parts: (problem) => ({ multipliers: problem.linear.matrix.rows }),
  check: (problem) => {
    check(problem.linear);
    const n = problem.linear.objective.length;
    checkShape(problem, "hessian", problem.hessian, n, n);
  },
  measurer: (problem) => measurer(problem.linear, problem.hessian.apply),
};

function check(problem: LinearProgram): void {
  const { objective, matrix, rowLower, rowUpper, lower, upper } = problem;
  checkVector(problem, "objective", objective);
  const n = objective.length, m = matrix.rows;
  checkShape(problem, "matrix", matrix, m, n);
  checkBounds(problem, ["rowLower", "rowUpper"], rowLower, rowUpper, m);
  checkBounds(problem, ["lower", "upper"], lower, upper, n);
  const { integer } = problem;
  if (integer && (integer.length !== n || integer.some((flag) => flag > 1))) {
    throw new ShapeError(refusal(problem, `integer as ${n} flags 0 or 1`, `${integer.length} of [${integer}]`));
  }
}

/** @param curve Writes `Px` into its second argument, or leaves it 0. */
function measurer(
  { objective, matrix, rowLower, rowUpper, lower, upper }: LinearProgram,
  curve: (x: Vector, out: Vector) => void,
): (point: Point, out: Measures) => void {
  const n = objective.length, m = matrix.rows;
  const rows = new Float64Array(m), curved = new Float64Array(n), reduced = new Float64Array(n);
  const primalScale = 1 + Math.max(largestFinite(rowLower), largestFinite(rowUpper));
  const dualScale = 1 + normInf(objective);
  return ({ x, multipliers }, out) => {
    matrix.apply(x, rows);
    curve(x, curved);
    if (multipliers) matrix.applyTranspose(multipliers, reduced);
    else reduced.fill(0);
    const curvature = dot(x, curved), value = curvature / 2 + dot(objective, x);
    let primal = 0, dual = 0, bound = -curvature / 2;
    for (let i = 0; i < m; i++) {
      primal = Math.max(primal, rowLower[i] - rows[i], rows[i] - rowUpper[i]);
      const y = multipliers ? multipliers[i] : 0, active = y > 0 ? rowUpper[i] : rowLower[i];
      if (Math.abs(active) < Infinity) bound -= y * active;
      else dual = Math.max(dual, Math.abs(y));
    }
    for (let j = 0; j < n; j++) {
      primal = Math.max(primal, lower[j] - x[j], x[j] - upper[j]);
      const d = curved[j] + objective[j] + reduced[j], active = d > 0 ? lower[j] : upper[j];
      if (Math.abs(active) < Infinity) bound += d * active;
      else dual = Math.max(dual, Math.abs(d));
    }
    const gap = Math.abs(value - bound), gapScale = 1 + Math.abs(value) + Math.abs(bound);
    out.value = value;
    out.relativeKktResidual = Math.max(primal / primalScale, dual / dualScale, gap / gapScale);
    out.primalResidual = primal;
    out.dualResidual = dual;
    out.gap = gap;
  };
}

function largestFinite(v: Vector): number {
  let m = 0;
  for (let i = 0; i < v.length; i++) if (Math.abs(v[i]) < Infinity) m = Math.max(m, Math.abs(v[i]));
  return m;
}

/** The linear program in a linear or quadratic one: all but the Hessian. */
export function linearPart<L extends LinearProgram>(
  problem: L | { readonly kind: "quadratic-program"; readonly linear: L },
): L {
  return problem.kind === "linear-program" ? problem : problem.linear;
}
