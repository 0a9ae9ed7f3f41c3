/**
 * Linear, mixed-integer and convex quadratic programs by HiGHS,
 *
 *     minimize ½ xᵀPx + cᵀx  where  rowLower <= Ax <= rowUpper, lower <= x <= upper, xⱼ whole for some j.
 *
 * What HiGHS answers is measured on the program itself: it is `converged` only if `measures` say so, without whole
 * variables by the KKT residual; with whole ones by feasibility, by wholeness, and by the bound that branch and cut
 * proves. Rays are checked too.
 *
 * Source: Huangfu and Hall, Parallelizing the dual revised simplex method (2018).
 *
 * @module
 */
import type { Highs, Model, ModelData } from "npm:highs@1.15.3";
import { checkInfeasible, checkUnbounded, type SparseLinearProgram, type SparseProgram } from "../constrained/mod.ts";
import {
  type Certificate,
  DomainError,
  figure,
  firstEntries,
  GradusError,
  kindOf,
  linearPart,
  type Measures,
  measures,
  Presented,
  type Status,
  type Vector,
} from "../core/mod.ts";

/** Options of `highs`. */
export interface HighsOptions {
  /** 1 for variables that must be whole. Default: the program's `integer`. */
  readonly integer?: Uint8Array;
  /** The method for linear programs. Default "choose". */
  readonly method?: "choose" | "simplex" | "ipm" | "pdlp";
  /** Whether HiGHS presolves. Default true. */
  readonly presolve?: boolean;
  /** The most seconds. Default no limit. */
  readonly seconds?: number;
  /** The relative distance from the bound at which branch and cut ends. Default 0. */
  readonly gap?: number;
  /** Violations that HiGHS tolerates, also of wholeness. Default 1e-9. */
  readonly tolerance?: number;
  /** The bytes of the package's `highs.wasm`; without them the package reads the file. */
  readonly wasm?: Uint8Array;
}

/** What HiGHS found. */
export interface HighsResultFields {
  /** `converged` for an optimum that the measures confirm. */
  readonly status: Status;
  /** What HiGHS says, and what the measures say. */
  readonly message: string;
  /** The last solution; zeros if there is none. */
  readonly x: Vector;
  /** The objective at x; NaN if there is no solution. */
  readonly value: number;
  /** The multipliers of rows, as `LinearProgram` has them; none with whole variables. */
  readonly multipliers?: Vector;
  /**
   * No solution has a smaller value than this: the value itself at an optimum, with whole variables what branch and cut
   * proves; else -Infinity.
   */
  readonly bound: number;
  /**
   * The measures of the program. With whole variables `primalResidual` and `integrality`, the largest distance of one
   * from being whole: there are no multipliers to measure.
   */
  readonly measures: Measures;
  /** The ray by which there is no solution, of programs without whole variables. */
  readonly certificate?: Certificate;
}

/** What HiGHS found. */
export interface HighsResult extends HighsResultFields {}
/** What HiGHS found. */
export class HighsResult extends Presented {
  /** A result of the fields. */
  constructor(fields: HighsResultFields) {
    super();
    Object.assign(this, fields);
  }

