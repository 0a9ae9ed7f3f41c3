/**
 * Stopping rules. A run stops when the first of its rules fires; `all` combines rules that must fire together.
 *
 * Relative and absolute tolerances are separate, and either may be 0.
 *
 * @module
 */
import { DomainError } from "./errors.ts";
import { type Kind, type Measures, pathsOf } from "./kind.ts";
import type { Options, Stop } from "./solver.ts";
import type { Vector } from "./vector.ts";

/** What a rule sees of a run. */
export interface Progress {
  /** Steps made; 0 at the start. */
  readonly iteration: number;
  /** The current iterate: to look at, not to keep or change. */
  readonly x: Vector;
  /** `f(x)`, NaN where the kind has none. */
  readonly value: number;
  /** The measures of the iterate. */
  readonly measures: Readonly<Measures>;
  /** The measures of the start. */
  readonly initialMeasures: Readonly<Measures>;
  /** `f` before the last step. */
  readonly previousValue: number;
  /** `|xₖ - xₖ₋₁|₂`; infinite at the start. */
  readonly stepNorm: number;
  /** `|xₖ|₂`, as of the last step. */
  readonly norm: number;
  /** The solver's calls in units of one full gradient. */
  readonly evaluations: number;
  /** The solver's calls of one oracle. */
  readonly calls: (path: string) => number;
  /** Solver time in seconds, without measuring. */
  readonly seconds: number;
}

/** A stopping rule: immutable; what it compares with is in the progress. */
export interface Rule {
  /** The name in messages and rows. */
  readonly name: string;
  /** The options it was made with. */
  readonly options: Options;
  /** The measures it reads; a rule that reads some claims convergence, and the run checks it by measuring. */
  readonly reads: readonly string[];
  /** Whether it needs the norm of the last step. */
  readonly needsStep: boolean;
  /** A limit that the oracles enforce inside a step. */
  readonly limit?: {
    readonly evaluations?: number;
    readonly calls?: Record<string, number>;
    readonly seconds?: number;
  };
  /** Whether it fires. */
  readonly fires: (progress: Progress) => boolean;
  /** The status and the figures, asked only when it fires. */
  readonly verdict: (progress: Progress) => Stop;
}

/** An absolute and a relative tolerance; either is enough. */
export interface Tolerances {
  /** Default 1e-9, or 0 where only a relative one is given. */
  readonly absolute?: number;
  /** Relative to the first iterate's figure (or as the rule says). Default 0. */
  readonly relative?: number;
}

/** A number as messages print it. */
export function figure(x: number): string {
  return Number.isInteger(x) && Math.abs(x) < 1e6 ? String(x) : x.toExponential(2);
}

function tolerances(what: string, given: Tolerances, standard: number): { absolute: number; relative: number } {
  const { relative = 0, absolute = given.relative === undefined ? standard : 0 } = given;
  for (const [name, t] of Object.entries({ absolute, relative })) {
    if (!(t >= 0) || t === Infinity) {
      throw new DomainError(`Cannot stop on ${what}: expected a finite ${name} tolerance >= 0, got ${t}`);
    }
  }
  return { absolute, relative };
}

/** The count that a limit takes. */
function count(what: string, n: number): number {
  if (!(n >= 0)) throw new DomainError(`Cannot limit ${what}: expected a number >= 0, got ${n}`);
  return n;
}

/**
 * Converged when a measure of the kind is at most the absolute tolerance, or the relative one times its first value.
 *
 * @param name One of the kind's measures.
 */
export function measureBelow(name: string, options: Tolerances = {}): Rule {
  const { absolute, relative } = tolerances(name, options, 1e-9);
  return {
    name,
    options: { absolute, relative },
    reads: [name],
    needsStep: false,
    fires: (p) => p.measures[name] <= Math.max(absolute, relative * p.initialMeasures[name]),
    verdict: (p) => {
      const m = p.measures[name], first = p.initialMeasures[name];
      const against = m <= absolute
        ? `${figure(absolute)} (absolute)`
        : `${figure(relative * first)} (relative: ${figure(relative)} of ${figure(first)})`;
      return { status: "converged", message: `${name} ${figure(m)} <= ${against}` };
    },
  };
}

