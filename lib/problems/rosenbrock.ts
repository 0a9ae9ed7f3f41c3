/**
 * The chained Rosenbrock function.
 *
 * @module
 */
import { DomainError, type Instance, type TwiceSmooth } from "../core/mod.ts";

/** The local minimum for n = 4 … 20; beyond, it stays the same to 1e-10. */
// deno-fmt-ignore
const LOCAL_MINIMA: readonly number[] = [
  3.70142861043, 3.93083943413, 3.97394050093, 3.98360053642, 3.98588776960, 3.98644282325, 3.98657911235,
  3.98661276945, 3.98662110472, 3.98662317186, 3.98662368487, 3.98662381223, 3.98662384385, 3.98662385171,
  3.98662385366, 3.98662385414, 3.98662385430,
];

/**
 * The chained Rosenbrock function in `n` variables, a curved valley:
 * `f(x) = Σ 100 (xᵢ₊₁ - xᵢ²)² + (1 - xᵢ)²` over `i = 1 … n - 1`, from `(-1.2, 1, -1.2, 1, …)`.
 *
 * Its minimum is 0 at `(1, …, 1)`. From n = 4 on there is a second, local minimum near `(-1, 1, …, 1)`.
 *
 * Source: Rosenbrock, An automatic method for finding the greatest or least value of a function (1960), chained as in
 * Shang and Qiu, A note on the extended Rosenbrock function (2006).
 *
 * @param n The number of variables, at least 2. Default 2.
 * @throws {DomainError} On another `n`.
 *
 * @example The minimizer
 * ```ts
 * import { rosenbrock } from "@gradus/gradus/problems";
 * import { assertEquals } from "@std/assert";
 *
 * const { problem } = rosenbrock(10);
 * const gradient = new Float64Array(10);
 * assertEquals(problem.gradient(new Float64Array(10).fill(1), gradient), 0);
 * assertEquals(gradient, new Float64Array(10));
 * ```
 */
export function rosenbrock(n = 2): Instance<TwiceSmooth> {
  if (!Number.isSafeInteger(n) || n < 2) {
    throw new DomainError(`Cannot make a chained Rosenbrock function: expected at least 2 variables, got ${n}`);
  }
  const name = `ChainedRosenbrock${n}`, last = n - 1;
  const problem: TwiceSmooth = {
    kind: "smooth",
    name,
    dimension: n,
    value: (x) => {
      let f = 0, xi = x[0];
      for (let i = 0; i < last; i++) {
        const next = x[i + 1], a = next - xi * xi, b = 1 - xi;
        f += 100 * a * a + b * b;
        xi = next;
      }
      return f;
    },
    gradient: (x, out) => {
      let f = 0, xi = x[0], carry = 0; // carry: what the term before gives to this entry
      for (let i = 0; i < last; i++) {
        const next = x[i + 1], a = next - xi * xi, b = 1 - xi, c = 200 * a;
        f += 100 * a * a + b * b;
        out[i] = carry - 2 * (c * xi + b);
        carry = c;
        xi = next;
      }
      out[last] = carry;
      return f;
    },
    hessianVector: (x, v, out) => {
      let xi = x[0], vi = v[0], carry = 0;
      for (let i = 0; i < last; i++) {
        const next = x[i + 1], vn = v[i + 1], d = vn - 2 * xi * vi; // change of a
        out[i] = carry - 400 * (xi * d + (next - xi * xi) * vi) + 2 * vi;
        carry = 200 * d;
        xi = next;
        vi = vn;
      }
      out[last] = carry;
    },
  };
  const start = Float64Array.from({ length: n }, (_, i) => i % 2 === 0 ? -1.2 : 1);
  return { name, problem, start, minima: n < 4 ? [0] : [0, LOCAL_MINIMA[Math.min(n, 20) - 4]] };
}
