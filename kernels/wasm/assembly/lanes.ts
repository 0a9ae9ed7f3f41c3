// @ts-nocheck: AssemblyScript
// The only difference between the two builds: FUSED is 1 with relaxed SIMD, 0 without.

export class Lanes {
  /** `a b + c` in both lanes. */
  @inline
  static fma(a: v128, b: v128, c: v128): v128 {
    return FUSED ? f64x2.relaxed_madd(a, b, c) : f64x2.add(f64x2.mul(a, b), c);
  }

  /** `c - a b` in both lanes. */
  @inline
  static minus(a: v128, b: v128, c: v128): v128 {
    return FUSED ? f64x2.relaxed_nmadd(a, b, c) : f64x2.sub(c, f64x2.mul(a, b));
  }

  /** The sum of the two lanes. */
  @inline
  static sum(a: v128): f64 {
    return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
  }
}
