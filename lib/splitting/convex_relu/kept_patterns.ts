/**
 * Which activation patterns a unit can keep whatever an adversary does: those whose cone
 * `{ v : (2D - I)Xv >= ε |v|₁ 1 }` is not the origin alone.
 *
 * ```
 * aᵀv >= ε |v|₁  is  (a - εs)ᵀv >= 0 for all signs s;  the cone is the origin where neither v_j nor -v_j can gain, for all j
 * ```
 *
 * @module
 */
import { DomainError, type Matrix, ShapeError } from "../../core/mod.ts";
import type { Arrangements } from "./arrangements.ts";
import { patternGain } from "./pattern_cone.ts";

/** Up to so many features the signs are enumerated. */
const MOST = 12;

/** A gain of a unit vector that is not above this is none. */
const TINY = 1e-9;

/**
 * The patterns that some `v ≠ 0` keeps while every feature changes by up to `radius`. The others do nothing in a robust
 * program but make it larger; if none is left, the only robust network is zero. Costs O(2^f n) for f features that
 * change, for each pattern.
 *
 * @param X Examples in rows, n x d.
 * @param arrangements The patterns.
 * @param options The largest change, and whether the last column of X holds ones, which do not change (default true).
 * @throws {ShapeError} When the patterns are of another number of examples.
 * @throws {DomainError} When the radius is negative, or more than 12 features change.
 */
export function keptArrangements(
  X: Matrix,
  arrangements: Arrangements,
  options: { readonly radius: number; readonly bias?: boolean },
): Arrangements {
  const { radius, bias = true } = options,
    n = X.rows,
    d = X.columns,
    changing = d - (bias ? 1 : 0),
    signs = 2 ** changing;
  const { examples, count, patterns } = arrangements;
  if (examples !== n) throw new ShapeError(`Cannot keep patterns: expected some of ${n} examples, got ${examples}`);
  if (!(radius >= 0 && radius < Infinity && changing <= MOST)) {
    throw new DomainError(
      `Cannot keep patterns: expected a radius >= 0 and at most ${MOST} features that change, got ${radius} and ${changing}`,
    );
  }
  const rows = { rows: n * signs, columns: d, data: new Float64Array(n * signs * d) },
    all = new Uint8Array(n * signs).fill(1);
  const gain = patternGain(rows), g = new Float64Array(d), kept: number[] = [];
  for (let i = 0; i < count; i++) {
    for (let k = 0, at = 0; k < n; k++) {
      for (let s = 0; s < signs; s++) {
        for (let j = 0; j < d; j++, at++) {
          const change = j < changing ? (s >> j & 1 ? radius : -radius) : 0;
          rows.data[at] = (2 * patterns[i * n + k] - 1) * X.data[k * d + j] + change;
        }
      }
    }
    for (let j = 0; j < 2 * d; j++) {
      g.fill(0);
      g[j >> 1] = j & 1 ? 1 : -1;
      if (gain(g, all, TINY) <= TINY) continue;
      kept.push(i);
      break;
    }
  }
  const left = new Uint8Array(kept.length * n);
  kept.forEach((i, to) => left.set(patterns.subarray(i * n, (i + 1) * n), to * n));
  return { examples, count: kept.length, patterns: left };
}
