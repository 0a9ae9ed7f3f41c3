/**
 * Moreau's identity: the proximal operator of a conjugate from that of the function.
 *
 * ```
 * r*(y) = supₓ xᵀy - r(x),   x = prox(x; t r) + t prox(x/t; (1/t) r*)
 * ```
 *
 * Source: Moreau, Proximité et dualité dans un espace hilbertien (1965); Beck, First-Order Methods in Optimization
 * (2017), theorem 6.45.
 *
 * @module
 */
import type { Proximable, Vector } from "../core/mod.ts";
import { Scratch } from "./convex_set.ts";

/**
 * The proximal operator of `r*`: writes `argminᵤ r*(u) + |u - y|²/(2 step)` into `out`, which may be y.
 *
 * @example Of a norm it is the projection on the dual ball
 * ```ts
 * import { conjugateProximal, l1Norm } from "@gradus/gradus/proximal";
 * import { assertEquals } from "@std/assert";
 *
 * const out = new Float64Array(3);
 * conjugateProximal(l1Norm())(Float64Array.of(0.5, -3, 2), 0.25, out);
 * assertEquals(out, Float64Array.of(0.5, -1, 1));
 * ```
 */
export function conjugateProximal(r: Pick<Proximable, "proximal">): (y: Vector, step: number, out: Vector) => void {
  const scratch = new Scratch();
  return (y, step, out) => {
    const n = y.length, scaled = scratch.exactly(n);
    for (let i = 0; i < n; i++) scaled[i] = y[i] / step;
    r.proximal(scaled, 1 / step, scaled);
    for (let i = 0; i < n; i++) out[i] = y[i] - step * scaled[i];
  };
}
