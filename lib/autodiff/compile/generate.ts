/**
 * The text of a program and what it refers to: buffers, constants, kernels with lists of operands.
 *
 * @module
 */
import { applies, type Constant, constantPrimitive, literalPrimitive, type Node } from "../node.ts";
import { evaluate } from "../interpret.ts";
import { checkIndices } from "../primitives/index.ts";
import type { Kernel } from "../primitive.ts";
import { Scratch } from "../scratch.ts";
import { sizeOf } from "../shape.ts";
import type { Program } from "../trace.ts";
import { TraceError } from "../errors.ts";
import { Loops } from "./loops.ts";
import { memoryOf } from "./memory.ts";
import { isFixedGather, isFixedScatter, roleOf } from "./roles.ts";
import { scheduleOf } from "./schedule.ts";
import { operandOf, storageOf } from "./storage.ts";
import { type Chunk, ChunkWriter, numeral, whole } from "./text.ts";

/** What the text refers to by the letters of its names. */
export interface Generated {
  /**
   * The body of a function of the other fields, of `erf` and `erfc`, of a `door` and of what makes `outs`, that returns
   * the program as a function of inputs and outs.
   */
  readonly source: string;
  /** Buffers, `p`. */
  readonly buffers: readonly Float64Array[];
  /** Constants, `d`. */
  readonly data: readonly (Float64Array | Int32Array)[];
  /** Kernels, `k`. */
  readonly kernels: readonly Kernel[];
  /** The memory that these share. */
  readonly scratch: Scratch;
  /** Their operands, `a`. */
  readonly operands: readonly Float64Array[][];
  /** Scalars on their way from one function to another. */
  readonly scalars: Float64Array;
}

/** V8 gives up optimizing functions that are much longer. */
const STATEMENTS = 1000;

/** Generates the text of a program without macros. */
export function generate({ inputs, outputs }: Program): Generated {
  const storage = storageOf(outputs), { stored, known, weight } = storage;
  const schedule = scheduleOf(storage), memory = memoryOf(schedule, outputs);
  const buffers = memory.lengths.map((length) => new Float64Array(length)), data: (Float64Array | Int32Array)[] = [];
  const arrays = new Map<Node, string>(inputs.map((node, i) => [node, `x${i}`])), scalars = new Map<Node, string>();
  const hold = (entries: Float64Array | Int32Array): string => `d${data.push(entries) - 1}`;
  const values = evaluate([...known]);
  [...known].forEach((node, i) => arrays.set(node, hold(values[i])));
  for (const node of storage.order) if (applies(node, constantPrimitive)) arrays.set(node, hold(node.attribute[1]));
  for (const node of stored) {
    const buffer = memory.buffers.get(node), output = memory.outputs.get(node);
    if (buffer !== undefined) arrays.set(node, `p${buffer}`);
    else if (node.shape.length === 0 && !memory.passing.has(node)) scalars.set(node, `s${scalars.size}`);
    else if (output !== undefined) arrays.set(node, `o${output}`);
  }
  const foreign = storage.order.find((node) => roleOf(node) === "array" && !arrays.has(node));
  if (foreign !== undefined) {
    throw new TraceError("Cannot compile a program: it depends on a traced array from outside");
  }

  const indices = new Map<Node, string>();
  for (const node of storage.order) {
    if (!isFixedGather(node) && !isFixedScatter(node)) continue;
    const list = node.inputs[1] as Node<Constant>;
    checkIndices(
      node.primitive.name,
      list.attribute[1],
      isFixedGather(node) ? node.inputs[0].shape[node.attribute] : node.attribute[1],
    );
    if (!indices.has(list)) indices.set(list, hold(Int32Array.from(list.attribute[1])));
  }
  const loops = new Loops({
    indices: (node) => indices.get(node)!,
    array: (node) => arrays.get(node),
    scalar: (node) => scalars.get(node),
    target: (node) => stored.has(node) ? arrays.get(node) : undefined,
    weight: (node) => weight.get(node)!,
  });
  const scratch = new Scratch(), kernels: Kernel[] = [], operands: Float64Array[][] = [], chunks: Chunk[] = [];
  for (const group of schedule.groups) {
    const [node] = group.nodes;
    if (roleOf(node) === "kernel") chunks.push(call(node));
    else chunks.push(...loops.write(group));
  }
  chunks.push(epilogue());

  function call(node: Node): Chunk {
    if (node.primitive.kernel === undefined) {
      throw new TraceError(`Cannot compile a program: ${node.primitive.name} has no kernel`);
    }
    const writer = new ChunkWriter(),
      list: Float64Array[] = [],
      at = kernels.push(node.primitive.kernel(node, scratch)) - 1;
    node.inputs.forEach((input, i) => {
      const operand = operandOf(input), scalar = scalars.get(operand);
      let array = applies(operand, literalPrimitive) ? hold(Float64Array.of(operand.attribute)) : arrays.get(operand);
      if (scalar !== undefined) {
        array = `p${buffers.push(new Float64Array(1)) - 1}`;
        writer.write(`${array}[0]=${writer.scalar(scalar)};`);
      }
      list.push(new Float64Array(0));
      writer.name(array!);
      writer.write(`a${at}[${i}]=${array};`);
    });
    for (const name of [`a${at}`, `k${at}`, arrays.get(node)!]) writer.name(name);
    writer.write(`k${at}(a${at},${arrays.get(node)});\n`);
    operands.push(list);
    return writer.chunk;
  }

  function epilogue(): Chunk {
    const writer = new ChunkWriter();
    outputs.forEach((node, i) => {
      const out = `o${i}`, array = arrays.get(node), scalar = scalars.get(node);
      if (array === out) return;
      writer.name(out);
      if (array !== undefined) writer.name(array);
      if (applies(node, literalPrimitive)) writer.write(`${out}[0]=${numeral(node.attribute)};\n`);
      else if (scalar !== undefined) writer.write(`${out}[0]=${writer.scalar(scalar)};\n`);
      else writer.write(`${out}.set(${array});\n`);
      writer.count();
    });
    return writer.chunk;
  }

  const source = assembled(chunks, doorOf(inputs, outputs, kernels.length > 0));
  return { source, buffers, data, kernels, operands, scalars: new Float64Array(scalars.size), scratch };
}

