/**
 * Straight-line programs of one variable: instructions `+ - * /` on the variable, constants, and earlier results.
 *
 * @module
 */
import type { Vector } from "../core/mod.ts";

/** An operation. */
export type Operator = "+" | "-" | "*" | "/";

/**
 * What an instruction works on: the variable, the constant at its side of the instruction, or the result of an earlier
 * one.
 */
export type Operand = "x" | "constant" | number;

/** One operation. */
export interface Instruction {
  /** What is done. */
  readonly operator: Operator;
  /** The first operand. */
  readonly left: Operand;
  /** The second operand. */
  readonly right: Operand;
}

/** Instructions, the last of which has the result. */
export interface StraightLineProgram {
  /** At least one. */
  readonly instructions: readonly Instruction[];
  /** Two for each instruction, for its left and its right side; those that are no operands do not matter. */
  readonly constants: Vector;
}

/**
 * The values of a program at many points, a view of `memory`, which holds at least as many numbers as instructions
 * times points.
 */
export function runProgram({ instructions, constants }: StraightLineProgram, x: Vector, memory: Vector): Vector {
  const n = x.length, count = instructions.length;
  for (let i = 0; i < count; i++) {
    const { operator, left, right } = instructions[i], a = constants[2 * i], b = constants[2 * i + 1], out = i * n;
    for (let k = 0; k < n; k++) {
      const l = left === "x" ? x[k] : left === "constant" ? a : memory[left * n + k];
      const r = right === "x" ? x[k] : right === "constant" ? b : memory[right * n + k];
      memory[out + k] = operator === "+" ? l + r : operator === "-" ? l - r : operator === "*" ? l * r : l / r;
    }
  }
  return memory.subarray((count - 1) * n, count * n);
}

/** The value of a program at a point. */
export function programValue(program: StraightLineProgram, x: number): number {
  return runProgram(program, Float64Array.of(x), new Float64Array(program.instructions.length))[0];
}

/** A program without instructions that its result does not depend on. */
export function withoutDeadCode({ instructions, constants }: StraightLineProgram): StraightLineProgram {
  const live = new Uint8Array(instructions.length);
  live[instructions.length - 1] = 1;
  for (let i = instructions.length - 1; i >= 0; i--) {
    if (!live[i]) continue;
    for (const operand of [instructions[i].left, instructions[i].right]) {
      if (typeof operand === "number") live[operand] = 1;
    }
  }
  const place = new Int32Array(instructions.length), kept: Instruction[] = [], values: number[] = [];
  const moved = (operand: Operand): Operand => typeof operand === "number" ? place[operand] : operand;
  for (const [i, { operator, left, right }] of instructions.entries()) {
    if (!live[i]) continue;
    place[i] = kept.length;
    kept.push({ operator, left: moved(left), right: moved(right) });
    values.push(constants[2 * i], constants[2 * i + 1]);
  }
  return { instructions: kept, constants: Float64Array.from(values) };
}

/** Where the constants are that are operands. */
export function usedConstants({ instructions }: StraightLineProgram): number[] {
  return instructions.flatMap(({ left, right }, i) => [
    ...left === "constant" ? [2 * i] : [],
    ...right === "constant" ? [2 * i + 1] : [],
  ]);
}

/** A program as assignments `t1 = x * 0.5; …`, one after the other. */
export function formatProgram({ instructions, constants }: StraightLineProgram): string {
  const name = (operand: Operand, constant: number): string =>
    operand === "x" ? "x" : operand === "constant" ? `${constant}` : `t${operand + 1}`;
  return instructions.map(({ operator, left, right }, i) =>
    `t${i + 1} = ${name(left, constants[2 * i])} ${operator} ${name(right, constants[2 * i + 1])}`
  ).join("; ");
}
