/**
 * One run of a solver on a problem: steps, counts, trace, stopping rules, and what is left when it ends.
 *
 * @module
 */
import { type BackendIdentity, backendText, checkBackend, computeBy, currentBackend } from "./backend.ts";
import { counted, Interruption, type Limits, Meter } from "./counts.ts";
import { environment } from "./environment.ts";
import { CheckpointError, DomainError, MissingOracleError } from "./errors.ts";
import { Figures } from "./figures.ts";
import { type Kind, type Measures, pathsOf } from "./kind.ts";
import { at, kindOf, oraclesOf } from "./kinds.ts";
import { clonePoint, pointOf } from "./point.ts";
import { Kept } from "./kept.ts";
import type { Problem } from "./problem.ts";
import { Result } from "./result.ts";
import { rng } from "./rng.ts";
import { type Identity, identity, type Position, restore, save } from "./saved.ts";
import type { Layout } from "./storage.ts";
import type { Point, Solver, State, Stop } from "./solver.ts";
import { checkRules, divergence, type Rule, standardRules } from "./stop.ts";
import { Trace } from "./trace.ts";
import { norm2, type Vector } from "./vector.ts";

/** Options of a run. */
export interface SolveOptions {
  /** Where to start: coordinates, or a full point. */
  readonly start: ArrayLike<number> | Point;
  /** The run ends when the first of these fires. Default: the kind's first measure <= 1e-9, or 10 000 iterations. */
  readonly stop?: Rule | readonly Rule[];
  /** Default 0. */
  readonly seed?: number;
  /** Names and shapes of the parameters, for solvers that use them. */
  readonly layout?: Layout;
  /**
   * Solvers that do not know the measure of their iterate are measured every so many iterations. Default 1; for
   * problems that are seen in batches, whenever the solver has spent one more full gradient.
   */
  readonly measureEvery?: number;
  /** The most rows that the trace keeps. Default 2000. */
  readonly traceRows?: number;
  /** Ends the run, also inside a step, with the status `aborted`. */
  readonly signal?: AbortSignal;
  /** Hands out the run as bytes after every so many iterations. */
  readonly checkpoint?: { readonly every: number; readonly save: (bytes: Uint8Array) => void };
  /** Continues the run that these bytes hold; the problem, the solver, the start and the backend must be the same. */
  readonly resume?: Uint8Array;
}

/** A run. Made by `solve`; the members are what `solve`, `solveAsync` and `lastRun` need. */
export class Run<P extends Problem> {
  readonly #kind: Kind<P>;
  readonly #problem: P;
  readonly #solver: Solver<P>;
  readonly #options: SolveOptions;
  readonly #rules: readonly Rule[];
  readonly #start: Point;
  readonly #meter: Meter;
  readonly #measuring: Meter;
  readonly #counted: P;
  readonly #measure: (point: Point, out: Measures) => void;
  readonly #primary: string;
  readonly #best: Kept;
  /** The last whole iterate. */
  readonly #good: Kept;
  readonly #trace: Trace;
  /** What the solver wants traced of its state. */
  readonly #traced: readonly string[];
  readonly #figures: Figures;
  readonly #wantsStep: boolean;
  /** Whether a rule reads a measure that solvers give no estimate of. */
  readonly #readsMore: boolean;
  readonly #oraclesRank: boolean;
  readonly #inBatches: boolean;
  #state: State | undefined;
  #stop: Stop | undefined;
  #insideStep = false;
  /** Whether `measures` are those of the present iterate as the yardstick gives them, not the solver's estimate. */
  #measured = false;
  /** Whether the figures are those of an earlier iterate: a batch says nothing of the whole. */
  #isStale = false;
  #timeBudget = Infinity;
  readonly #limits: Limits;
  /** The one in use at the start. */
  readonly #backend: BackendIdentity = currentBackend();

