/**
 * Short programs for a function of one variable, by evolution: few operations, small relative error.
 *
 * ```
 * a population of straight-line programs; repeat:
 *    the best of a random few is copied and changed: an operator, an operand, an instruction more or less
 *    its constants are fitted: min Σ w (p(x)/f(x) - 1)², by Levenberg's and Marquardt's method, w drawn towards the largest error
 *    it enters the population, the oldest one leaves
 * the best error seen for each number of operations is kept
 * ```
 *
 * The largest error over a fine grid counts, in double precision; how a program does in single precision, or on an
 * accelerator, is not looked at.
 *
 * Source: Real and others, AutoNumerics-Zero: Automated Discovery of State-of-the-Art Mathematical Functions (2023),
 * arXiv 2312.08472; regularized evolution is Real, Aggarwal, Huang and Le's (2019), weights by Lawson (1961).
 *
 * @module
 */
import {
  DomainError,
  integer,
  isFiniteVector,
  normal,
  normInf,
  type Rng,
  rng,
  uniform,
  type Vector,
} from "../core/mod.ts";
import { matrix, solve } from "../linalg/mod.ts";
import {
  type Instruction,
  type Operand,
  type Operator,
  runProgram,
  type StraightLineProgram,
  usedConstants,
  withoutDeadCode,
} from "./straight_line.ts";

/** How to search. */
export interface ProgramSearchOptions {
  /** The domain. Default 0 to 1. */
  readonly lower?: number;
  /** See `lower`. */
  readonly upper?: number;
  /** Operations, at most. Default 8. */
  readonly maxOperations?: number;
  /** Programs alive. Default 100. */
  readonly population?: number;
  /** Programs of which the best has an offspring. Default 10. */
  readonly tournament?: number;
  /** Programs tried. Default 20 000. */
  readonly evaluations?: number;
  /** Default 0. */
  readonly seed?: number;
}

/** A program and what it is good for. */
export interface FoundProgram {
  /** The program. */
  readonly program: StraightLineProgram;
  /** Its instructions. */
  readonly operations: number;
  /** Its largest relative error on a grid of 1001 points. */
  readonly error: number;
}

/** A program with its score. */
interface Individual {
  readonly program: StraightLineProgram;
  readonly error: number;
}

const OPERATORS: readonly Operator[] = ["+", "-", "*", "/"];

/** After so many times its size a population starts anew from random programs. */
const GENERATIONS = 30;

/** Points on which programs are fitted. */
const POINTS = 33;

/**
 * The programs that no other one found beats in both operations and error, by operations.
 *
 * @throws {DomainError} When f is not finite or vanishes somewhere on the grid, or an option is out of range.
 *
 * @example With two operations there is nothing better than the best line
 * ```ts
 * import { remez, searchPrograms } from "@gradus/gradus/exact";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const power = (x: number) => 2 ** x, front = searchPrograms(power, { maxOperations: 2, evaluations: 500 });
 * assertEquals(front.map(({ operations }) => operations), [1, 2]);
 * const line = remez(power, 1, { lower: 0, upper: 1, relative: true });
 * assertAlmostEquals(front[1].error / line.error, 1, 0.02);
 * ```
 */
export function searchPrograms(f: (x: number) => number, options: ProgramSearchOptions = {}): FoundProgram[] {
  const { lower = 0, upper = 1, seed = 0 } = options;
  const { maxOperations = 8, population = 100, tournament = 10, evaluations = 20_000 } = options;
  for (const [what, value] of Object.entries({ maxOperations, population, tournament, evaluations })) {
    if (!(Number.isSafeInteger(value) && value > 0)) {
      throw new DomainError(`Cannot search programs: expected a positive integer for ${what}, got ${value}`);
    }
  }
  const fitter = new Fitter(f, grid(lower, upper, POINTS), maxOperations), fine = grid(lower, upper, 1001);
  const random = rng(seed), alive: Individual[] = [], best: (Individual | undefined)[] = [];
  for (let tried = 0, born = 0; tried < evaluations; tried++, born++) {
    if (born >= GENERATIONS * population) { // all are relatives by now
      born = 0;
      alive.length = 0;
    }
    const child = alive.length < population
      ? drawn(random, 1 + integer(random, maxOperations))
      : changed(random, winner(random, alive, tournament).program);
    const program = withoutDeadCode(child), count = program.instructions.length;
    if (count > maxOperations) continue;
    const record = best[count]?.error ?? Infinity, fitted = fitter.fit(program, record);
    alive.push(fitted);
    if (alive.length > population) alive.shift();
    if (fitted.error < record) best[count] = fitted;
  }
  const front: FoundProgram[] = [];
  const judge = new Fitter(f, fine, maxOperations);
  for (const one of best) {
    if (!one) continue;
    const error = judge.errorOf(one.program), operations = one.program.instructions.length;
    if (error < (front.at(-1)?.error ?? Infinity)) front.push({ program: one.program, operations, error });
  }
  return front;
}

