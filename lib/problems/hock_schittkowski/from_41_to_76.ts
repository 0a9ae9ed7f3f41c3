/**
 * The problems 41 to 76 of the set of Hock and Schittkowski that have inequality constraints, or equality constraints
 * and bounds.
 *
 * @module
 */
import type { Formulas } from "./instance.ts";

const none = Infinity;

/** Optimal charts of a process, 68 and 69, where Φ(t) = (1 + erf(t/√2))/2 is the normal distribution. */
const chart = (a: number, b: number, d: number, n: number): Omit<Formulas, "number" | "minimum"> => ({
  start: [1, 1, 1, 1],
  where: { v: "exp(x1)-1", shift: `${d}*sqrt(${n})` },
  objective: `(${a * n}-x4*(${b}*v-x3)/(v+x4))/x1`,
  equality: [
    "x3-1+erf(x2/sqrt(2))",
    "x4-1-0.5*(erf((shift-x2)/sqrt(2))-erf((shift+x2)/sqrt(2)))",
  ],
  lower: [1e-4, 0, 0, 0],
  upper: [100, 100, 2, 2],
});

/** Power flow, 74 and 75: they differ in the bound on angles. */
const powerFlow = (angle: number): Omit<Formulas, "number" | "minimum"> => ({
  start: [0, 0, 0, 0],
  objective: "3*x1+1e-6*x1^3+2*x2+2e-6/3*x2^3",
  equality: [
    "1000*sin(-x3-0.25)+1000*sin(-x4-0.25)+894.8-x1",
    "1000*sin(x3-0.25)+1000*sin(x3-x4-0.25)+894.8-x2",
    "1000*sin(x4-0.25)+1000*sin(x4-x3-0.25)+1294.8",
  ],
  nonNegative: [`x4-x3+${angle}`, `x3-x4+${angle}`],
  lower: [0, 0, -angle, -angle],
  upper: [1200, 1200, angle, angle],
});

