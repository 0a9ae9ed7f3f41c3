/**
 * Checks the derivatives of a vector function against differences and names the rows, and in them the columns, that are
 * wrong.
 *
 * @module
 */
import { DomainError } from "./errors.ts";
import { type DerivativeOracle, type DerivativeReport, Mismatches } from "./mismatches.ts";
import type { VectorFunction } from "./problem.ts";
import { fillDirection, type Quotient, quotientAlong, quotientsAlong } from "./quotients.ts";
import { fillNormal, fillSphere, type Rng, rng } from "./rng.ts";
import { dot, norm2, type Vector, vector } from "./vector.ts";

/** Options of `checkJacobian` and `checkDerivatives`. */
export interface CheckOptions {
  /** Largest relative difference that passes. Default 1e-5. */
  readonly tolerance?: number;
  /** Random directions tried before any coordinate. Default 3. */
  readonly directions?: number;
  /** Seed of the directions. Default 0. */
  readonly seed?: number;
}

/**
 * Compares `J v` with central differences of c along random v, row by row, as `jacobianVector` and `jacobian` say it;
 * `v·Jᵀw` of `jacobianTransposeVector` with the same differences weighted by random w; and `hessianVector` with
 * differences of `Jᵀw`. Where a row disagrees, each of its columns is looked at along the axes; where the transpose
 * does, row by row.
 *
 * A right function costs 22 values for each direction, and one or two products; the steps of the differences are chosen
 * as in `checkDerivatives`.
 *
 * @param f A vector function, of constraints or residuals.
 * @param x Where to check; a random point tells more than a special one.
 * @throws {DomainError} When x is not finite.
 *
 * @example A Jacobian with one wrong entry
 * ```ts
 * import { checkJacobian } from "@gradus/gradus/core";
 * import { assertEquals } from "@std/assert";
 *
 * const report = checkJacobian({
 *   components: 2,
 *   value: (x, out) => out.set([x[0] * x[1], x[0] ** 2]),
 *   jacobianVector: (x, v, out) => out.set([x[1] * v[0] + x[0] * v[1], -2 * x[0] * v[0]]), // the sign
 *   jacobianTransposeVector: (x, w, out) => out.set([x[1] * w[0] + 2 * x[0] * w[1], x[0] * w[0]]),
 * }, [3, 5]);
 * const [{ oracle, row, coordinate, given, difference }] = report.mismatches;
 * assertEquals({ oracle, row, coordinate, given }, { oracle: "jacobianVector", row: 1, coordinate: 0, given: -6 });
 * assertEquals(Math.round(difference), 6);
 * ```
 */
export function checkJacobian(f: VectorFunction, x: ArrayLike<number>, options: CheckOptions = {}): DerivativeReport {
  const { tolerance = 1e-5, directions = 3, seed = 0 } = options, at = vector(x, x.length, "point");
  const { components: m } = f, generator = rng(seed), found = new Mismatches(tolerance);
  if (!Number.isSafeInteger(m) || m < 1) {
    throw new DomainError(`Cannot check a Jacobian: expected a function of at least 1 component, got ${m}`);
  }
  const isRight = [...forwards(f, at), backwards(f, at)].map((oracle) =>
    examine(oracle, f, at, directions, generator, found)
  );
  if (f.hessianVector && isRight.every(Boolean)) examineHessian(f, at, directions, generator, found);
  return found.report();
}

/** A way to know the Jacobian. */
interface Way {
  readonly oracle: DerivativeOracle;
  /** Writes J v, or is missing. */
  readonly along?: (v: Vector, out: Vector) => void;
  /** Writes Jᵀ w, or is missing. */
  readonly across?: (w: Vector, out: Vector) => void;
}

/** What is not written stays NaN, which agrees with nothing. */
function forwards(f: VectorFunction, x: Vector): Way[] {
  const m = f.components, n = x.length;
  const product: Way = { oracle: "jacobianVector", along: (v, out) => f.jacobianVector(x, v, out.fill(NaN)) };
  if (!f.jacobian) return [product];
  const J = { rows: m, columns: n, data: new Float64Array(m * n).fill(NaN) };
  f.jacobian(x, J);
  const along = (v: Vector, out: Vector): void => {
    for (let i = 0; i < m; i++) out[i] = dot(J.data.subarray(i * n, (i + 1) * n), v);
  };
  return [product, { oracle: "jacobian", along }];
}

