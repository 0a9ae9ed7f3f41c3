/**
 * Why a run ended as it did, and what to try next.
 *
 * @module
 */
import {
  type Constrained,
  DomainError,
  isFiniteVector,
  norm2,
  normInf,
  Presented,
  type Problem,
  type Result,
  type Smooth,
  smoothOf,
  vector,
} from "../core/mod.ts";
import { examineDerivatives } from "./diagnose/derivatives.ts";
import { examineCertificate, examineConstraints, partsOf } from "./diagnose/constraints.ts";
import { guarded, guardedConstrained, guardedVector } from "./diagnose/guard.ts";
import { examineJacobians } from "./diagnose/jacobians.ts";
import type { Advised, Finding, Site } from "./diagnose/finding.ts";
import { examineNoise } from "./diagnose/noise.ts";
import { examineFloor, examineProgress, examineSteps, examineStop } from "./diagnose/progress.ts";
import { examineBounds, examineRegion } from "./diagnose/rays.ts";
import { curvatures, examineScaling } from "./diagnose/scaling.ts";
import { examineShape } from "./diagnose/shape.ts";
import { visible } from "./table.ts";

/** What `explain` found. */
export class Explanation extends Presented {
  /** The solver and the problem. */
  readonly subject: string;
  /** What was found, the most serious first; what stopped the run is always there. */
  readonly findings: readonly Finding[];
  /** What to try, the most promising first; empty when nothing seems wrong. */
  readonly advice: readonly string[];

  /**
   * Makes an explanation.
   *
   * @param subject The solver and the problem.
   * @param findings What was found.
   * @param advice What to try.
   */
  constructor(subject: string, findings: readonly Finding[], advice: readonly string[]) {
    super();
    this.subject = subject;
    this.findings = findings;
    this.advice = advice;
  }

  /** The findings of a topic. */
  about(topic: Finding["topic"]): readonly Finding[] {
    return this.findings.filter((finding) => finding.topic === topic);
  }

  /** The findings line by line, then what to try next. */
  toString(): string {
    const width = Math.max(...this.findings.map(({ topic }) => topic.length));
    const found = this.findings.map(({ severity, topic, text }) =>
      `  ${severity.padEnd(7)}  ${topic.padEnd(width)}  ${visible(text)}`
    );
    const next = this.advice.map((text) => `  - ${text}`);
    return [visible(this.subject), ...found, ...(next.length > 0 ? ["what to try next:", ...next] : [])].join("\n");
  }
}

/**
 * Looks for the reason why a run ended as it did: what stopped it, whether the gradient is right (differences at the
 * start and at the end, with the coordinates that are wrong), how much noise the values carry, which variables are
 * badly scaled, whether the end is a saddle point, flat, or in a narrow valley, whether f has a minimum at all, and
 * where it stops being finite.
 *
 * For smooth, least-squares and stochastic problems, the smooth part of composite ones, and sums of squares in a box as
 * if there were none. With constraints: whether their Jacobians are right, whether they contradict or repeat each
 * other, whether their scales differ, and whether the end is no minimum among the points that meet them. Of linear and
 * quadratic programs: what their certificates prove. Of other kinds it says what stopped the run and how fast it was.
 * That takes a few hundred calls of f and its gradient, up to a thousand with many variables, which no count holds.
 *
 * @param result What `solve` returned.
 * @param problem The problem it was run on.
 * @throws {DomainError} When the result is of another kind of problem.
 * @throws {ShapeError} When it has another number of variables.
 *
 * @example A gradient with a wrong entry
 * ```ts
 * import { explain } from "@gradus/gradus/compare";
 * import { solve } from "@gradus/gradus/core";
 * import { bfgs } from "@gradus/gradus/smooth";
 * import { assertEquals } from "@std/assert";
 *
 * const problem = {
 *   kind: "smooth" as const,
 *   dimension: 2,
 *   value: (x: Float64Array) => x[0] ** 2 + Math.exp(x[1]) - x[1],
 *   gradient: (x: Float64Array, out: Float64Array) => {
 *     out[0] = 2 * x[0];
 *     out[1] = Math.exp(x[1]) + 1; // the sign of 1 is wrong
 *     return x[0] ** 2 + Math.exp(x[1]) - x[1];
 *   },
 * };
 * const explanation = explain(solve(problem, bfgs(), { start: [1, 2] }), problem);
 * assertEquals(explanation.about("gradient")[0].data.coordinates, [1]);
 * ```
 */