/** In the order of the set. */
export const from41To76: readonly Formulas[] = [
  {
    number: 41,
    start: [2, 2, 2, 2],
    minimum: 52 / 27,
    objective: "2-x1*x2*x3",
    equality: ["x1+2*x2+2*x3-x4"],
    lower: 0,
    upper: [1, 1, 1, 2],
  },
  {
    number: 43,
    start: [0, 0, 0, 0],
    minimum: -44,
    objective: "x1^2+x2^2+2*x3^2+x4^2-5*x1-5*x2-21*x3+7*x4",
    nonNegative: [
      "8-x1^2-x2^2-x3^2-x4^2-x1+x2-x3+x4",
      "10-x1^2-2*x2^2-x3^2-2*x4^2+x1+x4",
      "5-2*x1^2-x2^2-x3^2-2*x1+x2+x4",
    ],
  },
  {
    number: 44,
    start: [0, 0, 0, 0],
    minimum: -15,
    localMinima: [-13],
    objective: "x1-x2-x3-x1*x3+x1*x4+x2*x3-x2*x4",
    nonNegative: ["8-x1-2*x2", "12-4*x1-x2", "12-3*x1-4*x2", "8-2*x3-x4", "8-x3-2*x4", "5-x3-x4"],
    lower: 0,
  },
  {
    number: 53,
    start: [2, 2, 2, 2, 2],
    minimum: 176 / 43,
    objective: "(x1-x2)^2+(x2+x3-2)^2+(x4-1)^2+(x5-1)^2",
    equality: ["x1+3*x2", "x3+x4-2*x5", "x2-x5"],
    lower: -10,
    upper: 10,
  },
  { // in units eleven powers of 10 apart, so that gradients are tiny far from the minimizer
    number: 54,
    start: [6000, 1.5, 4e6, 2, 3e-3, 5e7],
    minimum: -Math.exp(-27 / 280),
    where: { u: "(x1-1e4)/8000", v: "x2-1" },
    objective:
      "-exp(-((u^2+0.4*u*v+v^2)/0.96+(x3-2e6)^2/4.9e13+(x4-10)^2/2500+(x5-1e-3)^2/2.5e-3+(x6-1e8)^2/2.5e17)/2)",
    equality: ["x1+4000*x2-17600"],
    lower: [0, -10, 0, 0, -1, 0],
    upper: [2e4, 10, 1e7, 20, 1, 2e8],
  },
  { // of the six equalities one follows from the others, and one variable is free
    number: 55,
    start: [1, 2, 0, 0, 0, 2],
    minimum: 19 / 3,
    localMinima: [20 / 3],
    objective: "x1+2*x2+4*x5+exp(x1*x4)",
    equality: ["x1+2*x2+5*x5-6", "x1+x2+x3-3", "x4+x5+x6-2", "x1+x4-1", "x2+x5-2", "x3+x6-2"],
    lower: 0,
    upper: [1, none, none, 1, none, none],
  },
  { // the set lists -7.804226
    number: 59,
    start: [90, 10],
    minimum: -7.8042359536647,
    localMinima: [-6.75456601913],
    objective: "-75.196+3.8112*x1-0.12694*x1^2+0.0020567*x1^3-1.0345e-5*x1^4+6.8306*x2-0.030234*x1*x2" +
      "+0.00128134*x1^2*x2-3.5256e-5*x1^3*x2+2.266e-7*x1^4*x2-0.25645*x2^2+0.0034604*x2^3-1.3514e-5*x2^4" +
      "+28.106/(x2+1)+5.2375e-6*x1^2*x2^2+6.3e-8*x1^3*x2^2-7e-10*x1^3*x2^3-3.4054e-4*x1*x2^2" +
      "+1.6638e-6*x1*x2^3+2.8673*exp(0.0005*x1*x2)",
    nonNegative: ["x1*x2-700", "x2-x1^2/125", "(x2-50)^2-5*(x1-55)"],
    lower: 0,
    upper: [75, 65],
  },
  {
    number: 60,
    start: [2, 2, 2],
    minimum: 0.03256820025507,
    localMinima: [2.18966058758],
    objective: "(x1-1)^2+(x1-x2)^2+(x2-x3)^4",
    equality: ["x1*(1+x2^2)+x3^4-4-3*sqrt(2)"],
    lower: -10,
    upper: 10,
  },
  {
    number: 62,
    start: [0.7, 0.2, 0.1],
    minimum: -26272.5144873183,
    objective: "-32.174*(255*ln((x1+x2+x3+0.03)/(0.09*x1+x2+x3+0.03))" +
      "+280*ln((x2+x3+0.03)/(0.07*x2+x3+0.03))+290*ln((x3+0.03)/(0.13*x3+0.03)))",
    equality: ["x1+x2+x3-1"],
    lower: 0,
    upper: 1,
  },
  {
    number: 63,
    start: [2, 2, 2],
    minimum: 961.715172130052,
    objective: "1000-x1^2-2*x2^2-x3^2-x1*x2-x1*x3",
    equality: ["8*x1+14*x2+7*x3-56", "x1^2+x2^2+x3^2-25"],
    lower: 0,
  },
  {
    number: 64,
    start: [1, 1, 1],
    minimum: 6299.84242792152,
    objective: "5*x1+50000/x1+20*x2+72000/x2+10*x3+144000/x3",
    nonNegative: ["1-4/x1-32/x2-120/x3"],
    lower: 1e-5,
  },
  {
    number: 65,
    start: [-5, 5, 0],
    minimum: 0.953528856804783,
    objective: "(x1-x2)^2+((x1+x2-10)/3)^2+(x3-5)^2",
    nonNegative: ["48-x1^2-x2^2-x3^2"],
    lower: [-4.5, -4.5, -5],
    upper: [4.5, 4.5, 5],
  },
  {
    number: 66,
    start: [0, 1.05, 2.9],
    minimum: 0.518163274181541,
    objective: "0.2*x3-0.8*x1",
    nonNegative: ["x2-exp(x1)", "x3-exp(x2)"],
    lower: 0,
    upper: [100, 100, 10],
  },
  { // an alkylation process: the set finds y6 and y4 by fixed-point iterations, whose limits are roots of quadratics
    number: 67,
    start: [1745, 12000, 110],
    minimum: -1162.02698005969,
    where: {
      // y6 = (x2+1.22 y2)/x1 - 1 with y2 = x1 (1.12+0.13167 y6-0.006667 y6²)
      slope: "1-1.22*0.13167",
      y6: "(sqrt(slope^2+4*1.22*0.006667*(x2/x1-1+1.22*1.12))-slope)/(2*1.22*0.006667)",
      y2: "x1*(1.12+0.13167*y6-0.006667*y6^2)",
      y3: "1.22*y2-x1",
      // y4 = 98000 x3/(y2 y7+1000 x3) with y7 = 35.82-0.222 (3 y5-133), y5 = rest + 0.325 y4
      rest: "86.35+1.098*y6-0.038*y6^2-0.325*89",
      linear: "y2*(35.82-0.222*(3*rest-133))+1000*x3",
      y4: "2*98000*x3/(linear+sqrt(linear^2-4*0.222*3*0.325*y2*98000*x3))",
      y5: "rest+0.325*y4",
      y8: "3*y5-133",
      y7: "35.82-0.222*y8",
    },
    objective: "5.04*x1+0.035*x2+10*x3+3.36*y3-0.063*y2*y5",
    nonNegative: [
      ...["y2", "y3", "y4-85", "y5-90", "y6-3", "y7-0.01", "y8-145"],
      ...["5000-y2", "2000-y3", "93-y4", "95-y5", "12-y6", "4-y7", "162-y8"],
    ],
    lower: 1e-5,
    upper: [2000, 16000, 120],
  },
  { number: 68, minimum: -0.920425003639752, ...chart(1e-4, 1, 1, 24) },
  { number: 69, minimum: -956.71288665003, ...chart(0.1, 1000, 1, 4) },
  {
    number: 71,
    start: [1, 5, 5, 1],
    minimum: 17.0140172891563,
    localMinima: [27.1464281995, 30.6969384567, 32.9443871706],
    objective: "x1*x4*(x1+x2+x3)+x3",
    equality: ["x1^2+x2^2+x3^2+x4^2-40"],
    nonNegative: ["x1*x2*x3*x4-25"],
    lower: 1,
    upper: 5,
  },
  {
    number: 72,
    start: [1, 1, 1, 1],
    minimum: 727.679357789613,
    objective: "1+x1+x2+x3+x4",
    nonNegative: ["0.0401-4/x1-2.25/x2-1/x3-0.25/x4", "0.010085-0.16/x1-0.36/x2-0.64/x3-0.64/x4"],
    lower: 1e-3,
    upper: [4e5, 3e5, 2e5, 1e5],
  },
  {
    number: 73,
    start: [1, 1, 1, 1],
    minimum: 29.8943781591434,
    objective: "24.55*x1+26.75*x2+39*x3+40.5*x4",
    equality: ["x1+x2+x3+x4-1"],
    nonNegative: [
      "2.3*x1+5.6*x2+11.1*x3+1.3*x4-5",
      "12*x1+11.9*x2+41.8*x3+52.1*x4-21-1.645*sqrt(0.28*x1^2+0.19*x2^2+20.5*x3^2+0.62*x4^2)",
    ],
    lower: 0,
  },
  { number: 74, minimum: 5126.49810959527, ...powerFlow(0.55) },
  { number: 75, minimum: 5174.41269537774, ...powerFlow(0.48) },
  {
    number: 76,
    start: [0.5, 0.5, 0.5, 0.5],
    minimum: -103 / 22,
    objective: "x1^2+0.5*x2^2+x3^2+0.5*x4^2-x1*x3+x3*x4-x1-3*x2+x3-x4",
    nonNegative: ["5-x1-2*x2-x3-x4", "4-3*x1-x2-2*x3+x4", "x2+4*x3-1.5"],
    lower: 0,
  },
];
