/**
 * Newton's system of the barrier method,
 *
 *     [ W + Σ + δ_w I   Aᵀ      ] [ Δv ]      [ ∇φ + Aᵀλ ]
 *     [ A               -δ_c I  ] [ Δλ ]  = - [ c        ],      Σ = z/t + q/r.
 *
 * It is solved without the steps of w, whose rows have one other entry beside the diagonal: they leave `-1/(Σ + δ_w)`
 * in the diagonal below. What remains is factored `L D Lᵀ`; the step descends where the inertia is (n, M, 0). δ_w is
 * raised until it is, and δ_c > 0 makes up for rows of A that depend on each other.
 *
 * See Wächter and Biegler (2006), equations 11 to 13, algorithm IC.
 *
 * @module
 */
import { axpy, isFiniteVector, type Matrix, normInf, type Vector } from "../../core/mod.ts";
import { type Ldlt, ldlt, matrix, matvec } from "../../linalg/mod.ts";
import type { Barrier } from "./barrier.ts";
import type { BarrierIterate } from "./iterate.ts";
import type { BarrierShape, Program } from "./program.ts";

/** Room for a system. */
export interface BarrierRoom {
  /** The matrix, of order n + M, scaled to entries up to 1. */
  readonly matrix: Matrix;
  /** The factors by which its rows and columns are scaled, powers of two. */
  readonly scales: Vector;
  /** The diagonal of the eliminated rows. */
  readonly eliminated: Vector;
  /** Σ, and what is known of the diagonal of W. */
  readonly diagonal: Vector;
  /** The right-hand side. */
  readonly right: Vector;
  /** The solution. */
  readonly solution: Vector;
  /** What the solution leaves of the right-hand side. */
  readonly residual: Vector;
}

/** Room for systems of a shape with at most so many entries of w. */
export function systemRoom({ core, rows }: BarrierShape, most: number): BarrierRoom {
  const order = core + rows, vector = (): Vector => new Float64Array(order);
  return {
    matrix: matrix(order, order),
    scales: vector(),
    eliminated: new Float64Array(most),
    diagonal: new Float64Array(core + most),
    right: vector(),
    solution: vector(),
    residual: vector(),
  };
}

/** δ_w at first, at least and at most; how it grows at first, later, and how it falls. */
const FIRST = 1e-4, LEAST = 1e-20, MOST = 1e40, GROWTH_AT_FIRST = 100, GROWTH = 8, DECAY = 3;

/** `δ_c = 1e-8 μ^¼`. */
const RELAXATION = 1e-8;

/** A scaled matrix whose reciprocal condition is below this counts as singular. */
const SINGULAR = 1e-16;

/** Writes Σ and the known curvature. */
export function writeDiagonal({ curvature }: Program, at: BarrierIterate, { diagonal }: BarrierRoom): void {
  const { aboveLower, belowUpper, atLower, atUpper } = at;
  for (let k = 0; k < atLower.length; k++) {
    diagonal[k] = (curvature ? curvature[k] : 0) + atLower[k] / aboveLower[k] + atUpper[k] / belowUpper[k];
  }
}

/** The factors of the system with the least shift that has the right inertia; none if there is no such. */
export function factorSystem(shape: BarrierShape, barrier: Barrier, room: BarrierRoom): Ldlt | undefined {
  const { core: n, rows } = shape, { at, hessian, mu } = barrier, relaxed = RELAXATION * mu ** 0.25;
  let relaxation = 0, shift = 0;
  while (shift <= MOST) {
    assemble(shape, at, hessian, shift, relaxation, room);
    if (!isFiniteVector(room.matrix.data)) return undefined;
    const factors = ldlt(room.matrix), { positive, negative } = factors.inertia;
    if (relaxation === 0 && rows > 0 && isSingular(factors)) {
      relaxation = relaxed;
      continue;
    }
    if (positive === n && negative === rows) {
      if (shift > 0) barrier.shift = shift;
      return factors;
    }
    if (shift === 0) shift = barrier.shift === 0 ? FIRST : Math.max(LEAST, barrier.shift / DECAY);
    else shift *= barrier.shift === 0 ? GROWTH_AT_FIRST : GROWTH;
  }
  return undefined;
}

function isSingular(factors: Ldlt): boolean {
  return factors.reciprocalCondition() < SINGULAR;
}

