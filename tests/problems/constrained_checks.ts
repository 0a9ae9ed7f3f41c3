/** Checks of the derivatives of constrained problems, for every test of problems. */
import { fillNormal, norm2, type Rng, type Vector, type VectorFunction } from "../../lib/core/mod.ts";
import type { TwiceConstrained } from "../../lib/constrained/mod.ts";
import { assertAlmostEquals } from "@std/assert";
import { checkSecondOrder } from "./derivative_checks.ts";

/** The Lagrangian with random multipliers as a smooth function: its derivatives are those of f, c and g together. */
export function checkLagrangian({ name, objective, constraints }: TwiceConstrained, x: Vector, random: Rng): void {
  const n = objective.dimension, more = new Float64Array(n);
  const parts = [constraints.equality, constraints.inequality].filter((part) => part !== undefined).map((part) => ({
    part,
    values: new Float64Array(part.components),
    weights: fillNormal(random, new Float64Array(part.components)),
  }));
  const lagrangian = (x: Vector, f: number) =>
    parts.reduce((sum, { part, values, weights }) => {
      part.value(x, values);
      return values.reduce((sum, value, i) => sum + weights[i] * value, sum);
    }, f);
  const add = (out: Vector) => more.forEach((d, j) => out[j] += d);
  checkSecondOrder(
    {
      kind: "smooth",
      name: name!,
      dimension: n,
      value: (x) => lagrangian(x, objective.value(x)),
      gradient: (x, out) => {
        const f = objective.gradient(x, out);
        for (const { part, weights } of parts) {
          part.jacobianTransposeVector(x, weights, more);
          add(out);
        }
        return lagrangian(x, f);
      },
      hessianVector: (x, v, out) => {
        objective.hessianVector(x, v, out);
        for (const { part, weights } of parts) {
          part.hessianVector(x, weights, v, more);
          add(out);
        }
      },
    },
    x,
    random,
    1e-8,
  );
  for (const { part } of parts) checkJacobian(part, x, random);
}

/** The dense Jacobian, `J v` and `Jᵀw` are of one matrix. */
function checkJacobian(c: Required<VectorFunction>, x: Vector, random: Rng): void {
  const n = x.length, m = c.components, J = { rows: m, columns: n, data: new Float64Array(m * n) };
  const v = fillNormal(random, new Float64Array(n)), w = fillNormal(random, new Float64Array(m));
  const Jv = new Float64Array(m), JTw = new Float64Array(n);
  c.jacobian(x, J);
  c.jacobianVector(x, v, Jv);
  c.jacobianTransposeVector(x, w, JTw);
  const size = 1 + norm2(J.data);
  Jv.forEach((entry, i) => {
    const row = J.data.subarray(i * n, (i + 1) * n);
    assertAlmostEquals(entry, row.reduce((sum, a, j) => sum + a * v[j], 0), 1e-12 * size);
  });
  JTw.forEach((entry, j) =>
    assertAlmostEquals(entry, w.reduce((sum, b, i) => sum + b * J.data[i * n + j], 0), 1e-12 * size)
  );
}
