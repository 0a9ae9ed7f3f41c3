/**
 * Are the Jacobians of constraints and residuals right? Differences at the start, near the end and at the end of a run.
 *
 * @module
 */
import { checkJacobian, type Mismatch, norm2, type Vector, type VectorFunction } from "../../core/mod.ts";
import { nearby } from "./derivatives.ts";
import { type Advised, rough } from "./finding.ts";

/** A vector function of a problem. */
export interface Part {
  /** `equality`, `inequality` or `residual`. */
  readonly name: string;
  /** The function. */
  readonly f: VectorFunction;
}

/** Functions of more rows are not looked at: differences of all would cost too much. */
const MOST_ROWS = 2000;

/** Beside the length of its row, an entry's error of this size is none. */
const ROUNDING = 1e-9;

/** The first part whose Jacobian differences contradict. */
export function examineJacobians(parts: readonly Part[], start: Vector, end: Vector): Advised[] {
  const places: readonly [string, Vector][] = [["at the start", start], ["near the end", nearby(end)], [
    "at the end",
    end,
  ]];
  for (const { name, f } of parts) {
    if (f.components > MOST_ROWS) continue;
    for (const [where, x] of places) {
      const values = new Float64Array(f.components);
      f.value(x, values);
      if (!values.every(Number.isFinite)) continue;
      const { mismatches } = checkJacobian(f, x);
      const wrong = mismatches.filter((mismatch) => Number.isFinite(mismatch.difference) && matters(f, x, mismatch));
      if (wrong.length > 0) return [aboutJacobian(name, where, wrong)];
    }
  }
  return [];
}

/**
 * Whether a mismatch is more than rounding beside the other entries of its row: constraints that are 0 are sums of what
 * is not.
 */
function matters(f: VectorFunction, x: Vector, { row, given, difference }: Mismatch): boolean {
  if (row === undefined) return true;
  const unit = new Float64Array(f.components), gradient = new Float64Array(x.length);
  unit[row] = 1;
  f.jacobianTransposeVector(x, unit, gradient);
  return !(Math.abs(given - difference) <= ROUNDING * norm2(gradient));
}

function aboutJacobian(name: string, where: string, wrong: readonly Mismatch[]): Advised {
  const [{ oracle, row = -1, coordinate, given, difference }] = wrong;
  const rows = [...new Set(wrong.map((mismatch) => mismatch.row ?? -1).filter((i) => i >= 0))].sort((a, b) => a - b);
  const list = rows.slice(0, 4).join(", ") + (rows.length > 4 ? ` and ${rows.length - 4} more` : "");
  const what = oracle === "hessianVector" ? "second derivatives" : "the Jacobian";
  const place = row >= 0 ? `, row ${row}${coordinate >= 0 ? `, column ${coordinate}` : ""}` : "";
  return {
    topic: "jacobian",
    severity: "error",
    text:
      `${what} of the ${name} is wrong${rows.length > 0 ? ` in row ${list}` : ""}: ${where}${place}, ${oracle} says ` +
      `${rough(given)}, differences say ${rough(difference)}`,
    data: { part: name, oracle, rows, given, difference, where },
    advice: [`correct ${oracle} of the ${name} (checkJacobian(f, x) shows what is wrong)`],
  };
}
