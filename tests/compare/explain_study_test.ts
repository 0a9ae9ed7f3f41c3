// The diagnosis of runs that were spoiled on purpose.
import { assert, assertEquals } from "@std/assert";
import { explain, type Finding } from "../../lib/compare/mod.ts";
import { type Instance, integer, type Rng, rng, solve } from "../../lib/core/mod.ts";
import { sqp } from "../../lib/constrained/mod.ts";
import {
  booth,
  himmelblau,
  hockSchittkowskiGeneral,
  hockSchittkowskiIrregular,
  mgh,
  quadratic,
  sixHumpCamel,
} from "../../lib/problems/mod.ts";
import { constrainedSpoilings, type Failure, spoilings } from "./spoilings.ts";

const smoothProblems = [...mgh(), quadratic([1, 30, 900]), himmelblau(), booth(), sixHumpCamel()].filter(({ start }) =>
  start.length > 1
);
const constrainedProblems = hockSchittkowskiGeneral().filter(({ problem }) => problem.constraints.equality);

/** The first serious finding that is not about the end of the run as such. */
function firstFinding({ result, problem }: Omit<Failure, "name">): Finding | undefined {
  return explain(result, problem).findings.find(({ severity, topic }) =>
    severity !== "info" && topic !== "stop" && topic !== "progress"
  );
}

/** Whether the first finding names the cause, and the coordinates or rows. */
function isRight(failure: Omit<Failure, "name">): boolean {
  const first = firstFinding(failure), { topics, places = [] } = failure;
  if (!first || !topics.includes(first.topic)) return false;
  const named = [...(first.data.coordinates as number[] ?? []), ...(first.data.rows as number[] ?? [])];
  return places.every((place) => named.includes(place));
}

type Make<P> = (instance: Instance<P>, random: Rng) => Omit<Failure, "name">;

/** Some problems, each spoiled in three different ways; returns those whose diagnosis is wrong. */
function misjudged<P>(
  pool: readonly Instance<P>[],
  ways: Readonly<Record<string, Make<P>>>,
  count: number,
  random: Rng,
): string[] {
  const problems = draw(pool, count, random), wrong: string[] = [];
  for (const instance of problems) {
    for (const [name, spoil] of draw(Object.entries(ways), 3, random)) {
      if (!isRight(spoil(instance, random))) wrong.push(`${instance.name}: ${name}`);
    }
  }
  return wrong;
}

function draw<T>(from: readonly T[], count: number, random: Rng): T[] {
  const left = [...from];
  return Array.from({ length: count }, () => left.splice(integer(random, left.length), 1)[0]);
}

/** Ten problems, three of them with constraints, spoiled in three ways each. */
function thirty(seed: number): string[] {
  const random = rng(seed);
  return [
    ...misjudged(smoothProblems, spoilings, 7, random),
    ...misjudged(constrainedProblems, constrainedSpoilings, 3, random),
  ];
}

// @must explain: the right diagnosis of at least 27 of 30 runs, ten problems spoiled in three ways each, with thresholds set on thirty others
// @measured reached: 29 of 30; of the thirty others 29 too. One of badly scaled variables is not told where f itself has none or another trouble
Deno.test("explain() finds out what was spoiled", () => {
  const set = thirty(1), held = thirty(20261126);
  assert(set.length <= 3, set.join("; "));
  assert(held.length <= 3, held.join("; "));
});

// @must explain: hardly worse over all problems and all ways to spoil them
// @measured reached: 683 of 703
Deno.test("explain() finds it out for nearly all problems and ways", () => {
  let right = 0, all = 0;
  const count = <P>(pool: readonly Instance<P>[], ways: Readonly<Record<string, Make<P>>>): void => {
    for (const instance of pool) {
      for (const spoil of Object.values(ways)) {
        all++;
        if (isRight(spoil(instance, rng(4)))) right++;
      }
    }
  };
  count(smoothProblems, spoilings);
  count(constrainedProblems, constrainedSpoilings);
  assert(right >= 0.95 * all, `${right} of ${all}`);
});

// @must explain: accuses no right problem
// @measured reached: none of 103 problems of Hock and Schittkowski after SQP
Deno.test("explain() finds no error in right problems with constraints", () => {
  for (const instance of hockSchittkowskiGeneral()) {
    const { name, problem, start } = instance;
    if (name in hockSchittkowskiIrregular) continue;
    const result = solve(problem, sqp(), { start });
    const serious = explain(result, problem).findings.filter(({ severity, topic }) =>
      severity === "error" && topic !== "stop"
    );
    assertEquals(serious, [], name);
  }
});
