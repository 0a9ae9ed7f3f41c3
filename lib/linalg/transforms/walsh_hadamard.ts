/**
 * The fast Walsh-Hadamard transform.
 *
 * Source: Fino and Algazi, Unified matrix treatment of the fast Walsh-Hadamard transform (1976).
 *
 * @module
 */
import { ShapeError, type Vector } from "../../core/mod.ts";

/**
 * The Walsh-Hadamard transform `X_k = Σⱼ (-1)^{⟨j, k⟩} xⱼ`, ⟨j, k⟩ the number of binary digits that are 1 in both, of a
 * vector whose length is a power of two; into `out` if given, which may be `x`. Applied twice it multiplies by n.
 *
 * @throws {ShapeError} When the length is no power of two, or `out` has another length.
 *
 * @example Signs by parity
 * ```ts
 * import { fwht } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...fwht(Float64Array.of(1, 2, 3, 4))], [10, -2, -4, 0]);
 * ```
 */
export function fwht(x: Vector, out: Vector = new Float64Array(x.length)): Vector {
  const n = x.length;
  if (n === 0 || !Number.isInteger(Math.log2(n))) {
    throw new ShapeError(`Cannot take a Walsh-Hadamard transform: expected a power of two as length, got ${n}`);
  }
  if (out.length !== n) {
    throw new ShapeError(`Cannot take a Walsh-Hadamard transform: expected an out of ${n} entries, got ${out.length}`);
  }
  if (out !== x) out.set(x);
  let h = 1;
  for (; 4 * h <= n; h *= 4) {
    for (let i = 0; i < n; i += 4 * h) {
      for (let j = i; j < i + h; j++) {
        const a = out[j] + out[j + h], b = out[j] - out[j + h];
        const c = out[j + 2 * h] + out[j + 3 * h], d = out[j + 2 * h] - out[j + 3 * h];
        out[j] = a + c;
        out[j + h] = b + d;
        out[j + 2 * h] = a - c;
        out[j + 3 * h] = b - d;
      }
    }
  }
  if (h < n) {
    for (let j = 0; j < h; j++) {
      const a = out[j], b = out[j + h];
      out[j] = a + b;
      out[j + h] = a - b;
    }
  }
  return out;
}
