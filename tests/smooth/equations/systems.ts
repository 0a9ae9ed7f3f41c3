// Systems of equations with known solutions.
import type { Vector } from "../../../lib/core/mod.ts";
import type { Equation } from "../../../lib/smooth/mod.ts";

/** A system, its standard start, and whether Newton's method is known to find a solution from there. */
export interface System {
  readonly name: string;
  readonly problem: Equation;
  readonly start: Vector;
}

/** A system from a function that writes F. */
export function system(name: string, start: ArrayLike<number>, operator: (x: Vector, out: Vector) => void): System {
  return { name, problem: { kind: "operator", dimension: start.length, operator }, start: Float64Array.from(start) };
}

const each = (n: number, f: (i: number) => number): number[] => Array.from({ length: n }, (_, i) => f(i));

/**
 * The systems among the problems of Moré, Garbow and Hillstrom, Testing unconstrained optimization software (1981),
 * that is those with as many equations as unknowns and a zero, at their standard starts.
 */
export function mghSystems(): System[] {
  const t = (n: number) => each(n, (i) => (i + 1) / (n + 1));
  return [
    system("Rosenbrock", [-1.2, 1], ([x, y], f) => {
      f[0] = 10 * (y - x * x);
      f[1] = 1 - x;
    }),
    system("PowellSingular", [3, -1, 0, 1], ([a, b, c, d], f) => {
      f[0] = a + 10 * b;
      f[1] = Math.sqrt(5) * (c - d);
      f[2] = (b - 2 * c) ** 2;
      f[3] = Math.sqrt(10) * (a - d) ** 2;
    }),
    system("PowellBadlyScaled", [0, 1], ([x, y], f) => {
      f[0] = 1e4 * x * y - 1;
      f[1] = Math.exp(-x) + Math.exp(-y) - 1.0001;
    }),
    system("HelicalValley", [-1, 0, 0], ([x, y, z], f) => {
      f[0] = 10 * (z - 10 * (Math.atan(y / x) / (2 * Math.PI) + (x < 0 ? 0.5 : 0)));
      f[1] = 10 * (Math.hypot(x, y) - 1);
      f[2] = z;
    }),
    system("Chebyquad5", each(5, (i) => (i + 1) / 6), (x, f) => {
      f.fill(0);
      for (const xj of x) {
        let before = 1, now = 2 * xj - 1;
        for (let i = 0; i < 5; i++) {
          f[i] += now / 5;
          [before, now] = [now, 2 * (2 * xj - 1) * now - before];
        }
      }
      for (let i = 1; i < 5; i += 2) f[i] += 1 / ((i + 1) ** 2 - 1);
    }),
    system("BrownAlmostLinear", Array(10).fill(0.5), (x, f) => {
      const sum = x.reduce((s, xi) => s + xi, 0);
      for (let i = 0; i < 9; i++) f[i] = x[i] + sum - 11;
      f[9] = x.reduce((p, xi) => p * xi, 1) - 1;
    }),
    system("DiscreteBV", t(10).map((ti) => ti * (ti - 1)), (x, f) => {
      for (let i = 0; i < 10; i++) {
        f[i] = 2 * x[i] - (x[i - 1] ?? 0) - (x[i + 1] ?? 0) + (x[i] + (i + 1) / 11 + 1) ** 3 / 242;
      }
    }),
    system("DiscreteIE", t(10).map((ti) => ti * (ti - 1)), (x, f) => {
      const c = x.map((xj, j) => (xj + (j + 1) / 11 + 1) ** 3);
      for (let i = 0; i < 10; i++) {
        f[i] = x[i];
        for (let j = 0; j < 10; j++) {
          f[i] += c[j] * (j <= i ? (1 - (i + 1) / 11) * (j + 1) : (i + 1) * (1 - (j + 1) / 11)) / 242;
        }
      }
    }),
    system("Trigonometric", Array(10).fill(0.1), (x, f) => {
      const sum = x.reduce((s, xi) => s + Math.cos(xi), 0);
      for (let i = 0; i < 10; i++) f[i] = 10 - sum + (i + 1) * (1 - Math.cos(x[i])) - Math.sin(x[i]);
    }),
    system("VariablyDim", each(10, (i) => 1 - (i + 1) / 10), (x, f) => {
      const s = x.reduce((sum, xi, i) => sum + (i + 1) * (xi - 1), 0);
      for (let i = 0; i < 10; i++) f[i] = x[i] - 1 + (i + 1) * s * (1 + 2 * s * s);
    }),
    broydenTridiagonal(10),
    system("BroydenBanded", Array(10).fill(-1), (x, f) => {
      for (let i = 0; i < 10; i++) {
        f[i] = x[i] * (2 + 5 * x[i] ** 2) + 1;
        for (let j = Math.max(0, i - 5); j <= Math.min(9, i + 1); j++) if (j !== i) f[i] -= x[j] * (1 + x[j]);
      }
    }),
  ];
}

/** Broyden's tridiagonal system of any size. */
export function broydenTridiagonal(n: number): System {
  return system("BroydenTridiag", Array(n).fill(-1), (x, f) => {
    for (let i = 0; i < n; i++) {
      f[i] = (3 - 2 * x[i]) * x[i] - (i > 0 ? x[i - 1] : 0) - 2 * (i + 1 < n ? x[i + 1] : 0) + 1;
    }
  });
}

/**
 * Chandrasekhar's H-equation by the midpoint rule, `Hᵢ = 1/(1 - c/2n Σⱼ μᵢ Hⱼ/(μᵢ + μⱼ))`, from 1: the mean of its
 * solution is `(2/c)(1 - √(1 - c))`, at any n. At c = 1 the Jacobian is singular there.
 */
export function hEquation(n: number, c: number): System & { readonly map: (x: Vector, out: Vector) => void } {
  const map = (x: Vector, out: Vector): void => {
    for (let i = 0; i < n; i++) {
      let s = 0;
      for (let j = 0; j < n; j++) s += (i + 0.5) * x[j] / (i + j + 1);
      out[i] = 1 / (1 - c * s / (2 * n));
    }
  };
  const made = system("H-equation", Array(n).fill(1), (x, out) => {
    map(x, out);
    for (let i = 0; i < n; i++) out[i] = x[i] - out[i];
  });
  return { ...made, map };
}
