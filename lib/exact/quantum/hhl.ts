/**
 * The quantum algorithm of Harrow, Hassidim and Lloyd for `A x = b`, simulated as a state vector.
 *
 * ```
 * b = Σ βⱼ uⱼ, A uⱼ = λⱼ uⱼ;  a clock of t qubits, T = 2ᵗ
 * phase estimation:  H on each qubit;  e^{iλⱼt₀y} on (y, j);  inverse Fourier transform      y → k,  λ ≈ λₖ = 2πk/(T t₀)
 * rotation:          an ancilla to 1 with amplitude C/λₖ
 * undone:            Fourier transform;  e^{-iλⱼt₀y};  H on each qubit
 * kept when the ancilla is 1 and the clock 0:        x ∝ Σ βⱼ (Σₖ |αₖⱼ|² C/λₖ) uⱼ
 * ```
 *
 * With negative eigenvalues k counts in two's complement. The simulation needs the eigenvectors, which a quantum
 * computer does not; nothing is faster here, and to prepare b costs O(n) on either machine.
 *
 * Source: Harrow, Hassidim and Lloyd, Quantum algorithm for solving linear systems of equations (2008), arXiv
 * 0811.3171.
 *
 * @module
 */
import {
  DomainError,
  dot,
  isFiniteVector,
  type Matrix,
  norm2,
  type Rng,
  ShapeError,
  uniform,
  type Vector,
} from "../../core/mod.ts";
import { eigh, matvec, transpose } from "../../linalg/mod.ts";
import { fourier, hadamard, phase, register } from "./register.ts";

/** Options of `hhlSimulate`. */
export interface HhlOptions {
  /** The qubits t of the clock, 1 to 16. Default 8. */
  readonly clockQubits?: number;
  /**
   * The time `t₀`, with `λ t₀ < 2π` for all eigenvalues, or `|λ| t₀ < π` when some are negative. By default the largest
   * eigenvalue comes to stand at the last value of the clock that has its sign.
   */
  readonly time?: number;
}

/** What the algorithm leaves. */
export interface HhlSolution {
  /** The direction of the solution: a unit vector. */
  readonly x: Vector;
  /** The probability that the ancilla is 1 and the clock 0. */
  readonly probability: number;
  /** One minus the squared inner product with the direction of `A⁻¹b`. */
  readonly infidelity: number;
}

/**
 * Simulates the algorithm for a symmetric matrix, with `C = min |λ|` and rotations of at most a right angle.
 *
 * A matrix that is not symmetric is solved as `[[0, A], [Aᵀ, 0]] (y, x) = (b, 0)`.
 *
 * @throws {ShapeError} When A is not square, or b has another length.
 * @throws {DomainError} When A is not symmetric or is singular, b is zero, or an option is out of range.
 *
 * @example Eigenvalues 1/2 and 1 that the clock can hold
 * ```ts
 * import { hhlSimulate } from "@gradus/gradus/exact";
 * import { matrix } from "@gradus/gradus/linalg";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const A = matrix([[0.75, 0.25], [0.25, 0.75]]);
 * const { x, probability } = hhlSimulate(A, Float64Array.of(1, 0), { clockQubits: 2, time: Math.PI });
 * assertAlmostEquals(x[0] / x[1], -3); // A⁻¹ b = (1.5, -0.5)
 * assertAlmostEquals(probability, 0.5 * 0.5 ** 2 + 0.5 * 1 ** 2); // (C/λ)² for the two halves of b
 * ```
 */
export function hhlSimulate(A: Matrix, b: Vector, options: HhlOptions = {}): HhlSolution {
  const { values, vectors, beta, smallest, largest } = spectrum(A, b), n = b.length;
  const { clockQubits: t = 8 } = options;
  if (!(Number.isInteger(t) && t >= 1 && t <= 16)) {
    throw new DomainError(`Cannot simulate HHL: expected 1 to 16 clock qubits, got ${t}`);
  }
  const T = 2 ** t, signed = values[0] < 0, last = signed ? Math.max(1, T / 2 - 1) : T - 1;
  const { time = 2 * Math.PI * last / (T * largest) } = options;
  if (!(time > 0 && largest * time < (signed ? Math.PI : 2 * Math.PI))) {
    throw new DomainError(
      `Cannot simulate HHL: expected a time between 0 and ${(signed ? 1 : 2) * Math.PI / largest}, got ${time}`,
    );
  }
  const clockValue = (k: number): number => 2 * Math.PI * (signed && k >= T / 2 ? k - T : k) / (T * time);
  const rotation = (k: number): number => k === 0 ? 0 : Math.max(-1, Math.min(1, smallest / clockValue(k)));

  const state = register(t, beta);
  for (let q = 0; q < t; q++) hadamard(state, q);
  phase(state, (y, j) => values[j] * time * y);
  fourier(state, -1);
  for (let at = 0; at < T * n; at++) { // the part whose ancilla is 1
    const amplitude = rotation(Math.floor(at / n));
    state.real[at] *= amplitude;
    state.imaginary[at] *= amplitude;
  }
  fourier(state, 1);
  phase(state, (y, j) => -values[j] * time * y);
  for (let q = 0; q < t; q++) hadamard(state, q);

  const kept = state.real.slice(0, n), size = norm2(kept); // real for real b: the weights are |α|² C/λ
  const exact = beta.map((c, j) => c / values[j]), overlap = dot(kept, exact) / (size * norm2(exact));
  const x = matvec(vectors, kept.map((c) => c / size));
  return { x, probability: size * size, infidelity: Math.max(0, 1 - overlap * overlap) };
}

