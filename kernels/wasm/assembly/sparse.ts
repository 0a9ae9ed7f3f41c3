// @ts-nocheck: AssemblyScript
// Products with a sparse matrix by rows: row i has the entries from starts[i], 0 at first, up to, not including, starts[i + 1].

/** `y ← A x`, A of m rows. */
export function sparseProduct(m: i32, starts: usize, indices: usize, values: usize, x: usize, y: usize): void {
  let p = indices, v = values;
  for (const end = y + (usize(m) << 3); y < end; y += 8) {
    starts += 4;
    const stop = indices + (usize(load<u32>(starts)) << 2);
    let s: f64 = 0;
    for (; p < stop; p += 4) {
      s += load<f64>(v) * load<f64>(x + (usize(load<u32>(p)) << 3));
      v += 8;
    }
    store<f64>(y, s);
  }
}

/** `x ← Aᵀ y`, A of m rows and n columns. */
export function sparseProductTransposed(
  m: i32,
  n: i32,
  starts: usize,
  indices: usize,
  values: usize,
  y: usize,
  x: usize,
): void {
  memory.fill(x, 0, usize(n) << 3);
  let p = indices, v = values;
  for (const end = y + (usize(m) << 3); y < end; y += 8) {
    starts += 4;
    const stop = indices + (usize(load<u32>(starts)) << 2), yi = load<f64>(y);
    for (; p < stop; p += 4) {
      const q = x + (usize(load<u32>(p)) << 3);
      store<f64>(q, load<f64>(q) + load<f64>(v) * yi);
      v += 8;
    }
  }
}
