/**
 * Linear models whose losses see the parameters through predictions.
 *
 * @module
 */
import { DomainError, type Instance, type Targets, type TargetStochastic } from "../core/mod.ts";
import { throughTargets } from "../stochastic/mod.ts";
import { type Dataset, distinctTargets } from "./dataset.ts";
import { crossEntropyLoss, logisticLoss, squaredLoss, type TargetLoss } from "./target_losses.ts";

/**
 * A linear model `zᵢ = W aᵢ` of the rows of the data under a loss of its predictions: `squared` for values, `logistic`
 * for labels of two kinds, `cross-entropy` for labels of any. W, K x columns, starts at 0.
 *
 * @throws {DomainError} When the features are sparse, or the targets are no labels of the kind that the loss takes.
 *
 * @example Two classes
 * ```ts
 * import { dataset, targetRegression } from "@gradus/gradus/problems";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const data = dataset({ columns: 1, features: Float64Array.of(-1, 2), targets: Float64Array.of(0, 1) });
 * const { problem, start } = targetRegression(data, "logistic");
 * assertAlmostEquals(problem.batchValue(start, Uint32Array.of(0, 1)), Math.LN2);
 * ```
 */
export function targetRegression(
  data: Dataset,
  loss: "squared" | "logistic" | "cross-entropy",
): Instance<TargetStochastic> {
  const { features, columns, rows } = data;
  if (!(features instanceof Float64Array)) {
    throw new DomainError(`Cannot make a regression of ${data.name}: expected dense features`);
  }
  const losses = lossOf(data, loss), K = losses.perExample;
  const targets: Targets = {
    ...losses,
    predict: (W, batch, out) => {
      for (let i = 0; i < batch.length; i++) {
        const a = batch[i] * columns;
        for (let k = 0; k < K; k++) {
          let s = 0;
          for (let j = 0; j < columns; j++) s += W[k * columns + j] * features[a + j];
          out[i * K + k] = s;
        }
      }
    },
    pullBack: (_, batch, w, out) => {
      out.fill(0);
      for (let i = 0; i < batch.length; i++) {
        const a = batch[i] * columns;
        for (let k = 0; k < K; k++) {
          const c = w[i * K + k];
          for (let j = 0; j < columns; j++) out[k * columns + j] += c * features[a + j];
        }
      }
    },
  };
  const name = `${loss} ${data.name}`, problem = throughTargets(name, K * columns, rows, targets);
  return { name, problem, start: new Float64Array(K * columns), minima: [], dataHash: data.hash };
}

function lossOf(data: Dataset, loss: "squared" | "logistic" | "cross-entropy"): TargetLoss {
  if (loss === "squared") return squaredLoss(data.targets);
  const labels = distinctTargets(data);
  if (loss === "cross-entropy") return crossEntropyLoss(data.targets.map((y) => labels.indexOf(y)), labels.length);
  if (labels.length !== 2) {
    throw new DomainError(
      `Cannot make a logistic problem of ${data.name}: expected targets of two kinds, got ${labels.length}`,
    );
  }
  return logisticLoss(data.targets.map((y) => y === labels[0] ? -1 : 1));
}
