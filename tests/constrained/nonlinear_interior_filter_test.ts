// The filter of the interior-point method for nonlinear programs.
import { assert, assertEquals } from "@std/assert";
import { nonlinearInteriorPoint } from "../../lib/constrained/mod.ts";
import { accepts, augment, emptyFilter, improves } from "../../lib/constrained/nonlinear_interior/filter.ts";
import { barrierValue, violation } from "../../lib/constrained/nonlinear_interior/iterate.ts";
import { iterate } from "../../lib/core/mod.ts";
import { hockSchittkowskiGeneral } from "../../lib/problems/mod.ts";

Deno.test("accepts() refuses what is not better than all pairs, nor what violates too much", () => {
  const filter = emptyFilter(2);
  assertEquals([accepts(filter, 2e4, 1e9), accepts(filter, 2.1e4, -1e9), accepts(filter, NaN, 0)], [
    true,
    false,
    false,
  ]);
  augment(filter, 1, 5);
  augment(filter, 0.1, 8);
  assertEquals(accepts(filter, 0.5, 6), true, "less θ than one, less φ than the other");
  assertEquals(accepts(filter, 2, 4), true, "less φ than both");
  assertEquals(accepts(filter, 0.05, 9), true, "less θ than both");
  assertEquals(accepts(filter, 1, 5), false, "the same as one");
  assertEquals(accepts(filter, 0.2, 8.1), false, "more than one");
  assertEquals(accepts(filter, 1 - 1e-6, 5 - 1e-9), false, "not enough less");
  augment(filter, 0.05, 4);
  assertEquals(filter.entries.length, 2, "a pair that is better than all takes their place");
});

Deno.test("improves() asks for a share of θ", () => {
  const before = [0.1, 3] as const;
  assertEquals(improves(0.1, 3, before), false);
  assertEquals(improves(0.1 * (1 - 2e-5), 4, before), true);
  assertEquals(improves(0.1 * (1 - 5e-6), 4, before), false);
  assertEquals(improves(1, 3 - 2e-9, before), true);
  assertEquals(improves(1, 3 - 5e-10, before), false);
});

Deno.test("nonlinearInteriorPoint() takes no step to what its filter refuses, and does not go back", () => {
  let rises = 0, steps = 0;
  for (const { name, problem, start } of hockSchittkowskiGeneral()) {
    let before: { mu: number; theta: number; phi: number; entries: number[] } | undefined;
    for (const { barrier, restoration, stop } of iterate(problem, nonlinearInteriorPoint(), start)) {
      const { mu, at, filter } = barrier, theta = violation(at), phi = barrierValue(at, mu);
      if (
        before && !restoration.active && before.mu === mu && barrier.length > 0 && barrier.soft + barrier.tiny === 0
      ) {
        assert(accepts({ ...filter, entries: before.entries }, theta, phi), `${name}: (${theta}, ${phi}) is refused`);
        // where φ did not fall, the filter keeps the method from coming back, unless θ is rounding
        if (phi > before.phi + 1e-9 * Math.abs(phi) && before.theta > 1e-6) {
          rises++;
          assert(!accepts(filter, before.theta, before.phi), `${name}: (${before.theta}, ${before.phi}) is forgotten`);
        }
        steps++;
      }
      before = restoration.active ? undefined : { mu, theta, phi, entries: [...filter.entries] };
      if (stop || barrier.mu < 1e-12) break;
    }
  }
  assert(rises > 100 && steps > 500, `${rises} of ${steps}`);
});
