/**
 * Classification by the nearest mean of covariance matrices.
 *
 * ```
 * M_c = the Riemannian mean of class c;    C belongs to the class with the smallest d(M_c, C)
 * ```
 *
 * Source: Barachant, Bonnet, Congedo and Jutten, Multiclass brain-computer interface classification by Riemannian
 * geometry (2012); Carrara and Papadopoulo, Classification of BCI-EEG based on augmented covariance matrix (2023),
 * arXiv 2302.04508.
 *
 * @module
 */
import { DomainError, type Matrix, ShapeError } from "../core/mod.ts";
import { airm, karcherMean } from "./spd.ts";

/** A classifier of symmetric positive definite matrices. */
export interface MinimumDistance<L> {
  /** The mean of each class. */
  readonly means: ReadonlyMap<L, Matrix>;
  /** The class whose mean is nearest. */
  readonly predict: (C: Matrix) => L;
}

/**
 * Learns the mean of each class ("minimum distance to mean").
 *
 * @param matrices Symmetric positive definite matrices.
 * @param labels The class of each.
 * @throws {ShapeError} When there are no matrices, they differ in order, or not every one has a label.
 * @throws {DomainError} When a matrix is not symmetric, not finite or not positive definite, or a mean is not found.
 *
 * @example Two classes
 * ```ts
 * import { mdm } from "@gradus/gradus/manifold";
 * import { diagonal } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const { predict } = mdm([diagonal([1, 9]), diagonal([1, 4]), diagonal([4, 1])], ["tall", "tall", "wide"]);
 * assertEquals([diagonal([1, 5]), diagonal([3, 1])].map(predict), ["tall", "wide"]);
 * ```
 */
export function mdm<L>(matrices: readonly Matrix[], labels: readonly L[]): MinimumDistance<L> {
  if (matrices.length === 0 || matrices.length !== labels.length) {
    throw new ShapeError(
      `Cannot learn classes: expected a label for each matrix, got ${matrices.length} and ${labels.length}`,
    );
  }
  const means = new Map<L, Matrix>();
  for (const label of new Set(labels)) {
    const { mean, status, gradientNorm } = karcherMean(matrices.filter((_, k) => labels[k] === label));
    if (status !== "converged") {
      throw new DomainError(
        `Cannot learn classes: expected a mean of class ${label}, got a gradient of ${gradientNorm}`,
      );
    }
    means.set(label, mean);
  }
  const predict = (C: Matrix): L => {
    const distances = [...means].map(([label, mean]) => ({ label, distance: airm(mean, C) }));
    return distances.reduce((best, other) => other.distance < best.distance ? other : best).label;
  };
  return { means, predict };
}