export function explain(result: Result, problem: Problem): Explanation {
  if (problem?.kind !== result.problem.kind) {
    const got = problem === undefined ? "none" : `a ${problem.kind} one`;
    throw new DomainError(
      `Cannot explain the run: expected the ${result.problem.kind} problem it was made on, got ${got}`,
    );
  }
  const found = [...examineStop(result), ...examineProgress(result), ...lookAt(result, problem)];
  const order = { error: 0, warning: 1, info: 2 };
  found.sort((a, b) => order[a.severity] - order[b.severity]);
  const advice = new Set(
    found.filter(({ severity }) => severity !== "info").flatMap((finding) => finding.advice ?? []),
  );
  const floor = found.filter(({ severity }) => severity === "info").flatMap((finding) => finding.advice ?? []);
  if (result.status !== "converged" && result.status !== "target-reached") floor.forEach((text) => advice.add(text));
  return new Explanation(
    `${result.solver.name} on ${result.problem.name}`,
    found.map(({ advice: _, ...finding }) => finding),
    [...advice],
  );
}

/** What values and gradients of the smooth part tell. */
function lookAt(result: Result, problem: Problem): Advised[] {
  if (problem.kind === "constrained") return lookAtConstrained(result, guardedConstrained(problem));
  if (problem.kind === "linear-program" || problem.kind === "quadratic-program") {
    return examineCertificate(result, problem);
  }
  if (problem.kind === "least-squares") {
    const wrong = examineJacobians(
      [{ name: "residual", f: guardedVector(problem.residual) }],
      result.start.x,
      result.x,
    );
    if (wrong.length > 0) return wrong;
  }
  const part = smoothPart(problem);
  if (!part) return [];
  const site = siteOf(result, part), { status } = result;
  const atEnd = Number.isFinite(site.value) && isFiniteVector(site.gradient);
  const lost = status === "non-finite" || status === "line-search-failed";
  const region = lost || !atEnd ? examineRegion(site, status) : [];
  if (!atEnd) return region;
  const noise = status === "unbounded" || status === "diverged" ? [] : examineNoise(site),
    derivatives = examineDerivatives(site);
  const ownMinimum = problem.kind !== "composite" && !isBounded(problem),
    bounds = ownMinimum ? examineBounds(site, status) : [];
  const found = [...derivatives, ...region, ...noise, ...bounds];
  // what follows is read off the gradient
  if (derivatives.some(({ topic }) => topic === "gradient")) return found;
  const trouble = status !== "converged" && status !== "target-reached", along = curvatures(site);
  const small = normInf(site.gradient) <= 1e-4 * site.firstNorm;
  const ended = status === "converged" || status === "stalled-at-precision" || small;
  const shape = ownMinimum && bounds.length === 0 && status !== "non-finite"
    ? examineShape(site, along, ended, trouble)
    : [];
  const largest = along.values.reduce((m, h) => Math.max(m, Number.isNaN(h) ? 0 : h), 0);
  return [
    ...found,
    ...shape,
    ...examineScaling(along, trouble),
    ...examineFloor(site, status, largest),
    ...examineSteps(status, largest),
  ];
}

/** What the objective and the constraints tell. */
function lookAtConstrained(result: Result, problem: Constrained): Advised[] {
  const site = siteOf(result, problem.objective), { status } = result;
  if (!Number.isFinite(site.value) || !isFiniteVector(site.gradient)) return examineRegion(site, status);
  const jacobians = examineJacobians(partsOf(problem), result.start.x, result.x);
  const found = [...examineDerivatives(site), ...jacobians];
  if (found.some(({ topic }) => topic === "gradient" || topic === "jacobian")) return found;
  const endless = status === "unbounded" || status === "diverged";
  const far = endless ? examineBounds(site, status) : examineNoise(site);
  return [...found, ...far, ...examineConstraints(result, problem)];
}

function isBounded(problem: Problem): boolean {
  return problem.kind === "least-squares" && (problem.lower !== undefined || problem.upper !== undefined);
}

function smoothPart(problem: Problem): Smooth | undefined {
  switch (problem.kind) {
    case "smooth":
      return problem;
    case "composite":
      return problem.smooth;
    case "least-squares": {
      const { lower: _, upper: __, ...free } = problem;
      return smoothOf(free);
    }
    case "stochastic":
      return smoothOf(problem);
    default:
      return undefined;
  }
}

function siteOf(result: Result, part: Smooth): Site {
  const n = part.dimension, x = vector(result.x, n, "point of the result"), start = result.start.x, f = guarded(part);
  const gradient = new Float64Array(n), first = new Float64Array(n);
  const value = f.gradient(x, gradient), firstValue = f.gradient(start, first);
  const firstNorm = normInf(isFiniteVector(first) ? first : gradient);
  const drop = Number.isFinite(firstValue - result.value) ? Math.max(0, firstValue - result.value) : 0;
  const reach = Math.max(norm2(x), norm2(x.map((xi, i) => xi - start[i]))) || 1;
  return { f, x, value, gradient, firstNorm, start, reach, drop, noise: 0 };
}
