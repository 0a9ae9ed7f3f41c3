/**
 * Functions with NaN in place of exceptions, as probes go where nobody meant them to be called.
 *
 * @module
 */
import type { Constrained, Smooth, TwiceSmooth, Vector, VectorFunction } from "../../core/mod.ts";

/** A smooth function. */
export function guarded(f: Smooth | TwiceSmooth): Smooth {
  const once: Smooth = {
    ...f,
    value: (x) => attempt(() => f.value(x)),
    gradient: (x, out) => {
      const value = attempt(() => f.gradient(x, out));
      if (Number.isNaN(value)) out.fill(NaN);
      return value;
    },
  };
  if (!("hessianVector" in f)) return once;
  const twice: TwiceSmooth = { ...once, hessianVector: (x, v, out) => write(() => f.hessianVector(x, v, out), out) };
  return twice;
}

/** A vector function. */
export function guardedVector(f: VectorFunction): VectorFunction {
  const { jacobian, hessianVector } = f;
  return {
    ...f,
    value: (x, out) => write(() => f.value(x, out), out),
    jacobianVector: (x, v, out) => write(() => f.jacobianVector(x, v, out), out),
    jacobianTransposeVector: (x, w, out) => write(() => f.jacobianTransposeVector(x, w, out), out),
    ...(jacobian && { jacobian: (x, out) => write(() => jacobian(x, out), out.data) }),
    ...(hessianVector && { hessianVector: (x, w, v, out) => write(() => hessianVector(x, w, v, out), out) }),
  };
}

/** A problem with constraints. */
export function guardedConstrained(problem: Constrained): Constrained {
  const { objective, constraints } = problem, { equality, inequality } = constraints;
  return {
    ...problem,
    objective: guarded(objective),
    constraints: {
      ...constraints,
      ...(equality && { equality: guardedVector(equality) }),
      ...(inequality && { inequality: guardedVector(inequality) }),
    },
  };
}

function attempt(call: () => number): number {
  try {
    return call();
  } catch {
    return NaN;
  }
}

function write(call: () => void, out: Vector): void {
  try {
    call();
  } catch {
    out.fill(NaN);
  }
}
