// Integers modulo a prime against BigInt.
import { assertEquals, assertThrows } from "@std/assert";
import { DomainError } from "../../lib/core/mod.ts";
import { isPrime, primeField } from "../../lib/exact/mod.ts";
import { addMultiple, addRange, largePrimes, multiplyModulo, reciprocal } from "../../lib/exact/prime_field.ts";
import { integers } from "./fractions.ts";

const largest = 2 ** 31 - 1;

Deno.test("isPrime() agrees with a sieve and knows strong pseudoprimes", () => {
  const limit = 100_000, composite = new Uint8Array(limit);
  for (let d = 2; d < limit; d++) for (let n = 2 * d; n < limit; n += d) composite[n] = 1;
  for (let n = 0; n < limit; n++) assertEquals(isPrime(n), n > 1 && composite[n] === 0, `${n}`);
  // strong pseudoprimes to base 2; to 2 and 3; to 2, 3 and 5 (Pomerance, Selfridge and Wagstaff 1980)
  for (const n of [2047, 1_373_653, 25_326_001, 161_304_001, 960_946_321, 1_157_839_381]) {
    assertEquals(isPrime(n), false);
  }
  assertEquals(isPrime(largest), true);
  for (const n of [-1, 2.5, NaN, 2 ** 31]) assertThrows(() => isPrime(n), DomainError, "an integer in 0 to");
});

Deno.test("multiplyModulo() is exact up to the largest prime below 2^31", () => {
  const draw = integers(1, 2 ** 30);
  for (const p of [2, 3, 65537, 1_073_741_789, 2147483629, largest]) {
    const inverse = reciprocal(p), edge = [0, 1, 2, p >> 1, p - 2, p - 1].filter((a) => a >= 0 && a < p);
    const numbers = [...edge, ...Array.from({ length: 200 }, () => (draw() + 2 ** 30) % p)];
    for (const a of numbers) {
      for (const b of numbers) {
        assertEquals(multiplyModulo(a, b, p, inverse), Number(BigInt(a) * BigInt(b) % BigInt(p)), `${a} ${b} ${p}`);
      }
    }
  }
});

Deno.test("addMultiple(), addRange() are exact", () => {
  const p = largest, draw = integers(2, 2 ** 30), residue = () => (draw() + 2 ** 30) % p, n = 500;
  const values = Int32Array.from({ length: n }, (_, k) => k < 5 ? p - 1 : residue());
  const before = Int32Array.from({ length: n }, (_, k) => k % 7 === 0 ? p - 1 : residue());
  for (const f of [0, 1, p - 1, residue()]) {
    const exact = [...before].map((w, k) => Number((BigInt(w) + BigInt(f) * BigInt(values[k])) % BigInt(p)));
    const sparse = before.slice(), dense = Int32Array.of(...before, ...values);
    addMultiple(sparse, f, Uint32Array.from(values.keys()), values, p, reciprocal(p));
    addRange(dense, 0, f, n, n, p, reciprocal(p));
    assertEquals([...sparse], exact);
    assertEquals([...dense.subarray(0, n)], exact);
    assertEquals([...dense.subarray(n)], [...values]);
  }
});

Deno.test("largePrimes() begins with the primes next to 2^31", () => {
  const primes = largePrimes();
  assertEquals(Array.from({ length: 3 }, () => primes.next().value), [2147483647, 2147483629, 2147483587]);
});

Deno.test("primeField() is a field", () => {
  for (const p of [2, 7, largest]) {
    const field = primeField(p), draw = integers(p, 2 ** 30);
    for (let k = 0; k < 200; k++) {
      const [a, b, c] = [field.residue(draw()), field.residue(draw()), field.residue(BigInt(draw()) ** 3n)];
      assertEquals(field.multiply(a, field.add(b, c)), field.add(field.multiply(a, b), field.multiply(a, c)));
      assertEquals(field.add(field.subtract(a, b), b), a);
      if (b !== 0) assertEquals(field.multiply(field.divide(a, b), b), a);
    }
    assertEquals(field.residue(-1), p - 1);
    assertThrows(() => field.divide(1, 0), DomainError, "by 0");
    assertThrows(() => field.residue(0.5), DomainError, "expected an integer");
    assertThrows(() => field.star(1), DomainError, "star of 1");
  }
  for (const p of [1, 4, 2 ** 31, 2.5, NaN]) assertThrows(() => primeField(p), DomainError, "expected a prime");
});
