/**
 * What constraints have to do with it: those that contradict or repeat each other, scales that differ, points that are
 * no minima.
 *
 * @module
 */
import { kktReport, lbfgsb } from "../../constrained/mod.ts";
import {
  boundsOf,
  type Constrained,
  evaluations,
  isFiniteVector,
  iterations,
  linearPart,
  type LinearProgram,
  measureBelow,
  norm2,
  type QuadraticProgram,
  type Result,
  type Smooth,
  solve,
  type Vector,
  type VectorFunction,
  withinBounds,
} from "../../core/mod.ts";
import { type Advised, coordinates, leading, rough } from "./finding.ts";

/** A violation up to here is none, relative to the length of the constraint's gradient where that is above 1. */
const FEASIBLE = 1e-6;

/** Gradients of constraints whose lengths differ by this factor make a problem hard. */
const UNEVEN = 1e6;

/** A constraint by name. */
interface Row {
  readonly name: string;
  /** The length of its gradient at the end of the run. */
  readonly length: number;
}

/** Looks at the constraints at the end of a run. */
export function examineConstraints({ point, status }: Result, problem: Constrained): Advised[] {
  const parts = partsOf(problem), rows = parts.flatMap(({ name, f }) => lengths(f, point.x, name));
  if (!rows.every(({ length }) => Number.isFinite(length))) return [undefinedAt(rows)];
  const least = nearestFeasible(problem, point.x, rows);
  if (least) return [least];
  const found = unevenRows(rows, status === "converged");
  const needsMultipliers = rows.length > 0 && !point.multipliers;
  if (needsMultipliers || status === "unbounded" || status === "diverged") return found;
  const report = kktReport(problem, point), { dependent, leastCurvature, flat, isStationary } = report;
  if (isStationary && leastCurvature !== undefined && leastCurvature < -flat) {
    found.push({
      topic: "saddle",
      severity: "error",
      text: `this is no minimum: ${report.verdict}`,
      data: { curvature: leastCurvature },
      advice: ["start elsewhere: the conditions of first order hold at saddle points and maxima too"],
    });
  }
  if (dependent.length > 0) {
    found.push({
      topic: "constraints",
      severity: status === "converged" ? "info" : "warning",
      text: `active constraints depend on each other: ${
        dependent.slice(0, 4).map(({ kind, index }) => `${kind} ${index}`).join(", ")
      }`,
      data: { rows: dependent.map(({ index }) => index) },
      advice: ["leave out the constraints that the others imply: multipliers are not unique, and methods may stall"],
    });
  }
  return found;
}

/** What a linear or quadratic program is proved to be. */
export function examineCertificate({ certificate }: Result, problem: LinearProgram | QuadraticProgram): Advised[] {
  if (!certificate) return [];
  const { matrix } = linearPart(problem), list = leading(certificate.ray, 6);
  if (certificate.proves === "unbounded") {
    return [{
      topic: "unbounded",
      severity: "error",
      text: `the objective falls for ever along ${coordinates(list)}`,
      data: { coordinates: list, radius: certificate.radius },
      advice: ["check the sign of the objective; if it is right, these variables lack a bound"],
    }];
  }
  const said = list.map((i) => `row ${i}`).join(", "), others = matrix.rows - list.length;
  return [{
    topic: "infeasible",
    severity: "error",
    text: `the constraints contradict each other: above all ${said}` + (others > 0 ? ", with their bounds" : ""),
    data: { rows: list, radius: certificate.radius },
    advice: ["look at these rows and the bounds of their variables: one of them asks for too much"],
  }];
}

/** The vector functions of a problem with the names of their rows. */
export function partsOf({ constraints: { equality, inequality } }: Constrained): {
  readonly name: "equality" | "inequality";
  readonly f: VectorFunction;
}[] {
  return [
    ...(equality ? [{ name: "equality" as const, f: equality }] : []),
    ...(inequality ? [{ name: "inequality" as const, f: inequality }] : []),
  ];
}

/** The lengths of the gradients of a part; NaN where the constraint is not finite. */
function lengths(f: VectorFunction, x: Vector, name: string): Row[] {
  const { components: m } = f,
    c = new Float64Array(m),
    unit = new Float64Array(m),
    gradient = new Float64Array(x.length);
  f.value(x, c);
  return Array.from(c, (value, i) => {
    unit[i] = 1;
    f.jacobianTransposeVector(x, unit, gradient);
    unit[i] = 0;
    return { name: `${name} ${i}`, length: Number.isFinite(value) && isFiniteVector(gradient) ? norm2(gradient) : NaN };
  });
}

