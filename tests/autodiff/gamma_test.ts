import { assert, assertEquals, assertThrows } from "@std/assert";
import { DomainError } from "../../lib/core/mod.ts";
import * as ad from "../../lib/autodiff/mod.ts";

Deno.test("digamma() and polygamma() have the values of the tables", () => {
  const gamma = 0.57721566490153286061, zeta3 = 1.20205690315959428540;
  const table: [m: number, x: number, value: number][] = [
    [0, 1, -gamma],
    [0, 0.5, -gamma - 2 * Math.LN2],
    [0, 0.1, -10.423754940411076],
    [0, 50, 3.9019896734278925],
    [1, 1, Math.PI ** 2 / 6],
    [1, 0.5, Math.PI ** 2 / 2],
    [1, 10, 0.10516633568168576],
    [2, 1, -2 * zeta3],
    [2, 0.5, -14 * zeta3],
    [2, 25, -0.0016652793184224685],
    [5, 1.5, 11.113548602435499],
    [8, 3, -2.2283987476348854],
  ];
  for (const [m, x, value] of table) {
    const found = ad.polygamma(m, x) as number;
    assert(Math.abs(found / value - 1) < 3e-15, `ψ${m}(${x}) = ${found}, expected ${value}`);
  }
  assert(Math.abs(ad.digamma(1.4616321449683623) as number) < 1e-15);
  for (const x of [0.1, 1.7, 30]) { // ψ(x + 1) = ψ(x) + 1/x
    assert(Math.abs((ad.digamma(x + 1) as number) - (ad.digamma(x) as number) - 1 / x) < 1e-14 * (1 + 1 / x));
  }
});

Deno.test("logGamma() has the values of factorials, and its limits", () => {
  let product = 1;
  for (let n = 1; n < 20; n++) {
    assert(Math.abs((ad.logGamma(n) as number) - Math.log(product)) < 1e-14 * Math.max(1, Math.log(product)));
    product *= n;
  }
  assert(Math.abs((ad.logGamma(0.5) as number) - Math.log(Math.PI) / 2) < 1e-14);
  assertEquals([ad.logGamma(0), ad.logGamma(Infinity), ad.logGamma(-1), ad.logGamma(NaN)], [
    Infinity,
    Infinity,
    NaN,
    NaN,
  ]);
  assertEquals([ad.digamma(0), ad.digamma(Infinity), ad.polygamma(1, Infinity), ad.digamma(-2)], [
    -Infinity,
    Infinity,
    0,
    NaN,
  ]);
  assertThrows(() => ad.polygamma(-1, 1), DomainError, "a whole order");
});
