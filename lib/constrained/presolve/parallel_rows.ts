/**
 * Rows of a linear program that are multiples of others.
 *
 * @module
 */
import { eachEntry } from "../../core/mod.ts";
import type { Draft } from "./draft.ts";

/** Leaves out rows that are multiples of an earlier one, which takes over their bounds. */
export function parallelRows(draft: Draft): void {
  const { matrix, rowLower, rowUpper, hasRow, hasColumn, steps } = draft, seen = new Map<string, [number, number]>();
  for (let i = 0; i < matrix.rows; i++) {
    if (!hasRow[i]) continue;
    let first = 0, key = "";
    eachEntry(matrix, i, (j, a) => {
      if (!hasColumn[j]) return;
      first ||= a;
      key += `${j}:${a / first},`;
    });
    const found = seen.get(key);
    if (!found) {
      seen.set(key, [i, first]);
      continue;
    }
    const [other, its] = found, factor = first / its;
    const ends = [rowLower[i] / factor, rowUpper[i] / factor], l = Math.min(...ends), u = Math.max(...ends);
    const givesLower = l > rowLower[other], givesUpper = u < rowUpper[other];
    if (givesLower) rowLower[other] = l;
    if (givesUpper) rowUpper[other] = u;
    hasRow[i] = 0;
    steps.push({ step: "parallel row", row: i, other, factor, givesLower, givesUpper });
  }
}
