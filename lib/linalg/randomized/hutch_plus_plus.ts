/**
 * Hutch++: the trace of the dominant part exactly, that of the rest by probes.
 *
 * ```
 * Q = orth(A S),  S n x m/3 random signs
 * tr A ≈ tr QᵀA Q + (3/m) Σ gᵀ(I - QQᵀ) A (I - QQᵀ) g     over m/3 random signs g
 * ```
 *
 * For semidefinite A, m of the order of 1/ε products give a relative error ε, where `hutchinson` needs 1/ε².
 *
 * Source: Meyer, Musco, Musco and Woodruff, Hutch++: optimal stochastic trace estimation (2021), arXiv 2010.09649,
 * algorithm 1.
 *
 * @module
 */
import { axpy, dot, fillRademacher, rng } from "../../core/mod.ts";
import { checkCount } from "../krylov/iteration.ts";
import { matrix, row, transpose } from "../matrices/matrix.ts";
import { qr } from "../factorizations/qr.ts";
import { averaged, type Estimate, type MatrixProduct, type ProbeOptions } from "./trace_estimate.ts";

/**
 * The trace of a symmetric matrix of order n. The standard error is that of the probes. With 3n products or more it is
 * exact; then only n are taken. A tolerance ends the probes early.
 *
 * @throws {DomainError} When n or a batch is no positive integer, there are fewer than 3 products, the tolerance is
 * negative, or a product is not finite.
 *
 * @example One large eigenvalue
 * ```ts
 * import { hutchPlusPlus } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const ones = (v: Float64Array, out: Float64Array) => out.fill(v.reduce((sum, x) => sum + x, 0));
 * assertAlmostEquals(hutchPlusPlus(ones, 50, { maxProducts: 9 }).value, 50, 1e-12);
 * ```
 */
export function hutchPlusPlus(apply: MatrixProduct, n: number, options: ProbeOptions = {}): Estimate {
  const verb = "estimate a trace", { maxProducts = 100, generator = rng(0) } = options;
  checkCount(verb, "of rows", n, 1);
  const third = Math.floor(maxProducts / 3), columns = Math.min(third, n);
  checkCount(verb, "of products in each third", third, 1);
  const S = matrix(columns, n), Av = new Float64Array(n), z = new Float64Array(n);
  if (columns === n) { // the whole space: unit vectors do
    let trace = 0;
    for (let i = 0; i < n; i++) {
      z.fill(0)[i] = 1;
      apply(z, Av);
      trace += Av[i];
    }
    return { value: trace, standardError: 0, products: n };
  }
  for (let k = 0; k < columns; k++) apply(fillRademacher(generator, z), row(S, k));
  const Q = transpose(qr(transpose(S)).Q); // its rows are orthonormal
  let dominant = 0;
  for (let k = 0; k < columns; k++) {
    const q = row(Q, k);
    apply(q, Av);
    dominant += dot(q, Av);
  }
  const rest = averaged(verb, maxProducts - 2 * columns, options, () => {
    fillRademacher(generator, z);
    for (let k = 0; k < columns; k++) axpy(-dot(row(Q, k), z), row(Q, k), z);
    apply(z, Av);
    return dot(z, Av);
  });
  return {
    value: dominant + rest.mean,
    standardError: rest.standardError,
    products: 2 * columns + rest.count,
  };
}
