/**
 * Derivatives beside their difference quotients, and the report on them.
 *
 * @module
 */
import type { Quotient } from "./quotients.ts";
import { figure } from "./stop.ts";

/** Which function is wrong: one of a problem or a vector function, or `symmetry` (of a Hessian). */
export type DerivativeOracle =
  | "gradient"
  | "hessianVector"
  | "symmetry"
  | "jacobian"
  | "jacobianVector"
  | "jacobianTransposeVector";

/** A derivative beside its difference quotient. */
export interface Mismatch {
  /** The wrong function. */
  readonly oracle: DerivativeOracle;
  /** The coordinate, or -1 for a figure along a random direction. */
  readonly coordinate: number;
  /** Of a vector function, the row of its Jacobian; missing where all are summed with random weights. */
  readonly row?: number;
  /** Of a constrained problem, which of its functions it is. */
  readonly part?: "objective" | "equality" | "inequality";
  /** What the problem's function says; NaN where it writes nothing. */
  readonly given: number;
  /** What differences say. */
  readonly difference: number;
}

/** What a check of derivatives found. */
export interface DerivativeReport {
  /** Whether everything agrees within the tolerance. */
  readonly ok: boolean;
  /** The disagreements, the largest first. */
  readonly mismatches: readonly Mismatch[];
  /** The largest relative difference over all checks. */
  readonly worst: number;
  /** The verdict and the mismatches as text. */
  toString(): string;
}

/** Gathers comparisons. */
export class Mismatches {
  readonly #tolerance: number;
  readonly #found: Mismatch[] = [];
  #worst = 0;

  /** None so far. A relative difference up to the tolerance passes. */
  constructor(tolerance: number) {
    this.#tolerance = tolerance;
  }

  /**
   * Notes it where a derivative does not agree with a quotient, beyond four times its error; returns whether it does.
   */
  compare(where: Omit<Mismatch, "given" | "difference">, given: number, quotient: Quotient): boolean {
    const scale = Math.max(Math.abs(given), Math.abs(quotient.value));
    const size = Math.max(0, Math.abs(given - quotient.value) - 4 * quotient.error) / (scale || 1);
    this.#worst = Math.max(this.#worst, Number.isNaN(size) ? Infinity : size);
    if (size <= this.#tolerance) return true;
    this.#found.push({ ...where, given, difference: quotient.value });
    return false;
  }

  /** The report, without figures along random directions where coordinates are named. */
  report(): DerivativeReport {
    const found = this.#found, located = found.filter((m) => m.coordinate >= 0);
    const named = located.length > 0 ? located : found;
    return new Report(found.length === 0, named.toSorted(largestFirst), this.#worst);
  }
}

/** Several reports as one, each of a part of a constrained problem. */
export function joinReports(
  reports: readonly (readonly [NonNullable<Mismatch["part"]>, DerivativeReport])[],
): DerivativeReport {
  const mismatches = reports.flatMap(([part, report]) => report.mismatches.map((m) => ({ ...m, part })));
  const worst = Math.max(...reports.map(([, report]) => report.worst));
  return new Report(mismatches.length === 0, mismatches.toSorted(largestFirst), worst);
}

/** The order of a report: what is not a number before all numbers. */
function largestFirst(a: Mismatch, b: Mismatch): number {
  const sizeA = distanceOf(a), sizeB = distanceOf(b);
  return sizeA === sizeB ? 0 : sizeA > sizeB ? -1 : 1;
}

function distanceOf({ given, difference }: Mismatch): number {
  const distance = Math.abs(given - difference);
  return Number.isNaN(distance) ? Infinity : distance;
}

class Report implements DerivativeReport {
  constructor(readonly ok: boolean, readonly mismatches: readonly Mismatch[], readonly worst: number) {}
  toString(): string {
    if (this.ok) return `derivatives agree with differences (largest relative difference ${figure(this.worst)})`;
    const lines = this.mismatches.slice(0, 5).map(({ oracle, coordinate, row, part, given, difference }) => {
      const where = coordinate < 0 ? "along a random direction" : `coordinate ${coordinate}`;
      return `  ${part ? `${part}.` : ""}${oracle}, ${row === undefined ? "" : `row ${row}, `}${where}: ` +
        `given ${given.toPrecision(6)}, differences say ${difference.toPrecision(6)}`;
    });
    const more = this.mismatches.length > 5 ? [`  and ${this.mismatches.length - 5} more`] : [];
    return ["derivatives disagree with differences:", ...lines, ...more].join("\n");
  }
}
