/**
 * The functions of a library as a backend.
 *
 * @module
 */
import type { Backend, Thresholds } from "../../lib/linalg/mod.ts";
import { Scratch } from "./arguments.ts";
import { drivers } from "./drivers.ts";
import { factors } from "./factors.ts";
import type { Library } from "./library.ts";
import { products, vectorProducts } from "./products.ts";

/** The kernels as they are, for matrices of any size. */
export function nativeKernels(library: Library): Backend {
  const scratch = new Scratch(), level3 = products(library);
  return {
    name: "native",
    variant: library.describe(),
    ...level3,
    ...factors(library, scratch),
    vectorProducts: vectorProducts(library),
    drivers: drivers(library, scratch, level3),
  };
}

/** Measured: from where on a call, of 20 to 100 ns, is faster than loops. */
export const thresholds: Thresholds = {
  product: 64,
  lowerProduct: 200,
  triangle: 200,
  application: 600,
  cholesky: 144,
  lu: 400,
  qr: 196,
  once: Infinity,
  most: Infinity,
};
