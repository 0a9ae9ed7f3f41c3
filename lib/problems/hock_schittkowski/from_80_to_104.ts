/**
 * The problems 80 to 104 of the set of Hock and Schittkowski that have inequality constraints, or equality constraints
 * and bounds.
 *
 * @module
 */
import type { Formulas } from "./instance.ts";

/** `lower <= quantity <= upper` as two entries. */
const between = (lower: number, quantity: string, upper: number): string[] => [
  `${quantity}-(${lower})`,
  `${upper}-(${quantity})`,
];

/** 80 and 81 differ in the objective. */
const product = "x1*x2*x3*x4*x5", cubes = "x1^3+x2^3+1";
const exponential: Omit<Formulas, "number" | "minimum" | "objective"> = {
  start: [-2, 2, 2, -1, -1],
  equality: ["x1^2+x2^2+x3^2+x4^2+x5^2-10", "x2*x3-5*x4*x5", cubes],
  lower: [-2.3, -2.3, -3.2, -3.2, -3.2],
  upper: [2.3, 2.3, 3.2, 3.2, 3.2],
};

/** The coefficients of 84 after the first: five for the objective, five for each constraint. */
const processing = [
  [-8720288.849, 150512.5253, -156.6950325, 476470.3222, 729482.8271],
  [-145421.402, 2931.1506, -40.427932, 5106.192, 15711.36],
  [-155011.1084, 4360.53352, 12.9492344, 10236.884, 13176.786],
  [-326669.5104, 7390.68412, -27.8986976, 16643.076, 30988.146],
].map(([a, ...rest]) => `x1*(${a}${rest.map((c, i) => `${c < 0 ? "" : "+"}${c}*x${i + 2}`).join("")})`);

/** A mixture of feeds, 95 to 98: they differ in what the constraints ask for. */
const mixture = (...b: readonly number[]): Omit<Formulas, "number" | "minimum"> => ({
  start: [0, 0, 0, 0, 0, 0],
  objective: "4.3*x1+31.8*x2+63.3*x3+15.8*x4+68.5*x5+4.7*x6",
  nonNegative: [
    "17.1*x1+38.2*x2+204.2*x3+212.3*x4+623.4*x5+1495.5*x6" +
    "-169*x1*x3-3580*x3*x5-3810*x4*x5-18500*x4*x6-24300*x5*x6",
    "17.9*x1+36.8*x2+113.9*x3+169.7*x4+337.8*x5+1385.2*x6-139*x1*x3-2450*x4*x5-16600*x4*x6-17200*x5*x6",
    "-273*x2-70*x4-819*x5+26000*x4*x5",
    "159.9*x1-311*x2+587*x4+391*x5+2198*x6-14000*x1*x6",
  ].map((text, i) => `${text}-(${b[i]})`),
  lower: 0,
  upper: [0.31, 0.046, 0.068, 0.042, 0.028, 0.0134],
});

/**
 * The horizontal path r, the height q and the speed s of the rocket of 99 after each of seven stages under the angles
 * xᵢ.
 */
function rocket(): Record<string, string> {
  const acceleration = [50, 50, 75, 75, 75, 100, 100], duration = [25, 25, 50, 50, 50, 90, 90];
  const stages: Record<string, string> = { r0: "0", q0: "0", s0: "0" };
  duration.forEach((t, i) => {
    const j = i + 1, upward = `(${acceleration[i]}*sin(x${j})-32)`;
    stages[`r${j}`] = `r${i}+${acceleration[i] * t}*cos(x${j})`;
    stages[`q${j}`] = `q${i}+${t}*s${i}+${t * t / 2}*${upward}`;
    stages[`s${j}`] = `s${i}+${t}*${upward}`;
  });
  return stages;
}

/** Geometric programs 101 to 103: they differ in an exponent. */
const geometric = (a: number): Omit<Formulas, "number" | "minimum"> => ({
  start: [6, 6, 6, 6, 6, 6, 6],
  where: {
    f: `10*x1*x4^2*x7^${a}/(x2*x6^3)+15*x3*x4/(x1*x2^2*x5*x7^0.5)+20*x2*x6/(x1^2*x4*x5^2)` +
      "+25*x1^2*x2^2*x5^0.5*x7/(x3*x6^2)",
  },
  objective: "f",
  nonNegative: [
    "1-0.5*x1^0.5*x7/(x3*x6^2)-0.7*x1^3*x2*x6*x7^0.5/x3^2-0.2*x3*x6^(2/3)*x7^0.25/(x2*x4^0.5)",
    "1-1.3*x2*x6/(x1^0.5*x3*x5)-0.8*x3*x6^2/(x4*x5)-3.1*x2^0.5*x6^(1/3)/(x1*x4^2*x5)",
    "1-2*x1*x5*x7^(1/3)/(x3^1.5*x6)-0.1*x2*x5/(x3^0.5*x6*x7^0.5)-x2*x3^0.5*x5/x1-0.65*x3*x5*x7/(x2^2*x6)",
    "1-0.2*x2*x5^0.5*x7^(1/3)/(x1^2*x4)-0.3*x1^0.5*x2^2*x3*x4^(1/3)*x7^0.25/x5^(2/3)" +
    "-0.4*x3*x5*x7^0.75/(x1^3*x2^2)-0.5*x4*x7^0.5/x3^2",
    ...between(100, "f", 3000),
  ],
  lower: [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.01],
  upper: 10,
});

