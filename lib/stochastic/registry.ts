/**
 * The stochastic solvers by name, as the method table lists them.
 *
 * @module
 */
import type { Solver } from "../core/mod.ts";
import { adaHessian } from "./adahessian.ts";
import { adagrad, adam, adamW, momentum, rmsprop, sgd } from "./classical.ts";
import { mfacOptimizer } from "./mfac.ts";
import type { TwiceStochastic } from "./optimizer.ts";

/** Makers of solvers with their default options. */
export const stochasticSolvers: Readonly<Record<string, () => Solver<TwiceStochastic>>> = {
  "sgd": () => sgd(),
  "momentum": () => momentum(),
  "nesterov-momentum": () => momentum({ nesterov: true }),
  "adagrad": () => adagrad(),
  "rmsprop": () => rmsprop(),
  "adam": () => adam(),
  "adamw": () => adamW(),
  "adahessian": () => adaHessian(),
  "mfac": () => mfacOptimizer(),
};