/** The eigenvalues, and the unit vector along b in the eigenvectors. */
function spectrum(
  A: Matrix,
  b: Vector,
): { values: Vector; vectors: Matrix; beta: Vector; smallest: number; largest: number } {
  const { rows: n, columns, data } = A, size = norm2(b);
  if (n !== columns || b.length !== n) {
    throw new ShapeError(
      `Cannot simulate HHL: expected a square matrix and a vector of its order, got ${n} x ${columns} and ${b.length}`,
    );
  }
  if (!isFiniteVector(data)) throw new DomainError("Cannot simulate HHL: expected a matrix of finite entries");
  const scale = data.reduce((m, a) => Math.max(m, Math.abs(a)), 0);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      if (Math.abs(data[i * n + j] - data[j * n + i]) > 1e-8 * scale) {
        throw new DomainError(
          `Cannot simulate HHL: expected a symmetric matrix, got ${data[i * n + j]} at (${i}, ${j}) and ` +
            `${data[j * n + i]} at (${j}, ${i}); take [[0, A], [Aᵀ, 0]] for A`,
        );
      }
    }
  }
  if (!(size > 0 && size < Infinity)) throw new DomainError("Cannot simulate HHL: expected a vector b other than 0");
  const { values, vectors } = eigh(A), sizes = values.map(Math.abs);
  const smallest = sizes.reduce((a, c) => Math.min(a, c), Infinity),
    largest = sizes.reduce((a, c) => Math.max(a, c), 0);
  if (!(smallest > 1e-14 * largest)) {
    throw new DomainError(`Cannot simulate HHL: expected a matrix with an inverse, got the eigenvalue ${smallest}`);
  }
  return { values, vectors, beta: matvec(transpose(vectors), b).map((c) => c / size), smallest, largest };
}

/** A mean over measurements. */
export interface Measurement {
  /** The mean of the outcomes. */
  readonly mean: number;
  /** Its standard error. */
  readonly standardError: number;
}

/**
 * Estimates `xᵀM x` for a unit vector x as a quantum computer does: by measuring the symmetric M so many times. An
 * outcome is an eigenvalue μ of M, with the probability `(uᵀx)²` of its eigenvector u.
 *
 * @throws {ShapeError} When M is not square, or x has another length.
 * @throws {DomainError} When M is not symmetric, or there are fewer than 2 shots.
 */
export function measureObservable(x: Vector, M: Matrix, shots: number, generator: Rng): Measurement {
  if (M.rows !== x.length || M.columns !== x.length) {
    throw new ShapeError(
      `Cannot measure: expected a matrix of order ${x.length}, as the vector, got ${M.rows} x ${M.columns}`,
    );
  }
  if (!(Number.isSafeInteger(shots) && shots >= 2)) {
    throw new DomainError(`Cannot measure: expected at least 2 shots, got ${shots}`);
  }
  if (!isFiniteVector(M.data)) throw new DomainError("Cannot measure: expected a matrix of finite entries");
  const { values, vectors } = eigh(M), weights = matvec(transpose(vectors), x).map((c) => c * c);
  const total = weights.reduce((a, c) => a + c, 0);
  let mean = 0, squares = 0; // Welford's update
  for (let shot = 1; shot <= shots; shot++) {
    let rest = uniform(generator) * total, k = 0;
    while (k < weights.length - 1 && rest >= weights[k]) rest -= weights[k++];
    const deviation = values[k] - mean;
    mean += deviation / shot;
    squares += deviation * (values[k] - mean);
  }
  return { mean, standardError: Math.sqrt(squares / (shots - 1) / shots) };
}
