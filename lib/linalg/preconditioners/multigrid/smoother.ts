/**
 * Smoothers: cheap approximations of the inverse that damp what the coarse level cannot see.
 *
 * `x ← x + S (b - A x)` comes before the coarse correction and `x ← x + Sᵀ (b - A x)` after it, which makes a symmetric
 * cycle.
 *
 * @module
 */
import { type LinearOperator, sparseMatrix, type Vector } from "../../../core/mod.ts";
import { chebyshevPreconditioner } from "../chebyshev.ts";
import { diagonalOperator } from "../../operators/mod.ts";
import { scaledJacobi } from "../jacobi.ts";
import { solveLower } from "../sparse_substitution.ts";
import type { SquareRows } from "../square_rows.ts";
import { largestEigenvalue } from "./largest_eigenvalue.ts";

/** How to smooth. */
export type SmootherName = "gauss-seidel" | "chebyshev" | "jacobi";

/** The part of the spectrum of `D⁻¹A`, from the top, that the polynomial of Chebyshev damps. */
const DAMPED = 0.1;

/** Smoothing on one level. */
export interface Smoother {
  /** Smooths from zero: writes x, and `b - A x` into `residual`. */
  readonly before: (b: Vector, x: Vector, residual: Vector) => void;
  /** Smooths x; `work` is overwritten. */
  readonly after: (b: Vector, x: Vector, work: Vector) => void;
}

/** The smoother for symmetric A, given the reciprocals of its positive diagonal. */
export function smoother(A: SquareRows, reciprocals: Vector, name: SmootherName, sweeps: number): Smoother {
  if (name === "gauss-seidel") return gaussSeidelSmoother(A, reciprocals, sweeps);
  const largest = largestEigenvalue(A, reciprocals);
  if (name === "jacobi") return operatorSmoother(A, scaledJacobi(A, 4 / (3 * largest)), sweeps);
  const bounds = [DAMPED * largest, largest] as const, preconditioner = diagonalOperator(reciprocals);
  return operatorSmoother(A, chebyshevPreconditioner(sparseMatrix(A), bounds, sweeps, { preconditioner }), 1);
}

/** Forward sweeps before, backward ones after. */
function gaussSeidelSmoother(A: SquareRows, reciprocals: Vector, sweeps: number): Smoother {
  const { rows: n, rowStarts, columnIndices, values, diagonal } = A;
  return {
    before: (b, x, residual) => {
      x.set(b);
      solveLower(A, reciprocals, x);
      for (let sweep = 1; sweep < sweeps; sweep++) sweepThrough(A, reciprocals, b, x, false);
      if (sweeps > 1) return residualOf(A, b, x, residual);
      for (let i = 0; i < n; i++) { // (D + L) x = b, so that b - A x = -U x
        const end = rowStarts[i + 1];
        let s = 0;
        for (let k = diagonal[i] + 1; k < end; k++) s -= values[k] * x[columnIndices[k]];
        residual[i] = s;
      }
    },
    after: (b, x) => {
      for (let sweep = 0; sweep < sweeps; sweep++) sweepThrough(A, reciprocals, b, x, true);
    },
  };
}

/** Each unknown is corrected by its own equation, in rising or falling order. */
function sweepThrough(A: SquareRows, reciprocals: Vector, b: Vector, x: Vector, falling: boolean): void {
  const { rows: n, rowStarts, columnIndices, values } = A;
  for (let step = 0; step < n; step++) {
    const i = falling ? n - 1 - step : step, end = rowStarts[i + 1];
    let s = b[i];
    for (let k = rowStarts[i]; k < end; k++) s -= values[k] * x[columnIndices[k]];
    x[i] += s * reciprocals[i];
  }
}

/** Repeated corrections by a symmetric operator. */
function operatorSmoother(A: SquareRows, S: LinearOperator, sweeps: number): Smoother {
  const n = A.rows, change = new Float64Array(n);
  const correct = (b: Vector, x: Vector, residual: Vector): void => {
    residualOf(A, b, x, residual);
    S.apply(residual, change);
    for (let i = 0; i < n; i++) x[i] += change[i];
  };
  return {
    before: (b, x, residual) => {
      S.apply(b, x);
      for (let sweep = 1; sweep < sweeps; sweep++) correct(b, x, residual);
      residualOf(A, b, x, residual);
    },
    after: (b, x, work) => {
      for (let sweep = 0; sweep < sweeps; sweep++) correct(b, x, work);
    },
  };
}

function residualOf(
  { rows: n, rowStarts, columnIndices, values }: SquareRows,
  b: Vector,
  x: Vector,
  out: Vector,
): void {
  for (let i = 0; i < n; i++) {
    const end = rowStarts[i + 1];
    let s = b[i];
    for (let k = rowStarts[i]; k < end; k++) s -= values[k] * x[columnIndices[k]];
    out[i] = s;
  }
}
