/**
 * A register of qubits beside a system of n levels, as amplitudes; gates act on the register.
 *
 * Amplitude (y, j) of register state y and level j is at `y n + j`. Qubit q is the bit of weight 2^q.
 *
 * @module
 */
import { type ComplexVector, complexVector, type Vector } from "../../linalg/mod.ts";

/** Amplitudes of a register of qubits and a system. */
export interface Register extends ComplexVector {
  /** The number of qubits. */
  readonly qubits: number;
  /** The number n of levels of the system. */
  readonly levels: number;
}

/** The register in state 0, the system in the given state. */
export function register(qubits: number, system: Vector): Register {
  const amplitudes = complexVector(new Float64Array(2 ** qubits * system.length));
  amplitudes.real.set(system);
  return { ...amplitudes, qubits, levels: system.length };
}

/** The Hadamard gate `[[1, 1], [1, -1]]/√2` on one qubit. */
export function hadamard({ real, imaginary, qubits, levels }: Register, qubit: number): void {
  const stride = 2 ** qubit * levels, size = 2 ** qubits * levels;
  for (const x of [real, imaginary]) {
    for (let block = 0; block < size; block += 2 * stride) {
      for (let at = block; at < block + stride; at++) {
        const a = x[at], b = x[at + stride];
        x[at] = (a + b) * Math.SQRT1_2;
        x[at + stride] = (a - b) * Math.SQRT1_2;
      }
    }
  }
}

/** Multiplies amplitude (y, j) by `e^{i angle(y, j)}`: any gate that is diagonal. */
export function phase({ real, imaginary, levels }: Register, angle: (y: number, j: number) => number): void {
  for (let at = 0; at < real.length; at++) {
    const turn = angle(Math.floor(at / levels), at % levels), cos = Math.cos(turn), sin = Math.sin(turn);
    const a = real[at], b = imaginary[at];
    real[at] = a * cos - b * sin;
    imaginary[at] = a * sin + b * cos;
  }
}

/**
 * The quantum Fourier transform `|y⟩ → 2^{-t/2} Σₖ e^{± 2πi y k / 2ᵗ} |k⟩`, gate by gate: Hadamard gates, controlled
 * phases (those of one qubit together), and the reversal of the qubits.
 */
export function fourier(state: Register, sign: 1 | -1): void {
  const { qubits, levels, real, imaginary } = state;
  for (let q = qubits - 1; q >= 0; q--) {
    hadamard(state, q);
    // phases π/2^{q-p} for the pairs of qubit q with each lower qubit p: π (y mod 2^q)/2^q when qubit q is 1
    phase(state, (y) => (y >> q) & 1 ? sign * Math.PI * (y % 2 ** q) / 2 ** q : 0);
  }
  for (let y = 0; y < 2 ** qubits; y++) {
    let reversed = 0;
    for (let q = 0; q < qubits; q++) reversed |= ((y >> q) & 1) << (qubits - 1 - q);
    if (reversed <= y) continue;
    for (const x of [real, imaginary]) {
      const kept = x.slice(y * levels, (y + 1) * levels);
      x.copyWithin(y * levels, reversed * levels, (reversed + 1) * levels);
      x.set(kept, reversed * levels);
    }
  }
}
