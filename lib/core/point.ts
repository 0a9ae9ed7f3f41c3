/**
 * Points: checked copies.
 *
 * @module
 */
import { ShapeError } from "./errors.ts";
import type { Kind, Parts } from "./kind.ts";
import type { Problem } from "./problem.ts";
import type { Point } from "./solver.ts";
import type { Matrix } from "./storage.ts";
import { vector } from "./vector.ts";

/**
 * A private copy of a point, which may be given by its coordinates alone, checked against the problem.
 *
 * @param what The name in messages, as `start`.
 * @throws {ShapeError} On a part of another shape, or one that points of this kind do not have.
 * @throws {DomainError} On an entry that is not finite.
 */
export function pointOf<P extends Problem>(
  kind: Kind<P>,
  problem: P,
  given: ArrayLike<number> | Point,
  what: string,
): Point {
  if (typeof given !== "object" || given === null) {
    throw new ShapeError(`Cannot use the ${what}: expected an array of numbers or a point, got ${typeof given}`);
  }
  const { x, multipliers, lower, plan } = "x" in given ? given : { x: given } as Point;
  const parts = kind.parts?.(problem) ?? {}, entries = Object.entries({ multipliers, lower, plan });
  for (const [name, part] of entries as [keyof Parts, unknown][]) {
    if (part !== undefined && parts[name] === undefined) {
      throw new ShapeError(`Cannot use the ${what}: points of a ${kind.name} problem have no ${name}, it has some`);
    }
  }
  return {
    x: vector(x, kind.dimension(problem), what),
    ...(multipliers && { multipliers: vector(multipliers, parts.multipliers, `${what}'s multipliers`) }),
    ...(lower && { lower: vector(lower, parts.lower, `${what}'s lower-level solution`) }),
    ...(plan && { plan: checkedPlan(plan, parts.plan!, `${what}'s plan`) }),
  };
}

/** A copy that later steps do not change. */
export function clonePoint({ x, multipliers, lower, plan }: Point): Point {
  return {
    x: x.slice(),
    ...(multipliers && { multipliers: multipliers.slice() }),
    ...(lower && { lower: lower.slice() }),
    ...(plan && { plan: { ...plan, data: plan.data.slice() } }),
  };
}

function checkedPlan({ rows, columns, data }: Matrix, shape: readonly [number, number], what: string): Matrix {
  if (rows !== shape[0] || columns !== shape[1]) {
    throw new ShapeError(`Cannot use the ${what}: expected shape ${shape.join(" x ")}, got ${rows} x ${columns}`);
  }
  return { rows, columns, data: vector(data, rows * columns, what) };
}
