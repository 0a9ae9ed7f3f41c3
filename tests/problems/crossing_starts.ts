/** The share of random starts from which methods find the free theory again, for the test and the bench of `crossing`. */
import { nonlinearInteriorPoint, sqp } from "../../lib/constrained/mod.ts";
import {
  gradientNorm,
  iterations,
  measureBelow,
  normInf,
  type Result,
  rng,
  solve,
  uniform,
  type Vector,
} from "../../lib/core/mod.ts";
import { conformalBlock, crossing } from "../../lib/problems/mod.ts";
import { levenbergMarquardt, variableProjection } from "../../lib/smooth/mod.ts";

/** Of 20 starts, those that end within 1e-6 of all dimensions and coefficients that were sought. */
export interface Found {
  levenbergMarquardt: number;
  variableProjection: number;
  sqp: number;
  interiorPoint: number;
}

const p = 0.6, SCALE = 1e3;

/** Starts have dimensions in [½ + 2n, 2½ + 2n] and coefficients in [0, 3]; those of the free theory are 1.2 + 2n and 2, 0.47, 0.05, …. */
export function foundOf(operators: number, midpoint: boolean): Found {
  const { problem, constrained, free } = crossing({
    externalDimension: p,
    operators,
    tail: 40,
    midpoint,
    scale: SCALE,
  });
  const known = new Float64Array(problem.residual.components);
  problem.residual.value(free.map((v, j) => j < operators ? v : 0), known);
  const points = Array.from(known, (_, i) => i < 24 ? 0.51 + 0.43 * i / 23 : 0.5);
  const terms = Array.from({ length: operators }, (_, n) => (z: number, dimensions: Vector): number => {
    if (!(dimensions[n] > 0)) return NaN;
    const here = conformalBlock(dimensions[n], z).value, there = conformalBlock(dimensions[n], 1 - z).value;
    return SCALE * (z === 0.5 ? here : (1 - z) ** (2 * p) * here - z ** (2 * p) * there);
  });
  const projected = variableProjection(terms, points, known.map((v) => -v), operators);
  const steep = { stop: [gradientNorm({ absolute: 1e-9 }), iterations(500)] };
  const kkt = { stop: [measureBelow("kktResidual", { absolute: 1e-9 }), iterations(300)] };
  const methods: Record<keyof Found, (start: Vector) => Result> = {
    levenbergMarquardt: (start) => solve(problem, levenbergMarquardt(), { start, ...steep }),
    variableProjection: (start) =>
      solve(projected, levenbergMarquardt(), { start: start.subarray(0, operators), ...steep }),
    sqp: (start) => solve(constrained, sqp(), { start, ...kkt }),
    interiorPoint: (start) => solve(constrained, nonlinearInteriorPoint(), { start, ...kkt }),
  };
  const random = rng(1), found: Found = { levenbergMarquardt: 0, variableProjection: 0, sqp: 0, interiorPoint: 0 };
  for (let k = 0; k < 20; k++) {
    const start = free.map((_, j) => j < operators ? 0.5 + 2 * j + 2 * uniform(random) : 3 * uniform(random));
    for (const name of Object.keys(methods) as (keyof Found)[]) {
      if (normInf(methods[name](start).x.map((v, j) => v - free[j])) <= 1e-6) found[name]++;
    }
  }
  return found;
}
