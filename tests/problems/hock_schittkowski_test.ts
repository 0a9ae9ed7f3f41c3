// The problems of Hock and Schittkowski with general constraints: values, derivatives, minimizers with multipliers.
import { DomainError, kindOf, measures, rng } from "../../lib/core/mod.ts";
import {
  hockSchittkowski,
  hockSchittkowskiEqualities,
  hockSchittkowskiGeneral,
  hockSchittkowskiIrregular,
} from "../../lib/problems/mod.ts";
import { evaluateFormula } from "../../lib/problems/hock_schittkowski/formula.ts";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { checkLagrangian } from "./constrained_checks.ts";
import reference from "../data/hock_schittkowski_reference.json" with { type: "json" };

const random = rng(5);

/** f at the start, by hand. */
const atStart: Readonly<Record<string, number>> = {
  HS6: 4.84,
  HS7: Math.log(5) - 2,
  HS10: -20,
  HS11: 0.01 + 0.01 - 25,
  HS13: 16 + 4,
  HS15: 100 * 3 ** 2 + 3 ** 2,
  HS18: 4.04,
  HS19: 10.1 ** 3 - 14.16 ** 3,
  HS21: -98.99,
  HS24: (4 - 9) / 8 / (27 * Math.sqrt(3)),
  HS28: 13,
  HS30: 3,
  HS31: 19,
  HS32: 2.4 ** 2 + 4 * 0.36,
  HS33: -3,
  HS35: 9 - 4 - 3 - 2 + 0.5 + 0.5 + 0.25 + 0.5 + 0.5,
  HS36: -1000,
  HS40: -0.4096,
  HS41: -6,
  HS48: 84,
  HS50: 66 ** 2 + 42 ** 2 + 6 ** 4 + 10 ** 2,
  HS53: 0 + 4 + 1 + 1,
  HS55: 1 + 4 + 1,
  HS60: 1,
  HS63: 1000 - 4 - 8 - 4 - 4 - 4,
  HS64: 5 + 50000 + 20 + 72000 + 10 + 144000,
  HS65: 100 + 100 / 9 + 25,
  HS66: 0.58,
  HS71: 16,
  HS73: 24.55 + 26.75 + 39 + 40.5,
  HS76: 0.25 + 0.125 + 0.25 + 0.125 - 0.25 + 0.25 - 0.5 - 1.5 + 0.5 - 0.5,
  HS77: 0 + 1 + 1 + 1 + 1,
  HS78: -6,
  HS79: 1,
  HS80: Math.exp(-8),
  HS81: Math.exp(-8) - 0.5,
  HS86: -12 + 30 + 2,
  HS87: 31 * 390 + 30 * 1000,
  HS100: 81 + 500 + 0 + 147 + 0 + 7 + 1 - 4 - 10 - 8,
  HS106: 15000,
  HS107: 3000 * 0.8 + 1000 * 0.512 + 1600 + 666.66666667 * 0.512,
  HS111: 10 * Math.exp(-2.3) * -Math.log(10) + Math.exp(-2.3) * -186.577,
  HS112: 0.1 * -186.577 - Math.log(10),
  HS114: 5.04 * 1745 + 420 + 1100 + 3.36 * 1974 - 0.063 * 3048 * 92.8,
  HS116: 450,
  HS119: 46 * 111 ** 2,
};

/** The minima that the set lists, to the digits of Schittkowski's later programs, where they are not whole or closed forms. */
const listed: Readonly<Record<string, number>> = {
  HS57: 0.0284596697213,
  HS59: -7.80422632408,
  HS60: 0.0325682002513,
  HS62: -26272.5144873,
  HS63: 961.715172127,
  HS64: 6299.84242821,
  HS65: 0.953528856757,
  HS66: 0.518163274159,
  HS67: -1162.03650728,
  HS68: -0.920425020704,
  HS69: -956.712887064,
  HS70: 0.00749846356143,
  HS71: 17.0140172895,
  HS72: 727.679376021,
  HS73: 29.8943781573,
  HS74: 5126.49810934,
  HS75: 5174.41288686,
  HS76: -4.68181818182,
  HS80: 0.0539498477624,
  HS81: 0.0539498477749,
  HS83: -30665.5386717,
  HS84: -5280335.13306,
  HS85: -1.90513375,
  HS86: -32.3486789716,
  HS87: 8927.59773493,
  HS88: 1.36265680997,
  HS89: 1.36265680508,
  HS90: 1.36265681317,
  HS91: 1.36265680910,
  HS92: 1.36265681213,
  HS93: 135.075961229,
  HS95: 0.0156195144282,
  HS96: 0.0156195134384,
  HS97: 3.13580912311,
  HS98: 3.13580912299,
  HS99: -831079891.516,
  HS100: 680.630057275,
  HS101: 1809.76476556,
  HS102: 911.880571336,
  HS103: 543.667958424,
  HS104: 3.95116343955,
  HS105: 1138.41623960,
  HS106: 7049.33092308,
  HS107: 5055.01180339,
  HS108: -0.866025403841,
  HS109: 5362.06927538,
  HS111: -47.7610902637,
  HS112: -47.707579,
  HS113: 24.3062090641,
  HS114: -1768.80696344,
  HS116: 97.5884089805,
  HS117: 32.3486789791,
  HS118: 664.820449993,
  HS119: 244.899697515,
};

