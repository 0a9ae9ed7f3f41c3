// @ts-nocheck: AssemblyScript
import { multiply } from "./gemm.ts";
import { LOWER } from "./merge.ts";
import { packTransposed } from "./pack.ts";
import { STRIP } from "./scratch.ts";
import { rowTile } from "./tile.ts";
import { solveBeside } from "./triangle.ts";
import { fromRight } from "./triangular.ts";

/** Up to here the factor is made strip by strip; above, by halves. */
const SIZE: i32 = 64;

/**
 * `A = L Lᵀ`: writes L over the lower triangle of A. Returns 0, or the order of the first leading minor that is not
 * positive. Above the diagonal only the 4 x 4 blocks on it are overwritten, with no meaning.
 */
export function cholesky(n: i32, a: usize, lda: usize): i32 {
  if (n <= SIZE) return strips(n, a, lda);
  const half = (n / 2 + 3) & ~3, rest = n - half;
  const first = cholesky(half, a, lda);
  if (first > 0) return first;
  const b = a + usize(half) * lda, d = b + (usize(half) << 3);
  fromRight(true, true, true, false, rest, half, a, lda, b, lda);
  multiply(LOWER, false, true, rest, rest, half, -1, b, lda, b, lda, 1, d, lda);
  const second = cholesky(rest, d, lda);
  return second > 0 ? half + second : 0;
}

function strips(n: i32, a: usize, lda: usize): i32 {
  for (let j = 0; j < n; j += 4) {
    const columns = min(4, n - j), row = a + usize(j) * lda, d = row + (usize(j) << 3);
    if (j > 0) {
      packTransposed(j, columns, row, lda, STRIP);
      let x = row, z = d;
      for (let i = j; i < n; i += 6) {
        rowTile(j, x, lda, STRIP, 32, -1, 1, z, lda, min(6, n - i), columns);
        x += 6 * lda;
        z += 6 * lda;
      }
    }
    const minor = corner(columns, d, lda);
    if (minor > 0) return j + minor;
    solveBeside(true, false, n - j - columns, columns, d, 8, lda, d + usize(columns) * lda, lda);
  }
  return 0;
}

/** The factor of a block of at most 4 x 4. */
function corner(n: i32, a: usize, lda: usize): i32 {
  for (let i = 0; i < n; ++i) {
    const r = a + usize(i) * lda;
    for (let j = 0; j <= i; ++j) {
      const s = a + usize(j) * lda;
      let sum = load<f64>(r + (usize(j) << 3));
      for (let p = 0; p < j; ++p) sum -= load<f64>(r + (usize(p) << 3)) * load<f64>(s + (usize(p) << 3));
      if (j < i) sum /= load<f64>(s + (usize(j) << 3));
      else if (sum > 0) sum = sqrt(sum);
      else return i + 1; // also for NaN
      store<f64>(r + (usize(j) << 3), sum);
    }
  }
  return 0;
}
