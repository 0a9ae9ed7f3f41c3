/**
 * A hard instance for all methods that see gradients: a chain along which one variable after the other has to be found.
 *
 * @module
 */
import { erfc } from "../autodiff/mod.ts";
import { DomainError, type Instance, type TwiceSmooth, type Vector } from "../core/mod.ts";

/** `Ψ(t)`: 0 up to ½, then `exp(1 - 1/(2t - 1)²)`; and its first two derivatives. */
function psi(t: number): readonly [number, number, number] {
  const s = 2 * t - 1;
  if (!(s > 0)) return [0, 0, 0];
  const value = Math.exp(1 - 1 / (s * s));
  return value === 0 ? [0, 0, 0] : [value, 4 * value / s ** 3, value * (16 / s ** 6 - 24 / s ** 4)];
}

/** `Φ(t) = √e ∫₋∞ᵗ exp(-s²/2) ds` and its first two derivatives. */
function phi(t: number): readonly [number, number, number] {
  const slope = Math.exp((1 - t * t) / 2);
  return [Math.sqrt(Math.E * Math.PI / 2) * (erfc(-t / Math.SQRT2) as number), slope, -t * slope];
}

/**
 * `f(x) = -Ψ(1) Φ(x₁) + Σᵢ (Ψ(-xᵢ₋₁) Φ(-xᵢ) - Ψ(xᵢ₋₁) Φ(xᵢ))`, i = 2 … T, from 0. A method whose steps stay in the span
 * of the gradients it has seen has found at most k of the variables after k gradients; until `|xᵢ| >= 1` for all of
 * them, the gradient is longer than 1. The Lipschitz constant of the gradient is at most 152 for every T; the minimum
 * lies at infinity.
 *
 * Source: Carmon, Duchi, Hinder and Sidford, Lower bounds for finding stationary points I (2020), equations (11) and
 * (12), lemmas 2 and 3.
 *
 * @param length T, at least 1.
 * @throws {DomainError} When T is no positive whole number.
 *
 * @example Only the first variable has a slope at the start
 * ```ts
 * import { zeroChain } from "@gradus/gradus/problems";
 * import { assertEquals } from "@std/assert";
 *
 * const { problem, start } = zeroChain(4), gradient = new Float64Array(4);
 * problem.gradient(start, gradient);
 * assertEquals([...gradient], [-Math.sqrt(Math.E), 0, 0, 0]);
 * ```
 */
export function zeroChain(length: number): Instance<TwiceSmooth> {
  if (!Number.isSafeInteger(length) || length < 1) {
    throw new DomainError(`Cannot make a chain: expected a positive whole number for its length, got ${length}`);
  }
  /** The chain's first link has the constant 1 before it. */
  const before = (x: Vector, i: number): number => i > 0 ? x[i - 1] : 1;
  const value = (x: Vector): number => {
    let f = 0;
    for (let i = 0; i < length; i++) {
      const a = before(x, i);
      if (Math.abs(a) <= 0.5) continue; // Ψ is 0
      f += a > 0 ? -psi(a)[0] * phi(x[i])[0] : psi(-a)[0] * phi(-x[i])[0];
    }
    return f;
  };
  return {
    name: `zero chain ${length}`,
    start: new Float64Array(length),
    minima: [],
    problem: {
      kind: "smooth",
      name: `zero chain ${length}`,
      dimension: length,
      value,
      gradient: (x, out) => {
        out.fill(0);
        for (let i = 0; i < length; i++) {
          const a = before(x, i), sign = Math.sign(a), [p0, p1] = psi(Math.abs(a));
          if (p0 === 0) continue;
          const [q0, q1] = phi(sign * x[i]); // the link is -sign Ψ(|a|) Φ(sign xᵢ)
          out[i] -= p0 * q1;
          if (i > 0) out[i - 1] -= p1 * q0;
        }
        return value(x);
      },
      hessianVector: (x, v, out) => {
        out.fill(0);
        for (let i = 0; i < length; i++) {
          const a = before(x, i), sign = Math.sign(a), [p0, p1, p2] = psi(Math.abs(a));
          if (p0 === 0) continue;
          const [q0, q1, q2] = phi(sign * x[i]), u = i > 0 ? v[i - 1] : 0;
          out[i] -= sign * p0 * q2 * v[i] + sign * p1 * q1 * u;
          if (i > 0) out[i - 1] -= sign * p2 * q0 * u + sign * p1 * q1 * v[i];
        }
      },
    },
  };
}
