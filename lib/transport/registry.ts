/**
 * The transport solvers by name, as the method table lists them.
 *
 * @module
 */
import type { Solver, Transport } from "../core/mod.ts";
import type { EntropicTransport, ExactTransport } from "./cost.ts";
import { networkSimplex } from "./network_simplex.ts";
import { sinkhorn } from "./sinkhorn.ts";
import { sinkhornNewtonSparse } from "./sinkhorn_newton_sparse.ts";
import { type QuadraticTransport, sparsityConstrainedTransport } from "./sparsity_constrained.ts";

/** Makers of solvers with their default options. The regularizer of a problem says which of them take it. */
export const transportSolvers: Readonly<
  Record<string, () => Solver<ExactTransport & EntropicTransport & QuadraticTransport & Transport>>
> = {
  "network-simplex": () => networkSimplex(),
  "sinkhorn": () => sinkhorn(),
  "sinkhorn-kernel": () => sinkhorn({ domain: "kernel" }),
  "sinkhorn-stabilized": () => sinkhorn({ domain: "stabilized" }),
  "sinkhorn-newton-sparse": () => sinkhornNewtonSparse(),
  "sparsity-constrained-transport": () => sparsityConstrainedTransport(),
  "sparsity-constrained-transport-dual": () => sparsityConstrainedTransport({ formulation: "dual" }),
};
