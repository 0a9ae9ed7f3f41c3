/**
 * Functions of two variables that make good contour plots.
 *
 * @module
 */
import type { Instance, TwiceSmooth } from "../core/mod.ts";
import { sumOfSquares } from "./sum_of_squares.ts";

/**
 * Himmelblau's function `f(x, y) = (x² + y - 11)² + (x + y² - 7)²`, from `(0, 0)`. It is 0 at four minimizers, one of
 * them `(3, 2)`.
 *
 * Source: Himmelblau, Applied Nonlinear Programming (1972).
 *
 * @example One of four
 * ```ts
 * import { himmelblau } from "@gradus/gradus/problems";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(himmelblau().problem.value(Float64Array.of(3, 2)), 0);
 * ```
 */
export function himmelblau(): Instance<TwiceSmooth> {
  return sumOfSquares({
    name: "Himmelblau",
    start: [0, 0],
    minima: [0],
    count: 2,
    residual: (x, r) => {
      r[0] = x[0] * x[0] + x[1] - 11;
      r[1] = x[0] + x[1] * x[1] - 7;
    },
    jacobian: (x, J) => {
      J[0] = 2 * x[0];
      J[1] = J[2] = 1;
      J[3] = 2 * x[1];
    },
    curvature: (_x, w, v, out) => {
      out[0] += 2 * w[0] * v[0];
      out[1] += 2 * w[1] * v[1];
    },
  });
}

/**
 * Booth's function `f(x, y) = (x + 2y - 7)² + (2x + y - 5)²`, a convex quadratic, from `(0, 0)`; 0 at `(1, 3)`, with
 * the constants `L = 18`, `μ = 2`.
 *
 * @example Its minimizer
 * ```ts
 * import { booth } from "@gradus/gradus/problems";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(booth().problem.value(Float64Array.of(1, 3)), 0);
 * ```
 */
export function booth(): Instance<TwiceSmooth> {
  const instance = sumOfSquares({
    name: "Booth",
    start: [0, 0],
    minima: [0],
    count: 2,
    residual: (x, r) => {
      r[0] = x[0] + 2 * x[1] - 7;
      r[1] = 2 * x[0] + x[1] - 5;
    },
    jacobian: (_x, J) => {
      J[0] = J[3] = 1;
      J[1] = J[2] = 2;
    },
  });
  return { ...instance, problem: { ...instance.problem, constants: { smoothness: 18, strongConvexity: 2 } } };
}

/**
 * The six-hump camel function `f(x, y) = (4 - 2.1x² + x⁴/3) x² + xy + (4y² - 4) y²`, from `(-1.5, 1)`: two global and
 * four local minimizers, in pairs of opposite sign.
 *
 * Source: Dixon and Szegő, Towards Global Optimization 2 (1978).
 *
 * @example The saddle in the middle
 * ```ts
 * import { sixHumpCamel } from "@gradus/gradus/problems";
 * import { assertEquals } from "@std/assert";
 *
 * const gradient = new Float64Array(2);
 * assertEquals(sixHumpCamel().problem.gradient(new Float64Array(2), gradient), 0);
 * ```
 */
export function sixHumpCamel(): Instance<TwiceSmooth> {
  const value = (x: number, y: number) => (4 - (2.1 - x * x / 3) * x * x) * x * x + x * y + 4 * (y * y - 1) * y * y;
  const problem: TwiceSmooth = {
    kind: "smooth",
    name: "SixHumpCamel",
    dimension: 2,
    value: (x) => value(x[0], x[1]),
    gradient: (x, out) => {
      const a = x[0], b = x[1];
      out[0] = (8 - (8.4 - 2 * a * a) * a * a) * a + b;
      out[1] = a + (16 * b * b - 8) * b;
      return value(a, b);
    },
    hessianVector: (x, v, out) => {
      const a = x[0] * x[0], b = x[1] * x[1], v0 = v[0], v1 = v[1];
      out[0] = (8 - (25.2 - 10 * a) * a) * v0 + v1;
      out[1] = v0 + (48 * b - 8) * v1;
    },
  };
  const minima = [-1.0316284534898774, -0.2154638243837435, 2.104250310311259];
  return { name: "SixHumpCamel", problem, start: Float64Array.of(-1.5, 1), minima };
}
