/**
 * Quantum signal processing: polynomials as products of rotations of one qubit.
 *
 * ```
 * W(x) = [[x, i√(1-x²)], [i√(1-x²), x]],   Z = diag(1, -1)
 * U(x) = e^{iφ₀Z} W(x) e^{iφ₁Z} W(x) … W(x) e^{iφ_dZ},      ⟨0|U|0⟩ = P(x),  degree d, parity of d, |P| <= 1
 * ```
 *
 * Phases for a real target f are sought symmetric, `φₖ = φ_{d-k}`, with `Re P = f` at ⌈(d+1)/2⌉ Chebyshev nodes, from
 * (π/4, 0, …, 0, π/4), where `Re P = 0`: L-BFGS on the sum of squares with its exact gradient, then Newton's method.
 *
 * Source: Martyn, Rossi, Tan and Chuang, A Grand Unification of Quantum Algorithms (2021), arXiv 2105.02859; Dong,
 * Meng, Whaley and Lin, Efficient phase-factor evaluation in quantum signal processing (2021), arXiv 2002.11649.
 *
 * @module
 */
import { DomainError, gradientNorm, GradusError, iterations, type Smooth, solve, type Vector } from "../../core/mod.ts";
import { type ComplexMatrix, complexMatrix, lu, type Matrix, matrix } from "../../linalg/mod.ts";
import { lbfgs } from "../../smooth/mod.ts";
import { chebyshevValue, parityOf } from "./chebyshev.ts";

function checkSignal(x: number): void {
  if (!(Math.abs(x) <= 1)) throw new DomainError(`Cannot process a signal: expected x in [-1, 1], got ${x}`);
}

/**
 * `U(x)` for the phases `φ₀ … φ_d`, as a 2 x 2 matrix.
 *
 * @throws {DomainError} When there are no phases, or x is outside [-1, 1].
 *
 * @example With all phases 0, P is the Chebyshev polynomial T_d
 * ```ts
 * import { qspUnitary } from "@gradus/gradus/exact";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { real, imaginary } = qspUnitary([0, 0, 0, 0], 0.3);
 * assertAlmostEquals(real[0], 4 * 0.3 ** 3 - 3 * 0.3);
 * assertAlmostEquals(imaginary[0], 0);
 * ```
 */
export function qspUnitary(phases: ArrayLike<number>, x: number): ComplexMatrix {
  checkSignal(x);
  if (phases.length === 0) throw new DomainError("Cannot process a signal: expected at least one phase, got none");
  const [a, b, c, d] = firstRow(phases, x);
  return complexMatrix(2, 2, [a, c, -c, a], [b, d, d, -b]); // in SU(2): [[p, q], [-q*, p*]]
}

/** The first row `(a + ib, c + id)` of U. */
function firstRow(phases: ArrayLike<number>, x: number): [number, number, number, number] {
  const s = Math.sqrt(1 - x * x);
  let a = Math.cos(phases[0]), b = Math.sin(phases[0]), c = 0, d = 0;
  for (let k = 1; k < phases.length; k++) {
    [a, b, c, d] = turned(a * x - d * s, b * x + c * s, c * x - b * s, d * x + a * s, phases[k]);
  }
  return [a, b, c, d];
}

/** A row times `e^{iφZ}`. */
function turned(a: number, b: number, c: number, d: number, phase: number): [number, number, number, number] {
  const cos = Math.cos(phase), sin = Math.sin(phase);
  return [a * cos - b * sin, b * cos + a * sin, c * cos + d * sin, d * cos - c * sin];
}

/**
 * `Re P(x)`, and its derivatives by each phase into `out`.
 *
 * With `P = r e^{iφₖZ} s`, r the first row of what stands before and s the first column of what follows,
 * `∂P/∂φₖ = i (r₀ e^{iφₖ} s₀ - r₁ e^{-iφₖ} s₁)`.
 */
function realPart(phases: Vector, x: number, out: Vector): number {
  const s = Math.sqrt(1 - x * x), n = phases.length, columns = new Float64Array(4 * n);
  let a = 1, b = 0, c = 0, d = 0; // the column of what follows φₖ
  for (let k = n - 1; k >= 0; k--) {
    columns.set([a, b, c, d], 4 * k);
    [a, b, c, d] = turned(a, b, c, d, phases[k]);
    [a, b, c, d] = [a * x - d * s, b * x + c * s, c * x - b * s, d * x + a * s];
  }
  [a, b, c, d] = [1, 0, 0, 0];
  for (let k = 0; k < n; k++) {
    const [p, q, u, v] = turned(a, b, c, d, phases[k]), at = 4 * k; // r e^{iφₖZ}
    out[k] = -(p * columns[at + 1] + q * columns[at]) + (u * columns[at + 3] + v * columns[at + 2]);
    [a, b, c, d] = k < n - 1 ? [p * x - v * s, q * x + u * s, u * x - q * s, v * x + p * s] : [p, q, u, v];
  }
  return a;
}

