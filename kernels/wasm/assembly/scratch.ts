// @ts-nocheck: AssemblyScript
// The layout of the memory below the arena, in bytes. Addresses near 0 stay unused.

/**
 * Blocking of `gemm`: B in panels of DEPTH x WIDTH, A in blocks of HEIGHT x DEPTH; HEIGHT is a multiple of 6, WIDTH of
 * 4.
 */
export const DEPTH: i32 = 256;
export const HEIGHT: i32 = 96;
export const WIDTH: i32 = 512;

/** The sums of one 6 x 4 tile, row by row, 32 bytes each. */
export const TILE: usize = 1024;
/** Four columns of up to DEPTH entries, and again of up to 128. */
export const STRIP: usize = 2048;
export const GRAM: usize = STRIP + usize(DEPTH) * 32;
export const PACKED_A: usize = GRAM + 4096;
export const PACKED_B: usize = PACKED_A + usize(HEIGHT) * (usize(DEPTH) * 8 + 64);
/** Where the arena may start; a tile may read up to 40 bytes past the last entry of a matrix, never write there. */
export const END: usize = PACKED_B + usize(WIDTH) * (usize(DEPTH) * 8);
