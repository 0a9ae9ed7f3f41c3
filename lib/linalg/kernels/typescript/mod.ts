/**
 * The backend that is plain TypeScript: for small matrices, and where there is no WebAssembly with SIMD.
 *
 * @module
 */
import type { Backend } from "../backend.ts";
import { cholesky, lu } from "./factor.ts";
import { gemm, gemmLower } from "./gemm.ts";
import { applyQ, formQ, qr } from "./qr.ts";
import { fromLeft, fromRight } from "./triangular.ts";

/** The kernels in plain TypeScript. */
export const typescript: Backend = {
  name: "typescript",
  variant: "loops and packed tiles",
  gemm,
  gemmLower,
  solveFromLeft: fromLeft.bind(undefined, true),
  solveFromRight: fromRight.bind(undefined, true),
  multiplyFromLeft: fromLeft.bind(undefined, false),
  multiplyFromRight: fromRight.bind(undefined, false),
  cholesky: (n, a, aOffset, lda) => {
    const minor = cholesky(n, a, aOffset, lda);
    for (let i = 0; i < n; i++) a.fill(0, aOffset + i * lda + i + 1, aOffset + i * lda + n);
    return minor;
  },
  lu,
  qr,
  applyQ,
  formQ,
};
