// Options that are chosen by name: what is none of the names is refused where the solver is made, and the message lists them.
import { assertThrows } from "@std/assert";
import { adaSketchNewton, sketchedSystem } from "../../lib/constrained/mod.ts";
import { checkChoice, DomainError } from "../../lib/core/mod.ts";
import { bsvrb } from "../../lib/games/mod.ts";
import { arc, gnsNewton, trustRegion } from "../../lib/smooth/mod.ts";
import { fista } from "../../lib/splitting/mod.ts";
import { sinkhorn, sparsityConstrainedTransport } from "../../lib/transport/mod.ts";

Deno.test("checkChoice() lists the choices, and names what is none of them", () => {
  checkChoice("go", "a way", "up", ["up", "down"]);
  assertThrows(
    () => checkChoice("go", "a way", "left", ["up", "down"]),
    DomainError,
    'Cannot go: expected a way among "up", "down", got "left"',
  );
});

Deno.test("makers of solvers refuse names that are none of the choices", () => {
  const wrong = "other" as never;
  const makers: Record<string, () => unknown> = {
    'a domain among "log", "kernel", "stabilized"': () => sinkhorn({ domain: wrong }),
    'a formulation among "semi-dual", "dual"': () => sparsityConstrainedTransport({ formulation: wrong }),
    'a version among "v1", "v2"': () => bsvrb({ version: wrong }),
    'a momentum among "none", "fista"': () => fista({ momentum: wrong }),
    'a restart among "none", "gradient", "value"': () => fista({ restart: wrong }),
    'a model among "exact", "none"': () => gnsNewton({ hessian: wrong }),
    'a subproblem among "steihaug", "lanczos", "dogleg", "exact"': () => trustRegion({ subproblem: wrong }),
    'a subproblem among "exact", "lanczos"': () => arc({ subproblem: wrong }),
    'a sketch among "uniform-row", "row-by-norm"': () => adaSketchNewton({ system: sketchedSystem({ sketch: wrong }) }),
  };
  for (const [message, make] of Object.entries(makers)) assertThrows(make, DomainError, message);
});
