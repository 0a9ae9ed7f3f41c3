/**
 * Exact reduction over finite fields against elimination in fractions, on a random sparse 200 x 220 rational matrix.
 *
 * Run: `deno run bench/exact.ts`
 *
 * @module
 */
import { formatRational, rrefRational } from "../lib/exact/mod.ts";
import { eliminate, sparseRandom } from "../tests/exact/fractions.ts";

function timed<T>(work: () => T): { result: T; seconds: number } {
  const start = performance.now(), result = work();
  return { result, seconds: (performance.now() - start) / 1000 };
}

// @must rrefRational: random sparse 200 x 220 rational system, equal to elimination in BigInt fractions, at least 10
//   times faster
// @measured reached: 0.2 to 0.3 s against 20 s, 69 to 96 times faster; 53 primes, numbers of 238 digits
const A = sparseRandom(200, 220, 5, 200);
const fast = timed(() => rrefRational(A)), slow = timed(() => eliminate(A));
const { pivots, free, entries, primes } = fast.result;
const same = slow.result.rows.every((row, i) =>
  row.every((a, j) => {
    const place = free.indexOf(j), mine = place >= 0 ? entries[i][place] : undefined;
    return formatRational(a) === (mine ? formatRational(mine) : j === pivots[i] ? "1" : "0");
  })
);
const ratio = slow.seconds / fast.seconds;
const digits = Math.max(...entries.flat().map((a) => `${a.numerator}`.length));
console.log(`rank ${pivots.length}, ${primes} primes, up to ${digits} digits, ${same ? "equal" : "NOT EQUAL"}`);
console.log(
  `finite fields ${fast.seconds.toFixed(3)} s, fractions ${slow.seconds.toFixed(2)} s: ${ratio.toFixed(0)} x`,
);
if (!same || ratio < 10) throw new Error("Exact reduction is wrong or slow");