/** The equations `Re P(xⱼ) = f(xⱼ)` for symmetric phases. */
interface Fit {
  /** How many phases are free. */
  readonly size: number;
  /** All phases from the free ones. */
  readonly phases: (free: Vector) => Vector;
  /** The misfits into `residual`, their derivatives into `jacobian`. */
  readonly evaluate: (free: Vector, residual: Vector, jacobian: Matrix) => void;
}

function fitOf(target: Vector, degree: number): Fit {
  const size = Math.ceil((degree + 1) / 2), derivatives = new Float64Array(degree + 1);
  const nodes = Float64Array.from({ length: size }, (_, j) => Math.cos((2 * j + 1) * Math.PI / (4 * size)));
  const values = nodes.map((x) => chebyshevValue(target, x));
  const phases = (free: Vector): Vector =>
    Float64Array.from({ length: degree + 1 }, (_, k) => free[Math.min(k, degree - k)]);
  return {
    size,
    phases,
    evaluate(free, residual, jacobian) {
      const all = phases(free);
      jacobian.data.fill(0);
      for (let j = 0; j < size; j++) {
        residual[j] = realPart(all, nodes[j], derivatives) - values[j];
        for (let k = 0; k <= degree; k++) jacobian.data[j * size + Math.min(k, degree - k)] += derivatives[k];
      }
    },
  };
}

/** The sum of squares, for L-BFGS. */
function leastSquares({ size, evaluate }: Fit): Smooth {
  const residual = new Float64Array(size),
    jacobian = matrix(size, size),
    half = (): number => {
      let sum = 0;
      for (const r of residual) sum += r * r;
      return sum / 2;
    };
  return {
    kind: "smooth",
    dimension: size,
    value(free) {
      evaluate(free, residual, jacobian);
      return half();
    },
    gradient(free, out) {
      evaluate(free, residual, jacobian);
      out.fill(0);
      for (let j = 0; j < size; j++) {
        for (let k = 0; k < size; k++) out[k] += residual[j] * jacobian.data[j * size + k];
      }
      return half();
    },
  };
}

/** Newton's method as long as it at least halves the largest misfit. */
function polish({ size, evaluate }: Fit, free: Vector): { free: Vector; misfit: number } {
  const residual = new Float64Array(size), jacobian = matrix(size, size);
  let best = free, misfit = Infinity;
  for (let x = free;;) {
    evaluate(x, residual, jacobian);
    const largest = residual.reduce((m, r) => Math.max(m, Math.abs(r)), 0), improved = largest <= misfit / 2;
    if (largest < misfit) [best, misfit] = [x, largest];
    if (!improved || largest === 0) return { free: best, misfit };
    const step = lu(jacobian).solve(residual);
    x = x.map((xi, i) => xi - step[i]);
  }
}

/**
 * Symmetric phases with `Re P = f` for a real polynomial, given as a Chebyshev series of one parity with `|f| < 1` on
 * [-1, 1].
 *
 * @param target The coefficients of the series; the degree is that of the last one.
 * @throws {DomainError} When the series is empty or has both parities, or `|f| >= 1` somewhere.
 * @throws {GradusError} When no phases are found to 1e-9.
 *
 * @example Half a cosine
 * ```ts
 * import { cosPoly, qspPhases, qspUnitary } from "@gradus/gradus/exact";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const phases = qspPhases(cosPoly(3, 14).map((c) => c / 2));
 * assertAlmostEquals(qspUnitary(phases, 0.7).real[0], Math.cos(2.1) / 2, 1e-10);
 * ```
 */
export function qspPhases(target: Vector): Vector {
  const verb = "find phases";
  if (target.length === 0) throw new DomainError(`Cannot ${verb}: expected coefficients of a polynomial, got none`);
  parityOf(verb, target);
  const degree = Math.max(0, target.findLastIndex((c) => c !== 0));
  const points = Array.from({ length: 4 * degree + 1 }, (_, k) => Math.cos(k * Math.PI / (8 * degree || 1)));
  const largest = Math.max(...points.map((x) => Math.abs(chebyshevValue(target, x))));
  if (!(largest < 1)) throw new DomainError(`Cannot ${verb}: expected |f| < 1 on [-1, 1], got ${largest}`);
  const fit = fitOf(target, degree), start = new Float64Array(fit.size);
  start[0] = Math.PI / 4;
  const rough = solve(leastSquares(fit), lbfgs(), { start, stop: [gradientNorm({ absolute: 1e-6 }), iterations(500)] });
  const { free, misfit } = polish(fit, rough.x);
  if (!(misfit <= 1e-9)) throw new GradusError(`Cannot ${verb}: expected a misfit of at most 1e-9, got ${misfit}`);
  return fit.phases(free);
}
