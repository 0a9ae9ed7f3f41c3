/**
 * The first look at a problem with general constraints: functions that do not fit its sizes are refused.
 *
 * @module
 */
import { type Constrained, ShapeError } from "../core/mod.ts";
import { evaluateFirst, type Evaluation } from "./evaluation.ts";

/**
 * Evaluates f, c, ∇f and J at the start, and sees whether all entries are written. Returns whether they are finite.
 *
 * @throws {ShapeError} When a function leaves an entry out, or writes beyond its room.
 */
export function evaluateStart(verb: string, problem: Constrained, at: Evaluation): boolean {
  fill(at, NaN);
  try {
    if (evaluateFirst(problem, at)) return true;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const { rows, columns } = at.jacobian;
    throw new ShapeError(
      `Cannot ${verb}: expected functions of ${columns} variables and ${rows} constraints in all, got one that writes beyond ` +
        `its room (${error.message})`,
    );
  }
  const first = [at.gradient, at.constraints, at.jacobian.data].map((part) => part.slice());
  fill(at, MARK);
  evaluateFirst(problem, at);
  [at.gradient, at.constraints, at.jacobian.data].forEach((part, which) => {
    const k = part.findIndex((entry, i) => entry === MARK && Number.isNaN(first[which][i]));
    if (k >= 0) {
      throw new ShapeError(`Cannot ${verb}: expected ${nameOf(problem, at, which, k)} to be written, got nothing`);
    }
    part.set(first[which]);
  });
  return false;
}

/** What no function computes by chance. */
const MARK = -1.2345678901234567e-203;

function fill({ gradient, constraints, jacobian }: Evaluation, value: number): void {
  for (const part of [gradient, constraints, jacobian.data]) part.fill(value);
}

/** The k-th entry of the gradient, of the constraints, or of the Jacobian. */
function nameOf(
  { constraints }: Constrained,
  { jacobian: { columns: n } }: Evaluation,
  which: number,
  k: number,
): string {
  if (which === 0) return `entry ${k} of objective.gradient`;
  const row = which === 1 ? k : Math.floor(k / n), first = constraints.equality?.components ?? 0;
  const [part, index] = row < first ? ["equality", row] : ["inequality", row - first];
  return which === 1
    ? `entry ${index} of constraints.${part}.value`
    : `entry (${index}, ${k % n}) of constraints.${part}.jacobian`;
}