/** Converged when `|∇f(x)|∞ <= absolute` or `<= relative |∇f(x₀)|∞`. For smooth problems. */
export function gradientNorm(options: Tolerances = {}): Rule {
  return measureBelow("gradientNorm", options);
}

/**
 * Converged when the duality gap is at most the tolerance, for kinds that have one. A gap says nothing of feasibility:
 * combine it with the kind's first measure, as `all(gap(), measureBelow("relativeKktResidual"))`.
 */
export function gap(options: Tolerances = {}): Rule {
  return measureBelow("gap", options);
}

/** Stalled when `|fₖ - fₖ₋₁| <= absolute + relative |fₖ|`; relative defaults to 0. */
export function valueChange(options: Tolerances): Rule {
  const { absolute, relative } = tolerances("the change of the value", options, 0);
  return {
    name: "valueChange",
    options: { absolute, relative },
    reads: [],
    needsStep: false,
    fires: (p) => p.iteration > 0 && Math.abs(p.value - p.previousValue) <= absolute + relative * Math.abs(p.value),
    verdict: (p) => ({
      status: "stalled-at-precision",
      message: `change of value ${figure(Math.abs(p.value - p.previousValue))} <= ${figure(absolute)} (absolute) + ` +
        `${figure(relative)} |f| (relative)`,
    }),
  };
}

/** Stalled when `|xₖ - xₖ₋₁|₂ <= absolute + relative |xₖ|₂`. */
export function stepBelow(options: Tolerances): Rule {
  const { absolute, relative } = tolerances("the step", options, 0);
  return {
    name: "stepBelow",
    options: { absolute, relative },
    reads: [],
    needsStep: true,
    fires: (p) => p.stepNorm <= absolute + relative * p.norm,
    verdict: (p) => ({
      status: "stalled-at-precision",
      message: `step ${figure(p.stepNorm)} <= ${figure(absolute)} (absolute) + ${figure(relative)} |x| (relative)`,
    }),
  };
}

/** At most `most` iterations. */
export function iterations(most: number): Rule {
  count("iterations", most);
  return {
    name: "iterations",
    options: { most },
    reads: [],
    needsStep: false,
    fires: (p) => p.iteration >= most,
    verdict: (p) => ({ status: "iteration-limit", message: `iterations ${p.iteration} >= ${most}` }),
  };
}

/** At most `most` evaluations, in units of one full gradient; no run makes one more, not even inside a step. */
export function evaluations(most: number): Rule {
  count("evaluations", most);
  return {
    name: "evaluations",
    options: { most },
    reads: [],
    needsStep: false,
    limit: { evaluations: most },
    fires: (p) => p.evaluations >= most,
    verdict: (p) => ({ status: "evaluation-limit", message: `evaluations ${figure(p.evaluations)} >= ${most}` }),
  };
}

/** At most `most` calls of one oracle, as `calls("hessianVector", 1000)`. */
export function calls(oracle: string, most: number): Rule {
  count(`calls of ${oracle}`, most);
  return {
    name: "calls",
    options: { oracle, most },
    reads: [],
    needsStep: false,
    limit: { calls: { [oracle]: most } },
    fires: (p) => p.calls(oracle) >= most,
    verdict: (p) => ({ status: "evaluation-limit", message: `calls of ${oracle} ${p.calls(oracle)} >= ${most}` }),
  };
}

/** At most `most` seconds of solver time; also inside a step, at the next call of an oracle. */
export function seconds(most: number): Rule {
  count("seconds", most);
  return {
    name: "seconds",
    options: { most },
    reads: [],
    needsStep: false,
    limit: { seconds: most },
    fires: (p) => p.seconds >= most,
    verdict: (p) => ({ status: "time-limit", message: `seconds ${figure(p.seconds)} >= ${most}` }),
  };
}

