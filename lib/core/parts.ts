/**
 * Checks of the data that problems are made of; they copy nothing.
 *
 * @module
 */
import { DomainError, ShapeError } from "./errors.ts";
import type { Matrix } from "./storage.ts";
import type { Vector } from "./vector.ts";

/** What the messages say of a problem. */
interface Named {
  readonly kind: string;
  readonly name?: string;
}

/** A message in the form of all of them. */
export function refusal({ kind, name }: Named, expected: string, got: unknown): string {
  return `Cannot use the ${kind} problem${name ? ` "${name}"` : ""}: expected ${expected}, got ${got}`;
}

/** Checks a size. */
export function checkSize(problem: Named, what: string, size: number): void {
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new DomainError(refusal(problem, `a positive integer ${what}`, size));
  }
}

/** Checks a vector of numbers in `[least, Infinity)`. */
export function checkVector(problem: Named, what: string, v: Vector, least = -Number.MAX_VALUE): void {
  checkLength(problem, what, v, v?.length);
  const wrong = v.findIndex((e) => !(e >= least && e < Infinity));
  if (wrong >= 0) {
    const range = least === 0 ? "finite numbers >= 0" : "finite numbers";
    throw new DomainError(refusal(problem, `${range} in ${what}`, `${v[wrong]} at ${wrong}`));
  }
}

/** Checks a pair of bounds: lower at most upper, and some number between them. */
export function checkBounds(
  problem: Named,
  [lowerName, upperName]: readonly [string, string],
  lower: Vector,
  upper: Vector,
  length: number,
): void {
  checkLength(problem, lowerName, lower, length);
  checkLength(problem, upperName, upper, length);
  for (let i = 0; i < length; i++) {
    if (!(lower[i] <= upper[i]) || lower[i] === Infinity || upper[i] === -Infinity) {
      throw new DomainError(
        refusal(problem, `${lowerName} <= ${upperName}`, `${lower[i]} and ${upper[i]} at ${i}`),
      );
    }
  }
}

/** The bounds of all n variables, infinite where there are none. */
export function everyBound(
  n: number,
  { lower, upper }: { readonly lower?: Vector; readonly upper?: Vector },
): [Vector, Vector] {
  return [lower ?? new Float64Array(n).fill(-Infinity), upper ?? new Float64Array(n).fill(Infinity)];
}

/** The point of a box that is nearest to x. */
export function withinBounds(x: Vector, lower: Vector, upper: Vector): Vector {
  return x.map((xj, j) => Math.max(lower[j], Math.min(upper[j], xj)));
}

/** Checks the shape of a matrix or an operator. */
export function checkShape(
  problem: Named,
  what: string,
  matrix: Omit<Matrix, "data"> | undefined,
  rows: number,
  columns: number,
): void {
  if (matrix?.rows !== rows || matrix?.columns !== columns) {
    throw new ShapeError(refusal(problem, `${what} of ${rows} x ${columns}`, `${matrix?.rows} x ${matrix?.columns}`));
  }
}

/** Checks the length of a vector. */
export function checkLength(problem: Named, what: string, v: Vector, length: number): void {
  if (!(v instanceof Float64Array)) throw new ShapeError(refusal(problem, `${what} as a Float64Array`, typeof v));
  if (v.length !== length) throw new ShapeError(refusal(problem, `${what} of length ${length}`, v.length));
}