function undefinedAt(rows: readonly Row[]): Advised {
  const bad = rows.flatMap(({ length }, i) => Number.isFinite(length) ? [] : [i]);
  return {
    topic: "non-finite",
    severity: "error",
    text: `${rows[bad[0]].name} is not finite at the last point`,
    data: { rows: bad },
    advice: ["bound the variables so that the constraints are defined, or start where they are"],
  };
}

/** `½ Σ vᵢ²` over violations v of constraints, each in units of its gradient, as a problem with bounds. */
function violationOf(problem: Constrained, rows: readonly Row[]): Smooth {
  const scale = Float64Array.from(rows, ({ length }) => 1 / Math.max(1, length)), { dimension } = problem.objective;
  const parts = partsOf(problem), product = new Float64Array(dimension);
  const rest = parts.map(({ f }) => new Float64Array(f.components));
  const value = (x: Vector): number => {
    let sum = 0, from = 0;
    parts.forEach(({ name, f }, p) => {
      f.value(x, rest[p]);
      for (let i = 0; i < f.components; i++) {
        const v = scale[from + i] * (name === "equality" ? rest[p][i] : Math.max(0, rest[p][i]));
        sum += v * v / 2;
        rest[p][i] = v * scale[from + i]; // the weight of the row's gradient
      }
      from += f.components;
    });
    return sum;
  };
  return {
    kind: "smooth",
    dimension,
    value,
    gradient: (x, out) => {
      const here = value(x);
      out.fill(0);
      parts.forEach(({ f }, p) => {
        f.jacobianTransposeVector(x, rest[p], product);
        for (let j = 0; j < dimension; j++) out[j] += product[j];
      });
      return here;
    },
  };
}

/** Goes from a point towards feasible ones; what is left of the violation there, if it is something. */
function nearestFeasible(problem: Constrained, x: Vector, rows: readonly Row[]): Advised | undefined {
  const objective = violationOf(problem, rows), [lower, upper] = boundsOf(problem);
  const start = withinBounds(x, lower, upper);
  if (objective.value(start) <= FEASIBLE ** 2 / 2) return undefined;
  const nearest = solve({ kind: "constrained", objective, constraints: { lower, upper } }, lbfgsb(), {
    start,
    stop: [measureBelow("kktResidual", { absolute: 1e-2 * FEASIBLE ** 2 }), evaluations(1000), iterations(500)],
  });
  const left = Math.sqrt(2 * nearest.value);
  if (left <= FEASIBLE) return undefined;
  const size = Float64Array.from(violations(problem, nearest.x), (v, i) => v / Math.max(1, rows[i].length));
  const list = leading(size, 4);
  return {
    topic: "infeasible",
    severity: "error",
    text:
      `the constraints contradict each other near the end of the run: the least violation there is ${
        rough(left)
      }, of ` +
      list.map((i) => rows[i].name).join(", "),
    data: { rows: list, violation: left },
    advice: [
      "look at these constraints and the bounds: one of them asks for too much, or start closer to feasible points",
    ],
  };
}

function violations(problem: Constrained, x: Vector): number[] {
  return partsOf(problem).flatMap(({ name, f }) => {
    const c = new Float64Array(f.components);
    f.value(x, c);
    return Array.from(c, (v) => name === "equality" ? Math.abs(v) : Math.max(0, v));
  });
}

function unevenRows(rows: readonly Row[], converged: boolean): Advised[] {
  const sorted = [...rows.keys()].filter((i) => rows[i].length > 0).sort((i, j) => rows[i].length - rows[j].length);
  if (sorted.length < 2) return [];
  const small = sorted[0], large = sorted[sorted.length - 1], ratio = rows[large].length / rows[small].length;
  if (ratio < UNEVEN) return [];
  return [{
    topic: "scaling",
    severity: converged ? "info" : "warning",
    text:
      `constraints have different scales: the gradient of ${rows[small].name} has length ${
        rough(rows[small].length)
      }, ` +
      `that of ${rows[large].name} ${rough(rows[large].length)}`,
    data: { rows: [small, large], ratio },
    advice: ["divide each constraint by the size of its gradient"],
  }];
}
