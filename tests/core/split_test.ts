// Split problems: what their measures say.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  DomainError,
  measures,
  MissingOracleError,
  oraclesOf,
  ShapeError,
  type Split,
  type Vector,
} from "../../lib/core/mod.ts";
import { of, sparse } from "./every_kind.ts";

const absolute = { value: (z: Vector): number => z.reduce((s, e) => s + Math.abs(e), 0) };
const shrink = (x: Vector, step: number, out: Vector): void => {
  for (let i = 0; i < x.length; i++) out[i] = Math.sign(x[i]) * Math.max(0, Math.abs(x[i]) - step);
};
const orthant = {
  value: (x: Vector): number => x.every((e) => e >= 0) ? 0 : Infinity,
  proximal: (x: Vector, _step: number, out: Vector): void => {
    for (let i = 0; i < x.length; i++) out[i] = Math.max(0, x[i]);
  },
};

/** ½ |x - (0, 4)|² + ½|x₁ - x₀| with x >= 0: solved by (0.5, 3.5) with y = 1, value 1.75. */
const joined: Split = {
  kind: "split",
  smooth: {
    kind: "smooth",
    dimension: 2,
    value: (x) => (x[0] ** 2 + (x[1] - 4) ** 2) / 2,
    gradient: (x, out) => {
      out[0] = x[0];
      out[1] = x[1] - 4;
      return (x[0] ** 2 + (x[1] - 4) ** 2) / 2;
    },
  },
  regularizer: orthant,
  operator: sparse([-0.5, 0.5]),
  outer: { ...absolute, proximal: shrink },
};

Deno.test("measures() of a split problem are zero at its solution with its multipliers, and value is the optimum", () => {
  // ∇f + Kᵀy = (0.5, -0.5) + (-0.5, 0.5) y with y = 1
  const { value, kktResidual } = measures(joined, { x: of(0.5, 3.5), multipliers: of(1) });
  assertAlmostEquals(value, 0.25 + 1.5, 1e-15);
  assertEquals(kktResidual, 0);
  // with the other sign of y neither condition holds
  const wrong = measures(joined, { x: of(0.5, 3.5), multipliers: of(-1) });
  assertEquals([wrong.stationarity, wrong.consistency], [1, 1.5]);
});

Deno.test("measures() of a split problem see x and y apart", () => {
  // x moved by 0.2 along the first axis: ∇f = (0.7, -0.5), Kx = 1.4, still y = 1 a subgradient
  const moved = measures(joined, { x: of(0.7, 3.5), multipliers: of(1) });
  assertAlmostEquals(moved.stationarity, 0.2, 1e-15);
  assertAlmostEquals(moved.consistency, 0, 1e-15);
  // no multipliers are zeros: Kx = 1.5 -> prox 0.5
  const bare = measures(joined, { x: of(0.5, 3.5) });
  assertEquals([bare.stationarity, bare.consistency], [0.5, 1]);
  assertAlmostEquals(bare.value, 0.25 + 0.5, 1e-15);
});

Deno.test("measures() of a split problem without a smooth part or a regularizer", () => {
  const feasible: Split = { kind: "split", operator: sparse([1, 1], [1, -1]), outer: orthant };
  assertEquals(measures(feasible, { x: of(1, 0.5), multipliers: of(0, 0) }).kktResidual, 0);
  const outside = measures(feasible, { x: of(0, 1), multipliers: of(0, -0.25) });
  assertEquals([outside.stationarity, outside.consistency, outside.value], [0.25, 1, 0]);
  assertEquals(oraclesOf(feasible), ["operator.apply", "operator.applyTranspose", "outer.value", "outer.proximal"]);
});

Deno.test("kindOf() refuses split problems whose parts do not fit", () => {
  const start = { x: of(1, 1) };
  assertThrows(() => measures({ ...joined, smooth: { ...joined.smooth!, dimension: 3 } }, start), ShapeError);
  assertThrows(() => measures({ ...joined, outer: absolute as Split["outer"] }, start), MissingOracleError);
  assertThrows(() => measures({ ...joined, operator: { ...joined.operator, rows: 0 } }, start), DomainError);
  assertThrows(() => measures(joined, { x: of(1, 1), multipliers: of(1, 1) }), ShapeError);
  assert(measures(joined, start).kktResidual > 0);
});
