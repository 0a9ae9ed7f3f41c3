/**
 * One step of preconditioned conjugate gradients, for solvers that look between the steps, in memory given beforehand.
 *
 * ```
 * z = M r,   ρ = rᵀz,   β = ρ / ρ₋
 * p ← z + β p,   q = A p,   c = pᵀq
 * α = ρ / c,   x ← x + α p,   r ← r - α q
 * ```
 *
 * Source: Hestenes and Stiefel, Methods of conjugate gradients for solving linear systems (1952).
 *
 * @module
 */
import { dot, type LinearOperator, type Vector } from "../../core/mod.ts";

/** The vectors and numbers of conjugate gradients: plain data, which a solver's state may hold. */
export interface CgWorkspace {
  /** `r = b - A x`, to be written before the start. */
  readonly residual: Vector;
  /** `z = M r`; without a preconditioner the residual itself. */
  readonly preconditioned: Vector;
  /** `p`. */
  readonly direction: Vector;
  /** `q = A p`. */
  readonly product: Vector;
  /** `ρ = rᵀz`. */
  rho: number;
  /** `β`, 0 at the start. */
  beta: number;
  /** `|p|`. */
  length: number;
  /** `c = pᵀA p`. */
  curvature: number;
  /** `ε |p| |A p|`: a curvature that is not above this is no positive one. */
  flat: number;
}

/**
 * Memory for conjugate gradients in n unknowns.
 *
 * @param n The number of unknowns.
 * @param preconditioned Whether there will be a preconditioner.
 * @param residual A vector to hold the residual. Default: a new one.
 */
export function cgWorkspace(n: number, preconditioned = false, residual: Vector = new Float64Array(n)): CgWorkspace {
  return {
    residual,
    preconditioned: preconditioned ? new Float64Array(n) : residual,
    direction: new Float64Array(n),
    product: new Float64Array(n),
    rho: 0,
    beta: 0,
    length: 0,
    curvature: 0,
    flat: 0,
  };
}

/**
 * `z ← M r`, `ρ ← rᵀz` for the residual in the workspace, and no direction before: returns ρ, positive for a definite
 * M.
 */
export function cgStart(w: CgWorkspace, preconditioner?: Pick<LinearOperator, "apply">): number {
  if (preconditioner) preconditioner.apply(w.residual, w.preconditioned);
  w.rho = dot(w.residual, w.preconditioned);
  w.beta = 0;
  w.direction.fill(0);
  return w.rho;
}

/** The next direction, `p ← z + β p`. The product with it, `q = A p`, is the caller's to write. */
export function cgDirection(w: CgWorkspace): void {
  const { preconditioned: z, direction: p, beta } = w, n = p.length, even = n - (n & 1);
  let a = 0, b = 0;
  for (let i = 0; i < even; i += 2) {
    const p0 = z[i] + beta * p[i], p1 = z[i + 1] + beta * p[i + 1];
    p[i] = p0;
    p[i + 1] = p1;
    a += p0 * p0;
    b += p1 * p1;
  }
  for (let i = even; i < n; i++) {
    p[i] = z[i] + beta * p[i];
    a += p[i] * p[i];
  }
  w.length = Math.sqrt(a + b);
}

/** The curvature `c = pᵀq`, returned. Go on only if it is above `flat`. */
export function cgCurvature(w: CgWorkspace): number {
  const { direction: p, product: q } = w, n = p.length, even = n - (n & 3);
  let a = 0, b = 0, c = 0, d = 0, e = 0, f = 0;
  for (let i = 0; i < even; i += 4) {
    const q0 = q[i], q1 = q[i + 1], q2 = q[i + 2], q3 = q[i + 3];
    a += p[i] * q0;
    b += p[i + 1] * q1;
    c += p[i + 2] * q2;
    d += p[i + 3] * q3;
    e += q0 * q0 + q2 * q2;
    f += q1 * q1 + q3 * q3;
  }
  for (let i = even; i < n; i++) {
    a += p[i] * q[i];
    e += q[i] * q[i];
  }
  w.flat = Number.EPSILON * w.length * Math.sqrt(e + f);
  return w.curvature = (a + b) + (c + d);
}

/** The step along the direction: `x ← x + α p`, `r ← r - α q` with `α = ρ / pᵀq`; returns `|r|²`. */
export function cgStep(x: Vector, w: CgWorkspace): number {
  const { residual: r, direction: p, product: q } = w, alpha = w.rho / w.curvature, n = x.length, even = n - (n & 3);
  let a = 0, b = 0, c = 0, d = 0;
  for (let i = 0; i < even; i += 4) {
    x[i] += alpha * p[i];
    x[i + 1] += alpha * p[i + 1];
    x[i + 2] += alpha * p[i + 2];
    x[i + 3] += alpha * p[i + 3];
    const r0 = r[i] - alpha * q[i],
      r1 = r[i + 1] - alpha * q[i + 1],
      r2 = r[i + 2] - alpha * q[i + 2],
      r3 = r[i + 3] - alpha * q[i + 3];
    r[i] = r0;
    r[i + 1] = r1;
    r[i + 2] = r2;
    r[i + 3] = r3;
    a += r0 * r0;
    b += r1 * r1;
    c += r2 * r2;
    d += r3 * r3;
  }
  for (let i = even; i < n; i++) {
    x[i] += alpha * p[i];
    r[i] -= alpha * q[i];
    a += r[i] * r[i];
  }
  return (a + b) + (c + d);
}

/**
 * After a step: `z ← M r`, `ρ ← rᵀz`, `β ← ρ / ρ₋`; returns ρ, positive for a definite M.
 *
 * @param w The workspace.
 * @param squared `|r|²`, as `cgStep` returned it.
 * @param preconditioner M.
 */
export function cgTurn(w: CgWorkspace, squared: number, preconditioner?: Pick<LinearOperator, "apply">): number {
  const before = w.rho;
  if (preconditioner) preconditioner.apply(w.residual, w.preconditioned);
  w.rho = preconditioner ? dot(w.residual, w.preconditioned) : squared;
  w.beta = w.rho / before;
  return w.rho;
}
