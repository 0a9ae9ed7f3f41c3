/**
 * Butterfly entries from a matrix by rank-one approximations, level by level.
 *
 * ```
 * B_k = [[D₁, D₂], [D₃, D₄]] [[B', 0], [0, B'']]:   rows j and j + k/2 of the left half of B_k are multiples of row j of B'
 * ```
 *
 * so that these two rows, or the four with the right half where B' = B'' (shared entries), have rank one: their best
 * approximation of rank one, `w (wᴴ A)`, gives entries of the level and a row of what is left for the levels below. The
 * entries of a butterfly are found up to scale; of another matrix, some that are near.
 *
 * Source: Zheng, Riccietti and Gribonval, Efficient Identification of Butterfly Sparse Matrix Factorizations (2023),
 * arXiv 2110.01230: the hierarchical method.
 *
 * @module
 */
import type { Matrix, Vector } from "../core/mod.ts";
import { eigh, matrix } from "../linalg/mod.ts";
import { type ButterflyForm, butterflySize } from "./butterfly_layer.ts";

/** Real parts, and imaginary ones unless all is real. */
interface Parts {
  readonly real: Vector;
  readonly imaginary: Vector | undefined;
}

/**
 * Entries as in `Butterfly` (with shared entries those of the first block) of one near M, or of M itself if it is a
 * butterfly.
 */
export function butterflySplits(
  M: Parts,
  permutation: Uint32Array,
  { shared = true }: ButterflyForm,
): Parts {
  const order = permutation.length, count = butterflySize(order, { shared }), isReal = M.imaginary === undefined;
  const room = (size: number): Parts => {
    return { real: new Float64Array(size), imaginary: isReal ? undefined : new Float64Array(size) };
  };
  const entries = room(count), groups = shared ? [[0, 1, 2, 3]] : [[0, 2], [1, 3]];
  let left = room(order * order), at = count;
  for (let k = 0; k < order * order; k++) copy(M, k - k % order + permutation[k % order], left, k);
  for (let size = order; size > 1; size /= 2) { // `left` is a row of square matrices
    const half = size / 2, blocks = shared ? 1 : order / size, next = room(groups.length * blocks * half * half);
    at -= 4 * blocks * half;
    for (let block = 0; block < blocks; block++) {
      for (let j = 0; j < half; j++) {
        const place = at + 4 * (block * half + j);
        const pieces = [0, 1, 2, 3].map((q) => ((block * 2 + (q >> 1)) * half + j) * size + (q & 1) * half);
        if (half === 1) pieces.forEach((piece, q) => copy(left, piece, entries, place + q));
        else {
          groups.forEach((group, g) => {
            const w = leading(left, group.map((q) => pieces[q]), half),
              row = ((groups.length * block + g) * half + j) * half;
            group.forEach((q, p) => {
              copy(w, p, entries, place + q);
              addProduct(w, p, left, pieces[q], next, row, half);
            });
          });
        }
      }
    }
    left = next;
  }
  return entries;
}

function copy(from: Parts, at: number, to: Parts, place: number): void {
  to.real[place] = from.real[at];
  if (to.imaginary) to.imaginary[place] = from.imaginary![at];
}

/** `row += conj(wₚ) a / |w|²`, a and the row of length n. */
function addProduct(w: Parts, p: number, A: Parts, a: number, next: Parts, row: number, n: number): void {
  const scale = 2 / w.real.length, x = w.real[p] * scale, y = w.imaginary ? -w.imaginary[p] * scale : 0;
  for (let t = 0; t < n; t++) {
    next.real[row + t] += x * A.real[a + t];
    if (!next.imaginary) continue;
    next.real[row + t] -= y * A.imaginary![a + t];
    next.imaginary[row + t] += x * A.imaginary![a + t] + y * A.real[a + t];
  }
}

/**
 * The leading left singular vector of r rows of length n, with `|w|² = r/2`, as the levels of a unitary butterfly have
 * it.
 */
function leading({ real, imaginary }: Parts, rows: readonly number[], n: number): Parts {
  const r = rows.length, scale = Math.sqrt(r / 2);
  if (!imaginary) return { real: last(gram(real, real, rows, n)).map((x) => scale * x), imaginary };
  const G = matrix(2 * r, 2 * r); // [[X, -Y], [Y, X]] stands for the Hermitian A Aᴴ = X + iY
  const [rr, ii, ir] = [gram(real, real, rows, n), gram(imaginary, imaginary, rows, n), gram(imaginary, real, rows, n)];
  for (let p = 0; p < r; p++) {
    for (let q = 0; q < r; q++) {
      const x = rr.data[p * r + q] + ii.data[p * r + q], y = ir.data[p * r + q] - ir.data[q * r + p];
      G.data[p * 2 * r + q] = G.data[(r + p) * 2 * r + r + q] = x;
      G.data[(r + p) * 2 * r + q] = y;
      G.data[p * 2 * r + r + q] = -y;
    }
  }
  const w = last(G).map((x) => scale * x);
  return { real: w.slice(0, r), imaginary: w.slice(r) };
}

/** The products of rows of a with rows of b. */
function gram(a: Vector, b: Vector, rows: readonly number[], n: number): Matrix {
  const r = rows.length, G = matrix(r, r);
  rows.forEach((from, p) => {
    rows.forEach((to, q) => {
      let sum = 0;
      for (let t = 0; t < n; t++) sum += a[from + t] * b[to + t];
      G.data[p * r + q] = sum;
    });
  });
  return G;
}

/** The eigenvector for the largest eigenvalue. */
function last(G: Matrix): Vector {
  const { rows: n, data } = eigh(G).vectors;
  return Float64Array.from({ length: n }, (_, i) => data[i * n + n - 1]);
}
