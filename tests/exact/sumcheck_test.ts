// Checks of products and rectifiers.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { DomainError, integer, type Rng, rng, ShapeError } from "../../lib/core/mod.ts";
import {
  bitDecomposition,
  freivalds,
  type IntegerMatrix,
  isPrime,
  mersenne61,
  type ProductProver,
  productProver,
  verifyProduct,
  verifyRectifier,
} from "../../lib/exact/mod.ts";

const drawn = (random: Rng, rows: number, columns: number): IntegerMatrix => ({
  rows,
  columns,
  entries: Array.from({ length: rows * columns }, () => BigInt(integer(random, 2001) - 1000)),
});
function product(A: IntegerMatrix, B: IntegerMatrix): IntegerMatrix {
  const entries = Array.from({ length: A.rows * B.columns }, (_, at) => {
    const i = Math.floor(at / B.columns), j = at % B.columns;
    let sum = 0n;
    for (let k = 0; k < A.columns; k++) sum += A.entries[i * A.columns + k] * B.entries[k * B.columns + j];
    return sum;
  });
  return { rows: A.rows, columns: B.columns, entries };
}
const shapes: [number, number, number][] = [[1, 1, 1], [4, 8, 2], [5, 7, 3], [1, 16, 9], [6, 1, 6], [3, 33, 2]];

// @must verifyProduct: honest transcripts are accepted, in log₂ k rounds for inner size k
// @measured reached: for 6 shapes and 20 draws each; 0, 3, 3, 4, 0 and 6 rounds for k = 1, 8, 7, 16, 1, 33
Deno.test("verifyProduct() accepts what is true, in so many rounds as k has bits", () => {
  for (const [m, k, n] of shapes) {
    for (let seed = 0; seed < 20; seed++) {
      const random = rng(seed), A = drawn(random, m, k), B = drawn(random, k, n), C = product(A, B);
      const { accepted, rounds, message } = verifyProduct(A, B, C, productProver(A, B), random);
      assertEquals([accepted, rounds, message], [true, Math.ceil(Math.log2(k)), ""]);
      assert(freivalds(A, B, C, random));
    }
  }
});

// @must verifyProduct, freivalds: a single changed entry of C = A B is rejected in 200 of 200 trials
// @measured reached: 200 of 200 by either check
Deno.test("verifyProduct() and freivalds() reject one wrong entry", () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = rng(seed),
      [m, k, n] = shapes[seed % shapes.length],
      A = drawn(random, m, k),
      B = drawn(random, k, n);
    const entries = [...product(A, B).entries];
    entries[integer(random, m * n)] += BigInt(1 + integer(random, 3));
    const wrong = { rows: m, columns: n, entries };
    assert(!verifyProduct(A, B, wrong, productProver(A, B), random).accepted);
    assert(!freivalds(A, B, wrong, random));
  }
});

Deno.test("verifyProduct() rejects a prover that adapts its messages to a wrong claim", () => {
  const random = rng(3), A = drawn(random, 4, 8), B = drawn(random, 8, 4), C = product(A, B);
  for (let lieAt = 0; lieAt < 3; lieAt++) {
    const honest = productProver(A, B);
    let round = 0;
    const liar: ProductProver = {
      ...honest,
      // the sum stays right, the polynomial does not
      message: () => {
        const [zero, one, two] = honest.message();
        return round++ === lieAt
          ? [(zero + 1n) % mersenne61, (one - 1n + mersenne61) % mersenne61, two]
          : [zero, one, two];
      },
    };
    const { accepted, rounds } = verifyProduct(A, B, C, liar, rng(lieAt));
    assertEquals(accepted, false);
    assertEquals(rounds, Math.min(lieAt + 2, 3)); // found in the next round, or at the end
  }
});

Deno.test("verifyProduct() is exact for integers of any size, modulo p", () => {
  assert(isPrime(2 ** 31 - 1)); // the field's own size is beyond numbers; Lucas and Lehmer:
  let s = 4n;
  for (let k = 0; k < 59; k++) s = (s * s - 2n) % mersenne61;
  assertEquals(s, 0n);
  const A = { rows: 1, columns: 2, entries: [-(10n ** 40n), 3n] },
    B = { rows: 2, columns: 1, entries: [7n, -(2n ** 100n)] };
  const C = product(A, B), shifted = { ...C, entries: [C.entries[0] + 5n * mersenne61] };
  assert(verifyProduct(A, B, C, productProver(A, B), rng(1)).accepted);
  assert(verifyProduct(A, B, shifted, productProver(A, B), rng(1)).accepted); // the same modulo p
});

// @must verifyRectifier: an integer rectifier is checked by bits, Z = Σ 2ⁱ bᵢ - 2ᴮ s
// @measured reached: all of -16 … 15 with 4 bits accepted; each wrong output, bit and sign of them rejected
Deno.test("verifyRectifier() accepts max(Z, 0) and nothing else", () => {
  const Z = Array.from({ length: 32 }, (_, i) => BigInt(i - 16)), out = Z.map((z) => z > 0n ? z : 0n);
  const bits = bitDecomposition(Z, 4);
  assertEquals(bits.slice(0, 5), [0n, 0n, 0n, 0n, 1n]); // -16
  assertEquals(bits.slice(-5), [1n, 1n, 1n, 1n, 0n]); // 15
  assert(verifyRectifier(Z, out, bits, 4, rng(1)));
  for (let e = 0; e < 32; e++) {
    assert(!verifyRectifier(Z, out.with(e, out[e] + 1n), bits, 4, rng(e)));
    assert(!verifyRectifier(Z.with(e, Z[e] + 1n), out, bits, 4, rng(e)));
  }
  for (let k = 0; k < bits.length; k++) assert(!verifyRectifier(Z, out, bits.with(k, 1n - bits[k]), 4, rng(k)));
  // 2 = 0 + 1·2 = 2 + 0·2: no bit, but the sum is right
  assert(!verifyRectifier([2n], [2n], [2n, 0n, 0n], 2, rng(1)));
});

Deno.test("checks refuse shapes that do not fit", () => {
  const A = drawn(rng(1), 2, 3), B = drawn(rng(2), 3, 2), C = product(A, B);
  assertThrows(() => verifyProduct(A, C, B, productProver(A, B), rng(1)), ShapeError, "m x k");
  assertThrows(() => freivalds(B, A, C, rng(1)), ShapeError, "m x k");
  assertThrows(() => productProver(A, { ...B, entries: [] }), ShapeError, "3 x 2 entries");
  assertThrows(() => bitDecomposition([16n], 4), DomainError, "got 16");
  assertThrows(() => verifyRectifier([1n], [1n], [1n], 4, rng(1)), ShapeError);
  assertThrows(() => verifyRectifier([1n], [1n], [1n], 59, rng(1)), DomainError, "1 to 58");
});
