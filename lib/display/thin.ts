/**
 * Fewer points for a curve, with the same picture.
 *
 * @module
 */

/**
 * The indices of at most `most` points that draw the same curve: the first and last one, and from each of equal
 * stretches in between its lowest and highest, in their order, so that no spike is lost. Values that are not finite
 * never count as extremes.
 *
 * @param values The heights of the curve.
 * @param most The most points to keep, at least 4.
 */
export function thin(values: ArrayLike<number>, most: number): number[] {
  const n = values.length;
  if (n <= most) return Array.from({ length: n }, (_, i) => i);
  const stretches = Math.floor((most - 2) / 2), kept = [0];
  for (let s = 0; s < stretches; s++) {
    const from = 1 + Math.floor((s * (n - 2)) / stretches), to = 1 + Math.floor(((s + 1) * (n - 2)) / stretches);
    let low = from, high = from;
    for (let i = from; i < to; i++) {
      if (!Number.isFinite(values[i])) continue;
      if (values[i] < values[low] || !Number.isFinite(values[low])) low = i;
      if (values[i] > values[high] || !Number.isFinite(values[high])) high = i;
    }
    kept.push(Math.min(low, high));
    if (low !== high) kept.push(Math.max(low, high));
  }
  kept.push(n - 1);
  return kept;
}

/**
 * The indices of the corners that draw a line of points to within a distance of `tolerance`: Ramer (1972), Douglas and
 * Peucker (1973).
 */
export function corners(x: readonly number[], y: readonly number[], tolerance: number): number[] {
  const kept = [0], stretches = [[0, x.length - 1]];
  for (let stretch = stretches.pop(); stretch; stretch = stretches.pop()) {
    const [from, to] = stretch;
    let farthest = 0, at = from;
    const dx = x[to] - x[from], dy = y[to] - y[from], length = Math.hypot(dx, dy);
    for (let i = from + 1; i < to; i++) {
      const u = x[i] - x[from], v = y[i] - y[from];
      const distance = length > 0 ? Math.abs(u * dy - v * dx) / length : Math.hypot(u, v);
      if (distance > farthest) [farthest, at] = [distance, i];
    }
    if (farthest > tolerance) stretches.push([at, to], [from, at]);
    else if (to > from) kept.push(to);
  }
  return kept;
}