/** Stops when `f(x) <= value`. */
export function target(value: number): Rule {
  if (!Number.isFinite(value)) throw new DomainError(`Cannot aim at the target ${value}: expected a finite number`);
  return {
    name: "target",
    options: { value },
    reads: [],
    needsStep: false,
    fires: (p) => p.value <= value,
    verdict: (p) => ({ status: "target-reached", message: `value ${figure(p.value)} <= ${figure(value)}` }),
  };
}

/** Stops when the function returns true; it is called after every iteration. */
export function callback(done: (progress: Progress) => boolean | void): Rule {
  return {
    name: "callback",
    options: {},
    reads: [],
    needsStep: false,
    fires: (p) => done(p) === true,
    verdict: (p) => ({
      status: "stopped-by-callback",
      message: `the callback returned true at iteration ${p.iteration}`,
    }),
  };
}

/**
 * Diverged when `f(x) > f(x₀) + factor (1 + |f(x₀)|)`, unbounded when it is as far below; every run has this rule.
 */
export function divergence(factor = 1e20): Rule {
  const far = (p: Progress) => factor * (1 + Math.abs(p.initialMeasures.value));
  return {
    name: "divergence",
    options: { factor },
    reads: [],
    needsStep: false,
    fires: (p) => Math.abs(p.value - p.initialMeasures.value) > far(p),
    verdict: (p) => {
      const first = p.initialMeasures.value, up = p.value > first, limit = up ? first + far(p) : first - far(p);
      return {
        status: up ? "diverged" : "unbounded",
        message: `value ${figure(p.value)} ${up ? ">" : "<"} ${figure(limit)}`,
      };
    },
  };
}

/** Fires when all of the rules do; the status is the first one's. Limits inside `all` act between steps only. */
export function all(...rules: readonly Rule[]): Rule {
  if (rules.length === 0) throw new DomainError("Cannot combine rules: expected at least one, got none");
  return {
    name: `all(${rules.map((r) => r.name).join(", ")})`,
    options: { rules: rules.map((r) => ({ name: r.name, ...r.options })) },
    reads: rules.flatMap((r) => r.reads),
    needsStep: rules.some((r) => r.needsStep),
    fires: (p) => rules.every((r) => r.fires(p)),
    verdict: (p) => {
      const verdicts = rules.map((r) => r.verdict(p));
      return { status: verdicts[0].status, message: verdicts.map((v) => v.message).join(" and ") };
    },
  };
}

/** The rules of a run that names none: the kind's first measure at most 1e-9, and 10 000 iterations. */
export function standardRules(kind: Kind<never>): Rule[] {
  return [measureBelow(kind.measures[0]), iterations(10_000)];
}

/**
 * Checks that the kind has what the rules read.
 *
 * @throws {DomainError} On what is no rule; on a measure or an oracle that the kind does not have.
 */
export function checkRules(rules: readonly Rule[], kind: Kind<never>): void {
  const oracles = pathsOf(kind);
  for (const rule of rules) {
    if (!Array.isArray(rule?.reads)) {
      throw new DomainError(`Cannot stop by ${JSON.stringify(rule)}: expected a rule, as iterations(100) makes one`);
    }
    for (const name of rule.reads) {
      if (!kind.measures.includes(name)) {
        throw new DomainError(
          `Cannot stop on ${name}: a ${kind.name} problem has the measures ${kind.measures.join(", ")}`,
        );
      }
    }
    for (const path of Object.keys(rule.limit?.calls ?? {})) {
      if (!oracles.includes(path)) {
        throw new DomainError(
          `Cannot limit calls of ${path}: a ${kind.name} problem has the oracles ${oracles.join(", ")}`,
        );
      }
    }
  }
}