function grid(lower: number, upper: number, count: number): Vector {
  if (!(lower < upper && upper - lower < Infinity)) {
    throw new DomainError(`Cannot search programs: expected an interval, got [${lower}, ${upper}]`);
  }
  // denser at the ends, where errors of good fits are large as well
  return Float64Array.from(
    { length: count },
    (_, k) => (lower + upper) / 2 - (upper - lower) / 2 * Math.cos(Math.PI * k / (count - 1)),
  );
}

/** The best of a random few. */
function winner(random: Rng, alive: readonly Individual[], tournament: number): Individual {
  let best = alive[integer(random, alive.length)];
  for (let k = 1; k < tournament; k++) {
    const other = alive[integer(random, alive.length)];
    if (other.error < best.error) best = other;
  }
  return best;
}

function operand(random: Rng, before: number): Operand {
  const u = uniform(random);
  return u < 0.3
    ? "x"
    : u < 0.6 || before === 0
    ? "constant"
    : uniform(random) < 0.6
    ? before - 1
    : integer(random, before);
}

function instruction(random: Rng, before: number): Instruction {
  const operator = OPERATORS[integer(random, 4)];
  return { operator, left: operand(random, before), right: operand(random, before) };
}

function drawn(random: Rng, count: number): StraightLineProgram {
  return {
    instructions: Array.from({ length: count }, (_, i) => instruction(random, i)),
    constants: Float64Array.from({ length: 2 * count }, () => normal(random)),
  };
}

/** A program with one change. */
function changed(random: Rng, { instructions, constants }: StraightLineProgram): StraightLineProgram {
  const list = [...instructions], values = [...constants], at = integer(random, list.length), kind = uniform(random);
  const shifted = (by: number) => (one: Operand): Operand => typeof one === "number" && one >= at ? one + by : one;
  const remap = (from: number, move: (one: Operand) => Operand): void => {
    for (let i = from; i < list.length; i++) {
      list[i] = { ...list[i], left: move(list[i].left), right: move(list[i].right) };
    }
  };
  if (kind < 0.2) list[at] = { ...list[at], operator: OPERATORS[integer(random, 4)] };
  else if (kind < 0.55) {
    const side = uniform(random) < 0.5 ? "left" : "right";
    list[at] = { ...list[at], [side]: operand(random, at) };
  } else if (kind < 0.65) {
    values[2 * at + integer(random, 2)] += normal(random);
  } else if (kind < 0.85 || list.length === 1) { // one more, of which what follows makes use
    remap(at, shifted(1));
    const fresh = instruction(random, at), user = at + 1, side = uniform(random) < 0.5 ? "left" : "right";
    const used = list[at][side];
    list.splice(at, 0, typeof used === "number" && uniform(random) < 0.5 ? { ...fresh, left: used } : fresh);
    values.splice(2 * at, 0, normal(random), normal(random));
    list[user] = { ...list[user], [side]: at };
  } else { // one less: its users take one of its operands
    const { left, right } = list[at], heir = uniform(random) < 0.5 ? left : right;
    list.splice(at, 1);
    values.splice(2 * at, 2);
    const heirOf = (one: Operand): Operand => one === at ? heir : shifted(-1)(one);
    for (let i = at; i < list.length; i++) {
      list[i] = { ...list[i], left: heirOf(list[i].left), right: heirOf(list[i].right) };
    }
  }
  return { instructions: list, constants: Float64Array.from(values) };
}

