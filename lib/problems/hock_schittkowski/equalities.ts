/**
 * The problems of the set of Hock and Schittkowski that have equality constraints and no others.
 *
 * @module
 */
import type { Formulas } from "./instance.ts";

const distancesTo1 = "(x1-x2)^2+(x3-1)^2+(x4-1)^4+(x5-1)^6";

/** In the order of the set. */
export const equalities: readonly Formulas[] = [
  {
    number: 6,
    start: [-1.2, 1],
    minimum: 0,
    objective: "(1-x1)^2",
    equality: ["10*(x2-x1^2)"],
  },
  {
    number: 7,
    start: [2, 2],
    minimum: -Math.sqrt(3),
    objective: "ln(1+x1^2)-x2",
    equality: ["(1+x1^2)^2+x2^2-4"],
  },
  {
    number: 8,
    start: [2, 1],
    minimum: -1,
    objective: "-1",
    equality: ["x1^2+x2^2-25", "x1*x2-9"],
  },
  {
    number: 9,
    start: [0, 0],
    minimum: -0.5,
    objective: "sin(pi*x1/12)*cos(pi*x2/16)",
    equality: ["4*x1-3*x2"],
  },
  {
    number: 26,
    start: [-2.6, 2, 2],
    minimum: 0,
    objective: "(x1-x2)^2+(x2-x3)^4",
    equality: ["(1+x2^2)*x1+x3^4-3"],
  },
  {
    number: 27,
    start: [2, 2, 2],
    minimum: 0.04,
    objective: "0.01*(x1-1)^2+(x2-x1^2)^2",
    equality: ["x1+x3^2+1"],
  },
  {
    number: 28,
    start: [-4, 1, 1],
    minimum: 0,
    objective: "(x1+x2)^2+(x2+x3)^2",
    equality: ["x1+2*x2+3*x3-1"],
  },
  {
    number: 39,
    start: [2, 2, 2, 2],
    minimum: -1,
    objective: "-x1",
    equality: ["x2-x1^3-x3^2", "x1^2-x2-x4^2"],
  },
  {
    number: 40,
    start: [0.8, 0.8, 0.8, 0.8],
    minimum: -0.25,
    objective: "-x1*x2*x3*x4",
    equality: ["x1^3+x2^2-1", "x1^2*x4-x3", "x4^2-x2"],
  },
  {
    number: 42,
    start: [1, 1, 1, 1],
    minimum: 28 - 10 * Math.SQRT2,
    objective: "(x1-1)^2+(x2-2)^2+(x3-3)^2+(x4-4)^2",
    equality: ["x1-2", "x3^2+x4^2-2"],
  },
  {
    number: 46,
    start: [Math.SQRT1_2, 1.75, 0.5, 2, 2],
    minimum: 0,
    objective: distancesTo1,
    equality: ["x1^2*x4+sin(x4-x5)-1", "x2+x3^4*x4^2-2"],
  },
  { // the set lists the minimum 0, but a cube may be negative
    number: 47,
    start: [2, Math.SQRT2, -1, 2 - Math.SQRT2, 0.5],
    minimum: -0.0267141826939409,
    localMinima: [0],
    objective: "(x1-x2)^2+(x2-x3)^3+(x3-x4)^4+(x4-x5)^4",
    equality: ["x1+x2^2+x3^3-3", "x2-x3^2+x4-1", "x1*x5-1"],
  },
  {
    number: 48,
    start: [3, 5, -3, 2, -2],
    minimum: 0,
    objective: "(x1-1)^2+(x2-x3)^2+(x4-x5)^2",
    equality: ["x1+x2+x3+x4+x5-5", "x3-2*(x4+x5)+3"],
  },
  {
    number: 49,
    start: [10, 7, 2, -3, 0.8],
    minimum: 0,
    objective: distancesTo1,
    equality: ["x1+x2+x3+4*x4-7", "x3+5*x5-6"],
  },
  {
    number: 50,
    start: [35, -31, 11, 5, -5],
    minimum: 0,
    objective: "(x1-x2)^2+(x2-x3)^2+(x3-x4)^4+(x4-x5)^2",
    equality: ["x1+2*x2+3*x3-6", "x2+2*x3+3*x4-6", "x3+2*x4+3*x5-6"],
  },
  {
    number: 51,
    start: [2.5, 0.5, 2, -1, 0.5],
    minimum: 0,
    objective: "(x1-x2)^2+(x2+x3-2)^2+(x4-1)^2+(x5-1)^2",
    equality: ["x1+3*x2-4", "x3+x4-2*x5", "x2-x5"],
  },
  {
    number: 52,
    start: [2, 2, 2, 2, 2],
    minimum: 1859 / 349,
    objective: "(4*x1-x2)^2+(x2+x3-2)^2+(x4-1)^2+(x5-1)^2",
    equality: ["x1+3*x2", "x3+x4-2*x5", "x2-x5"],
  },
  {
    number: 56,
    start: [1, 1, 1, ...[1 / 4.2, 1 / 4.2, 1 / 4.2, 5 / 7.2].map((s) => Math.asin(Math.sqrt(s)))],
    minimum: -3.456,
    objective: "-x1*x2*x3",
    equality: [
      "x1-4.2*sin(x4)^2",
      "x2-4.2*sin(x5)^2",
      "x3-4.2*sin(x6)^2",
      "x1+2*x2+2*x3-7.2*sin(x7)^2",
    ],
  },
  {
    number: 61,
    start: [0, 0, 0],
    minimum: -143.646142197766,
    localMinima: [-81.9190960946],
    objective: "4*x1^2+2*x2^2+2*x3^2-33*x1+16*x2-24*x3",
    equality: ["3*x1-2*x2^2-7", "4*x1-x3^2-11"],
  },
  {
    number: 77,
    start: [2, 2, 2, 2, 2],
    minimum: 0.241505128790179,
    localMinima: [4.60256151212, 5.53335727864, 9.9087601967],
    objective: "(x1-1)^2+(x1-x2)^2+(x3-1)^2+(x4-1)^4+(x5-1)^6",
    equality: ["x1^2*x4+sin(x4-x5)-2*sqrt(2)", "x2+x3^4*x4^2-8-sqrt(2)"],
  },
  {
    number: 78,
    start: [-2, 1.5, 2, -1, -1],
    minimum: -2.91970040896368,
    localMinima: [-0.823594830085],
    objective: "x1*x2*x3*x4*x5",
    equality: ["x1^2+x2^2+x3^2+x4^2+x5^2-10", "x2*x3-5*x4*x5", "x1^3+x2^3+1"],
  },
  {
    number: 79,
    start: [2, 2, 2, 2, 2],
    minimum: 0.0787768208710569,
    localMinima: [13.9668249004, 27.4520040947, 27.5219614544, 649.504864968],
    objective: "(x1-1)^2+(x1-x2)^2+(x2-x3)^2+(x3-x4)^4+(x4-x5)^4",
    equality: ["x1+x2^2+x3^3-2-3*sqrt(2)", "x2-x3^2+x4+2-2*sqrt(2)", "x1*x5-2"],
  },
];
