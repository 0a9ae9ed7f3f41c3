/**
 * The problems 106 to 119 of the set of Hock and Schittkowski that formulas state.
 *
 * @module
 */
import type { Formulas } from "./instance.ts";

const none = Infinity;
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

/** Chemical equilibrium, 111 and 112: the amounts of ten species, as variables or as their logarithms. */
const species = [6.089, 17.164, 34.054, 5.914, 24.721, 14.986, 24.1, 10.708, 26.662, 22.179];
const equilibrium = (amount: (j: number) => string, logarithm: (j: number) => string) => ({
  where: { total: `ln(${range(10).map(amount).join("+")})` },
  objective: species.map((c, i) => `${amount(i + 1)}*(${logarithm(i + 1)}-${c}-total)`).join("+"),
  equality: [
    [[1, 1], [2, 2], [2, 3], [1, 6], [1, 10], 2],
    [[1, 4], [2, 5], [1, 6], [1, 7], 1],
    [[1, 3], [1, 7], [1, 8], [2, 9], [1, 10], 1],
  ].map((terms) => terms.map((t) => typeof t === "number" ? `-${t}` : `+${t[0]}*${amount(t[1])}`).join("").slice(1)),
});

/** 118: five periods of three products each, whose amounts change by little from period to period. */
const periods = range(5).map((t) => range(3).map((k) => `x${3 * t - 3 + k}`));

/** 119: pairs of variables in the objective, and the coefficients of the equalities in the first nine variables. */
const pairs = [
  [1, 1, 4, 7, 8, 16],
  [2, 2, 3, 7, 10],
  [3, 3, 7, 9, 10, 14],
  [4, 4, 7, 11, 15],
  [5, 5, 6, 10, 12, 16],
  [6, 6, 8, 15],
  [7, 7, 11, 13],
  [8, 8, 10, 15],
  [9, 9, 12, 16],
  [10, 10, 14],
  [11, 11, 13],
  [12, 12, 14],
  [13, 13, 14],
  [14, 14],
  [15, 15],
  [16, 16],
];
const balances = [
  [0.22, 0.2, 0.19, 0.25, 0.15, 0.11, 0.12, 0.13, 0, 2.5],
  [-1.46, 0, -1.3, 1.82, -1.15, 0, 0.8, 0, 0, 1.1],
  [1.29, -0.89, 0, 0, -1.16, -0.96, 0, -0.49, 0, -3.1],
  [-1.1, -1.06, 0.95, -0.54, 0, -1.78, -0.41, 0, 0, -3.5],
  [0, 0, 0, -1.43, 1.51, 0.59, -0.33, -0.43, 0, 1.3],
  [0, -1.72, -0.33, 0, 1.62, 1.24, 0.21, -0.26, 0, 2.1],
  [1.12, 0, 0, 0.31, 0, 0, 1.12, 0, -0.36, 2.3],
  [0, 0.45, 0.26, -1.1, 0.58, 0, -1.03, 0.1, 0, -1.5],
];

