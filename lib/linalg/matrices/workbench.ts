/**
 * Where matrices are reduced to condensed forms: arrays, with the products of blocks of them and vectors that half of
 * that work consists of. They read many numbers for few operations, so they are fast in the memory of compute kernels,
 * if the backend has such and the matrix is large, and copying for each call would not pay.
 *
 * A block is an array, the offset of its first entry, and the distance between its rows; a vector an array and an
 * offset.
 *
 * @module
 */
import { parts } from "../../../kernels/wasm/mod.ts";
import type { Vector } from "../../core/mod.ts";
import {
  type Backend,
  backend,
  type Kernels,
  type Resident,
  type VectorProduct,
  type VectorProducts,
} from "../kernels/mod.ts";
import { addProduct, addSymmetricProduct, addTransposedProduct } from "./vector_products.ts";

/** Matrices of a lower order are not worth a memory of their own. */
const SMALLEST = 64;

/** The place and its tools. */
export interface Workbench extends VectorProducts {
  /** Arrays of the lengths asked for, zero at first. */
  readonly arrays: readonly Vector[];
  /** `C ← α op(A) op(B) + β C`. */
  readonly gemm: Backend["gemm"];
  /** The same for the lower triangle of a square C alone. */
  readonly gemmLower: Backend["gemmLower"];
}

/** A workbench for a matrix of order n, with arrays of these lengths. */
export function workbench(n: number, lengths: readonly number[]): Workbench {
  const { resident } = backend();
  return resident && n >= SMALLEST ? new KernelBench(resident(lengths)) : new PlainBench(n, lengths);
}

/** Ordinary arrays. */
class PlainBench implements Workbench {
  readonly arrays: readonly Vector[];
  readonly addProduct: VectorProduct;
  readonly addTransposedProduct: VectorProduct;
  readonly addSymmetricProduct: Workbench["addSymmetricProduct"];
  readonly gemm: Backend["gemm"];
  readonly gemmLower: Backend["gemmLower"];

  constructor(n: number, lengths: readonly number[]) {
    this.arrays = lengths.map((length) => new Float64Array(length));
    const { gemm, gemmLower, vectorProducts = loops } = backend(), products = n < SMALLEST ? loops : vectorProducts;
    this.gemm = gemm;
    this.gemmLower = gemmLower;
    this.addProduct = products.addProduct;
    this.addTransposedProduct = products.addTransposedProduct;
    this.addSymmetricProduct = products.addSymmetricProduct;
  }
}

const loops: VectorProducts = { addProduct, addTransposedProduct, addSymmetricProduct };

/** Arrays in the memory of compute kernels, which take addresses in bytes. */
class KernelBench implements Workbench {
  readonly arrays: readonly Vector[];
  readonly #kernels: Kernels;

  constructor({ kernels, vectors }: Resident) {
    this.arrays = vectors;
    this.#kernels = kernels;
  }

  addProduct(
    m: number,
    n: number,
    a: Vector,
    at: number,
    lda: number,
    x: Vector,
    xAt: number,
    y: Vector,
    yAt: number,
  ): void {
    this.#kernels.gemv(m, n, 1, address(a, at), 8 * lda, address(x, xAt), 1, address(y, yAt));
  }

  addTransposedProduct(
    m: number,
    n: number,
    a: Vector,
    at: number,
    lda: number,
    x: Vector,
    xAt: number,
    y: Vector,
    yAt: number,
  ): void {
    this.#kernels.gemvTransposed(m, n, 1, address(a, at), 8 * lda, address(x, xAt), 1, address(y, yAt));
  }

  addSymmetricProduct(
    n: number,
    a: Vector,
    at: number,
    lda: number,
    x: Vector,
    xAt: number,
    y: Vector,
    yAt: number,
  ): void {
    this.#kernels.symv(n, 1, address(a, at), 8 * lda, address(x, xAt), address(y, yAt));
  }

  gemm(
    transposeA: boolean,
    transposeB: boolean,
    m: number,
    n: number,
    k: number,
    alpha: number,
    a: Vector,
    aAt: number,
    lda: number,
    b: Vector,
    bAt: number,
    ldb: number,
    beta: number,
    c: Vector,
    cAt: number,
    ldc: number,
  ): void {
    const x = address(a, aAt),
      y = address(b, bAt),
      z = address(c, cAt),
      ta = transposeA ? 1 : 0,
      tb = transposeB ? 1 : 0;
    this.#kernels.multiply(parts.full, ta, tb, m, n, k, alpha, x, 8 * lda, y, 8 * ldb, beta, z, 8 * ldc);
  }

  gemmLower(
    transposeA: boolean,
    transposeB: boolean,
    n: number,
    k: number,
    alpha: number,
    a: Vector,
    aAt: number,
    lda: number,
    b: Vector,
    bAt: number,
    ldb: number,
    beta: number,
    c: Vector,
    cAt: number,
    ldc: number,
  ): void {
    const x = address(a, aAt),
      y = address(b, bAt),
      z = address(c, cAt),
      ta = transposeA ? 1 : 0,
      tb = transposeB ? 1 : 0;
    this.#kernels.multiply(parts.lower, ta, tb, n, n, k, alpha, x, 8 * lda, y, 8 * ldb, beta, z, 8 * ldc);
  }
}

function address(a: Vector, at: number): number {
  return a.byteOffset + 8 * at;
}
