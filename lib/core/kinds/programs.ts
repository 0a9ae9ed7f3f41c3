/**
 * Linear and quadratic programs: measured by primal residual, dual residual and duality gap.
 *
 * @module
 */
import type { Kind, Measures, OracleSpec } from "../kind.ts";
import { checkBounds, checkShape, checkVector } from "../parts.ts";
import type { LinearProgram, QuadraticProgram } from "../problem.ts";
import type { Point } from "../solver.ts";
import { dot, normInf, type Vector } from "../vector.ts";

type Program = LinearProgram | QuadraticProgram;

const products: readonly OracleSpec[] = [
  { path: ["matrix", "apply"], arity: 2, cost: 1, required: true, ranks: false },
  { path: ["matrix", "applyTranspose"], arity: 2, cost: 1, required: true, ranks: false },
];

/**
 * What linear and quadratic programs have in common. With the reduced costs `d = Px + c + Aᵀy` the measures are
 *
 * - `primalResidual`, the largest distance of an `(Ax)ᵢ` or `xⱼ` from its bounds,
 * - `dualResidual`, the largest `|dⱼ|` or `|yᵢ|` whose sign asks for a bound that is infinite,
 * - `gap`, the distance of the objective from that of the dual, `-½ xᵀPx + Σⱼ dⱼ (lowerⱼ or upperⱼ) - Σᵢ yᵢ (rowUpperᵢ or
 *   rowLowerᵢ)`, each with the bound that its sign asks for, and without the terms of `dualResidual`,
 *
 * and before them the largest of `primalResidual/(1 + p)`, `dualResidual/(1 + |c|∞)` and `gap/(1 + |objective| + |dual|)`, `p`
 * the largest finite row bound in magnitude.
 *
 * Source: Applegate et al., Practical large-scale linear programming using primal-dual hybrid gradient (2021), section
 * 4, in the maximum norm.
 */
const program = {
  measures: ["relativeKktResidual", "primalResidual", "dualResidual", "gap"],
  hasValue: true,
  ranking: "measure",
  dimension: (problem: Program) => problem.objective.length,
  parts: (problem: Program) => ({ multipliers: problem.matrix.rows }),
  check: (problem: Program) => {
    const { objective, matrix, rowLower, rowUpper, lower, upper } = problem;
    checkVector(problem, "objective", objective);
    const n = objective.length, m = matrix.rows;
    checkShape(problem, "matrix", matrix, m, n);
    checkBounds(problem, ["rowLower", "rowUpper"], rowLower, rowUpper, m);
    checkBounds(problem, ["lower", "upper"], lower, upper, n);
    if (problem.kind === "quadratic-program") checkShape(problem, "hessian", problem.hessian, n, n);
  },
  measurer: (problem: Program): (point: Point, out: Measures) => void => {
    const { objective, matrix, rowLower, rowUpper, lower, upper } = problem, n = objective.length, m = matrix.rows;
    const rows = new Float64Array(m), reduced = new Float64Array(n), curved = new Float64Array(n);
    const primalScale = 1 + Math.max(largestFinite(rowLower), largestFinite(rowUpper));
    const dualScale = 1 + normInf(objective);
    return ({ x, multipliers }, out) => {
      matrix.apply(x, rows);
      if (multipliers) matrix.applyTranspose(multipliers, reduced);
      if (problem.kind === "quadratic-program") problem.hessian.apply(x, curved);
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
        const d = curved[j] + objective[j] + (multipliers ? reduced[j] : 0), active = d > 0 ? lower[j] : upper[j];
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
  },
} as const;

/** Linear programs, measured relative to the size of their data. */
export const linearProgram: Kind<LinearProgram> = { ...program, name: "linear-program", oracles: products };

/** Quadratic programs, measured relative to the size of their data. */
export const quadraticProgram: Kind<QuadraticProgram> = {
  ...program,
  name: "quadratic-program",
  oracles: [...products, { path: ["hessian", "apply"], arity: 2, cost: 1, required: true, ranks: false }],
};

function largestFinite(v: Vector): number {
  let m = 0;
  for (let i = 0; i < v.length; i++) if (Math.abs(v[i]) < Infinity) m = Math.max(m, Math.abs(v[i]));
  return m;
}
