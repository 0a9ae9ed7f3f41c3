// @ts-nocheck: AssemblyScript
// The exports. Everywhere: matrices are row-major, addresses and pitches (`ld…`, from one row to the next) are in bytes.
import { END } from "./scratch.ts";
import { Lanes } from "./lanes.ts";
export { cholesky } from "./cholesky.ts";
export { multiply } from "./gemm.ts";
export { lu, swapRows, unswapRows } from "./lu.ts";
export { gemv, gemvTransposed, ger, symv } from "./matrix_vector.ts";
export { applyQ, formQ, qr, qrWork } from "./qr.ts";
export { sparseProduct, sparseProductTransposed } from "./sparse.ts";
export { fromLeft, fromRight } from "./triangular.ts";
export { twoLoop } from "./two_loop.ts";
export { axpy, dot } from "./vector.ts";

/** Where the arena may start. */
export function arenaStart(): usize {
  return END;
}

/** `a b + c` as the kernels compute it: rounded once or twice. */
export function multiplyAdd(a: f64, b: f64, c: f64): f64 {
  return f64x2.extract_lane(Lanes.fma(f64x2.splat(a), f64x2.splat(b), f64x2.splat(c)), 0);
}
