// L-Mul: its errors against exact products and against small floats, products of matrices, attention.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DomainError, fillNormal, type Matrix, rng, ShapeError, uniform } from "../../lib/core/mod.ts";
import { lmulAttention, lmulBits, lmulFormula, lmulMatmul } from "../../lib/exact/mod.ts";
import { add, matmul, matrix, norm, row, subtract, transpose } from "../../lib/linalg/mod.ts";

/** Rounds to m mantissa bits. */
function rounded(x: number, m: number): number {
  const unit = 2 ** (Math.floor(Math.log2(x)) - m);
  return Math.round(x / unit) * unit;
}

interface Errors {
  readonly mean: number;
  readonly size: number;
  readonly largest: number;
}

/** Relative errors of products of random mantissas in [1, 2), rounded to m bits first. */
function errors(m: number, product: (x: number, y: number) => number, rounds = true): Errors {
  const generator = rng(m), count = 100_000;
  let mean = 0, size = 0, largest = 0;
  for (let k = 0; k < count; k++) {
    const a = 1 + uniform(generator), b = 1 + uniform(generator);
    const [x, y] = rounds ? [rounded(a, m), rounded(b, m)] : [a, b], error = product(x, y) / (x * y) - 1;
    mean += error / count;
    size += Math.abs(error) / count;
    largest = Math.max(largest, Math.abs(error));
  }
  return { mean, size, largest };
}

const adder = (m: number, rounds = true): Errors => errors(m, (x, y) => lmulBits(x, y, { mantissaBits: m }), rounds);
const near = (actual: number, expected: number): void => assertAlmostEquals(actual, expected, 0.02 * expected);

// @must lmulBits: relative error for random mantissas of 10 bits: mean .4 %, mean size 2.7 %, largest 7.3 %
// @measured reached: .41 %, 2.66 %, 7.29 %
Deno.test("lmulBits() errs by 2.7 % on average", () => {
  const { mean, size, largest } = adder(10);
  assertAlmostEquals(mean, 0.0041, 3e-4);
  near(size, 0.0266);
  near(largest, 0.0729);
});

// @must lmulBits: mean size of the relative error 5.3 % for 3 bits, 5.2 % for 4 bits
// @measured reached: 5.2 % and 5.1 %
Deno.test("lmulBits() errs by 5 % with 3 and 4 bits", () => {
  near(adder(3).size, 0.0524);
  near(adder(4).size, 0.0514);
});

// @must lmulFormula: relative error for random mantissas of 10 bits: mean size 6.3 %, largest 23 %
// @measured not reached: mean size 7.6 %, largest 23.4 %; -6.4 % is the mean with its sign, (ln 2)²/16 - (1 - ln 2)²
Deno.test("lmulFormula() errs by more", () => {
  const { mean, size, largest } = errors(10, (x, y) => lmulFormula(x, y));
  near(-mean, (1 - Math.LN2) ** 2 - Math.LN2 ** 2 / 16);
  near(size, 0.0758);
  near(largest, 0.234);
});

// @must lmulBits: rounding of operands included, 3 bits err by 5.7 % and beat a float of 2 mantissa bits (e5m2: 7.2 %)
// @measured reached: 5.75 % against 7.1 %
// @must lmulBits: with 4 bits (5.3 %) it does not reach a float of 3 mantissa bits (e4m3: 3.6 %), though claimed
// @measured reached: 5.27 % against 3.5 %; the claim does not hold product by product
Deno.test("lmulBits() with 3 bits beats floats with 2, with 4 bits not those with 3", () => {
  const float = (m: number): number => errors(m, (x, y) => rounded(rounded(x, m) * rounded(y, m), m), false).size;
  const three = adder(3, false).size, four = adder(4, false).size;
  near(three, 0.0575);
  near(four, 0.0527);
  near(float(2), 0.071);
  near(float(3), 0.0354);
  assert(three < float(2) && four > float(3));
});

Deno.test("lmulBits() adds the bit patterns of 32-bit floats", () => {
  const value = new Float32Array(1), bits = new Uint32Array(value.buffer), generator = rng(3);
  const pattern = (x: number): number => {
    value[0] = x;
    return bits[0] & 0x7fffffff;
  };
  for (let k = 0; k < 2000; k++) {
    const draw = (): number =>
      Math.fround((2 * uniform(generator) - 1) * 2 ** Math.floor(60 * uniform(generator) - 30));
    const x = draw(), y = draw();
    bits[0] = pattern(x) + pattern(y) - (127 << 23) + (1 << 19); // 2^{23 - 4}
    const sum = value[0];
    assertEquals(lmulBits(x, y, { mantissaBits: 23 }), x * y < 0 ? -sum : sum);
  }
});