// @must hockSchittkowskiGeneral: the problems 1 to 119 that have general constraints, at least 60 of them
// @measured reached: all 106, derivatives within 1e-8 of differences, values at 47 starts by hand; made in 26 ms at first, then in 10 ms
Deno.test("hockSchittkowskiGeneral() have consistent derivatives, and the values at the start that their formulas have", () => {
  const all = hockSchittkowskiGeneral();
  assertEquals(all.length, 106);
  for (const { name, problem, start } of all) {
    kindOf(problem);
    const { equality, inequality } = problem.constraints;
    assert((equality?.components ?? 0) + (inequality?.components ?? 0) > 0, name);
    if (name in atStart) {
      assertAlmostEquals(problem.objective.value(start), atStart[name], 1e-13 * (1 + Math.abs(atStart[name])), name);
    }
    checkLagrangian(problem, start, random);
    checkLagrangian(problem, start.map((x) => x + 0.3), random);
  }
});

// @must hockSchittkowskiGeneral: known optimum
// @measured reached: 105 with multipliers, KKT residuals at most 3e-11 of gradients and multipliers; HS13 has none; minima to 1e-12
Deno.test("hockSchittkowskiGeneral() have the minima of minimizers with multipliers that were found independently", () => {
  const solutions: Readonly<Record<string, { x: number[]; multipliers: number[] }>> = reference;
  for (const { name, problem, minima } of hockSchittkowskiGeneral()) {
    const { x, multipliers } = solutions[name], n = x.length, gradient = new Float64Array(n);
    const point = { x: Float64Array.from(x), multipliers: Float64Array.from(multipliers) };
    const { value, kktResidual, primalFeasibility } = measures(problem, point);
    assertAlmostEquals(value, minima[0], 1e-12 * (1 + Math.abs(minima[0])), name);
    assertEquals(Math.min(...minima), minima[0], name);
    problem.objective.gradient(point.x, gradient);
    const scale = [...gradient, ...multipliers].reduce((most, g) => Math.max(most, Math.abs(g)), 1);
    if (name === "HS13") assert(primalFeasibility === 0 && kktResidual === 2);
    else assert(kktResidual <= 1e-10 * scale, `${name}: ${kktResidual} with gradients and multipliers up to ${scale}`);
  }
});

Deno.test("hockSchittkowskiGeneral() have the minima that the set lists, where these are right", () => {
  const wrong: string[] = [];
  for (const { name, minima: [minimum] } of hockSchittkowskiGeneral()) {
    if (name in listed && Math.abs(minimum - listed[name]) > 1e-6 * Math.max(1, Math.abs(minimum))) wrong.push(name);
  }
  // what is listed of 85 and 105 is not stationary there, of 106, 112 and 116 not the minimum, of 59 rounded; 67 solves its inner
  // equations to 1e-3 alone
  assertEquals(wrong, ["HS59", "HS67", "HS85", "HS105", "HS106", "HS112", "HS116"]);
});

Deno.test("hockSchittkowskiIrregular names problems of the set, and says what is wrong with them", () => {
  const names = hockSchittkowskiGeneral().map(({ name }) => name);
  for (const name of Object.keys(hockSchittkowskiIrregular)) assert(names.includes(name), name);
  const { problem, start } = hockSchittkowski(54), gradient = new Float64Array(6);
  problem.objective.gradient(start, gradient);
  assert(Math.max(Math.abs(gradient[2]), Math.abs(gradient[5])) < 1e-7);
  const { objective } = hockSchittkowski(87).problem, x = hockSchittkowski(87).start.slice();
  x[0] = 300;
  assertAlmostEquals(objective.value(x) - objective.value(x.with(0, 300 - 1e-9)), 300, 1e-7);
});

Deno.test("hockSchittkowski() finds a problem by number, or lists the numbers", () => {
  assertEquals(hockSchittkowski(52).minima, [1859 / 349]);
  assertEquals(hockSchittkowski(119).start.length, 16);
  assertEquals(hockSchittkowskiEqualities().length, 22);
  assertThrows(() => hockSchittkowski(1), DomainError, "expected one of 6, 7, 8, 9, 10, 11");
});

Deno.test("evaluateFormula() reads operators by precedence, functions, constants and names", () => {
  const at = (text: string) => evaluateFormula(text, Float64Array.of(2, 3), new Map([["y1", 7]]));
  assertEquals(at("-x1^2+2*x2/4-1"), -3.5);
  assertEquals(at("2^3^2"), 512);
  assertEquals(at("1-2-3"), -4);
  assertEquals(at("12/2/3"), 2);
  assertEquals(at("(x1+x2)*1.5e1"), 75);
  assertEquals(at("x1^-1"), 0.5);
  assertEquals(at("2*y1-x2"), 11);
  assertAlmostEquals(at("sin(pi/2)+ln(exp(x1))+sqrt(4)+cos(0)+erf(0)") as number, 6);
  for (const wrong of ["", "x1+", "(x1", "x1)", "tan(x1)", "2x1", "sin x1", "x1**2", "y2"]) {
    assertThrows(() => at(wrong), DomainError, "Cannot read the formula");
  }
});
