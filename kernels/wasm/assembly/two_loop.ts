// @ts-nocheck: AssemblyScript
import { axpy, dot, update } from "./vector.ts";

/**
 * The two-loop recursion of L-BFGS: `q ← H q` for the inverse Hessian approximation of `count` pairs (s, y).
 *
 * The pairs lie in rings of `places` rows, `pitch` bytes each; the newest is at place `newest`, older ones before it.
 * `rho` holds `1 / s·y` by place, `alpha` is work space of the same length, `scale` is that of the initial matrix.
 * Each pass subtracts one pair's part and takes the inner product that the next one needs.
 *
 * Source: Nocedal and Wright, Numerical Optimization (2006), algorithm 7.4.
 */
export function twoLoop(
  n: i32,
  places: i32,
  count: i32,
  newest: i32,
  scale: f64,
  s: usize,
  y: usize,
  pitch: usize,
  rho: usize,
  alpha: usize,
  q: usize,
): void {
  if (count == 0) return;
  let i = newest, product = dot(n, s + usize(i) * pitch, q);
  for (let age = 1; age <= count; ++age) {
    const a = load<f64>(rho + (usize(i) << 3)) * product, u = y + usize(i) * pitch;
    store<f64>(alpha + (usize(i) << 3), a);
    if (age < count) {
      i = i == 0 ? places - 1 : i - 1;
      product = update(n, 1, -a, u, q, s + usize(i) * pitch);
    } else {
      product = update(n, scale, -a, u, q, u);
    }
  }
  for (let age = count; age >= 1; --age) {
    const a = load<f64>(alpha + (usize(i) << 3)) - load<f64>(rho + (usize(i) << 3)) * product;
    const u = s + usize(i) * pitch;
    if (age > 1) {
      i = i == places - 1 ? 0 : i + 1;
      product = update(n, 1, a, u, q, y + usize(i) * pitch);
    } else {
      axpy(n, a, u, q);
    }
  }
}
