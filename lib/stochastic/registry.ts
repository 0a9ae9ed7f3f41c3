/**
 * The stochastic solvers by name, as the method table lists them.
 *
 * @module
 */
import type { Solver, TargetStochastic } from "../core/mod.ts";
import { adaHessian } from "./adahessian.ts";
import { ascn } from "./ascn.ts";
import { adagrad, adam, adamW, momentum, rmsprop, sgd } from "./classical.ts";
import { sgdLineSearch } from "./line_search.ts";
import { mfacOptimizer } from "./mfac.ts";
import type { TwiceStochastic } from "./optimizer.ts";
import { sso } from "./sso.ts";

/** Makers of solvers with their default options; what they need of a problem says which of them take it. */
export const stochasticSolvers: Readonly<Record<string, () => Solver<TwiceStochastic & TargetStochastic>>> = {
  "sgd": () => sgd(),
  "momentum": () => momentum(),
  "nesterov-momentum": () => momentum({ nesterov: true }),
  "adagrad": () => adagrad(),
  "rmsprop": () => rmsprop(),
  "adam": () => adam(),
  "adamw": () => adamW(),
  "adahessian": () => adaHessian(),
  "ascn": () => ascn(),
  "mfac": () => mfacOptimizer(),
  "sgd-line-search": () => sgdLineSearch(),
  "sso": () => sso(),
  "sso-search": () => sso({ targetRate: "search" }),
};