  /** The status, what HiGHS says, the value and its bound, the first coordinates, and the measures. */
  toString(): string {
    const { status, message, value, bound, x, measures } = this;
    const rows: [string, string][] = [
      ["status", status],
      ["message", message],
      ...(Number.isNaN(value)
        ? []
        : [["value", value.toPrecision(10)], ["bound", bound.toPrecision(10)]] as [string, string][]),
      ["x", firstEntries(x)],
      ...Object.entries(measures).filter(([name]) => name !== "value").map((
        [name, m],
      ): [string, string] => [name, figure(m)]),
    ];
    const width = Math.max(...rows.map(([label]) => label.length));
    return `HiGHS, n = ${x.length}\n` + rows.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`).join("\n");
  }
}

/** Measures up to this confirm an optimum, relative to the bounds and the value. */
const CONFIRMED = 1e-7;

/** Whole variables this near to a whole number are made whole, if the rows allow it. */
const NEARLY_WHOLE = 1e-5;

/** Rays that reach so far confirm that there is no solution. */
const FAR = 1e7;

let loaded: Promise<Highs> | undefined;

/**
 * Solves a program by HiGHS.
 *
 * @throws {GradusError} When the package cannot be loaded, or HiGHS refuses the program.
 * @throws {DomainError} When the problem is malformed, or a quadratic one has whole variables.
 *
 * @example The most valuable load of at most 10 kg
 * ```ts
 * import { highs } from "@gradus/gradus/highs";
 * import { fromTriplets } from "@gradus/gradus/linalg";
 * import { assertEquals } from "@std/assert";
 *
 * const { status, x, value } = await highs({
 *   kind: "linear-program",
 *   objective: Float64Array.of(-10, -13, -7, -8), // to be minimized
 *   matrix: fromTriplets(1, 4, [0, 0, 0, 0], [0, 1, 2, 3], [5, 6, 3, 4]),
 *   rowLower: Float64Array.of(-Infinity),
 *   rowUpper: Float64Array.of(10),
 *   lower: new Float64Array(4),
 *   upper: new Float64Array(4).fill(1),
 *   integer: new Uint8Array(4).fill(1),
 * });
 * assertEquals([status, value, ...x], ["converged", -21, 0, 1, 0, 1]);
 * ```
 */
export async function highs(problem: SparseProgram, options: HighsOptions = {}): Promise<HighsResult> {
  const linear = linearPart(problem);
  const integer = options.integer ?? linear.integer, isWhole = integer?.includes(1) ?? false;
  const checked: SparseLinearProgram = integer ? { ...linear, integer } : linear;
  kindOf(problem.kind === "linear-program" ? checked : { ...problem, linear: checked });
  if (isWhole && problem.kind === "quadratic-program") {
    throw new DomainError(
      "Cannot solve by HiGHS: expected a linear objective with whole variables, got a quadratic one",
    );
  }
  const library = await load(options.wasm);
  try {
    const model = library.createModel(dataOf(library, problem, isWhole ? integer : undefined));
    try {
      model.options.set(settings(options));
      model.run();
      if (model.getModelStatus() === library.constants.modelStatus.unboundedOrInfeasible) {
        model.options.set("presolve", "off");
        model.run();
      }
      return resultOf(library, model, problem, isWhole ? integer : undefined);
    } finally {
      model.dispose();
    }
  } catch (reason) {
    throw new GradusError(`Cannot solve by HiGHS: ${reason instanceof Error ? reason.message : reason}`);
  }
}

async function load(wasm?: Uint8Array): Promise<Highs> {
  const fresh = async (): Promise<Highs> => {
    try {
      const { default: given } = await import("npm:highs@1.15.3");
      const start = given as unknown as typeof given.default; // declared as CommonJS, loaded as a module
      return await (wasm ? startWith(wasm, start) : start());
    } catch (reason) {
      loaded = undefined;
      throw new GradusError(`Cannot load HiGHS: ${reason instanceof Error ? reason.message : reason}`);
    }
  };
  return await (loaded ??= fresh());
}

/**
 * Starts the package with a module that is at hand, Emscripten's `instantiateWasm`: this build reads a file otherwise,
 * whatever bytes it is given. Rejects where they are no module, or that of another version.
 */
function startWith(wasm: Uint8Array, start: (options: object) => Promise<Highs>): Promise<Highs> {
  return new Promise((resolve, reject) => {
    const instantiateWasm = (imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance) => void): void => {
      WebAssembly.instantiate(wasm.slice(), imports).then(({ instance }) => receive(instance)).catch(reject);
    };
    start({ instantiateWasm }).then(resolve, reject);
  });
}

function settings(
  { method = "choose", presolve = true, seconds, gap = 0, tolerance = 1e-9 }: HighsOptions,
): Record<string, string | number | boolean> {
  return {
    output_flag: false,
    solver: method,
    presolve: presolve ? "on" : "off",
    ...(seconds !== undefined && { time_limit: seconds }),
    mip_rel_gap: gap,
    mip_abs_gap: 0,
    primal_feasibility_tolerance: tolerance,
    dual_feasibility_tolerance: tolerance,
    mip_feasibility_tolerance: tolerance,
  };
}

function dataOf(library: Highs, problem: SparseProgram, integer: Uint8Array | undefined): ModelData {
  const linear = linearPart(problem);
  const { rows, columns, rowStarts, columnIndices, values } = linear.matrix,
    indices = (v: Uint32Array) => new Int32Array(v);
  const { continuous, integer: whole } = library.constants.variableType;
  const hessian = problem.kind === "quadratic-program" ? problem.hessian : undefined;
  return {
    numCols: columns,
    numRows: rows,
    colCost: linear.objective,
    colLower: linear.lower,
    colUpper: linear.upper,
    rowLower: linear.rowLower,
    rowUpper: linear.rowUpper,
    matrix: {
      format: "csr",
      numRows: rows,
      numCols: columns,
      starts: indices(rowStarts),
      indices: indices(columnIndices),
      values,
    },
    ...(integer && { integrality: Array.from(integer, (flag) => flag ? whole : continuous) }),
    ...(hessian && {
      hessian: {
        format: "square",
        dimension: columns,
        starts: indices(hessian.rowStarts),
        indices: indices(hessian.columnIndices),
        values: hessian.values,
      },
    }),
  };
}

function resultOf(
  { constants: { modelStatus } }: Highs,
  model: Model,
  problem: SparseProgram,
  integer: Uint8Array | undefined,
): HighsResult {
  const code = model.getModelStatus(), word = Object.entries(modelStatus).find(([, value]) => value === code)?.[0];
  const { colValue, rowDual } = model.getSolution(),
    linear = linearPart(problem);
  const x = Float64Array.from(linear.objective, (_, j) => colValue[j] ?? 0);
  const multipliers = Float64Array.from(linear.rowLower, (_, i) => -(rowDual[i] ?? 0)); // HiGHS has cᵀx - yᵀAx
  if (integer) makeWhole(linear, integer, x);
  const integrality = x.reduce((most, a, j) => integer?.[j] ? Math.max(most, Math.abs(a - Math.round(a))) : most, 0);
  const all = measures(problem, integer ? { x } : { x, multipliers });
  const figures: Measures = integer ? { value: all.value, primalResidual: all.primalResidual, integrality } : all;
  const isOptimal = code === modelStatus.optimal || code === modelStatus.empty;
  const bound = integer ? Number(model.info.get("mip_dual_bound")) : isOptimal ? figures.value : -Infinity;
  const isFeasible = figures.primalResidual <= CONFIRMED * (1 + largest(linear)) && integrality === 0 || !integer;
  const common = { x, bound, measures: figures, ...(!integer && { multipliers }) };
  const end = (status: Status, message: string, value = figures.value, certificate?: Certificate): HighsResult =>
    new HighsResult({
      ...common,
      value,
      status,
      message: `HiGHS: ${word}; ${message}`,
      ...(certificate && { certificate }),
    });
  if (isOptimal) {
    if (integer) {
      const gap = Math.abs(figures.value - bound) / (1 + Math.abs(bound));
      return end(
        isFeasible && gap <= CONFIRMED ? "converged" : "stalled-at-precision",
        `primalResidual ${figures.primalResidual}, integrality ${integrality}, distance from the bound ${gap}`,
      );
    }
    const { relativeKktResidual: residual } = figures;
    return end(residual <= CONFIRMED ? "converged" : "stalled-at-precision", `relativeKktResidual ${residual}`);
  }
  if (code === modelStatus.infeasible || code === modelStatus.unbounded) {
    const status = code === modelStatus.infeasible ? "infeasible" : "unbounded";
    const certificate = integer ? undefined : rayOf(model, problem, status);
    if (!integer && !(certificate && certificate.radius >= FAR)) {
      return end("stalled-at-precision", "no ray confirms it", NaN);
    }
    const message = certificate
      ? `a ray confirms it, radius ${certificate.radius}`
      : "by branch and cut, without a ray";
    return end(status, message, NaN, certificate);
  }
  const isTime = code === modelStatus.timeLimit;
  return end(isTime ? "time-limit" : "stalled-at-precision", "no optimum was proved", isFeasible ? figures.value : NaN);
}

/** Rounds whole variables that nearly are, unless rows or bounds then are left that were not. */
function makeWhole(linear: SparseLinearProgram, integer: Uint8Array, x: Vector): void {
  const rounded = x.map((a, j) => integer[j] && Math.abs(a - Math.round(a)) <= NEARLY_WHOLE ? Math.round(a) : a);
  const violation = (at: Vector): number => measures(linear, { x: at }).primalResidual;
  if (violation(rounded) <= Math.max(violation(x), 1e-9)) x.set(rounded);
}

function largest({ rowLower, rowUpper }: SparseLinearProgram): number {
  const sizes = [...rowLower, ...rowUpper].filter(Number.isFinite).map(Math.abs);
  return sizes.reduce((most, a) => Math.max(most, a), 0);
}

/** HiGHS's ray with the sign by which it proves more. */
function rayOf(model: Model, problem: SparseProgram, proves: Certificate["proves"]): Certificate | undefined {
  const given = proves === "infeasible" ? model.getDualRay() : model.getPrimalRay();
  if (!given) return undefined;
  const check = proves === "infeasible" ? checkInfeasible : checkUnbounded, ray = given.values.slice();
  const both = [check(problem, ray), check(problem, ray.map((a) => -a))];
  return { proves, ...(both[0].radius >= both[1].radius ? both[0] : both[1]) };
}
