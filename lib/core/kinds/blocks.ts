/**
 * What smooth problems that show their blocks add to their kind: oracles, their costs, a check.
 *
 * @module
 */
import type { BlockSmooth } from "../blocks.ts";
import type { OracleSpec } from "../kind.ts";
import { checkLength, checkVector } from "../parts.ts";
import type { Smooth } from "../problem.ts";

/**
 * The oracles of `blocks` below a path. Their costs are those of linear models, where half of a gradient is a product
 * with the data and half one with its transpose: reading a block and moving it cost, together, the block's share of a
 * gradient.
 */
export function blockOracles(path: readonly string[], ranks: boolean): readonly OracleSpec[] {
  const at = (name: string): readonly string[] => [...path, "blocks", name];
  return [
    { path: at("remember"), arity: 2, cost: 1 / 2, required: "with-holder", ranks: false },
    { path: at("value"), arity: 2, cost: 0, required: "with-holder", ranks },
    { path: at("gradient"), arity: 4, cost: 1 / 2, required: "with-holder", ranks: false, batch: true },
    { path: at("move"), arity: 4, cost: 1 / 2, required: "with-holder", ranks: false, batch: true },
    { path: at("hessian"), arity: 4, cost: 1, required: false, ranks: false, batch: true },
  ];
}

/** Whether a smooth problem shows its blocks. */
export function hasBlocks(problem: Smooth): problem is BlockSmooth {
  return "blocks" in problem;
}

/** All coordinates make one full gradient. */
export function blockUnit(problem: Smooth): number {
  return hasBlocks(problem) ? problem.dimension : 1;
}

/** Throws on constants that do not fit the problem. */
export function checkBlocks(problem: Smooth): void {
  if (!hasBlocks(problem)) return;
  checkLength(problem, "blocks.lipschitz", problem.blocks.lipschitz, problem.dimension);
  checkVector(problem, "blocks.lipschitz", problem.blocks.lipschitz, 0);
}
