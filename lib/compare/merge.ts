/**
 * Merging the rows of studies.
 *
 * @module
 */
import { DomainError } from "../core/mod.ts";
import { canonical, keyOf, type Row } from "./row.ts";
import { plain } from "./record.ts";

/** Rows of all lists, one for each key. */
export function mergeRows(lists: readonly (readonly Row[])[]): Row[] {
  const merged = new Map<string, Row>(), starts = new Map<string, Row>();
  for (const row of lists.flat()) {
    const key = keyOf(row), other = merged.get(key);
    if (other) checkSame(other, row);
    const problem = JSON.stringify([row.problem, row.dataHash]), first = starts.get(problem);
    if (first) checkStart(first, row);
    else starts.set(problem, row);
    merged.set(key, row);
  }
  return [...merged.values()];
}

/** Refuses the same run with another outcome; times and engines may differ. */
function checkSame(a: Row, b: Row): void {
  const here = outcome(a), there = outcome(b);
  const different = Object.keys(here).filter((name) => here[name] !== there[name]);
  if (different.length > 0) {
    throw new DomainError(
      `Cannot merge two runs of ${a.solver} on ${JSON.stringify(a.problem)} with the seed ${a.seed}: they differ in ` +
        `${different.join(", ")} (${short(here[different[0]])} and ${
          short(there[different[0]])
        }); leave one out with filter`,
    );
  }
}

function outcome(row: Row): Record<string, string> {
  const { seconds: _, environment: __, trace: { seconds: ___, ...trace }, ...rest } = row;
  return Object.fromEntries(Object.entries({ ...rest, trace }).map(([name, value]) => [name, canonical(plain(value))]));
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** A problem of one name and data is one problem: equal kind, size and start, up to the rounding of another engine. */
function checkStart(a: Row, b: Row): void {
  const same = (name: string): boolean => {
    const [x, y] = [a.start[name], b.start[name]];
    return Object.is(x, y) || Math.abs(x - y) <= 1e-8 * Math.abs(x);
  };
  if (a.kind === b.kind && a.dimension === b.dimension && Object.keys(a.start).every(same)) return;
  const say = ({ kind, dimension, start }: Row): string => `${kind}, n = ${dimension}, f0 = ${start.value}`;
  throw new DomainError(
    `Cannot merge two problems of the name ${JSON.stringify(a.problem)}: ${say(a)} and ${say(b)}; ` +
      "give the instances a dataHash or other names",
  );
}
