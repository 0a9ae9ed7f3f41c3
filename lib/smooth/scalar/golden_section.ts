/**
 * Golden section search: a minimum of a function that falls, then rises.
 *
 * ```
 * a < c < d < b with (c - a) = (b - d) = (1 - g)(b - a),   g = (√5 - 1)/2
 * f(c) <= f(d): b ← d, else a ← c;   one of c and d stays, the interval shrinks by g
 * ```
 *
 * Source: Kiefer, Sequential minimax search for a maximum (1953).
 *
 * @module
 */
import { minimumOptions, minimumResult } from "./minimum.ts";
import type { MinimumOptions, ScalarFunction, ScalarResult } from "./scalar.ts";

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * A local minimum of f in `[a, b]` by golden section: `log((b - a)/tolerance)/log 1.618` evaluations.
 *
 * @throws {DomainError} When the interval or an option is out of range.
 *
 * @example Where the cosine is least
 * ```ts
 * import { goldenSection } from "@gradus/gradus/smooth";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(goldenSection(Math.cos, 2, 4).x, Math.PI, 1e-7);
 * ```
 */
export function goldenSection(f: ScalarFunction, a: number, b: number, options: MinimumOptions = {}): ScalarResult {
  const { tolerance, most } = minimumOptions("search by golden section", a, b, options);
  let c = b - GOLDEN * (b - a), d = a + GOLDEN * (b - a), fc = f(c), fd = f(d), evaluations = 2;
  while (evaluations < most && fc === fc && fd === fd) {
    const x = fc <= fd ? c : d;
    if (Math.max(b - x, x - a) <= 2 * tolerance(x)) break;
    if (fc <= fd) {
      [b, d, fd] = [d, c, fc];
      c = b - GOLDEN * (b - a);
      fc = f(c);
    } else {
      [a, c, fc] = [c, d, fd];
      d = a + GOLDEN * (b - a);
      fd = f(d);
    }
    evaluations++;
  }
  const first = fc <= fd || fd !== fd, found = { x: first ? c : d, value: first ? fc : fd };
  const nan = fc !== fc ? c : fd !== fd ? d : undefined;
  return minimumResult({ ...found, evaluations, bracket: [a, b] }, tolerance, nan);
}
