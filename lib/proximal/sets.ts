/**
 * Convex sets with simple projections: boxes, balls, halfspaces, affine spaces, cones.
 *
 * Source: Beck, First-Order Methods in Optimization (2017), section 6.4; Boyd and Vandenberghe, Convex Optimization
 * (2004), section 8.1; the second-order cone: Parikh and Boyd, Proximal Algorithms (2014), section 6.3.2.
 *
 * @module
 */
import {
  checkPositive,
  copy,
  DomainError,
  dot,
  type Matrix,
  norm2,
  normInf,
  ShapeError,
  type Vector,
  vector,
} from "../core/mod.ts";
import { matvec, qr, solveTriangular, transpose } from "../linalg/mod.ts";
import { atMost, type CompactSet, type ConvexSet, convexSet, Scratch } from "./convex_set.ts";

/**
 * The box `lᵢ <= xᵢ <= uᵢ`, bounds copied; a number stands for all entries. Linear functions have a minimizer where the
 * bounds that it needs are finite; others give infinite entries.
 *
 * @throws {DomainError} When a lower bound is above the upper one, or NaN.
 *
 * @example Between 0 and 1
 * ```ts
 * import { box } from "@gradus/gradus/proximal";
 * import { assertEquals } from "@std/assert";
 *
 * const out = new Float64Array(3), unit = box(0, 1);
 * unit.project(Float64Array.of(-2, 0.5, 7), out);
 * assertEquals(out, Float64Array.of(0, 0.5, 1));
 * unit.minimizeLinear(Float64Array.of(-2, 0.5, 7), out);
 * assertEquals(out, Float64Array.of(1, 0, 0));
 * ```
 */
export function box(lower: number | ArrayLike<number>, upper: number | ArrayLike<number>): CompactSet {
  const low = bound(lower), high = bound(upper), length = Math.max(low.data.length, high.data.length);
  for (let i = 0; i < length; i++) {
    const l = low.data[i * low.stride], u = high.data[i * high.stride];
    if (!(l <= u)) {
      throw new DomainError(`Cannot make a box: expected lower bounds up to the upper ones, got ${l}, ${u}`);
    }
  }
  const check = (x: Vector): void => {
    for (const { data, stride } of [low, high]) {
      if (stride === 0 || data.length === x.length) continue;
      throw new ShapeError(`Cannot use a box: expected ${data.length} entries, got ${x.length}`);
    }
  };
  return {
    ...convexSet(
      (x) => {
        check(x);
        for (let i = 0; i < x.length; i++) {
          const l = low.data[i * low.stride], u = high.data[i * high.stride];
          if (!(atMost(x[i], u) && atMost(-x[i], -l))) return false;
        }
        return true;
      },
      (x, out) => {
        check(x);
        for (let i = 0; i < x.length; i++) {
          out[i] = Math.min(Math.max(x[i], low.data[i * low.stride]), high.data[i * high.stride]);
        }
      },
    ),
    minimizeLinear: (g, out) => {
      check(g);
      for (let i = 0; i < g.length; i++) out[i] = g[i] < 0 ? high.data[i * high.stride] : low.data[i * low.stride];
    },
  };
}

function bound(values: number | ArrayLike<number>): { data: Vector; stride: 0 | 1 } {
  return typeof values === "number"
    ? { data: Float64Array.of(values), stride: 0 }
    : { data: Float64Array.from(values), stride: 1 };
}

/** The cone `x >= 0`. */
export function nonnegative(): ConvexSet {
  return convexSet(
    (x) => {
      for (let i = 0; i < x.length; i++) if (!(x[i] >= 0)) return false;
      return true;
    },
    (x, out) => {
      for (let i = 0; i < x.length; i++) out[i] = Math.max(x[i], 0);
    },
  );
}

/**
 * The ball `|x|₂ <= r`.
 *
 * @throws {DomainError} When r is not positive.
 */
export function l2Ball(radius = 1): CompactSet {
  checkPositive("make a ball", "a radius", radius);
  const stretch = (x: Vector, length: number, out: Vector): void => {
    for (let i = 0; i < x.length; i++) out[i] = x[i] * length;
  };
  return {
    ...convexSet(
      (x) => atMost(norm2(x), radius),
      (x, out) => stretch(x, Math.min(1, radius / norm2(x)), out), // of 0 the quotient is infinite
    ),
    minimizeLinear: (g, out) => {
      const size = norm2(g);
      if (size > 0) stretch(g, -radius / size, out);
      else out.fill(0);
    },
  };
}

/**
 * The ball `|x|∞ <= r`.
 *
 * @throws {DomainError} When r is not positive.
 */
export function maxNormBall(radius = 1): CompactSet {
  checkPositive("make a ball", "a radius", radius);
  return box(-radius, radius);
}

