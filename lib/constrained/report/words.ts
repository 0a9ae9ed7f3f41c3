/**
 * The words of a report on a point.
 *
 * @module
 */
import { figure } from "../../core/mod.ts";
import { type ConstraintState, type Findings, nameOf } from "./findings.ts";

/** What the point is, in a sentence. */
export function verdictOf(found: Findings): string {
  const broken = found.constraints.filter(({ violated }) => violated);
  if (broken.length > 0) return `infeasible: violated ${broken.length === 1 ? "is" : "are"} ${list(broken)}`;
  if (!found.isStationary) return `no KKT point: ${failing(found)}`;
  return `${ofSecondOrder(found)}${found.dependent.length > 0 ? "; the multipliers are not unique" : ""}`;
}

/** Which condition of first order fails the most. */
function failing({ constraints, stationarity, dualFeasibility, complementarity }: Findings): string {
  if (dualFeasibility >= Math.max(stationarity, complementarity)) {
    const wrong = constraints.filter(({ kind, multiplier }) => kind === "inequality" && multiplier < 0);
    const worst = wrong.reduce((a, b) => b.multiplier < a.multiplier ? b : a);
    return `the multiplier of ${nameOf(worst)} is ${
      figure(worst.multiplier)
    }, below 0: f falls as it leaves its boundary`;
  }
  if (complementarity > stationarity) {
    const [first, ...others] = constraints.filter(({ kind }) => kind === "inequality");
    const product = ({ value, multiplier }: ConstraintState): number => Math.abs(value * multiplier);
    const worst = others.reduce((a, b) => product(b) > product(a) ? b : a, first);
    return `${nameOf(worst)}, which is ${figure(worst.value)}, times its multiplier ${
      figure(worst.multiplier)
    } is not 0`;
  }
  return `the gradient of the Lagrangian, less what bounds hold, is ${figure(stationarity)}, not 0`;
}

function ofSecondOrder({ curvatures, leastCurvature, constraints, dependent, flat }: Findings): string {
  if (!curvatures) return "a KKT point; without second derivatives nothing tells a minimizer from a saddle";
  const [least, greatest] = curvatures;
  if (least === Infinity) return "a strict local minimizer: as many constraints hold it as there are variables";
  if (least > flat) {
    return `a strict local minimizer: where constraints leave room, the Lagrangian curves up by at least ${
      figure(least)
    }`;
  }
  if (leastCurvature! < -flat && dependent.length > 0) {
    return `a KKT point; whether a minimizer is undecided: the Lagrangian curves down, by ${
      figure(leastCurvature!)
    }, but where active gradients depend on each other points along that direction need not be feasible`;
  }
  if (leastCurvature! < -flat) {
    const isTop = greatest < -flat && constraints.every(({ kind, active }) => kind === "equality" || !active);
    return `a KKT point but no minimizer: the Lagrangian curves down, by ${
      figure(leastCurvature!)
    }, along a direction that keeps ` +
      `the active constraints${isTop ? "; it curves down along all of them: a local maximizer there" : ": a saddle"}`;
  }
  if (least < -flat) {
    return `a KKT point; whether a minimizer is undecided: the Lagrangian curves down, by ${
      figure(least)
    }, only where constraints ` +
      "with multiplier 0 are left";
  }
  return "a KKT point; whether a minimizer is undecided: along a direction that keeps the active constraints the curvature is 0";
}

function list(constraints: readonly ConstraintState[]): string {
  return constraints.slice(0, 6).map((one) => `${nameOf(one)} (${figure(one.value)})`).join(", ") +
    (constraints.length > 6 ? ` and ${constraints.length - 6} more` : "");
}

/** All of the report. */
export function textOf(found: Findings, verdict: string): string {
  const { dependent, weaklyActive, curvatures, rank, active } = found;
  const names = (some: readonly ConstraintState[]): string => some.map(nameOf).join(", ");
  const lines: [string, string][] = [
    ["verdict", verdict],
    ["value", found.value.toPrecision(10)],
    ["KKT residual", figure(found.kktResidual)],
    ["  stationarity", figure(found.stationarity)],
    ["  primal feasibility", figure(found.primalFeasibility)],
    ["  dual feasibility", figure(found.dualFeasibility)],
    ["  complementarity", figure(found.complementarity)],
    [
      "active gradients",
      `${active}, of rank ${rank}: ${dependent.length === 0 ? "independent" : `dependent are ${names(dependent)}`}`,
    ],
    ["strict complementarity", weaklyActive.length === 0 ? "yes" : `no: multiplier 0 of ${names(weaklyActive)}`],
    ["reduced curvature", curvatureText(curvatures)],
  ];
  const width = Math.max(...lines.map(([label]) => label.length));
  return [...lines.map(([label, text]) => `${label.padEnd(width)}  ${text}`), ...rows(found.constraints)].join("\n");
}

function curvatureText(curvatures: Findings["curvatures"]): string {
  if (!curvatures) return "unknown: no second derivatives";
  const [least, greatest] = curvatures;
  return least === Infinity ? "no direction is left" : `from ${figure(least)} to ${figure(greatest)}`;
}

function rows(constraints: readonly ConstraintState[]): string[] {
  const cells = constraints.map((one) => [
    nameOf(one),
    one.value.toExponential(3),
    one.multiplier.toExponential(6),
    one.violated ? "violated" : one.active ? "active" : "",
  ]);
  const head = ["constraint", "value", "multiplier", ""];
  const widths = head.map((title, j) => Math.max(title.length, ...cells.map((row) => row[j].length)));
  return [head, ...cells].map((row) =>
    row.map((cell, j) => j === 1 || j === 2 ? cell.padStart(widths[j]) : cell.padEnd(widths[j])).join("  ").trimEnd()
  );
}
