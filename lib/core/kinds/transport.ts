/**
 * Optimal transport: measured by the violation of the marginals and the duality gap.
 *
 * @module
 */
import { DomainError } from "../errors.ts";
import type { Kind } from "../kind.ts";
import { checkLength, checkShape, checkVector, refusal } from "../parts.ts";
import type { Transport } from "../problem.ts";
import type { Vector } from "../vector.ts";

/**
 * Transport problems, in the potentials `u` of the sources. With `vⱼ = minᵢ Cᵢⱼ - uᵢ`, which makes any `u` feasible for
 * the dual, the measures are
 *
 * - `marginalViolation` = `|P1 - a|₁ + |Pᵀ1 - b|₁` plus the magnitude of negative entries of `P`,
 * - `gap` = `|Σ CᵢⱼPᵢⱼ - aᵀu - bᵀv|`: where the marginals hold, the cost is at most that far above the least one,
 *
 * and before them the larger of `marginalViolation/Σaᵢ` and `gap/(1 + |cost| + |dual|)`. There are no oracles: solvers
 * read the cost matrix.
 *
 * Source: Peyré and Cuturi, Computational Optimal Transport (2019), sections 2.5 and 5.1.
 */
export const transport: Kind<Transport> = {
  name: "transport",
  oracles: [],
  measures: ["relativeKktResidual", "marginalViolation", "gap"],
  hasValue: true,
  ranking: "measure",
  dimension: (problem) => problem.source.length,
  parts: ({ cost }) => ({ plan: [cost.rows, cost.columns] }),
  check: (problem) => {
    const { cost, source, target } = problem;
    checkVector(problem, "source", source, 0);
    checkVector(problem, "target", target, 0);
    checkShape(problem, "cost", cost, source.length, target.length);
    checkLength(problem, "cost.data", cost.data, cost.rows * cost.columns);
    const wrong = cost.data.findIndex((c) => !(c > -Infinity));
    if (wrong >= 0) {
      throw new DomainError(refusal(problem, "numbers or Infinity in cost", `${cost.data[wrong]} at ${wrong}`));
    }
    const sent = sum(source), received = sum(target);
    if (!(sent > 0 && Math.abs(sent - received) <= 1e-9 * sent)) {
      throw new DomainError(refusal(problem, "source and target of the same mass > 0", `${sent} and ${received}`));
    }
  },
  measurer: ({ cost, source, target }) => {
    const { rows, columns, data } = cost, received = new Float64Array(columns), potential = new Float64Array(columns);
    const total = sum(source);
    return ({ x, plan }, out) => {
      let value = 0, dual = 0, violation = 0;
      received.fill(0);
      potential.fill(Infinity);
      for (let i = 0, k = 0; i < rows; i++) {
        let sent = 0;
        for (let j = 0; j < columns; j++, k++) {
          const p = plan ? plan.data[k] : 0;
          if (p !== 0) value += data[k] * p; // not where an infinite cost meets no mass
          if (p < 0) violation -= p;
          sent += p;
          received[j] += p;
          potential[j] = Math.min(potential[j], data[k] - x[i]);
        }
        violation += Math.abs(sent - source[i]);
        dual += source[i] * x[i];
      }
      for (let j = 0; j < columns; j++) {
        violation += Math.abs(received[j] - target[j]);
        if (target[j] > 0) dual += target[j] * potential[j];
      }
      out.value = value;
      out.marginalViolation = violation;
      out.gap = Math.abs(value - dual);
      out.relativeKktResidual = Math.max(violation / total, out.gap / (1 + Math.abs(value) + Math.abs(dual)));
    };
  },
};

function sum(histogram: Vector): number {
  return histogram.reduce((s, mass) => s + mass, 0);
}
