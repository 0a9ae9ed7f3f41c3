import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  checkDerivatives,
  checkJacobian,
  type Constrained,
  DomainError,
  fillNormal,
  rng,
  ShapeError,
  type Vector,
  type VectorFunction,
} from "../../lib/core/mod.ts";
import type { TwiceVectorFunction } from "../../lib/constrained/mod.ts";
import { hockSchittkowskiGeneral } from "../../lib/problems/mod.ts";

/** A point away from the start, where nothing special holds, within the bounds. */
function nearby(x: Vector, { lower, upper }: Constrained["constraints"], seed: number): Vector {
  const away = fillNormal(rng(seed), new Float64Array(x.length));
  return x.map((xi, i) => {
    const moved = xi * (1 + 0.05 * away[i]) + 0.05 * away[i];
    return Math.max(lower?.[i] ?? -Infinity, Math.min(upper?.[i] ?? Infinity, moved));
  });
}

const instances = hockSchittkowskiGeneral().filter(({ start }) => start.length <= 7);

/** Multiplies the entry of the Jacobian in a row and column by a factor, in one of the functions. */
function spoiled(f: TwiceVectorFunction, row: number, column: number, factor: number, oracle: string): VectorFunction {
  const entry = (x: Vector): number => {
    const w = new Float64Array(f.components), out = new Float64Array(x.length);
    w[row] = 1;
    f.jacobianTransposeVector(x, w, out);
    return (factor - 1) * out[column];
  };
  const change: Record<string, Partial<VectorFunction>> = {
    jacobianVector: {
      jacobianVector: (x, v, out) => {
        f.jacobianVector(x, v, out);
        out[row] += entry(x) * v[column];
      },
    },
    jacobianTransposeVector: {
      jacobianTransposeVector: (x, w, out) => {
        f.jacobianTransposeVector(x, w, out);
        out[column] += entry(x) * w[row];
      },
    },
    jacobian: {
      jacobian: (x, out) => {
        f.jacobian(x, out);
        out.data[row * out.columns + column] += entry(x);
      },
    },
  };
  return { ...f, ...change[oracle] };
}

// @must checkJacobian: wrong Jacobians are detected by a random directional check that names the row
// @measured reached: 92 problems of Hock and Schittkowski, the sign of the largest entry of a row changed in each of the three functions: 276 times row and column are named, and nothing else; none of the right derivatives is accused
Deno.test("checkJacobian() names row and column of a wrong entry in every function, and accuses no right one", () => {
  let wrong = 0;
  for (const { name, problem, start } of instances) {
    const x = nearby(start, problem.constraints, 3), report = checkDerivatives(problem, x);
    assert(report.ok, `${name}: ${report}`);
    const { equality, inequality } = problem.constraints, f = (equality ?? inequality) as TwiceVectorFunction;
    const J = { rows: f.components, columns: x.length, data: new Float64Array(f.components * x.length) };
    f.jacobian(x, J);
    const row = start.length % f.components, entries = J.data.subarray(row * x.length, (row + 1) * x.length);
    const column = entries.reduce((best, a, j) => Math.abs(a) > Math.abs(entries[best]) ? j : best, 0);
    if (entries[column] === 0) continue;
    for (const oracle of ["jacobianVector", "jacobianTransposeVector", "jacobian"] as const) {
      const { ok, mismatches } = checkJacobian(spoiled(f, row, column, -1, oracle), x);
      assertEquals(ok, false, `${name} ${oracle}`);
      const at = mismatches.map((m) => [m.oracle, m.row, m.coordinate]);
      assertEquals(at, [[oracle, row, column]], `${name} ${oracle}`);
      wrong++;
    }
  }
  assert(wrong > 150, `${wrong}`);
});

Deno.test("checkJacobian() names what is wrong in second derivatives, and what is not written", () => {
  const { problem, start } = instances.find(({ name }) => name === "HS43")!, x = nearby(start, {}, 5);
  const f = problem.constraints.inequality as TwiceVectorFunction;
  const hessianVector: VectorFunction["hessianVector"] = (x, w, v, out) => {
    f.hessianVector(x, w, v, out);
    out[2] += 3 * w[1] * v[0];
  };
  const [first, ...others] = checkJacobian({ ...f, hessianVector }, x).mismatches;
  assertEquals([first.oracle, first.row, first.coordinate, others.length], ["hessianVector", 1, 2, 0]);
  const short: VectorFunction["jacobianVector"] = (x, v, out) => {
    const whole = new Float64Array(3);
    f.jacobianVector(x, v, whole);
    out.set(whole.subarray(0, 2)); // two rows of three
  };
  const report = checkJacobian({ ...f, jacobianVector: short }, x);
  assert(report.mismatches.every(({ row, given }) => row === 2 && Number.isNaN(given)), String(report));
  assertStringIncludes(String(report), "jacobianVector, row 2, coordinate 0: given NaN");
  const worse: VectorFunction["jacobianVector"] = (x, v, out) => {
    short(x, v, out);
    out[0] += v[0];
    out[1] += 5 * v[1];
  };
  const rows = checkJacobian({ ...f, jacobianVector: worse }, x).mismatches.map(({ row }) => row);
  assertEquals(rows, [2, 2, 2, 2, 1, 0]); // what is not written first, then the largest
});

Deno.test("checkDerivatives() says which function of a constrained problem is wrong", () => {
  const { problem, start } = instances.find(({ name }) => name === "HS71")!, x = nearby(start, {}, 7);
  const inequality = spoiled(problem.constraints.inequality as TwiceVectorFunction, 0, 3, 2, "jacobianTransposeVector");
  const wrong: Constrained = { ...problem, constraints: { ...problem.constraints, inequality } };
  const report = checkDerivatives(wrong, x), [{ part, oracle, row, coordinate }] = report.mismatches;
  assertEquals([part, oracle, row, coordinate], ["inequality", "jacobianTransposeVector", 0, 3]);
  assertStringIncludes(String(report), "inequality.jacobianTransposeVector, row 0, coordinate 3");
  const gradient = (x: Vector, out: Vector): number => {
    const value = problem.objective.gradient(x, out);
    out[1] += 1;
    return value;
  };
  const other = checkDerivatives({ ...problem, objective: { ...problem.objective, gradient } }, x);
  assertEquals(other.mismatches.map((m) => [m.part, m.oracle, m.coordinate]), [["objective", "gradient", 1]]);
});

Deno.test("checkJacobian() refuses points that are not finite and functions without components", () => {
  const { constraints: { equality } } = instances[0].problem;
  assertThrows(() => checkJacobian(equality!, [1, NaN]), DomainError);
  assertThrows(() => checkJacobian({ ...equality!, components: 0 }, [1, 1]), DomainError, "at least 1 component");
  assertThrows(() => checkDerivatives(instances[0].problem, [1]), ShapeError);
});
