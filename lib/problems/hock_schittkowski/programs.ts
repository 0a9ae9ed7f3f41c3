/**
 * The problems of the set of Hock and Schittkowski with sums over data, matrices or cases: 57, 70, 86 to 92, 105, 117.
 *
 * @module
 */
import {
  add,
  cos,
  divide,
  dot,
  exp,
  greaterEqual,
  log,
  matmul,
  multiply,
  negate,
  type Operand,
  power,
  reshape,
  sin,
  slice,
  sqrt,
  square,
  stack,
  subtract,
  sum,
  take,
} from "../../autodiff/mod.ts";
import { matrix } from "../../linalg/mod.ts";
import { brentRoot } from "../../smooth/mod.ts";
import type { Formulas } from "./instance.ts";

const total = (...terms: readonly Operand[]): Operand => terms.reduce(add);
const times = (...factors: readonly Operand[]): Operand => factors.reduce(multiply);

/** Entries with how often each stands in a row. */
const repeated = (...runs: readonly (readonly [value: number, times: number])[]): Float64Array =>
  Float64Array.from(runs.flatMap(([value, times]) => Array(times).fill(value)));

/** 57: chlorine that is left in a product after a time. */
const times57 = repeated(
  ...[[8, 2], [10, 4], [12, 4], [14, 3], [16, 3], [18, 2], [20, 3], [22, 3], [24, 3], [26, 3], [28, 2]] as const,
  ...[[30, 3], [32, 2], [34, 1], [36, 2], [38, 2], [40, 1], [42, 1]] as const,
);
const chlorine = Float64Array.of(
  ...[49, 49, 48, 47, 48, 47, 46, 46, 45, 43, 45, 43, 43, 44, 43, 43, 46, 45, 42, 42, 43, 41],
  ...[41, 40, 42, 40, 40, 41, 40, 41, 41, 40, 40, 40, 38, 41, 40, 40, 41, 38, 40, 40, 39, 39],
).map((percent) => percent / 100);

function residuals57(x: Operand): Operand {
  const a = take(x, 0), decay = exp(multiply(negate(take(x, 1)), times57.map((t) => t - 8)));
  return subtract(subtract(chlorine, a), multiply(subtract(0.49, a), decay));
}

/** 70: water that leaves a catchment after rain, as two of Pearson's curves. */
const times70 = Float64Array.from({ length: 19 }, (_, i) => Math.max(0.1, i) / 7.658);
const flow = Float64Array.of(
  ...[0.00189, 0.1038, 0.268, 0.506, 0.577, 0.604, 0.725, 0.898, 0.947, 0.845],
  ...[0.702, 0.528, 0.385, 0.257, 0.159, 0.0869, 0.0453, 0.01509, 0.00189],
);

function curve70(weight: Operand, shape: Operand, scale: Operand): Operand {
  const factor = times(
    weight,
    power(scale, shape),
    sqrt(divide(shape, 6.2832)),
    divide(multiply(12, shape), add(multiply(12, shape), 1)),
  );
  const decay = exp(multiply(shape, subtract(1, multiply(times70, scale))));
  return times(factor, power(times70, subtract(shape, 1)), decay);
}

function mean70(x: Operand): Operand {
  const share = take(x, 2);
  return add(share, multiply(subtract(1, share), take(x, 3)));
}

/** 86 and its dual 117: Colville's test. */
const linear = Float64Array.of(-15, -27, -36, -18, -12), cubic = Float64Array.of(4, 8, 10, 6, 2);
const quadratic = matrix([
  [30, -20, -10, 32, -10],
  [-20, 39, -6, -31, 32],
  [-10, -6, 10, -6, -10],
  [32, -31, -6, 39, -20],
  [-10, 32, -10, -20, 30],
]);
const rows86 = matrix([
  [-16, 2, 0, 1, 0],
  [0, -2, 0, 0.4, 2],
  [-3.5, 0, 2, 0, 0],
  [0, -2, 0, -4, -1],
  [0, -9, -2, 1, -2.8],
  [2, 0, -4, 0, 0],
  [-1, -1, -1, -1, -1],
  [-1, -2, -3, -2, -1],
  [1, 2, 3, 4, 5],
  [1, 1, 1, 1, 1],
]);
const limits = Float64Array.of(-40, -2, -0.25, -4, -4, -1, -40, -60, 5, 1);
const cubes = (x: Operand): Operand => dot(cubic, power(x, 3)), squares = (x: Operand) => dot(x, matmul(quadratic, x));

