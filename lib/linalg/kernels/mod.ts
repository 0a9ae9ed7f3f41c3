/**
 * The kernels under dense linear algebra: products, triangular solves and factors of blocks of row-major arrays, by the
 * backend that computes now; and vectors that stay in the kernels' memory.
 *
 * @module
 */
export { backend, type BackendName, backendNamed, useBackend } from "./active.ts";
export type { Backend, Triangular, VectorProduct, VectorProducts } from "./backend.ts";
export { bySize, type Thresholds } from "./by_size.ts";
export { type Driver, driver, type Drivers } from "./drivers.ts";
export * from "./level3.ts";
export { transposeBlock } from "./transpose.ts";
export { Resident, ResidentPairs } from "./resident.ts";
export { ResidentOperator } from "./resident_operator.ts";
export type { Flag, Kernels, Variant } from "../../../kernels/wasm/mod.ts";
