/**
 * Plans of fast Fourier transforms: for lengths with small prime factors in stages, one for each factor; for others by
 * Bluestein's algorithm, as a convolution of a length that is a power of two.
 *
 * Source: Van Loan, Computational frameworks for the fast Fourier transform (1992), sections 2.3 and 4.2; Bluestein, A
 * linear filtering approach to the computation of discrete Fourier transform (1970).
 *
 * @module
 */
import type { Vector } from "../../core/mod.ts";
import { type Arrays, type Stage, stage2, stage3, stage4, stage5, stageOdd } from "./fft_stages.ts";

/** Larger prime factors are not worth stages of their own. */
const LARGEST_RADIX = 31;

/** So many plans, and so many tables of roots of unity, are kept. */
const KEPT = 32;

/**
 * A transform of one length: replaces `re + i im` by `Σⱼ xⱼ e^{-2πi jk/n}`. With the parts exchanged it is `n` times
 * its inverse.
 */
export type Transform = (re: Vector, im: Vector) => void;

const plans = new Map<number, Transform>();
const tables = new Map<number, RootsOfUnity>();

/** What was made for n before, or is made now; of more than `KEPT` the oldest is forgotten. */
function remembered<T>(cache: Map<number, T>, n: number, make: (n: number) => T): T {
  const known = cache.get(n);
  if (known !== undefined) return known;
  const made = make(n);
  if (cache.size >= KEPT) cache.delete(cache.keys().next().value!);
  cache.set(n, made);
  return made;
}

/** The transform of length n. */
export function transformOf(n: number): Transform {
  return remembered(plans, n, () => {
    const radices = factors(n);
    return radices.every((r) => r <= LARGEST_RADIX) ? staged(n, radices) : bluestein(n);
  });
}

/** Factors of n: fours, then primes. */
function factors(n: number): number[] {
  const found: number[] = [];
  for (; n > 0 && n % 4 === 0; n /= 4) found.push(4);
  for (let p = 2; p * p <= n; p++) for (; n % p === 0; n /= p) found.push(p);
  if (n > 1) found.push(n);
  return found;
}

/** `e^{-2πi k/n} = cos(2πk/n) - i sin(2πk/n)` for k < n. */
export interface RootsOfUnity {
  /** The real parts. */
  readonly cos: Vector;
  /** The imaginary parts, `-sin(2πk/n)`. */
  readonly sin: Vector;
}

/** The n-th roots of unity. */
export function rootsOfUnity(n: number): RootsOfUnity {
  return remembered(tables, n, computeRoots);
}

/** From angles up to an eighth of the circle: so symmetries hold to the last bit. */
function computeRoots(n: number): RootsOfUnity {
  const cos = new Float64Array(n), sin = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const octant = Math.floor(8 * k / n), odd = octant % 2 === 1;
    const angle = Math.PI / (4 * n) * (odd ? (octant + 1) * n - 8 * k : 8 * k - octant * n);
    const c = Math.cos(angle), s = Math.sin(angle), turn = (octant + (odd ? 1 : 0)) >> 1, up = odd ? -s : s;
    cos[k] = turn % 4 === 0 ? c : turn === 1 ? -up : turn === 2 ? -c : up;
    sin[k] = turn % 4 === 0 ? -up : turn === 1 ? -c : turn === 2 ? up : c;
  }
  return { cos, sin };
}

function staged(n: number, radices: number[]): Transform {
  const roots = rootsOfUnity(n), workR = new Float64Array(n), workI = new Float64Array(n);
  let stride = 1;
  const stages: Stage[] = radices.map((r) => {
    const stage = { m: n / stride / r, stride, ...roots };
    stride *= r;
    return stage;
  });
  return (re, im) => {
    let from: Arrays = { xr: re, xi: im, yr: workR, yi: workI };
    radices.forEach((r, k) => {
      if (r === 4) stage4(stages[k], from);
      else if (r === 2) stage2(stages[k], from);
      else if (r === 3) stage3(stages[k], from);
      else if (r === 5) stage5(stages[k], from);
      else stageOdd(r, stages[k], from);
      from = { xr: from.yr, xi: from.yi, yr: from.xr, yi: from.xi };
    });
    if (radices.length % 2 === 1) {
      re.set(workR);
      im.set(workI);
    }
  };
}

/** With `jk = (j² + k² - (k - j)²) / 2`, the transform is a convolution with the chirp `c_j = e^{πi j²/n}`. */
function bluestein(n: number): Transform {
  const length = 2 ** Math.ceil(Math.log2(2 * n - 1)), convolve = transformOf(length), roots = rootsOfUnity(2 * n);
  const cos = new Float64Array(n), sin = new Float64Array(n); // of the conjugate chirp
  for (let j = 0, square = 0; j < n; square = (square + 2 * j + 1) % (2 * n), j++) {
    cos[j] = roots.cos[square];
    sin[j] = roots.sin[square];
  }
  const chirpR = new Float64Array(length), chirpI = new Float64Array(length);
  for (let j = 0; j < n; j++) {
    chirpR[j] = chirpR[(length - j) % length] = cos[j] / length;
    chirpI[j] = chirpI[(length - j) % length] = -sin[j] / length;
  }
  convolve(chirpR, chirpI);
  const re = new Float64Array(length), im = new Float64Array(length);
  return (xr, xi) => {
    for (let j = 0; j < n; j++) {
      re[j] = xr[j] * cos[j] - xi[j] * sin[j];
      im[j] = xi[j] * cos[j] + xr[j] * sin[j];
    }
    re.fill(0, n);
    im.fill(0, n);
    convolve(re, im);
    for (let j = 0; j < length; j++) {
      const r = re[j], i = im[j];
      re[j] = r * chirpR[j] - i * chirpI[j];
      im[j] = i * chirpR[j] + r * chirpI[j];
    }
    convolve(im, re);
    for (let j = 0; j < n; j++) {
      xr[j] = re[j] * cos[j] - im[j] * sin[j];
      xi[j] = im[j] * cos[j] + re[j] * sin[j];
    }
  };
}