/** Statements around the program. */
interface Door {
  /** Variables that live from run to run. */
  readonly kept: string;
  readonly before: string;
  readonly after: string;
}

/**
 * Arrays pass the door at once if they are those of the last run and were not taken away, else after a check. A program
 * that calls kernels might be called by them; it is closed while it runs.
 */
function doorOf(inputs: readonly Node[], outputs: readonly Node[], canCall: boolean): Door {
  const arrays = [
    ...inputs.map((node, i) => ({ node, list: "I", i })),
    ...outputs.map((node, i) => ({ node, list: "O", i })),
  ];
  const kept = (at: number): string => `l${at}`;
  const known = arrays.map(({ node, list, i }, at) =>
    `${list}[${i}]!==${kept(at)}||${kept(at)}.length!==${whole(sizeOf(node.shape))}`
  );
  const keep = arrays.map(({ list, i }, at) => `${kept(at)}=${list}[${i}];`).join("");
  return {
    kept: `let ${["busy=false", ...arrays.map((_, at) => `${kept(at)}=door`)].join()};\n`,
    before: `if(O===undefined)O=outs();\nif(${known.join("||") || "false"}${canCall ? "||busy" : ""}){` +
      `door(I,O,busy);${keep}}\n${canCall ? "busy=true;try{\n" : ""}`,
    after: `${canCall ? "}finally{busy=false;}" : ""}return O;`,
  };
}

/** The chunks as one function, or as several that run one after the other. */
function assembled(chunks: readonly Chunk[], door: Door): string {
  const parts: Chunk[][] = [];
  let room = -1;
  for (const chunk of chunks) {
    if (chunk.statements > room) {
      parts.push([]);
      room = STATEMENTS;
    }
    parts[parts.length - 1].push(chunk);
    room -= chunk.statements;
  }
  const names = new Set(chunks.flatMap((chunk) => [...chunk.names]));
  const first = new Map<string, number>(), last = new Map<string, number>();
  parts.forEach((part, at) => {
    for (const scalar of part.flatMap((chunk) => [...chunk.scalars])) {
      if (!first.has(scalar)) first.set(scalar, at);
      last.set(scalar, at);
    }
  });
  const bodies = parts.map((part, at) => {
    const used = new Set(part.flatMap((chunk) => [...chunk.names]));
    const mine = [...new Set(part.flatMap((chunk) => [...chunk.scalars]))];
    const place = (scalar: string): string => `S[${scalar.slice(1)}]`;
    const local = [...bound(used, "x", "I"), ...bound(used, "o", "O")];
    const declared = mine.map((scalar) => first.get(scalar)! < at ? `${scalar}=${place(scalar)}` : `${scalar}=0`);
    const kept = mine.filter((scalar) => last.get(scalar)! > at).map((scalar) => `${place(scalar)}=${scalar};`);
    return `${constants(local)}${declared.length > 0 ? `let ${declared.join()};\n` : ""}` +
      `${part.map(({ code }) => code).join("")}${kept.join("")}`;
  });
  const shared = [
    ...bound(names, "p", "P"),
    ...bound(names, "d", "D"),
    ...bound(names, "k", "K"),
    ...bound(names, "a", "A"),
  ];
  const main = bodies.length === 1 ? bodies[0] : bodies.map((_, at) => `f${at}(I,O);\n`).join("");
  const functions = bodies.length === 1 ? [] : bodies.map((body, at) => `function f${at}(I,O){\n${body}}\n`);
  return `"use strict";\n${constants(shared)}${door.kept}${functions.join("")}` +
    `return function(I,O){\n${door.before}${main}${door.after}\n};`;
}

function bound(names: ReadonlySet<string>, letter: string, list: string): string[] {
  return [...names].filter((name) => name.startsWith(letter)).map((name) => `${name}=${list}[${name.slice(1)}]`);
}

function constants(list: readonly string[]): string {
  return list.length > 0 ? `const ${list.join()};\n` : "";
}
