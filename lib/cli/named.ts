/**
 * Test problems by the names that the command line takes.
 *
 * @module
 */
import type { Constrained, Instance, TwiceSmooth } from "../core/mod.ts";
import { hockSchittkowskiGeneral, mgh } from "../problems/mod.ts";

/** The problems of Moré, Garbow and Hillstrom and of Hock and Schittkowski, by their names in lower case. */
export function testProblems(): ReadonlyMap<string, Instance<TwiceSmooth | Constrained>> {
  return new Map([...mgh(), ...hockSchittkowskiGeneral()].map((instance) => [instance.name.toLowerCase(), instance]));
}
