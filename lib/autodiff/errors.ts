/**
 * Errors of array programs: they name the primitive, the shapes, and the line of the caller.
 *
 * @module
 */
import { GradusError, ShapeError } from "../core/mod.ts";
import { formatShape, type Shape } from "./shape.ts";

/** A traced array was used as a number, or another way that a trace cannot follow. */
export class TraceError extends GradusError {
  /** The name of the class, as printed. */
  override name = "TraceError";
}

const home = new URL(".", import.meta.url).href;

/** Where the code outside of this room stands that led here, as in ` (at file:///…/model.ts:12:3)`, or nothing. */
export function callerLine(): string {
  const limit = (Error as { stackTraceLimit?: number }).stackTraceLimit ?? 10;
  (Error as { stackTraceLimit?: number }).stackTraceLimit = 50;
  const stack = new Error().stack ?? "";
  (Error as { stackTraceLimit?: number }).stackTraceLimit = limit;
  for (const line of stack.split("\n").slice(1)) {
    const place = /((?:file|https?|node|ext):[^\s()]+:\d+:\d+)/.exec(line)?.[1];
    if (place !== undefined && !place.startsWith(home)) return ` (at ${place})`;
  }
  return "";
}

/**
 * Refuses shapes.
 *
 * @throws {ShapeError} Always.
 */
export function refuse(primitive: string, expected: string, ...shapes: readonly Shape[]): never {
  throw new ShapeError(
    `Cannot apply ${primitive}: expected ${expected}, got ${shapes.map(formatShape).join(" and ")}${callerLine()}`,
  );
}
