/**
 * How far it is to the boundary of a trust region.
 *
 * @module
 */
import { dot, type Vector } from "../../core/mod.ts";

/** The t >= 0 with `|p + t d| = radius`, for a p in the ball. */
export function toSphere(p: Vector, d: Vector, radius: number): number {
  return toSphereBy(dot(d, d), dot(p, d), Math.max(0, radius * radius - dot(p, p)));
}

/** The same from `d·d`, `p·d` and the room `radius² - p·p >= 0`. */
export function toSphereBy(dd: number, pd: number, room: number): number {
  const root = Math.sqrt(pd * pd + dd * room);
  return pd > 0 ? room / (pd + root) : (root - pd) / dd;
}
