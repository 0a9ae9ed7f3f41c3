// Arrays of uniform numbers as arguments.
import { rng, uniform } from "../../lib/core/mod.ts";
import type { Value } from "../../lib/autodiff/mod.ts";

const generator = rng(3);

/** An array of uniform numbers in an interval. */
export function filled(shape: readonly number[], low: number = -1, high: number = 1): Value {
  const data = Float64Array.from(
    { length: shape.reduce((a, b) => a * b, 1) },
    () => low + (high - low) * uniform(generator),
  );
  if (shape.length === 0) return data[0];
  return shape.length === 1 ? data : shape.length === 2 ? { rows: shape[0], columns: shape[1], data } : { shape, data };
}