Deno.test("lmulBits(), lmulFormula() agree without a carry, and differ with one", () => {
  for (const [x, y] of [[1, 1], [1.25, 1.5], [-3, 0.625], [1e10, -1e-20], [0, 5], [5, -0], [5e-324, 3]]) {
    assertEquals(lmulBits(x, y), lmulFormula(x, y));
  }
  assertEquals([lmulBits(1.75, 1.75), lmulFormula(1.75, 1.75)], [3.125, 2.5625]); // exactly 3.0625
  assertEquals(lmulBits(2, 4, { mantissaBits: 3 }), 9); // powers of 2 are off by the offset 1/8
  assertEquals(lmulBits(1e200, -1e200), -Infinity);
  assertEquals(lmulBits(1e-200, 1e-200), 0);
});

const random = (rows: number, columns: number, seed: number): Matrix => ({
  rows,
  columns,
  data: fillNormal(rng(seed), new Float64Array(rows * columns)),
});

Deno.test("lmulMatmul() sums products by L-Mul", () => {
  const A = random(5, 7, 1), B = random(7, 4, 2), C = lmulMatmul(A, B, { mantissaBits: 4 });
  for (let i = 0; i < 5; i++) {
    for (let j = 0; j < 4; j++) {
      let sum = 0;
      for (let k = 0; k < 7; k++) sum += lmulBits(A.data[i * 7 + k], B.data[k * 4 + j], { mantissaBits: 4 });
      assertAlmostEquals(C.data[i * 4 + j], sum, 1e-14);
    }
  }
});

/** softmax(Q Kᵀ / √d) V in doubles. */
function exactAttention(Q: Matrix, K: Matrix, V: Matrix): Matrix {
  const weights = matmul(Q, transpose(K));
  for (let i = 0; i < weights.rows; i++) {
    const w = row(weights, i).map((s) => Math.exp(s / Math.sqrt(Q.columns))), sum = w.reduce((a, b) => a + b);
    row(weights, i).set(w.map((a) => a / sum));
  }
  return matmul(weights, V);
}

// @must lmulAttention: in a toy transformer with 10 mantissa bits the output changes by at most 5 %, and the largest logit
//   stays the same for at least 95 % of the tokens
// @measured reached: 1.2 % at most over 8 transformers, 97.9 % of 384 tokens
Deno.test("lmulAttention() hardly changes a toy transformer", () => {
  const d = 32, n = 48, words = 64;
  let change = 0, same = 0, tokens = 0;
  for (let seed = 0; seed < 8; seed++) {
    const weight = (rows: number, columns: number, k: number): Matrix => {
      const W = random(rows, columns, 100 * seed + k);
      W.data.forEach((w, i) => W.data[i] = w / Math.sqrt(rows));
      return W;
    };
    const X = random(n, d, 100 * seed), [Q, K, V] = [1, 2, 3].map((k) => matmul(X, weight(d, d, k)));
    const forward = (attended: Matrix): Matrix => {
      const H = add(X, matmul(attended, weight(d, d, 4))), hidden = matmul(H, weight(d, 4 * d, 5));
      hidden.data.forEach((h, i) => hidden.data[i] = Math.max(0, h));
      return matmul(add(H, matmul(hidden, weight(4 * d, d, 6))), weight(d, words, 7));
    };
    const exact = forward(exactAttention(Q, K, V)), modelled = forward(lmulAttention(Q, K, V));
    change = Math.max(change, norm(subtract(exact, modelled)) / norm(exact));
    const largest = (A: Matrix, i: number): number => row(A, i).indexOf(Math.max(...row(A, i)));
    for (let i = 0; i < n; i++, tokens++) if (largest(exact, i) === largest(modelled, i)) same++;
  }
  assert(change <= 0.05 && same >= 0.95 * tokens, `${change} ${same / tokens}`);
});

// @must lmulBits: NaN and infinity are refused, subnormal numbers count as 0
// @measured reached: NaN, both infinities, 5e-324
Deno.test("L-Mul refuses what has no mantissa, and shapes that do not fit", () => {
  for (const x of [NaN, Infinity, -Infinity]) {
    assertThrows(() => lmulBits(x, 1), DomainError, "finite numbers");
    assertThrows(() => lmulFormula(1, x), DomainError, "finite numbers");
    assertThrows(() => lmulMatmul(matrix([[x]]), matrix([[1]])), DomainError, "finite numbers");
  }
  assertEquals(lmulBits(5e-324, 1e300), 0);
  for (const mantissaBits of [0, 24, 1.5]) assertThrows(() => lmulBits(1, 1, { mantissaBits }), DomainError, "1 to 23");
  assertThrows(() => lmulMatmul(matrix(2, 3), matrix(2, 3)), ShapeError, "3 rows on the right, got 2");
});