function backwards(f: VectorFunction, x: Vector): Way {
  return { oracle: "jacobianTransposeVector", across: (w, out) => f.jacobianTransposeVector(x, w, out.fill(NaN)) };
}

/** Compares what one function says of J with differences; returns whether it agrees. */
function examine(
  way: Way,
  f: VectorFunction,
  x: Vector,
  directions: number,
  generator: Rng,
  found: Mismatches,
): boolean {
  const { oracle, along, across } = way, m = f.components, n = x.length, wrong = new Set<number>();
  const image = new Float64Array(m), pullback = new Float64Array(n), w = new Float64Array(m), v = new Float64Array(n);
  const rowAlong = (i: number): number => { // of J v
    if (along) return image[i];
    w.fill(0);
    w[i] = 1;
    across!(w, pullback);
    return dot(pullback, v);
  };
  const examineRows = (rows: Iterable<number>, coordinate: number, quotients: readonly Quotient[]): void => {
    along?.(v, image);
    for (const row of rows) {
      if (!found.compare({ oracle, row, coordinate }, rowAlong(row), quotients[row])) wrong.add(row);
    }
  };
  let agrees = true;
  for (let k = 0; k < directions; k++) {
    fillDirection(generator, x, v);
    const quotients = quotientsAlong(f.value, m, x, v), all = Array.from({ length: m }, (_, i) => i);
    if (along) examineRows(all, -1, quotients);
    else if (!weighted(fillNormal(generator, w), quotients, pullback)) {
      agrees = false;
      examineRows(all, -1, quotients);
    }
  }
  if (wrong.size > 0) {
    for (let j = 0; j < n; j++) {
      v.fill(0);
      v[j] = 1;
      examineRows(wrong, j, quotientsAlong(f.value, m, x, v));
    }
  }
  return agrees && wrong.size === 0;

  /** Whether `v·Jᵀw` is the weighted sum of the quotients. */
  function weighted(weights: Vector, quotients: readonly Quotient[], out: Vector): boolean {
    across!(weights, out);
    let value = 0, error = 0;
    for (let i = 0; i < m; i++) {
      value += weights[i] * quotients[i].value;
      error += Math.abs(weights[i]) * quotients[i].error;
    }
    return found.compare({ oracle, coordinate: -1 }, dot(out, v), { value, error });
  }
}

/** `u·H_w v` against differences of `u·Jᵀw` along v: with random weights, then row by row and entry by entry. */
function examineHessian(f: VectorFunction, x: Vector, directions: number, generator: Rng, found: Mismatches): void {
  const m = f.components, n = x.length, oracle = "hessianVector", g = new Float64Array(n), Hv = new Float64Array(n);
  const u = new Float64Array(n), v = new Float64Array(n), w = new Float64Array(m), size = (): number => norm2(g);
  const quotient = (): Quotient =>
    quotientAlong(
      (y) => {
        f.jacobianTransposeVector(y, w, g);
        return dot(g, u);
      },
      x,
      v,
      size,
    );
  for (let k = 0; k < directions; k++) {
    fillSphere(generator, u);
    fillDirection(generator, x, v);
    f.hessianVector!(x, fillNormal(generator, w), v, Hv.fill(NaN));
    if (found.compare({ oracle, coordinate: -1 }, dot(u, Hv), quotient())) continue;
    const along = u.slice();
    for (let row = 0; row < m; row++) {
      w.fill(0);
      w[row] = 1;
      u.set(along);
      f.hessianVector!(x, w, v, Hv.fill(NaN));
      if (found.compare({ oracle, row, coordinate: -1 }, dot(u, Hv), quotient())) continue;
      for (let j = 0; j < n; j++) {
        u.fill(0);
        u[j] = 1;
        found.compare({ oracle, row, coordinate: j }, Hv[j], quotient());
      }
    }
    return;
  }
}