/** In the order of the set. */
export const from80To104: readonly Formulas[] = [
  {
    number: 80,
    minimum: 0.053949847770272,
    localMinima: [0.438851219943],
    objective: `exp(${product})`,
    ...exponential,
  },
  {
    number: 81,
    minimum: 0.053949847770272,
    localMinima: [0.438851219943],
    objective: `exp(${product})-0.5*(${cubes})^2`,
    ...exponential,
  },
  {
    number: 83,
    start: [78, 33, 27, 27, 27],
    minimum: -30665.5386717833,
    objective: "5.3578547*x3^2+0.8356891*x1*x5+37.293239*x1-40792.141",
    nonNegative: [
      ...between(0, "85.334407+0.0056858*x2*x5+0.0006262*x1*x4-0.0022053*x3*x5", 92),
      ...between(90, "80.51249+0.0071317*x2*x5+0.0029955*x1*x2+0.0021813*x3^2", 110),
      ...between(20, "9.300961+0.0047026*x3*x5+0.0012547*x1*x3+0.0019085*x3*x4", 25),
    ],
    lower: [78, 33, 27, 27, 27],
    upper: [102, 45, 45, 45, 45],
  },
  {
    number: 84,
    start: [2.52, 2, 37.5, 9.25, 6.8],
    minimum: -5280335.13321476,
    objective: `24345-${processing[0]}`,
    nonNegative: [294000, 294000, 277200].flatMap((most, i) => between(0, processing[i + 1], most)),
    lower: [0, 1.2, 20, 9, 6.5],
    upper: [1000, 2.4, 60, 9.3, 7],
  },
  { number: 95, minimum: 0.0156195252423938, ...mixture(4.97, -1.88, -29.08, -78.02) },
  { number: 96, minimum: 0.0156195252423938, ...mixture(4.97, -1.88, -69.08, -118.02) },
  { number: 97, minimum: 3.13580912280702, localMinima: [4.07124635651], ...mixture(32.97, 25.12, -29.08, -78.02) },
  { number: 98, minimum: 3.13580912280702, localMinima: [4.07124635651], ...mixture(32.97, 25.12, -124.08, -173.02) },
  {
    number: 93,
    start: [5.54, 4.4, 12.02, 11.82, 0.702, 0.852],
    minimum: 135.075962829152,
    where: { u: "x1*x4*(x1+x2+x3)", v: "x2*x3*(x1+1.57*x2+x4)" },
    objective: "0.0204*u+0.0187*v+0.0607*u*x5^2+0.0437*v*x6^2",
    nonNegative: ["0.001*x1*x2*x3*x4*x5*x6-2.07", "1-0.00062*u*x5^2-0.00058*v*x6^2"],
    lower: 0,
  },
  {
    number: 99,
    start: [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
    minimum: -831079891.510107,
    where: rocket(),
    objective: "-(r7)^2",
    equality: ["q7-100000", "s7-1000"],
    lower: 0,
    upper: 1.58,
  },
  {
    number: 100,
    start: [1, 2, 0, 4, 0, 1, 1],
    minimum: 680.630057374402,
    objective: "(x1-10)^2+5*(x2-12)^2+x3^4+3*(x4-11)^2+10*x5^6+7*x6^2+x7^4-4*x6*x7-10*x6-8*x7",
    nonNegative: [
      "127-2*x1^2-3*x2^4-x3-4*x4^2-5*x5",
      "282-7*x1-3*x2-10*x3^2-x4+x5",
      "196-23*x1-x2^2-6*x6^2+8*x7",
      "-4*x1^2-x2^2+3*x1*x2-2*x3^2-5*x6+11*x7",
    ],
  },
  { number: 101, minimum: 1809.76476557141, ...geometric(-0.25) },
  { number: 102, minimum: 911.88057143011, ...geometric(0.125) },
  { number: 103, minimum: 543.667958466281, ...geometric(0.5) },
  {
    number: 104,
    start: [6, 3, 0.4, 0.2, 6, 6, 1, 0.5],
    minimum: 3.95116344010336,
    where: { f: "0.4*x1^0.67/x7^0.67+0.4*x2^0.67/x8^0.67+10-x1-x2" },
    objective: "f",
    nonNegative: [
      "1-0.0588*x5*x7-0.1*x1",
      "1-0.0588*x6*x8-0.1*x1-0.1*x2",
      "1-4*x3/x5-2*x3^-0.71/x5-0.0588*x3^-1.3*x7",
      "1-4*x4/x6-2*x4^-0.71/x6-0.0588*x4^-1.3*x8",
      ...between(1, "f", 4.2),
    ],
    lower: 0.1,
    upper: 10,
  },
];
