/**
 * Optimal transport: measured by the violation of the marginals and the duality gap.
 *
 * @module
 */
import { DomainError } from "../errors.ts";
import type { Kind } from "../kind.ts";
import { checkLength, checkShape, checkSize, checkVector, refusal } from "../parts.ts";
import type { Entropy, Quadratic, Transport } from "../transport.ts";
import type { Vector } from "../vector.ts";
import { columnTotal } from "./transport_dual.ts";

/**
 * Transport problems, in the potentials `u` of the sources. With `vⱼ = minᵢ Cᵢⱼ - uᵢ`, which makes any `u` feasible for
 * the dual, the measures are
 *
 * - `marginalViolation` = `|P1 - a|₁ + |Pᵀ1 - b|₁` plus the magnitude of negative entries of `P`,
 * - `gap` = `|Σ CᵢⱼPᵢⱼ - aᵀu - bᵀv|`: where the marginals hold, the cost is at most that far above the least one; with
 *   a regularizer, cost and dual are those of the regularized problem,
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
    let wrong = 0;
    while (cost.data[wrong] > -Infinity) wrong++;
    if (wrong < cost.data.length) {
      throw new DomainError(refusal(problem, "numbers or Infinity in cost", `${cost.data[wrong]} at ${wrong}`));
    }
    const sent = sum(source), received = sum(target);
    if (!(sent > 0 && Math.abs(sent - received) <= 1e-9 * sent)) {
      throw new DomainError(refusal(problem, "source and target of the same mass > 0", `${sent} and ${received}`));
    }
    if (problem.regularizer) checkRegularizer(problem, problem.regularizer);
  },
  measurer: (problem) => {
    const { cost: { rows, columns, data: c }, source, target, regularizer } = problem, worth = columnTotal(problem);
    const received = new Float64Array(columns), total = sum(source);
    return ({ x, plan }, out) => {
      let value = regularizer?.type === "entropy" ? regularizer.strength * total : 0, dual = -worth(x), violation = 0;
      received.fill(0);
      for (let i = 0, k = 0; i < rows; i++) {
        let sent = 0;
        for (let j = 0; j < columns; j++, k++) {
          const p = plan ? plan.data[k] : 0;
          if (p === 0) continue; // not even where the cost is infinite
          value += c[k] * p;
          if (regularizer) value += price(regularizer, p, source[i] * target[j]);
          if (p < 0) violation -= p;
          sent += p;
          received[j] += p;
        }
        violation += Math.abs(sent - source[i]);
        dual += source[i] * x[i];
      }
      for (let j = 0; j < columns; j++) violation += Math.abs(received[j] - target[j]);
      out.value = value;
      out.marginalViolation = violation;
      out.gap = Math.abs(value - dual);
      out.relativeKktResidual = Math.max(violation / total, out.gap / (1 + Math.abs(value) + Math.abs(dual)));
    };
  },
};

/** What an entry of a plan adds to its cost. */
function price(regularizer: Entropy | Quadratic, p: number, reference: number): number {
  if (regularizer.type === "quadratic") return regularizer.strength / 2 * p * p;
  return p > 0 ? regularizer.strength * p * (Math.log(p / reference) - 1) : 0;
}

function checkRegularizer(problem: Transport, regularizer: Entropy | Quadratic): void {
  const { type, strength } = regularizer;
  if (type !== "entropy" && type !== "quadratic") {
    throw new DomainError(refusal(problem, 'a regularizer of type "entropy" or "quadratic"', type));
  }
  if (!(strength > 0 && strength < Infinity)) {
    throw new DomainError(refusal(problem, "a finite regularizer.strength > 0", strength));
  }
  if (type === "quadratic" && regularizer.columnEntries !== undefined) {
    checkSize(problem, "regularizer.columnEntries", regularizer.columnEntries);
    if (regularizer.columnEntries > problem.source.length) {
      const most = `at most ${problem.source.length} regularizer.columnEntries, one for each source`;
      throw new DomainError(refusal(problem, most, regularizer.columnEntries));
    }
  }
}

function sum(histogram: Vector): number {
  return histogram.reduce((s, mass) => s + mass, 0);
}