  constructor(problem: P, solver: Solver<P>, options: SolveOptions) {
    const kind = this.#kind = kindOf(problem);
    checkNeeds(problem, kind, solver);
    this.#problem = problem;
    this.#solver = solver;
    this.#traced = solver.traced ?? [];
    this.#options = options;
    const stop = options.stop ?? standardRules(kind as Kind<never>);
    this.#rules = [...(Array.isArray(stop) ? stop : [stop]), divergence()];
    checkRules(this.#rules, kind as Kind<never>);
    const every = options.measureEvery;
    if (every !== undefined && !(Number.isSafeInteger(every) && every >= 1)) {
      throw new DomainError(`Cannot measure every ${every} iterations: expected a positive integer`);
    }
    this.#start = pointOf(kind, problem, options.start, "start");
    this.#good = new Kept(this.#start.x, NaN, NaN);
    this.#best = new Kept(this.#start.x, Infinity, Infinity);
    this.#meter = new Meter(kind as Kind<never>, problem);
    this.#measuring = new Meter(kind as Kind<never>, problem);
    this.#limits = {
      evaluations: Infinity,
      calls: {},
      deadline: Infinity,
      ...(options.signal && { signal: options.signal }),
    };
    for (const { limit } of this.#rules) {
      this.#limits.evaluations = Math.min(this.#limits.evaluations, limit?.evaluations ?? Infinity);
      this.#timeBudget = Math.min(this.#timeBudget, limit?.seconds ?? Infinity);
      for (const [path, most] of Object.entries(limit?.calls ?? {})) {
        this.#limits.calls[path] = Math.min(this.#limits.calls[path] ?? Infinity, most);
      }
    }
    this.#counted = counted(kind, problem, this.#meter, this.#best);
    this.#measure = kind.measurer(counted(kind, problem, this.#measuring, this.#best));
    this.#primary = kind.measures[0];
    this.#wantsStep = this.#rules.some((r) => r.needsStep);
    this.#readsMore = this.#rules.some((r) => r.reads.some((name) => name !== this.#primary));
    this.#oraclesRank = kind.oracles.some((o) => o.ranks);
    this.#inBatches = kind.oracles.some((o) => o.batch && typeof at(problem, o.path) === "function");
    this.#figures = new Figures(this.#start.x, this.#primary, this.#meter);
    const capacity = options.traceRows ?? 2000;
    if (options.resume) {
      this.#trace = this.#resume(restore(options.resume, this.#identity()), capacity);
    } else {
      const columns = ["iteration", "evaluations", "seconds", "value", this.#primary, "measuring"];
      const calls = pathsOf(kind as Kind<never>).map((path) => `calls.${path}`);
      this.#trace = new Trace([...columns, ...this.#traced, ...calls], capacity);
    }
  }

  /**
   * Runs, by the backend of its start, until a rule fires, or until `pause` (a time of `performance.now()`); returns
   * whether the run has ended.
   *
   * @throws {BackendError} When an oracle or a callback leaves another backend in use.
   */
  advance(pause = Infinity): boolean {
    return this.#stop !== undefined || computeBy(this.#backend, () => this.#advance(pause));
  }

  #advance(pause: number): boolean {
    let mark = performance.now();
    this.#limits.deadline = mark + 1000 * (this.#timeBudget - this.#figures.seconds);
    this.#meter.limit(this.#limits);
    try {
      if (!this.#state) {
        this.#insideStep = true;
        this.#state = this.#solver.init(this.#counted, this.#start, {
          rng: rng(this.#options.seed ?? 0),
          ...(this.#options.layout && { layout: this.#options.layout }),
        });
        this.#insideStep = false;
        mark = this.#observe(mark);
        checkBackend(this.#backend);
      }
      while (!this.#stop && mark < pause) {
        this.#insideStep = true;
        this.#solver.step(this.#counted, this.#state);
        this.#insideStep = false;
        this.#figures.iteration++;
        mark = this.#observe(mark);
        checkBackend(this.#backend);
      }
    } catch (reason) {
      if (!(reason instanceof Interruption)) throw reason;
      this.#figures.seconds += (performance.now() - mark) / 1000;
      this.#stop = reason.stop;
    }
    return this.#stop !== undefined;
  }

  /** Looks at the iterate after a step: time, measures, health, trace, rules. Returns the time at which it ended. */
  #observe(mark: number): number {
    const f = this.#figures, state = this.#state!;
    let now = performance.now();
    f.seconds += (now - mark) / 1000;
    f.previousValue = f.value;
    f.x = state.x;
    this.#measured = false;
    if (state.estimate !== undefined && !this.#readsMore) {
      f.value = f.measures.value = state.value;
      f.measures[this.#primary] = state.estimate;
      this.#rank(state.x);
    } else if (this.#isTimeToMeasure()) {
      this.#measureNow();
      now = performance.now();
    } else if (!Number.isNaN(state.value)) {
      f.value = state.value;
    }
    this.#isStale = state.estimate === undefined && !this.#measured && this.#inBatches;
    if (f.iteration === 0) Object.assign(f.initialMeasures, f.measures);
    const unhealthy = this.#unhealthy();
    if (unhealthy) {
      this.#stop = unhealthy;
      return now;
    }
    if (this.#wantsStep && f.iteration > 0) {
      f.stepNorm = distance(state.x, this.#good.x);
      f.norm = norm2(state.x);
    }
    this.#good.keep(state.x, f.value, f.measures[this.#primary]);
    this.#record();
    this.#stop = this.#verdict();
    const { checkpoint } = this.#options;
    if (checkpoint && f.iteration > 0 && f.iteration % checkpoint.every === 0) checkpoint.save(this.#save());
    return this.#measured || checkpoint ? performance.now() : now;
  }

  /** Whether an iterate of which the solver says nothing is measured. */
  #isTimeToMeasure(): boolean {
    const f = this.#figures, every = this.#options.measureEvery;
    if (every !== undefined) return f.iteration % every === 0;
    return !this.#inBatches || f.iteration === 0 || f.evaluations >= f.measuredAt + 1;
  }

  #measureNow(): void {
    const f = this.#figures;
    f.measuredAt = f.evaluations;
    const point = this.#solver.point(this.#problem, this.#state!);
    this.#measure(point, f.measures);
    f.value = f.measures.value;
    this.#measured = true;
    this.#rank(point.x);
  }

  /** Keeps the best iterate, where the oracles do not keep the best point. */
  #rank(x: Vector): void {
    if (this.#oraclesRank) return;
    const f = this.#figures, merit = this.#kind.ranking === "value" ? f.value : f.measures[this.#primary];
    if (merit < this.#best.merit) this.#best.keep(x, f.value, merit);
  }

  #unhealthy(): Stop | undefined {
    const { value, measures } = this.#figures, merit = measures[this.#primary];
    if (this.#kind.hasValue && value === -Infinity) return { status: "unbounded", message: "value -Infinity" };
    const finite = Number.isFinite(value) || (value === Infinity && this.#kind.hasDomain);
    if (this.#kind.hasValue && !finite) return { status: "non-finite", message: `value ${value}` };
    if (!Number.isFinite(merit)) return { status: "non-finite", message: `${this.#primary} ${merit}` };
    return undefined;
  }

  #record(): void {
    const { row } = this.#trace, f = this.#figures, calls = this.#meter.calls;
    row[0] = f.iteration;
    row[1] = this.#meter.evaluations;
    row[2] = f.seconds;
    row[3] = f.value;
    row[4] = f.measures[this.#primary];
    row[5] = this.#measuring.evaluations;
    for (let k = 0; k < this.#traced.length; k++) {
      row[6 + k] = (this.#state as unknown as Record<string, number>)[this.#traced[k]];
    }
    for (let k = 0; k < calls.length; k++) row[6 + this.#traced.length + k] = calls[k];
    this.#trace.record();
  }

  /** The first rule that fires; one that claims convergence is believed only when the measures say so. */
  #verdict(): Stop | undefined {
    const f = this.#figures;
    for (const rule of this.#rules) {
      if (!rule.fires(f)) continue;
      if (rule.reads.length > 0 && !this.#measured) {
        this.#measureNow();
        if (!rule.fires(f)) continue;
      }
      return rule.verdict(f);
    }
    return this.#state!.stop;
  }

  /** What the run has so far. */
  result(): Result {
    const f = this.#figures, state = this.#state, good = this.#good;
    const unfinished: Stop = { status: "aborted", message: `interrupted at iteration ${f.iteration}` };
    const { status, message } = this.#stop ?? unfinished;
    const isSound = status !== "non-finite" && (status !== "unbounded" || state?.stop?.status === status);
    const whole = this.#stop !== undefined && state !== undefined && !this.#insideStep && isSound;
    const certificate = whole ? this.#solver.certificate?.(this.#problem, state) : undefined;
    const point = whole ? clonePoint(this.#solver.point(this.#problem, state)) : { x: good.x.slice() };
    const last = this.#isStale ? this.#measuresAt(point) : undefined;
    const value = last?.value ?? (whole ? f.value : good.value);
    const isBest = last !== undefined && value < this.#best.value, { version, engine } = environment;
    return new Result({
      solver: { name: this.#solver.name, options: this.#solver.options },
      problem: {
        name: this.#problem.name ?? "a problem",
        kind: this.#kind.name,
        dimension: this.#kind.dimension(this.#problem),
      },
      status,
      message,
      start: this.#start,
      point,
      value,
      best: { value: isBest ? value : this.#best.value, x: (isBest ? good : this.#best).x.slice() },
      measures: last ?? (whole && this.#measured ? { ...f.measures } : { value, [this.#primary]: good.merit }),
      iterations: f.iteration,
      counts: {
        evaluations: this.#meter.evaluations,
        calls: this.#meter.byPath(),
        measuring: this.#measuring.evaluations + (last ? 1 : 0),
      },
      seconds: f.seconds,
      trace: this.#trace,
      ...(certificate && { certificate: { ...certificate, ray: certificate.ray.slice() } }),
      seed: this.#options.seed ?? 0,
      environment: { version, engine, backend: backendText(this.#backend) },
    }, () => this.#save());
  }

  /**
   * The measures of the point a run ends at, where only an earlier one's are known; the run's own figures stay as they
   * are.
   */
  #measuresAt(point: Point): Measures {
    const out: Measures = { value: NaN };
    this.#kind.measurer(this.#problem)(point, out);
    return out;
  }

  #identity(): Identity {
    const backend = backendText(this.#backend), seed = this.#options.seed ?? 0;
    return identity(this.#kind, this.#problem, this.#solver, this.#start, seed, backend);
  }

  #save(): Uint8Array {
    if (!this.#state || this.#insideStep || this.#stop?.status === "non-finite") {
      throw new CheckpointError(
        `Cannot save the run: it ended inside step ${this.#figures.iteration + 1} (${this.#stop?.message}); ` +
          "pass the option checkpoint: { every, save } to keep the last whole step",
      );
    }
    const { stop: _, ...state } = this.#state, { value, merit, x } = this.#best;
    return save(this.#identity(), {
      state,
      figures: this.#figures.data(),
      best: { value, merit, x },
      work: [this.#meter.work, this.#measuring.work],
      calls: [this.#meter.calls, this.#measuring.calls],
      trace: this.#trace.data(),
    });
  }

  /** Takes up a saved position; returns its trace. */
  #resume({ state, figures, best, work, calls, trace }: Position, capacity: number): Trace {
    this.#state = state;
    Object.assign(this.#figures, figures);
    [this.#meter.work, this.#measuring.work] = work;
    this.#meter.calls.set(calls[0]);
    this.#measuring.calls.set(calls[1]);
    this.#best.keep(best.x, best.value, best.merit);
    this.#good.keep(state.x, figures.value, figures.measures[this.#primary]);
    return Trace.from(trace, capacity);
  }
}

function checkNeeds<P extends Problem>(problem: P, kind: Kind<P>, solver: Solver<P>): void {
  if (typeof solver?.step !== "function") {
    throw new DomainError(`Cannot run: expected a solver, as lbfgs() makes one, got ${typeof solver}`);
  }
  const missing = solver.needs.filter((path) => typeof at(problem, path.split(".")) !== "function");
  if (missing.length > 0) {
    throw new MissingOracleError(
      `Cannot run ${solver.name} on a ${kind.name} problem: it needs ${missing.join(", ")}; ` +
        `the problem has ${oraclesOf(problem).join(", ")}`,
    );
  }
}

function distance(x: Vector, y: Vector): number {
  let s = 0;
  for (let i = 0; i < x.length; i++) s += (x[i] - y[i]) ** 2;
  return Math.sqrt(s);
}
