/**
 * Products of one matrix with two vectors, as Hessian-vector products have them, in one pass over the matrix.
 *
 * @module
 */
import { applies, make, type Node, topological } from "./node.ts";
import { definePrimitive, type Primitive } from "./primitive.ts";
import { matvecPrimitive } from "./primitives/products.ts";
import { reshape } from "./primitives/structure.ts";
import { slice } from "./primitives/window.ts";
import { sizeOf } from "./shape.ts";
import { substitute } from "./substitute.ts";

/** Below this size a matrix stays in the processor's cache, and two passes cost no more than one. */
const LARGE = 1 << 16;

/** `A x` and `A y` as the rows of a matrix; stands in programs that are run, hence without derivatives. */
export const matvecPairPrimitive: Primitive<null> = definePrimitive({
  name: "matvecPair",
  emission: "kernel",
  shape: ([a]) => [2, a[0]],
  jvp: () => undefined,
  kernel({ inputs: [{ shape: [m, n] }] }) {
    return ([a, x, y], out) => {
      for (let i = 0; i < m; i++) {
        const p = i * n;
        let first = 0, second = 0;
        for (let j = 0; j < n; j++) {
          const entry = a[p + j];
          first += entry * x[j];
          second += entry * y[j];
        }
        out[i] = first;
        out[m + i] = second;
      }
    };
  },
});

/** The nodes with pairs of products with one large matrix, neither of which needs the other, as one. */
export function joinSiblings(outputs: readonly Node[]): readonly Node[] {
  const products = topological(outputs).filter((node): node is Node<number> =>
    applies(node, matvecPrimitive) && node.attribute === 0 && sizeOf(node.inputs[0].shape) >= LARGE
  );
  for (const one of products) {
    const other = products.find((node) =>
      node.id > one.id && node.inputs[0] === one.inputs[0] && !topological([node]).includes(one)
    );
    if (other === undefined) continue;
    const pair = make(matvecPairPrimitive, [one.inputs[0], one.inputs[1], other.inputs[1]], null);
    const row = (i: number): Node => reshape(slice(pair, [i, 0], [1, one.shape[0]]), one.shape);
    return joinSiblings(substitute(outputs, new Map<Node, Node>([[one, row(0)], [other, row(1)]])));
  }
  return outputs;
}
