/**
 * Steps from a Krylov space: the least point of the model among the combinations of `g, Hg, H²g, …`, exactly.
 *
 * ```
 * V, T from Lanczos' method at v₁ = g/|g|:   H V = V T + β v⁺ eₖᵀ,   m(Vh) = |g| h₁ + ½ hᵀTh  and  |Vh| = |h|
 * h = the least point of that model in the ball, or under the cubic term;   p = V h
 * until  |∇m(p)| = β |hₖ| <= min(⅒, √|g|) |g|,  with the term λ p of the ball or of the cubic in ∇m
 * ```
 *
 * A smaller region, or a larger σ, takes its step from the same space, without more products with H.
 *
 * Source: Gould, Lucidi, Roma and Toint, Solving the trust-region subproblem using the Lanczos method (1999), algorithm
 * 4.1; Cartis, Gould and Toint, Adaptive cubic regularisation methods for unconstrained optimization, part I (2011),
 * section 6.2.
 *
 * @module
 */
import { axpy, dot, norm2, type Vector } from "../../core/mod.ts";
import { matrix } from "../../linalg/mod.ts";
import { type Least, type Spectrum, spectrumOf } from "./spectral_model.ts";
import type { QuadraticModel, Subproblem } from "./subproblem.ts";

/** The most vectors of a space. */
const MOST = 100;

/** A space: plain data. */
export interface LanczosMemory {
  /** V and v⁺, row by row. */
  readonly basis: Vector;
  /** The diagonal of T. */
  readonly diagonal: Vector;
  /** β of each vector: what lies beside the diagonal of T, and the last one beyond it. */
  readonly beside: Vector;
  /** |g|. */
  length: number;
  /** The number of vectors in V. */
  size: number;
}

/** Steps by products with the Hessian alone, never worse than those of Steihaug and Toint from as many products. */
export function lanczosStep(least: Least): Subproblem<LanczosMemory> {
  return {
    name: "Lanczos",
    init: (n) => {
      const most = Math.min(n, MOST);
      return {
        basis: new Float64Array((most + 1) * n),
        diagonal: new Float64Array(most),
        beside: new Float64Array(most),
        length: 0,
        size: 0,
      };
    },
    solve(model, limit, memory, p) {
      if (model.isNew || memory.size === 0) begin(memory, model.gradient);
      const { length, diagonal, beside } = memory;
      if (length === 0) {
        p.fill(0);
        return 0;
      }
      const enough = Math.min(0.1, Math.sqrt(length)) * length;
      for (let look = memory.size;; grow(memory, model)) {
        const k = memory.size, isWhole = k > 0 && (k === diagonal.length || beside[k - 1] === 0);
        if (k === 0 || k < look && !isWhole) continue;
        const h = new Float64Array(k), { decrease } = least(smallSpectrum(memory), limit, h);
        if (!isWhole && beside[k - 1] * Math.abs(h[k - 1]) > enough) {
          look = Math.ceil(1.2 * k + 0.5);
          continue;
        }
        p.fill(0);
        for (let j = 0; j < k; j++) axpy(h[j], vectorOf(memory, j, p.length), p);
        return decrease;
      }
    },
  };
}

function begin(memory: LanczosMemory, g: Vector): void {
  memory.length = norm2(g);
  memory.size = 0;
  const first = vectorOf(memory, 0, g.length);
  for (let i = 0; i < g.length; i++) first[i] = g[i] / memory.length;
}

/** One vector more; each is made orthogonal to all before, twice. */
function grow(memory: LanczosMemory, { problem, x }: QuadraticModel): void {
  const { diagonal, beside, size: k } = memory,
    n = x.length,
    v = vectorOf(memory, k, n),
    w = vectorOf(memory, k + 1, n);
  problem.hessianVector(x, v, w);
  const before = norm2(w);
  diagonal[k] = dot(v, w);
  for (let pass = 0; pass < 2; pass++) {
    for (let j = k; j >= 0; j--) {
      const u = vectorOf(memory, j, n);
      axpy(-dot(u, w), u, w);
    }
  }
  const after = norm2(w);
  beside[k] = after > n * Number.EPSILON * before ? after : 0; // else the space is invariant
  for (let i = 0; i < n; i++) w[i] /= after || 1;
  memory.size = k + 1;
}

/** The spectrum of T, with |g| e₁. */
function smallSpectrum({ diagonal, beside, length, size: k }: LanczosMemory): Spectrum {
  const T = matrix(k, k), g = new Float64Array(k);
  g[0] = length;
  for (let j = 0; j < k; j++) {
    T.data[j * k + j] = diagonal[j];
    if (j + 1 < k) T.data[j * k + j + 1] = T.data[(j + 1) * k + j] = beside[j];
  }
  return spectrumOf(T, g);
}

function vectorOf({ basis }: LanczosMemory, j: number, n: number): Vector {
  return basis.subarray(j * n, (j + 1) * n);
}
