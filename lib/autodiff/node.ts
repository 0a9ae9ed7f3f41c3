/**
 * Array programs as graphs of immutable nodes. While a trace is open equal nodes are one object (hash-consing), so that
 * common subexpressions meet when they are made.
 *
 * @module
 */
import { callerLine, TraceError } from "./errors.ts";
import { definePrimitive, type Primitive } from "./primitive.ts";
import { formatShape, type Shape } from "./shape.ts";

let count = 0;

/** An array in a program: an input, a constant, or a primitive applied to nodes. Ids grow from arguments to results. */
export class Node<A = unknown> {
  /** Larger than those of the arguments. */
  readonly id: number = count++;
  /** The next node with the same hash. */
  next: Node | undefined = undefined;

  /** A node as given; use `make`. */
  constructor(
    /** What is applied. */
    readonly primitive: Primitive<A>,
    /** To what. */
    readonly inputs: readonly Node[],
    /** How. */
    readonly attribute: A,
    /** The shape of the result. */
    readonly shape: Shape,
  ) {}

  /**
   * Refuses to be a number, a string or a key.
   *
   * @throws {TraceError} Always.
   */
  [Symbol.toPrimitive](): never {
    throw new TraceError(
      `Cannot read a traced array of shape ${formatShape(this.shape)} as a number: its entries are not known while a ` +
        `function is traced. Use add, multiply, … for operators, select or cond for if and ?:, gather for an index` +
        callerLine(),
    );
  }
}

const table = new Map<number, Node>();
let open = 0;

/** Runs `body` with sharing of equal nodes; nothing of it outlives the outermost call. */
export function sharing<T>(body: () => T): T {
  open++;
  try {
    return body();
  } finally {
    if (--open === 0) table.clear();
  }
}

const identities = new WeakMap<object, number>();
let identity = 0;
const bits = new Float64Array(1), words = new Int32Array(bits.buffer);

function mix(hash: number, value: number): number {
  const h = Math.imul(hash ^ value, 0x9e3779b1);
  return h ^ (h >>> 15);
}

function hashAttribute(hash: number, attribute: unknown): number {
  if (typeof attribute === "number") {
    if ((attribute | 0) === attribute) return mix(hash, attribute);
    bits[0] = attribute;
    return mix(mix(hash, words[0]), words[1]);
  }
  if (Array.isArray(attribute)) {
    for (let i = 0; i < attribute.length; i++) hash = hashAttribute(hash, attribute[i]);
    return mix(hash, attribute.length);
  }
  if (attribute === null || typeof attribute !== "object") return hash;
  let id = identities.get(attribute);
  if (id === undefined) identities.set(attribute, id = identity++);
  return mix(hash, id);
}

function sameAttribute(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!sameAttribute(a[i], b[i])) return false;
  return true;
}

/**
 * The node of a primitive applied to nodes: simplified, checked, and shared.
 *
 * @throws {ShapeError} When the shapes do not fit.
 */
export function make<A>(primitive: Primitive<A>, inputs: readonly Node[], attribute: A): Node {
  const simpler = primitive.simplify?.(inputs, attribute);
  if (simpler !== undefined) return simpler;
  if (open === 0) return create(primitive, inputs, attribute);
  let hash = mix(0, primitive.id);
  for (let i = 0; i < inputs.length; i++) hash = mix(hash, inputs[i].id);
  hash = hashAttribute(hash, attribute);
  const first = table.get(hash);
  for (let node = first; node !== undefined; node = node.next) {
    if (node.primitive === primitive && sameInputs(node.inputs, inputs) && sameAttribute(node.attribute, attribute)) {
      return node;
    }
  }
  const node = create(primitive, inputs, attribute);
  node.next = first;
  table.set(hash, node);
  return node;
}

function sameInputs(a: readonly Node[], b: readonly Node[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function create<A>(primitive: Primitive<A>, inputs: readonly Node[], attribute: A): Node {
  const shape = primitive.shape(inputs.map((input) => input.shape), attribute);
  return new Node(primitive, inputs, attribute, shape) as Node;
}

/** An array that is given when a program runs. */
export const inputPrimitive: Primitive<Shape> = definePrimitive<Shape>({
  name: "input",
  emission: "leaf",
  shape: (_, shape) => shape,
  jvp: () => undefined,
});

/** A number. */
export const literalPrimitive: Primitive<number> = definePrimitive<number>({
  name: "literal",
  emission: "leaf",
  shape: () => [],
  jvp: () => undefined,
});

/** The shape and the entries, row-major, of an array of constants; the entries are kept by reference. */
export type Constant = readonly [shape: Shape, data: Float64Array];

/** An array of constants. */
export const constantPrimitive: Primitive<Constant> = definePrimitive<Constant>({
  name: "constant",
  emission: "leaf",
  shape: (_, [shape]) => shape,
  jvp: () => undefined,
});

/** A fresh input; no two are equal. */
export function input(shape: Shape): Node {
  return create(inputPrimitive, [], shape);
}

/** A number as a node. */
export function literal(value: number): Node<number> {
  return make(literalPrimitive, [], value) as Node<number>;
}

/** An array of constants as a node. */
export function constant(shape: Shape, data: Float64Array): Node<Constant> {
  return make(constantPrimitive, [], [shape, data]) as Node<Constant>;
}

/** Whether the node applies this primitive; tells the compiler the type of its attribute. */
export function applies<A>(node: Node, primitive: Primitive<A>): node is Node<A> {
  return node.primitive.id === primitive.id;
}

/** All nodes that these depend on, and themselves, arguments first; stops at nodes for which `stop` holds. */
export function topological(outputs: readonly Node[], stop?: (node: Node) => boolean): Node[] {
  const seen = new Set<Node>(), stack = [...outputs];
  while (stack.length > 0) {
    const node = stack.pop()!;
    if (seen.has(node)) continue;
    seen.add(node);
    if (stop?.(node)) continue;
    for (let i = 0; i < node.inputs.length; i++) stack.push(node.inputs[i]);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}
