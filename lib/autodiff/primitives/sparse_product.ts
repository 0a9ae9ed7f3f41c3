/**
 * Products of a constant sparse matrix with vectors and matrices.
 *
 * @module
 */
import type { SparseMatrix } from "../../core/mod.ts";
import { refuse } from "../errors.ts";
import { make, type Node } from "../node.ts";
import { definePrimitive, type Kernel, type Primitive } from "../primitive.ts";
import { type Shape, sizeOf } from "../shape.ts";

function productShape(name: string, rows: number, columns: number, given: Shape): Shape {
  const fits = (given.length === 1 || given.length === 2) && given[0] === columns;
  return fits
    ? [rows, ...given.slice(1)]
    : refuse(name, `${columns} rows for a sparse ${rows} x ${columns} matrix`, given);
}

/** Adds `op(A) X` for X with `width` columns. */
function addProducts(matrix: SparseMatrix, transposed: boolean, width: number): Kernel {
  const { rows, rowStarts, columnIndices, values } = matrix;
  return ([x], out) => {
    out.fill(0);
    for (let i = 0; i < rows; i++) {
      for (let k = rowStarts[i]; k < rowStarts[i + 1]; k++) {
        const value = values[k], from = (transposed ? i : columnIndices[k]) * width;
        const to = (transposed ? columnIndices[k] : i) * width;
        for (let j = 0; j < width; j++) out[to + j] += value * x[from + j];
      }
    }
  };
}

/** `A X`; the attribute is A. */
export const sparseProductPrimitive: Primitive<SparseMatrix> = definePrimitive<SparseMatrix>({
  name: "sparseProduct",
  emission: "kernel",
  shape: ([given], { rows, columns }) => productShape("sparseProduct", rows, columns, given),
  jvp: ({ attribute }, [t]) => t && sparseProduct(attribute, t),
  transpose: ({ attribute }, c) => [sparseTransposeProduct(attribute, c)],
  kernel({ attribute, shape }) {
    return shape.length === 1
      ? ([x], out) => attribute.apply(x, out)
      : addProducts(attribute, false, sizeOf(shape.slice(1)));
  },
});

/** `Aᵀ X`; the attribute is A. */
export const sparseTransposeProductPrimitive: Primitive<SparseMatrix> = definePrimitive<SparseMatrix>({
  name: "sparseTransposeProduct",
  emission: "kernel",
  shape: ([given], { rows, columns }) => productShape("sparseTransposeProduct", columns, rows, given),
  jvp: ({ attribute }, [t]) => t && sparseTransposeProduct(attribute, t),
  transpose: ({ attribute }, c) => [sparseProduct(attribute, c)],
  kernel({ attribute, shape }) {
    return shape.length === 1
      ? ([x], out) => attribute.applyTranspose(x, out)
      : addProducts(attribute, true, sizeOf(shape.slice(1)));
  },
});

/** `A X`. */
export function sparseProduct(matrix: SparseMatrix, x: Node): Node {
  return make(sparseProductPrimitive, [x], matrix);
}

/** `Aᵀ X`. */
export function sparseTransposeProduct(matrix: SparseMatrix, x: Node): Node {
  return make(sparseTransposeProductPrimitive, [x], matrix);
}