/** 87: costs that jump where a generator is switched on. */
const price = (x: Operand, ...steps: readonly (readonly [from: number, price: number])[]): Operand =>
  steps.slice(1).reduce<Operand>(
    (price, [from, next], i) => add(price, multiply(next - steps[i][1], greaterEqual(x, from))),
    steps[0][1],
  );

function flow87(x: Operand): Operand {
  const [x1, x2, x3, x4, x5, x6] = [0, 1, 2, 3, 4, 5].map((i) => take(x, i));
  const both = divide(multiply(x3, x4), 131.078), own = (v: Operand) => multiply(0.90798 / 131.078, square(v));
  const active = Math.cos(1.47588), reactive = Math.sin(1.47588);
  const there = subtract(1.48477, x6), back = add(1.48477, x6);
  return stack([
    total(300, negate(x1), negate(multiply(both, cos(there))), multiply(active, own(x3))),
    total(negate(x2), negate(multiply(both, cos(back))), multiply(active, own(x4))),
    total(negate(x5), negate(multiply(both, sin(back))), multiply(reactive, own(x4))),
    total(200, negate(multiply(both, sin(there))), multiply(reactive, own(x3))),
  ]);
}

/** 88 to 92: the first positive roots of `μ tan μ = 1`. */
const roots = (count: number): Float64Array =>
  Float64Array.from(
    { length: count },
    (_, j) => brentRoot((mu) => mu * Math.sin(mu) - Math.cos(mu), j * Math.PI, (j + 0.5) * Math.PI).x,
  );

/** Control of heat conduction by n switching times: `1e-4 - ∫₀¹ (∫ k u - k₀)²` with thirty terms of its series. */
function heat(number: number, n: number): Formulas {
  const program = (x: Operand): Operand => {
    const mu = roots(30), sines = mu.map(Math.sin), cosines = mu.map(Math.cos), squares = mu.map((m) => m * m);
    const A = mu.map((m, j) => 2 * sines[j] / (m + sines[j] * cosines[j]));
    const coefficients = mu.map((m, j) => (sines[j] / m - cosines[j]) / squares[j]);
    let time: Operand = 0, rho: Operand = (-1) ** n;
    for (let k = n - 1; k >= 0; k--) {
      time = add(time, square(take(x, k)));
      rho = add(rho, multiply(k === 0 ? 1 : 2 * (-1) ** k, exp(multiply(squares.map((m) => -m), time))));
    }
    const solution = divide(rho, squares.map((m) => -m));
    const inner = subtract(multiply(mu.map((m, j) => m * sines[j]), solution), coefficients.map((c) => 2 * c));
    const series = sum(times(squares.map((m, j) => m * A[j]), solution, inner));
    return reshape(subtract(1e-4 - 2 / 15, series), [1]);
  };
  return {
    number,
    start: Array.from({ length: n }, (_, i) => i % 2 === 0 ? 0.5 : -0.5),
    minimum: 1.3626568148899,
    objective: (x) => dot(x, x),
    nonNegative: program,
    lower: [0.1, ...Array(n - 1).fill(-10)],
    upper: 10,
  };
}

/** 105: weights of 235 pigs, as a mixture of three normal distributions. */
const weights = repeated(
  ...[[95, 1], [105, 1], [110, 4], [115, 4], [120, 15], [125, 15], [130, 15], [135, 13], [140, 21], [145, 12]] as const,
  ...[[150, 17], [155, 4], [160, 20], [165, 8], [170, 17], [175, 8], [180, 6], [185, 6], [190, 7], [195, 4]] as const,
  ...[[200, 3], [205, 3], [210, 8], [215, 1], [220, 6], [230, 5], [235, 1], [240, 7], [245, 1], [260, 2]] as const,
);

