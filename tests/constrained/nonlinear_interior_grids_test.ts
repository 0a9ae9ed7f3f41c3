// The interior-point method for nonlinear programs where variables are values on a grid.
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { nonlinearInteriorPoint } from "../../lib/constrained/mod.ts";
import {
  type Constrained,
  dot,
  iterations,
  measureBelow,
  type Result,
  solve,
  type Vector,
} from "../../lib/core/mod.ts";
import { poissonControl } from "../../lib/problems/mod.ts";

const run = (problem: Constrained, start: Vector): Result =>
  solve(problem, nonlinearInteriorPoint(), { start, stop: [measureBelow("kktResidual"), iterations(100)] });

// @must nonlinear-interior-point: optimal control on grids is solved in nearly as many steps on each
// @measured reached: Poisson's equation with 32, 98 and 200 variables, of which 12, 25 and 60 controls end at bounds: 12, 14 and 13 steps; without bounds 1 step
Deno.test("nonlinearInteriorPoint() needs as many steps on a fine grid as on a coarse one", () => {
  const steps = [4, 7, 10].map((N) => {
    const { problem, start } = poissonControl(N), m = N * N, one = run(problem, start);
    assertEquals([one.status, one.iterations], ["converged", 1]);
    const lower = new Float64Array(2 * m).fill(-Infinity), upper = new Float64Array(2 * m).fill(Infinity);
    const bounded = {
      ...problem,
      constraints: { ...problem.constraints, lower: lower.fill(-2, m), upper: upper.fill(0.5, m) },
    };
    const result = run(bounded, start);
    assertEquals(result.status, "converged");
    assert(result.x.subarray(m).filter((z) => z > 0.4999 || z < -1.9999).length >= m / 4);
    return result.iterations;
  });
  assert(Math.max(...steps) <= 16, `${steps}`);
});

/** Sums over the pieces of a chain of heights: what each piece adds, with derivatives by the slope and by the mean height. */
type Piece = (slope: number, mean: number) => {
  readonly value: number;
  readonly slope: number;
  readonly mean: number;
  /** Second derivatives: by the slope twice, by both. */
  readonly curvature: readonly [number, number];
};

/** Lengths, and heights times lengths, of which gravity makes the sum least. */
const length: Piece = (d) => {
  const q = Math.hypot(1, d);
  return { value: q, slope: d / q, mean: 0, curvature: [q ** -3, 0] };
};
const weight: Piece = (d, m) => {
  const q = Math.hypot(1, d);
  return { value: m * q, slope: m * d / q, mean: q, curvature: [m / q ** 3, d / q] };
};

/** `Σ h piece((yᵢ₊₁ - yᵢ)/h, (yᵢ + yᵢ₊₁)/2)` with its derivatives. */
function sumOf(piece: Piece, pieces: number) {
  const h = 1 / pieces;
  const each = (y: Vector, visit: (i: number, at: ReturnType<Piece>) => void) => {
    for (let i = 0; i < pieces; i++) visit(i, piece((y[i + 1] - y[i]) / h, (y[i] + y[i + 1]) / 2));
  };
  const value = (y: Vector): number => {
    let sum = 0;
    each(y, (_, at) => sum += h * at.value);
    return sum;
  };
  const gradient = (y: Vector, out: Vector): number => {
    out.fill(0);
    each(y, (i, at) => {
      out[i] += h * at.mean / 2 - at.slope;
      out[i + 1] += h * at.mean / 2 + at.slope;
    });
    return value(y);
  };
  const hessianVector = (y: Vector, v: Vector, out: Vector): void => {
    out.fill(0);
    each(y, (i, { curvature: [twice, both] }) => {
      const slope = (v[i + 1] - v[i]) / h, mean = (v[i] + v[i + 1]) / 2;
      out[i] += h * both * slope / 2 - twice * slope - both * mean;
      out[i + 1] += h * both * slope / 2 + twice * slope + both * mean;
    });
  };
  return { value, gradient, hessianVector };
}

/** A chain of length 4 hangs from height 1 at 0 to height 3 at 1; the ends are fixed variables. */
function hangingChain(pieces: number): { problem: Constrained; start: Vector } {
  const n = pieces + 1, lengths = sumOf(length, pieces), g = new Float64Array(n);
  const lower = new Float64Array(n).fill(-Infinity), upper = new Float64Array(n).fill(Infinity);
  lower[0] = upper[0] = 1;
  lower[pieces] = upper[pieces] = 3;
  return {
    problem: {
      kind: "constrained",
      objective: { kind: "smooth", dimension: n, ...sumOf(weight, pieces) } as Constrained["objective"],
      constraints: {
        lower,
        upper,
        equality: {
          components: 1,
          value: (y, out) => void (out[0] = lengths.value(y) - 4),
          jacobianVector: (y, v, out) => {
            lengths.gradient(y, g);
            out[0] = dot(g, v);
          },
          jacobianTransposeVector: (y, w, out) => {
            lengths.gradient(y, out);
            for (let j = 0; j < n; j++) out[j] *= w[0];
          },
          hessianVector: (y, w, v, out) => {
            lengths.hessianVector(y, v, out);
            for (let j = 0; j < n; j++) out[j] *= w[0];
          },
        },
      },
    },
    start: Float64Array.from({ length: n }, (_, k) => 8 * (k / pieces) * (k / pieces / 2 - 0.25) + 1),
  };
}

// @must nonlinear-interior-point: a hanging chain, its length an equation, in nearly as many steps on each grid
// @measured reached: 51, 101, 201 heights: 8, 9, 9 steps; the values converge to the catenary's 5.068480 with the square of the distance on the grid, the multiplier to its height
Deno.test("nonlinearInteriorPoint() finds the catenary", () => {
  const results = [50, 100, 200].map((pieces) => {
    const { problem, start } = hangingChain(pieces), result = run(problem, start);
    assertEquals(result.status, "converged");
    return result;
  });
  assert(results.every(({ iterations }) => iterations <= 11));
  // y = a cosh((x - b)/a) + c, with the ends and the length: 2a sinh(1/2a) = √(4² - 2²), tanh((1 - 2b)/2a) = 2/4
  const a = 0.16369752952483363, b = 0.5 - a * Math.atanh(0.5), c = 1 - a * Math.cosh(b / a);
  const least = 4 * c + a / 2 * (1 + a / 2 * (Math.sinh(2 * (1 - b) / a) + Math.sinh(2 * b / a)));
  const [f50, f100, f200] = results.map(({ value }) => value);
  assertAlmostEquals(2 * a * Math.sinh(1 / (2 * a)), Math.sqrt(12), 1e-12);
  assertAlmostEquals((f50 - f100) / (f100 - f200), 4, 0.05);
  assertAlmostEquals((4 * f200 - f100) / 3, least, 1e-6);
  assertAlmostEquals(results[2].point.multipliers![0], -c, 1e-4);
});