/** Fits constants on a grid. */
class Fitter {
  readonly #x: Vector;
  readonly #f: Vector;
  readonly #memory: Vector;

  constructor(f: (x: number) => number, x: Vector, maxOperations: number) {
    this.#x = x;
    this.#f = x.map(f);
    this.#memory = new Float64Array(x.length * maxOperations);
    const k = this.#f.findIndex((y) => !(y - y === 0 && y !== 0));
    if (k < 0) return;
    throw new DomainError(
      `Cannot search programs: expected finite values that are not 0, got ${this.#f[k]} at ${x[k]}`,
    );
  }

  /** The largest relative error; infinite where a value is not finite. */
  errorOf(program: StraightLineProgram): number {
    return normInf(this.#residual(program));
  }

  /** The program with better constants, with more work where it comes near the record. */
  fit(program: StraightLineProgram, record: number): Individual {
    const weights = new Float64Array(this.#x.length).fill(1);
    let best = this.#leastSquares({ program, error: this.errorOf(program) }, weights, 8);
    if (!(best.error < 10 * record)) return best;
    best = this.#leastSquares(best, weights, 30);
    if (!(best.error < 4 * record)) return best;
    let current = best;
    for (let round = 0; round < 25; round++) {
      const residual = this.#residual(current.program), size = current.error;
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k] *= Math.sqrt(Math.abs(residual[k]) / size) + 1e-3;
      for (let k = 0; k < weights.length; k++) weights[k] *= weights.length / sum;
      current = this.#leastSquares(current, weights, 2);
      if (current.error < best.error) best = current;
    }
    return best;
  }

  #residual(program: StraightLineProgram): Vector {
    const f = this.#f, values = runProgram(program, this.#x, this.#memory), out = new Float64Array(f.length);
    for (let k = 0; k < f.length; k++) {
      const r = values[k] / f[k] - 1;
      out[k] = r - r === 0 ? r : Infinity;
    }
    return out;
  }

  /** Steps of Levenberg and Marquardt on the weighted squares; derivatives by differences. */
  #leastSquares(start: Individual, weights: Vector, steps: number): Individual {
    const used = usedConstants(start.program), p = used.length, n = weights.length;
    if (p === 0 || !(start.error < Infinity)) return start;
    const { instructions } = start.program, J = new Float64Array(p * n);
    const squares = (r: Vector): number => {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += weights[k] * r[k] * r[k];
      return sum;
    };
    let constants = start.program.constants, residual = this.#residual(start.program), value = squares(residual);
    for (let step = 0, damping = 1e-3; step < steps; step++) {
      for (let j = 0; j < p; j++) {
        const trial = constants.slice(), h = 1e-7 * (Math.abs(trial[used[j]]) + 1e-3);
        trial[used[j]] += h;
        const moved = this.#residual({ instructions, constants: trial });
        for (let k = 0; k < n; k++) J[j * n + k] = (moved[k] - residual[k]) / h;
      }
      const H = matrix(p, p), g = new Float64Array(p);
      for (let i = 0; i < p; i++) {
        for (let k = 0; k < n; k++) g[i] -= weights[k] * J[i * n + k] * residual[k];
        for (let j = 0; j <= i; j++) {
          let sum = 0;
          for (let k = 0; k < n; k++) sum += weights[k] * J[i * n + k] * J[j * n + k];
          H.data[i * p + j] = H.data[j * p + i] = sum;
        }
      }
      let improved = false, small = true;
      for (let tries = 0; tries < 4 && !improved; tries++) {
        const damped = matrix(p, p, H.data.slice());
        for (let i = 0; i < p; i++) damped.data[i * (p + 1)] += damping * H.data[i * (p + 1)] + 1e-300;
        if (!isFiniteVector(damped.data)) break;
        const trial = constants.slice(), d = solve(damped, g);
        for (let j = 0; j < p; j++) trial[used[j]] += d[j];
        const moved = this.#residual({ instructions, constants: trial }), after = squares(moved);
        improved = after < value;
        small = !(after < 0.98 * value);
        if (improved) [constants, residual, value] = [trial, moved, after];
        damping *= improved ? 0.1 : 10;
      }
      if (!improved || small) break;
    }
    const program = { instructions, constants };
    return { program, error: this.errorOf(program) };
  }
}
