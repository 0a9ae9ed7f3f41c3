import { assert, assertEquals } from "@std/assert";
import { sqp } from "../../../lib/constrained/mod.ts";
import { isSolved, type SetRow, solveSet } from "../hock_schittkowski.ts";

/** Whether a listed minimum was found with multipliers that prove it, to 1e-6 without any scaling. */
const solved = (row: SetRow): boolean => isSolved(row) && row.kktResidual <= 1e-6;

// @must sqp: at least 95 % of the problems of Hock and Schittkowski with general constraints to 1e-6, with right multipliers
// @measured reached: 105 of 106 with Hessians in 24445 evaluations, 104 with BFGS matrices in 8622, all with KKT residuals below 1e-6 as they are; HS13 has no multipliers, HS33 ends by BFGS at f = -4, a KKT point that is no minimum
Deno.test("sqp() solves the problems of Hock and Schittkowski", () => {
  for (const hessian of ["exact", "bfgs"] as const) {
    const rows = solveSet(sqp({ hessian })), failed = rows.filter((row) => !solved(row));
    assertEquals(failed.map(({ name }) => name), hessian === "exact" ? ["HS13"] : ["HS13", "HS33"]);
    assert(failed.length <= 0.05 * rows.length);
  }
});
