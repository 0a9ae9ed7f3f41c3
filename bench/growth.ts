/**
 * How times grow with a size.
 *
 * @module
 */

/** The least milliseconds of a call, over rounds that the sizes share. */
export function leastTimes(works: readonly (() => void)[], rounds: number): number[] {
  const least = works.map(() => Infinity);
  for (let round = 0; round < rounds; round++) {
    for (const [k, work] of works.entries()) {
      const repeats = Math.max(1, Math.ceil(4 / least[k]));
      const start = performance.now();
      for (let r = 0; r < repeats; r++) work();
      least[k] = Math.min(least[k], (performance.now() - start) / repeats);
    }
  }
  return least;
}

/** The slope of log time over log size by least squares. */
export function slope(sizes: readonly number[], times: readonly number[]): number {
  const u = sizes.map(Math.log), v = times.map(Math.log);
  const um = u.reduce((a, b) => a + b) / u.length, vm = v.reduce((a, b) => a + b) / v.length;
  return u.reduce((s, ui, i) => s + (ui - um) * (v[i] - vm), 0) / u.reduce((s, ui) => s + (ui - um) ** 2, 0);
}

/** Prints times at growing sizes, and how they grow: over all sizes, and between the last two. */
export function report(what: string, sizes: readonly number[], works: readonly (() => void)[], rounds = 12): void {
  const times = leastTimes(works, rounds), local = slope(sizes.slice(-2), times.slice(-2));
  console.log(
    `${what}: ${times.map((t) => t.toPrecision(3)).join(", ")} ms at ${sizes.join(", ")}; slope ${
      slope(sizes, times).toFixed(2)
    }, at the end ${local.toFixed(2)}`,
  );
}
