/**
 * Where a method that works with `½ pᵀHp` takes H from: the problem's own second derivatives, or steps.
 *
 * Other sources are problems: `withDifferences` makes products from differences of gradients, `gaussNewton` from
 * Jacobians, `fisher` from the information of a model; a method then takes these for the second derivatives.
 *
 * @module
 */
import { checkChoice, type Smooth, type TwiceSmooth, type Vector } from "../../core/mod.ts";
import { type SecantName, secantSource } from "./secant.ts";

/** H: the problem's own, or a quasi-Newton approximation, which needs no second derivatives. */
export type HessianName = "exact" | SecantName;

/** Products with H. */
export type HessianProducts = Pick<TwiceSmooth, "hessianVector">;

/** A source of H. `M` is what it remembers: plain data. */
export interface HessianSource<M> {
  /** The oracles that it calls. */
  readonly needs: readonly string[];
  /** Allocates the memory for n variables. */
  readonly init: (n: number) => M;
  /** H, at any x of the problem, or as the memory has it. */
  products(problem: Smooth, memory: M): HessianProducts;
  /** Notes the gradient before a step. */
  note(memory: M, gradient: Vector): void;
  /** Learns from the step s, taken or not, to where the gradient is `after`; returns whether H is another now. */
  learn(memory: M, s: Vector, after: Vector): boolean;
  /** Whether H has the scale of the function. */
  knowsScale(memory: M): boolean;
  /** Forgets all steps. */
  forget(memory: M): void;
}

const exact: HessianSource<null> = {
  needs: ["gradient", "hessianVector"],
  init: () => null,
  products: (problem) => problem as TwiceSmooth,
  note() {},
  learn: () => false,
  knowsScale: () => true,
  forget() {},
};

/**
 * The source of a name.
 *
 * @throws {DomainError} When there is none of this name.
 */
export function hessianSource(name: HessianName): HessianSource<unknown> {
  checkChoice("choose a Hessian", "a Hessian", name, ["exact", "sr1", "bfgs"]);
  return (name === "exact" ? exact : secantSource(name)) as HessianSource<unknown>;
}

/**
 * The name of a method with its way to steps and its H, as in `ARC (Lanczos, SR1)`; `""`, the usual way, and the
 * problem's own H are not named.
 */
export function methodName(method: string, way: string, hessian: HessianName): string {
  const words = [way, hessian === "exact" ? "" : hessian.toUpperCase()].filter((word) => word !== "");
  return words.length === 0 ? method : `${method} (${words.join(", ")})`;
}