/** The system of least squares for λ: I in the place of W + Σ, 0 in that of δ_c, or a little more. */
export function factorLeastSquares(shape: BarrierShape, at: BarrierIterate, room: BarrierRoom): Ldlt {
  room.diagonal.fill(0);
  assemble(shape, at, undefined, 1, 0, room);
  const factors = ldlt(room.matrix);
  if (!isSingular(factors)) return factors;
  assemble(shape, at, undefined, 1, RELAXATION, room);
  return ldlt(room.matrix);
}

function assemble(
  { core: n, rows, row }: BarrierShape,
  { site: { jacobian } }: BarrierIterate,
  hessian: Matrix | undefined,
  shift: number,
  relaxation: number,
  room: BarrierRoom,
): void {
  const { matrix: { data: K, rows: order }, diagonal, eliminated } = room;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      K[i * order + j] = K[j * order + i] = hessian ? (hessian.data[i * n + j] + hessian.data[j * n + i]) / 2 : 0;
    }
    K[i * (order + 1)] += diagonal[i] + shift;
  }
  for (let i = 0; i < rows; i++) {
    const below = (n + i) * order;
    K.fill(0, below + n, below + order);
    for (let j = 0; j < n; j++) K[below + j] = K[j * order + n + i] = jacobian.data[i * n + j];
    K[below + n + i] = -relaxation;
  }
  for (let k = 0; k < row.length; k++) {
    eliminated[k] = diagonal[n + k] + shift;
    K[(n + row[k]) * (order + 1)] -= 1 / eliminated[k]; // the sign squared is 1
  }
  equilibrate(room);
}

/** Scales the matrix by `sᵢ = |row i|∞^-½`, twice. */
function equilibrate({ matrix: { data: K, rows: order }, scales, residual: factor }: BarrierRoom): void {
  scales.fill(1);
  for (let pass = 0; pass < 2; pass++) {
    for (let i = 0; i < order; i++) {
      let most = 0;
      for (let k = i * order; k < (i + 1) * order; k++) most = Math.max(most, Math.abs(K[k]));
      factor[i] = most > 0 ? 2 ** -Math.round(Math.log2(most) / 2) : 1;
      scales[i] *= factor[i];
    }
    for (let i = 0; i < order; i++) {
      for (let j = 0; j < order; j++) K[i * order + j] *= factor[i] * factor[j];
    }
  }
}

/** The most improvements of a solution. */
const REFINEMENTS = 3;

/** Solves the system for the right-hand side `-(dual, primal)`; writes Δv and Δλ. Returns whether they are finite. */
export function solveSystem(
  { core: n, rows, row, sign }: BarrierShape,
  factors: Ldlt,
  dual: Vector,
  primal: Vector,
  room: BarrierRoom,
  stepV: Vector,
  stepMultipliers: Vector,
): boolean {
  const { eliminated, right, scales } = room;
  for (let j = 0; j < n; j++) right[j] = -dual[j];
  for (let i = 0; i < rows; i++) right[n + i] = -primal[i];
  for (let k = 0; k < row.length; k++) right[n + row[k]] += sign[k] * dual[n + k] / eliminated[k];
  for (let i = 0; i < right.length; i++) right[i] *= scales[i];
  if (!isFiniteVector(right) || factors.zeroPivot >= 0) return false;
  refined(factors, room);
  for (let j = 0; j < n; j++) stepV[j] = scales[j] * room.solution[j];
  for (let i = 0; i < rows; i++) stepMultipliers[i] = scales[n + i] * room.solution[n + i];
  for (let k = 0; k < row.length; k++) {
    stepV[n + k] = -(dual[n + k] + sign[k] * stepMultipliers[row[k]]) / eliminated[k];
  }
  return isFiniteVector(stepV) && isFiniteVector(stepMultipliers);
}

/** Solves, and corrects the solution while that leaves less than half, and more than rounding. */
function refined(factors: Ldlt, { matrix: K, right, solution, residual }: BarrierRoom): void {
  factors.solve(right, solution);
  const leave = (): number => {
    matvec(K, solution, residual);
    for (let i = 0; i < right.length; i++) residual[i] = right[i] - residual[i];
    return normInf(residual);
  };
  let left = leave();
  for (let k = 0; k < REFINEMENTS && left > Number.EPSILON * normInf(right); k++) {
    const correction = factors.solve(residual);
    axpy(1, correction, solution);
    const after = leave();
    if (after <= left / 2) {
      left = after;
      continue;
    }
    if (after > left) axpy(-1, correction, solution);
    return;
  }
}
