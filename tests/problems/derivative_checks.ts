/** Checks of hand-written derivatives against differences, for every test of problems. */
import { dot, fillNormal, norm2, normInf, type Rng, type TwiceSmooth, type Vector } from "../../lib/core/mod.ts";
import { assert, assertEquals } from "@std/assert";

/**
 * Compares gradient and Hessian-vector product with central differences along random directions and coordinates, and
 * tests the symmetry of the Hessian. The unit of a coordinate is its magnitude (at least 1e-3), so that badly scaled
 * problems are measured fairly.
 */
export function checkSecondOrder(problem: TwiceSmooth, x: Vector, random: Rng, tolerance = 1e-9): void {
  const n = problem.dimension, what = `${problem.name} at ${Array.from(x.subarray(0, 12))}`;
  const before = x.slice(), gradient = new Float64Array(n), f = problem.gradient(x, gradient);
  assertEquals(f, problem.value(x), what);
  const unit = x.map((xi) => Math.max(1e-3, Math.abs(xi)));
  const direction = () => fillNormal(random, new Float64Array(n)).map((d, i) => d * unit[i]);
  const size = norm2(gradient.map((g, i) => g * unit[i]));
  for (let k = 0; k < 3; k++) {
    const d = direction(), slope = difference((t) => problem.value(moved(x, t, d)));
    const error = Math.abs(slope.estimate - dot(gradient, d));
    assert(
      error <= tolerance * size * norm2(d.map((di, i) => di / unit[i])) + slope.noise,
      `${what}: slope off by ${error}`,
    );
  }
  const u = direction(), v = direction(), Hu = new Float64Array(n), Hv = new Float64Array(n);
  problem.hessianVector(x, u, Hu);
  problem.hessianVector(x, v, Hv);
  const scaleU = norm2(Hu.map((h, i) => h * unit[i])), scaleV = norm2(Hv.map((h, i) => h * unit[i]));
  for (let i = 0; i < n; i++) {
    const row = difference((t) => {
      const g = new Float64Array(n);
      problem.gradient(moved(x, t, v), g);
      return g[i] * unit[i];
    });
    const error = Math.abs(row.estimate - Hv[i] * unit[i]);
    assert(error <= tolerance * scaleV + row.noise, `${what}: entry ${i} of the product off by ${error} of ${scaleV}`);
  }
  const asymmetry = Math.abs(dot(u, Hv) - dot(v, Hu));
  assert(
    asymmetry <= 1e-12 * (scaleU * norm2(v.map((d, i) => d / unit[i])) + scaleV * norm2(u.map((d, i) => d / unit[i]))),
    what,
  );
  assertEquals(x, before, `${what}: the point was changed`);
}

function moved(x: Vector, t: number, d: Vector): Vector {
  return x.map((xi, i) => xi + t * d[i]);
}

/** The derivative at 0 by Richardson's extrapolation of central differences, and what rounding may have added. */
function difference(f: (t: number) => number): { estimate: number; noise: number } {
  const h = 1e-4, a = f(h), b = f(-h), c = f(h / 2), d = f(-h / 2);
  const estimate = (8 * (c - d) - (a - b)) / (6 * h);
  return { estimate, noise: 1e-14 * Math.max(Math.abs(a), Math.abs(b)) / h };
}

/** Newton's method with dense Hessians and a growing shift where it does not descend; for starts close to a minimizer. */
export function newton(problem: TwiceSmooth, start: Vector, iterations = 60): Vector {
  const n = problem.dimension, x = start.slice(), g = new Float64Array(n);
  for (let k = 0; k < iterations; k++) {
    const f = problem.gradient(x, g);
    if (normInf(g) === 0) break;
    let moved = false;
    for (let shift = 0; shift < 1e6 && !moved; shift = shift === 0 ? 1e-10 : shift * 10) {
      const trial = solveShifted(problem, x, g, shift).map((s, i) => x[i] - s);
      const h = new Float64Array(n), value = problem.gradient(trial, h);
      if (value < f || (value === f && normInf(h) < normInf(g))) {
        x.set(trial);
        moved = true;
      }
    }
    if (!moved) break;
  }
  return x;
}

/** Gaussian elimination with pivoting on `∇²f + shift · diagonal`. */
function solveShifted(problem: TwiceSmooth, x: Vector, b: Vector, shift: number): Vector {
  const n = b.length,
    e = new Float64Array(n),
    rows = Array.from({ length: n }, (_, i) => {
      e.fill(0);
      e[i] = 1;
      const row = new Float64Array(n + 1);
      problem.hessianVector(x, e, row.subarray(0, n));
      row[i] += shift * Math.max(1e-300, Math.abs(row[i]));
      row[n] = b[i];
      return row;
    });
  for (let k = 0; k < n; k++) {
    let p = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(rows[i][k]) > Math.abs(rows[p][k])) p = i;
    [rows[k], rows[p]] = [rows[p], rows[k]];
    for (let i = k + 1; i < n; i++) {
      const c = rows[i][k] / rows[k][k];
      for (let j = k; j <= n; j++) rows[i][j] -= c * rows[k][j];
    }
  }
  const s = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    let t = rows[i][n];
    for (let j = i + 1; j < n; j++) t -= rows[i][j] * s[j];
    s[i] = t / rows[i][i];
  }
  return s;
}