function likelihood(x: Operand): Operand {
  const first = take(x, 0), second = take(x, 1), shares = [first, second, subtract(subtract(1, first), second)];
  const densities = shares.map((share, k) => {
    const sd = take(x, 5 + k), z = divide(subtract(weights, take(x, 2 + k)), sd);
    return multiply(divide(share, sd), exp(multiply(-0.5, square(z))));
  });
  return negate(sum(log(divide(total(...densities), Math.sqrt(2 * Math.PI)))));
}

/** In the order of the set. */
export const programs: readonly Formulas[] = [
  { // f tends to 0.0306476 as x2 grows, and is flat there
    number: 57,
    start: [0.42, 5],
    minimum: 0.0284596697229867,
    objective: (x) => sum(square(residuals57(x))),
    nonNegative: ["0.49*x2-x1*x2-0.09"],
    lower: [0.4, -4],
  },
  {
    number: 70,
    start: [2, 4, 0.04, 2],
    minimum: 0.00749846357442764,
    localMinima: [0.0821625114682, 0.121898797575, 0.152864466834, 0.179807906045, 0.186349122092509],
    objective: (x) => {
      const [x1, x2, x3, x4] = [0, 1, 2, 3].map((i) => take(x, i)), b = mean70(x);
      const curves = add(curve70(x3, x2, b), curve70(subtract(1, x3), x1, divide(b, x4)));
      return sum(square(subtract(curves, flow)));
    },
    nonNegative: (x) => reshape(mean70(x), [1]),
    lower: 1e-5,
    upper: [100, 100, 1, 100],
  },
  {
    number: 86,
    start: [0, 0, 0, 0, 1],
    minimum: -32.3486789657227,
    objective: (x) => total(dot(linear, x), squares(x), cubes(x)),
    nonNegative: (x) => subtract(matmul(rows86, x), limits),
    lower: 0,
  },
  {
    number: 87,
    start: [390, 1000, 419.5, 340.5, 198.175, 0.5],
    minimum: 8927.59773549784,
    objective: (x) => {
      const x1 = take(x, 0), x2 = take(x, 1);
      return add(
        multiply(price(x1, [0, 30], [300, 31]), x1),
        multiply(price(x2, [0, 28], [100, 29], [200, 30]), x2),
      );
    },
    equality: flow87,
    lower: [0, 0, 340, 340, -1000, 0],
    upper: [400, 1000, 420, 420, 1000, 0.5236],
  },
  ...[2, 3, 4, 5, 6].map((n) => heat(86 + n, n)),
  {
    number: 105,
    start: [0.1, 0.2, 100, 125, 175, 11.2, 13.2, 15.8],
    minimum: 1138.41066367213,
    localMinima: [1138.41847127, 1139.5478711],
    objective: likelihood,
    nonNegative: ["1-x1-x2"],
    lower: [0.001, 0.001, 100, 130, 170, 5, 5, 5],
    upper: [0.499, 0.499, 180, 210, 240, 25, 25, 25],
  },
  {
    number: 117,
    start: Array.from({ length: 15 }, (_, i) => i === 6 ? 60 : 0.001),
    minimum: 32.3486789657227,
    objective: (x) => {
      const u = slice(x, 0, 10), v = slice(x, 10);
      return total(negate(dot(limits, u)), squares(v), multiply(2, cubes(v)));
    },
    nonNegative: (x) => {
      const u = slice(x, 0, 10), v = slice(x, 10), bends = multiply(cubic.map((d) => 3 * d), square(v));
      return subtract(total(multiply(2, matmul(quadratic, v)), bends, linear), matmul(u, rows86));
    },
    lower: 0,
  },
];