/** In the order of the set. */
export const from106To119: readonly Formulas[] = [
  {
    number: 106,
    start: [5000, 5000, 5000, 200, 350, 150, 225, 425],
    minimum: 7049.24802052866,
    objective: "x1+x2+x3",
    nonNegative: [
      "1-0.0025*(x4+x6)",
      "1-0.0025*(x5+x7-x4)",
      "1-0.01*(x8-x5)",
      "x1*x6-833.33252*x4-100*x1+83333.333",
      "x2*x7-1250*x5-x2*x4+1250*x4",
      "x3*x8-1250000-x3*x5+2500*x5",
    ],
    lower: [100, 1000, 1000, 10, 10, 10, 10, 10],
    upper: [10000, 10000, 10000, 1000, 1000, 1000, 1000, 1000],
  },
  {
    number: 107,
    start: [0.8, 0.8, 0.2, 0.2, 1.0454, 1.0454, 1.0454, 0, 0],
    minimum: 5055.01144732445,
    where: {
      c: "48.4/50.176*sin(0.25)",
      d: "48.4/50.176*cos(0.25)",
      y1: "sin(x8)",
      y2: "cos(x8)",
      y3: "sin(x9)",
      y4: "cos(x9)",
      y5: "sin(x8-x9)",
      y6: "cos(x8-x9)",
    },
    objective: "3000*x1+1000*x1^3+2000*x2+666.66666667*x2^3",
    equality: [
      "0.4-x1+2*c*x5^2-x5*x6*(d*y1+c*y2)-x5*x7*(d*y3+c*y4)",
      "0.4-x2+2*c*x6^2+x5*x6*(d*y1-c*y2)+x6*x7*(d*y5-c*y6)",
      "0.8+2*c*x7^2+x5*x7*(d*y3-c*y4)-x6*x7*(d*y5+c*y6)",
      "0.2-x3+2*d*x5^2+x5*x6*(c*y1-d*y2)+x5*x7*(c*y3-d*y4)",
      "0.2-x4+2*d*x6^2-x5*x6*(c*y1+d*y2)-x6*x7*(c*y5+d*y6)",
      "2*d*x7^2-0.337-x5*x7*(c*y3+d*y4)+x6*x7*(c*y5-d*y6)",
    ],
    lower: [0, 0, -none, -none, 0.90909, 0.90909, 0.90909, -none, -none],
    upper: [none, none, none, none, 1.0909, 1.0909, 1.0909, none, none],
  },
  { // the area of a hexagon of diameter at most 1; the local minimum is the largest one, the global has triangles that overlap
    number: 108,
    start: [1, 1, 1, 1, 1, 1, 1, 1, 1],
    minimum: -Math.sqrt(3) / 2,
    localMinima: [-0.67498144293],
    objective: "-0.5*(x1*x4-x2*x3+x3*x9-x5*x9+x5*x8-x6*x7)",
    nonNegative: [
      "1-x3^2-x4^2",
      "1-x9^2",
      "1-x5^2-x6^2",
      "1-x1^2-(x2-x9)^2",
      "1-(x1-x5)^2-(x2-x6)^2",
      "1-(x1-x7)^2-(x2-x8)^2",
      "1-(x3-x5)^2-(x4-x6)^2",
      "1-(x3-x7)^2-(x4-x8)^2",
      "1-x7^2-(x8-x9)^2",
      "x1*x4-x2*x3",
      "x3*x9",
      "-x5*x9",
      "x5*x8-x6*x7",
    ],
    lower: [-none, -none, -none, -none, -none, -none, -none, -none, 0],
  },
  {
    number: 109,
    start: [0, 0, 0, 0, 0, 0, 0, 0, 0],
    minimum: 5362.0691811096,
    where: { a: "50.176", b: "sin(0.25)", c: "cos(0.25)" },
    objective: "3*x1+1e-6*x1^3+2*x2+0.522074e-6*x2^3",
    equality: [
      "x5*x6*sin(-x3-0.25)+x5*x7*sin(-x4-0.25)+2*b*x5^2-a*x1+400*a",
      "x5*x6*sin(x3-0.25)+x6*x7*sin(x3-x4-0.25)+2*b*x6^2-a*x2+400*a",
      "x5*x7*sin(x4-0.25)+x6*x7*sin(x4-x3-0.25)+2*b*x7^2+881.779*a",
      "a*x8+x5*x6*cos(-x3-0.25)+x5*x7*cos(-x4-0.25)-200*a-2*c*x5^2+0.7533e-3*a*x5^2",
      "a*x9+x5*x6*cos(x3-0.25)+x6*x7*cos(x3-x4-0.25)-200*a-2*c*x6^2+0.7533e-3*a*x6^2",
      "x5*x7*cos(x4-0.25)+x6*x7*cos(x4-x3-0.25)-22.938*a-2*c*x7^2+0.7533e-3*a*x7^2",
    ],
    nonNegative: ["x4-x3+0.55", "x3-x4+0.55", "2250000-x1^2-x8^2", "2250000-x2^2-x9^2"],
    lower: [0, 0, -0.55, -0.55, 196, 196, 196, -400, -400],
    upper: [none, none, 0.55, 0.55, 252, 252, 252, 800, 800],
  },
  {
    number: 111,
    start: Array(10).fill(-2.3),
    minimum: -47.7610908593659,
    ...equilibrium((j) => `exp(x${j})`, (j) => `x${j}`),
    lower: -100,
    upper: 100,
  },
  {
    number: 112,
    start: Array(10).fill(0.1),
    minimum: -47.7610908593659,
    ...equilibrium((j) => `x${j}`, (j) => `ln(x${j})`),
    lower: 1e-6,
  },
  {
    number: 113,
    start: [2, 3, 5, 5, 1, 2, 7, 3, 6, 10],
    minimum: 24.3062090681798,
    objective: "x1^2+x2^2+x1*x2-14*x1-16*x2+(x3-10)^2+4*(x4-5)^2+(x5-3)^2+2*(x6-1)^2+5*x7^2+7*(x8-11)^2" +
      "+2*(x9-10)^2+(x10-7)^2+45",
    nonNegative: [
      "105-4*x1-5*x2+3*x7-9*x8",
      "-10*x1+8*x2+17*x7-2*x8",
      "8*x1-2*x2-5*x9+2*x10+12",
      "-3*(x1-2)^2-4*(x2-3)^2-2*x3^2+7*x4+120",
      "-5*x1^2-8*x2-(x3-6)^2+2*x4+40",
      "-0.5*(x1-8)^2-2*(x2-4)^2-3*x5^2+x6+30",
      "-x1^2-2*(x2-2)^2+2*x1*x2-14*x5+6*x6",
      "3*x1-6*x2-12*(x9-8)^2+7*x10",
    ],
  },
  { // the alkylation process of 67 with its outputs as variables, which are met within 1 or 10 percent
    number: 114,
    start: [1745, 12000, 110, 3048, 1974, 89.2, 92.8, 8, 3.6, 145],
    minimum: -1768.80696371624,
    where: {
      g1: "35.82-0.222*x10-0.9*x9",
      g2: "-133+3*x7-0.99*x10",
      g5: "1.12*x1+0.13167*x1*x8-0.00667*x1*x8^2-0.99*x4",
      g6: "57.425+1.098*x8-0.038*x8^2+0.325*x6-0.99*x7",
    },
    objective: "5.04*x1+0.035*x2+10*x3+3.36*x5-0.063*x4*x7",
    equality: ["1.22*x4-x1-x5", "98000*x3/(x4*x9+1000*x3)-x6", "(x2+x5)/x1-x8"],
    nonNegative: [
      "g1",
      "g2",
      "-g1+(1/0.9-0.9)*x9",
      "-g2+(1/0.99-0.99)*x10",
      "g5",
      "g6",
      "-g5+(1/0.99-0.99)*x4",
      "-g6+(1/0.99-0.99)*x7",
    ],
    lower: [1e-5, 1e-5, 1e-5, 1e-5, 1e-5, 85, 90, 3, 1.2, 145],
    upper: [2000, 16000, 120, 5000, 2000, 93, 95, 12, 4, 162],
  },
  { // the set lists 97.588409
    number: 116,
    start: [0.5, 0.8, 0.9, 0.1, 0.14, 0.5, 489, 80, 650, 450, 150, 150, 150],
    minimum: 97.5875095580706,
    localMinima: [97.5910346637],
    where: { f: "x11+x12+x13" },
    objective: "f",
    nonNegative: [
      "x3-x2",
      "x2-x1",
      "1-0.002*(x7-x8)",
      "f-50",
      "250-f",
      "x13-1.262626*x10+1.231059*x3*x10",
      "x5-0.03475*x2-0.975*x2*x5+0.00975*x2^2",
      "x6-0.03475*x3-0.975*x3*x6+0.00975*x3^2",
      "x5*x7-x1*x8-x4*x7+x4*x8",
      "1-0.002*(x2*x9+x5*x8-x1*x8-x6*x9)-x5-x6",
      "x2*x9-x3*x10-x6*x9-500*x2+500*x6+x2*x10",
      "x2-0.9-0.002*(x2*x10-x3*x10)",
      "x4-0.03475*x1-0.975*x1*x4+0.00975*x1^2",
      "x11-1.262626*x8+1.231059*x1*x8",
      "x12-1.262626*x9+1.231059*x2*x9",
    ],
    lower: [0.1, 0.1, 0.1, 1e-4, 0.1, 0.1, 0.1, 0.1, 500, 0.1, 1, 1e-4, 1e-4],
    upper: [1, 1, 1, 0.1, 0.9, 0.9, 1000, 1000, 1000, 500, 150, 150, 150],
  },
  {
    number: 118,
    start: [20, 55, 15, 20, 60, 20, 20, 60, 20, 20, 60, 20, 20, 60, 20],
    minimum: 664.82045,
    objective: periods.map(([a, b, c]) => `2.3*${a}+1e-4*${a}^2+1.7*${b}+1e-4*${b}^2+2.2*${c}+1.5e-4*${c}^2`).join("+"),
    nonNegative: [
      ...periods.slice(1).flatMap((now, t) =>
        now.flatMap((x, k) => [`${x}-${periods[t][k]}+7`, `${[6, 7, 6][k]}-${x}+${periods[t][k]}`])
      ),
      ...[60, 50, 70, 85, 100].map((demand, t) => `${periods[t].join("+")}-${demand}`),
    ],
    lower: [8, 43, 3, ...Array(12).fill(0)],
    upper: [21, 57, 16, ...Array(4).fill([90, 120, 60]).flat()],
  },
  {
    number: 119,
    start: Array(16).fill(10),
    minimum: 244.899697516801,
    where: Object.fromEntries(range(16).map((i) => [`q${i}`, `x${i}^2+x${i}+1`])),
    objective: pairs.map(([i, ...partners]) => `q${i}*(${partners.map((j) => `q${j}`).join("+")})`).join("+"),
    equality: balances.map((row, i) =>
      `x${i + 9}${range(9).map((j) => `+(${row[j - 1]})*x${j}`).join("")}-(${row[9]})`
    ),
    lower: 0,
    upper: 5,
  },
];
