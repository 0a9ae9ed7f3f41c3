/**
 * LAPACK's methods for whole problems, on row-major matrices: to LAPACK these are their transposes. Symmetric matrices
 * do not mind, singular vectors and left and right eigenvectors change sides, and only Schur forms, indefinite factors
 * and least squares need transposed copies.
 *
 * @module
 */
import { type Drivers, transposeBlock, type Vector } from "../../lib/linalg/mod.ts";
import { character, Integer, type Scratch } from "./arguments.ts";
import { type Library, NativeError } from "./library.ts";
import type { Products } from "./products.ts";

const upper = character("U"), lower = character("L"), all = character("A"), some = character("S");
const none = character("N"), vectors = character("V");

/** Measured: from these orders on LAPACK is faster than loops. */
const smallest = { solve: 17, ldlt: 8, lstsq: 2, eigh: 2, svd: 2, eig: 2, schur: 2 };

/** The drivers: dgetrf, dsytrf, dgelsd, dsyevd, dgesdd, dgeevx, dgees. */
export function drivers(library: Library, scratch: Scratch, { solveFromLeft }: Products): Required<Drivers> {
  const M = new Integer(), N = new Integer(), K = new Integer(), LD = new Integer(), L1 = new Integer();
  const LWORK = new Integer(), LIWORK = new Integer(), info = new Integer().at, rank = new Integer().at;
  const ignored = new Float64Array(2), size = new Float64Array(1), integers = new Int32Array(1);

  /** Asks for the work space that a function wants, then calls it with that. */
  function withWork(name: string, call: (work: Vector, integers: Int32Array) => void): void {
    LWORK.of(-1);
    LIWORK.of(-1);
    call(size, integers);
    if (info[0] === 0) {
      const reals = scratch.reals(LWORK.of(size[0])[0]);
      call(reals, scratch.integers(LIWORK.of(integers[0])[0]));
    }
    if (info[0] !== 0) throw new NativeError(`Cannot compute by ${name}: expected it to converge, got ${info[0]}`);
  }

  return {
    solve: {
      smallest: smallest.solve,
      run: (n, a, count, x, limit) => { // P Aᵀ = L U, hence A = Uᵀ Lᵀ P
        const f = library.functions, pivots = scratch.integers(n);
        f.dgetrf_(N.of(n), N.at, a, N.at, pivots, info);
        if (info[0] !== 0) return false;
        if (!(Math.abs(a[f.cblas_idamax(n * n, a, 1)]) <= limit)) return false;
        solveFromLeft(true, false, false, n, count, a, 0, n, x, 0, count);
        solveFromLeft(false, false, true, n, count, a, 0, n, x, 0, count);
        for (let k = n - 1; k >= 0; k--) exchangeRows(x, k, pivots[k] - 1, count);
        return true;
      },
    },
    ldlt: {
      smallest: smallest.ldlt,
      run: (n, a, diagonal, below, permutation) => {
        for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[j * n + i] = a[i * n + j];
        const pivots = new Int32Array(n), count = 64 * n, work = scratch.reals(count);
        library.functions.dsytrf_(lower, N.of(n), a, N.at, pivots, work, LWORK.of(count), info, 1n);
        for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[i * n + j] = a[j * n + i];
        unpack(n, a, pivots, diagonal, below, permutation);
      },
    },
    lstsq: {
      smallest: smallest.lstsq,
      run: (m, n, count, a, b, tolerance, x) => {
        const longer = Math.max(m, n), A = new Float64Array(m * n), B = new Float64Array(longer * count);
        transposeBlock(m, n, a, 0, n, A, 0, m);
        transposeBlock(m, count, b, 0, count, B, 0, longer);
        const s = new Float64Array(Math.min(m, n)), limit = Float64Array.of(tolerance), f = library.functions;
        withWork("dgelsd", (work, integers) => {
          f.dgelsd_(
            M.of(m),
            N.of(n),
            K.of(count),
            A,
            M.at,
            B,
            LD.of(longer),
            s,
            limit,
            rank,
            work,
            LWORK.at,
            integers,
            info,
          );
        });
        transposeBlock(count, n, B, 0, longer, x, 0, count);
        return rank[0];
      },
    },
    eigh: {
      smallest: smallest.eigh,
      run: (wanted, n, a, values) => {
        const f = library.functions, job = wanted ? vectors : none;
        withWork("dsyevd", (work, integers) => {
          f.dsyevd_(job, upper, N.of(n), a, N.at, values, work, LWORK.at, integers, LIWORK.at, info, 1n, 1n);
        });
      },
    },
    svd: {
      smallest: smallest.svd,
      run: (m, n, a, s, full, u = ignored, vt = ignored) => { // Aᵀ = V Σ Uᵀ
        const f = library.functions, k = Math.min(m, n), job = u === ignored ? none : full ? all : some;
        const own = scratch.integers(8 * k);
        withWork("dgesdd", (work) => {
          f.dgesdd_(job, N.of(n), M.of(m), a, N.at, s, vt, N.at, u, LD.of(full ? m : k), work, LWORK.at, own, info, 1n);
        });
      },
    },
    eig: {
      smallest: smallest.eig,
      run: (n, a, real, imaginary, rows = ignored) => { // the left eigenvectors of Aᵀ are the conjugate ones of A
        const f = library.functions, job = rows === ignored ? none : vectors, scales = new Float64Array(n);
        withWork("dgeevx", (work) => {
          f.dgeevx_(
            none,
            job,
            none,
            none,
            N.of(n),
            a,
            N.at,
            real,
            imaginary,
            rows,
            N.at,
            ignored,
            N.at,
            M.at,
            K.at,
            scales,
            ignored,
            ignored,
            ignored,
            work,
            LWORK.at,
            integers,
            info,
            1n,
            1n,
            1n,
            1n,
          );
        });
        if (rows === ignored) return;
        for (let j = 0; j < n; j++) {
          if (imaginary[j] <= 0) continue;
          for (let i = (j + 1) * n; i < (j + 2) * n; i++) rows[i] = -rows[i];
        }
      },
    },
    schur: {
      smallest: smallest.schur,
      run: (n, a, q, real, imaginary) => {
        const f = library.functions, t = new Float64Array(n * n), z = new Float64Array(n * n);
        transposeBlock(n, n, a, 0, n, t, 0, n);
        withWork("dgees", (work) => {
          f.dgees_(
            vectors,
            none,
            null,
            N.of(n),
            t,
            N.at,
            rank,
            real,
            imaginary,
            z,
            L1.of(n),
            work,
            LWORK.at,
            integers,
            info,
            1n,
            1n,
          );
        });
        transposeBlock(n, n, t, 0, n, a, 0, n);
        transposeBlock(n, n, z, 0, n, q, 0, n);
      },
    },
  };
}

function exchangeRows(a: Vector, p: number, q: number, n: number, count: number = n): void {
  if (p === q) return;
  for (let j = 0, i = p * n, k = q * n; j < count; j++, i++, k++) {
    const t = a[i];
    a[i] = a[k];
    a[k] = t;
  }
}

/**
 * From what dsytrf leaves of the lower triangle, A row-major: there the columns of L lack the exchanges of later steps.
 * A step of order one has its pivot in `pivots[k]`, from 1 on; one of order two has the same negative number twice.
 */
function unpack(n: number, a: Vector, pivots: Int32Array, diagonal: Vector, below: Vector, permutation: Int32Array) {
  for (let i = 0; i < n; i++) permutation[i] = i;
  for (let k = 0; k < n; k++) {
    const two = pivots[k] < 0, last = two ? k + 1 : k, chosen = Math.abs(pivots[k]) - 1;
    diagonal[k] = a[k * (n + 1)];
    if (two) {
      below[k] = a[last * n + k];
      a[last * n + k] = 0;
      diagonal[last] = a[last * (n + 1)];
    }
    exchangeRows(a, last, chosen, n, k);
    [permutation[last], permutation[chosen]] = [permutation[chosen], permutation[last]];
    k = last;
  }
}
