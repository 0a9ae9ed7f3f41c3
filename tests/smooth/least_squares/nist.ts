// The nonlinear regression sets of NIST's statistical reference data: read from the files as NIST gives them. The model is
// the formula of the file, parsed by mathjs.
import { all, create, type MathNode } from "npm:mathjs@15.2.0";
import type { Vector } from "../../../lib/core/mod.ts";

const math = create(all);

/** A set. */
export interface ReferenceSet {
  readonly name: string;
  readonly model: (x: Vector, b: Vector) => number;
  readonly x: readonly Vector[];
  readonly y: Vector;
  readonly starts: readonly [Vector, Vector];
  readonly certified: Vector;
  readonly deviations: Vector;
  readonly residualDeviation: number;
}

/** All sets. */
export async function referenceSets(): Promise<ReferenceSet[]> {
  const file = await Deno.open(new URL("../../data/nist_strd.dat.gz", import.meta.url));
  const text = await new Response(file.readable.pipeThrough(new DecompressionStream("gzip"))).text();
  return text.split(/^(?=NIST\/ITL StRD)/m).map((part) => read(/Dataset Name:\s+(\S+)/.exec(part)![1], part));
}

function read(name: string, text: string): ReferenceSet {
  const lines = text.split(/\r?\n/),
    rows = lines.flatMap((line) => {
      const match = /^\s*b\d+\s*=\s*(\S+)\s+(\S+)\s+(\S+)\s+(\S+)/.exec(line);
      return match ? [match.slice(1).map(Number)] : [];
    });
  const column = (k: number): Vector => Float64Array.from(rows, (row) => row[k]);
  const formula = /\n\s*((?:y|log\[y\])\s*=[^]*?)\+\s*e\s*\n/.exec(text)![1].replace(/\s+/g, " ");
  const [left, right] = formula.split("="), isLog = left.includes("log");
  const model = evaluated(
    math.parse(right.replaceAll("[", "(").replaceAll("]", ")").replaceAll("**", "^").replaceAll("arctan", "atan")),
  );
  const numbers = lines.slice(60).map((line) => line.trim().split(/\s+/).map(Number)).filter((row) =>
    row.length > 1 && row.every(Number.isFinite)
  );
  return {
    name,
    model,
    x: numbers.map((row) => Float64Array.from(row.slice(1))),
    y: Float64Array.from(numbers, (row) => isLog ? Math.log(row[0]) : row[0]),
    starts: [column(0), column(1)],
    certified: column(2),
    deviations: column(3),
    residualDeviation: Number(/Residual Standard Deviation:\s+(\S+)/.exec(text)![1]),
  };
}

const functions: Record<string, (...a: number[]) => number> = {
  exp: Math.exp,
  sin: Math.sin,
  cos: Math.cos,
  atan: Math.atan,
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  pow: (a, b) => a ** b,
  unaryMinus: (a) => -a,
};

/** A formula of numbers as a function of x and b, which is faster than mathjs. */
function evaluated(node: MathNode): ReferenceSet["model"] {
  if (math.isParenthesisNode(node)) return evaluated(node.content);
  if (math.isConstantNode(node)) return () => node.value as number;
  if (math.isSymbolNode(node)) {
    const [, letter, digits] = /^([xb])(\d*)$/.exec(node.name) ?? [], j = Number(digits || 1) - 1;
    if (letter === undefined && node.name !== "pi") throw new Error(`expected x, b or pi, got ${node}`);
    return letter === undefined ? () => Math.PI : letter === "x" ? (x) => x[j] : (_, b) => b[j];
  }
  if (!math.isOperatorNode(node) && !math.isFunctionNode(node)) throw new Error(`expected a formula, got ${node}`);
  const call = functions[math.isOperatorNode(node) ? node.fn : node.fn.name];
  const [first, second] = node.args.map(evaluated);
  return second ? (x, b) => call(first(x, b), second(x, b)) : (x, b) => call(first(x, b));
}
