// @ts-nocheck: AssemblyScript
// Level 1: vectors that stay in the memory of the kernels. Products are rounded, and sums run in four interleaved
// accumulators that are added as (0 + 1) + (2 + 3), so that the bits are those of plain loops in TypeScript.

/** `Σ xᵢ yᵢ`. */
export function dot(n: i32, x: usize, y: usize): f64 {
  let s = f64x2.splat(0), t = s, i = n;
  for (; i >= 8; i -= 8) {
    s = f64x2.add(s, f64x2.mul(v128.load(x), v128.load(y)));
    t = f64x2.add(t, f64x2.mul(v128.load(x, 16), v128.load(y, 16)));
    s = f64x2.add(s, f64x2.mul(v128.load(x, 32), v128.load(y, 32)));
    t = f64x2.add(t, f64x2.mul(v128.load(x, 48), v128.load(y, 48)));
    x += 64;
    y += 64;
  }
  if (i >= 4) {
    s = f64x2.add(s, f64x2.mul(v128.load(x), v128.load(y)));
    t = f64x2.add(t, f64x2.mul(v128.load(x, 16), v128.load(y, 16)));
    x += 32;
    y += 32;
    i -= 4;
  }
  let first = f64x2.extract_lane(s, 0);
  for (; i > 0; --i) {
    first += load<f64>(x) * load<f64>(y);
    x += 8;
    y += 8;
  }
  return (first + f64x2.extract_lane(s, 1)) + (f64x2.extract_lane(t, 0) + f64x2.extract_lane(t, 1));
}

/** `y ← a x + y`. */
export function axpy(n: i32, a: f64, x: usize, y: usize): void {
  const s = f64x2.splat(a);
  let i = n;
  for (; i >= 4; i -= 4) {
    v128.store(y, f64x2.add(v128.load(y), f64x2.mul(s, v128.load(x))));
    v128.store(y, f64x2.add(v128.load(y, 16), f64x2.mul(s, v128.load(x, 16))), 16);
    x += 32;
    y += 32;
  }
  for (; i > 0; --i) {
    store<f64>(y, load<f64>(y) + a * load<f64>(x));
    x += 8;
    y += 8;
  }
}

/** `q ← c (q + a u)`; returns `q·v`. One pass over memory instead of three. */
export function update(n: i32, c: f64, a: f64, u: usize, q: usize, v: usize): f64 {
  const e = f64x2.splat(a), f = f64x2.splat(c);
  let s = f64x2.splat(0), t = s, i = n;
  for (; i >= 8; i -= 8) {
    const q0 = f64x2.mul(f, f64x2.add(v128.load(q), f64x2.mul(e, v128.load(u))));
    const q1 = f64x2.mul(f, f64x2.add(v128.load(q, 16), f64x2.mul(e, v128.load(u, 16))));
    const q2 = f64x2.mul(f, f64x2.add(v128.load(q, 32), f64x2.mul(e, v128.load(u, 32))));
    const q3 = f64x2.mul(f, f64x2.add(v128.load(q, 48), f64x2.mul(e, v128.load(u, 48))));
    v128.store(q, q0);
    v128.store(q, q1, 16);
    v128.store(q, q2, 32);
    v128.store(q, q3, 48);
    s = f64x2.add(s, f64x2.mul(q0, v128.load(v)));
    t = f64x2.add(t, f64x2.mul(q1, v128.load(v, 16)));
    s = f64x2.add(s, f64x2.mul(q2, v128.load(v, 32)));
    t = f64x2.add(t, f64x2.mul(q3, v128.load(v, 48)));
    u += 64;
    q += 64;
    v += 64;
  }
  if (i >= 4) {
    const q0 = f64x2.mul(f, f64x2.add(v128.load(q), f64x2.mul(e, v128.load(u))));
    const q1 = f64x2.mul(f, f64x2.add(v128.load(q, 16), f64x2.mul(e, v128.load(u, 16))));
    v128.store(q, q0);
    v128.store(q, q1, 16);
    s = f64x2.add(s, f64x2.mul(q0, v128.load(v)));
    t = f64x2.add(t, f64x2.mul(q1, v128.load(v, 16)));
    u += 32;
    q += 32;
    v += 32;
    i -= 4;
  }
  let first = f64x2.extract_lane(s, 0);
  for (; i > 0; --i) {
    const r = c * (load<f64>(q) + a * load<f64>(u));
    store<f64>(q, r);
    first += r * load<f64>(v);
    u += 8;
    q += 8;
    v += 8;
  }
  return (first + f64x2.extract_lane(s, 1)) + (f64x2.extract_lane(t, 0) + f64x2.extract_lane(t, 1));
}
