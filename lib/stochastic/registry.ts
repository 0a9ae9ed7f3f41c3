/**
 * The stochastic solvers by name, as the method table lists them.
 *
 * @module
 */
import type { Solver, Stochastic } from "../core/mod.ts";
import { adagrad, adam, adamW, momentum, rmsprop, sgd } from "./classical.ts";

/** A stochastic problem that multiplies by the Hessian of a batch. */
export type TwiceStochastic = Stochastic & Required<Pick<Stochastic, "batchHessianVector">>;

/** Makers of solvers with their default options. */
export const stochasticSolvers: Readonly<Record<string, () => Solver<TwiceStochastic>>> = {
  "sgd": () => sgd(),
  "momentum": () => momentum(),
  "nesterov-momentum": () => momentum({ nesterov: true }),
  "adagrad": () => adagrad(),
  "rmsprop": () => rmsprop(),
  "adam": () => adam(),
  "adamw": () => adamW(),
};