/**
 * The halfspace `aᵀx <= β`, a copied.
 *
 * @throws {DomainError} When a is zero or not finite, or β is not finite.
 */
export function halfspace(a: ArrayLike<number>, beta: number): ConvexSet {
  const normal = vector(a), squares = dot(normal, normal);
  checkPositive("make a halfspace", "a square of the normal", squares);
  if (!Number.isFinite(beta)) throw new DomainError(`Cannot make a halfspace: expected a finite bound, got ${beta}`);
  return convexSet(
    (x) => atMost(dot(normal, x), beta, Math.abs(beta) + Math.sqrt(squares) * norm2(x)),
    (x, out) => {
      const excess = Math.max(0, dot(normal, x) - beta) / squares;
      for (let i = 0; i < x.length; i++) out[i] = x[i] - excess * normal[i];
    },
  );
}

/**
 * The affine space `A x = b` for A of full row rank, by a QR factorization of Aᵀ: `P(x) = x - Q (Qᵀx - R⁻ᵀb)`.
 *
 * @throws {ShapeError} When A has more rows than columns, or b not as many entries as A rows.
 * @throws {DomainError} When an entry is not finite.
 * @throws {SingularMatrixError} When rows of A depend on each other so that R has a zero on its diagonal.
 */
export function affineSet(A: Matrix, b: Vector): ConvexSet {
  const { rows: m, columns: n } = A;
  if (m > n) throw new ShapeError(`Cannot make an affine space: expected at most ${n} equations, got ${m}`);
  const factors = qr(transpose(A)),
    Qt = transpose(factors.Q),
    target = solveTriangular(factors.R, b, { transpose: true });
  const c = new Float64Array(m), image = new Float64Array(m), size = normInf(b) + norm2(A.data), Q = factors.Q;
  const correction = new Float64Array(n);
  return convexSet(
    (x) => {
      matvec(A, x, image);
      for (let i = 0; i < m; i++) image[i] -= b[i];
      return atMost(normInf(image), 0, size * Math.max(1, norm2(x)));
    },
    (x, out) => {
      matvec(Qt, x, c);
      for (let i = 0; i < m; i++) c[i] -= target[i];
      matvec(Q, c, correction);
      for (let j = 0; j < n; j++) out[j] = x[j] - correction[j];
    },
  );
}

/**
 * The second-order cone `|(x₁, …, xₙ₋₁)| <= x₀`.
 *
 * @example On its boundary
 * ```ts
 * import { secondOrderCone } from "@gradus/gradus/proximal";
 * import { assertEquals } from "@std/assert";
 *
 * const out = new Float64Array(3);
 * secondOrderCone().project(Float64Array.of(0, 3, -4), out);
 * assertEquals(out, Float64Array.of(2.5, 1.5, -2));
 * ```
 */
export function secondOrderCone(): ConvexSet {
  const sizeOf = (x: Vector): number => {
    let most = 0, squares = 0;
    for (let i = 1; i < x.length; i++) most = Math.max(most, Math.abs(x[i]));
    if (most === 0) return 0;
    for (let i = 1; i < x.length; i++) squares += (x[i] / most) ** 2;
    return most * Math.sqrt(squares);
  };
  return convexSet(
    (x) => atMost(sizeOf(x), x[0]),
    (x, out) => {
      const size = sizeOf(x), height = x[0];
      if (size <= height) {
        if (out !== x) copy(x, out);
      } else if (size <= -height) out.fill(0);
      else {
        const middle = (height + size) / 2, factor = middle / size;
        for (let i = 1; i < x.length; i++) out[i] = factor * x[i];
        out[0] = middle;
      }
    },
  );
}

/**
 * The cone `x₀ <= x₁ <= … <= xₙ₋₁`: isotonic regression, by pooling neighbours that are out of order. O(n) operations.
 *
 * Source: Barlow, Bartholomew, Bremner and Brunk, Statistical Inference under Order Restrictions (1972), section 1.2.
 */
export function monotoneCone(): ConvexSet {
  const means = new Scratch(), counts = new Scratch();
  return convexSet(
    (x) => {
      for (let i = 1; i < x.length; i++) if (!(x[i] >= x[i - 1])) return false;
      return true;
    },
    (x, out) => {
      const n = x.length, mean = means.of(n), count = counts.of(n);
      let blocks = 0;
      for (let i = 0; i < n; i++) {
        let m = x[i], c = 1;
        while (blocks > 0 && mean[blocks - 1] >= m) {
          blocks--;
          const all = c + count[blocks];
          m = mean[blocks] + (m - mean[blocks]) * (c / all);
          c = all;
        }
        mean[blocks] = m;
        count[blocks++] = c;
      }
      for (let k = 0, i = 0; k < blocks; k++) {
        for (const end = i + count[k]; i < end; i++) out[i] = mean[k];
      }
    },
  );
}
