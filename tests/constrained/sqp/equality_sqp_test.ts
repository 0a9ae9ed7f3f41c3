import { assertAlmostEquals } from "@std/assert";
import { multiply, square, subtract } from "../../../lib/autodiff/mod.ts";
import { equalitySqp, exactSystem, type TwiceEqualityConstrained } from "../../../lib/constrained/mod.ts";
import { iterate } from "../../../lib/core/mod.ts";
import { stated } from "./problems.ts";

Deno.test("equalitySqp() raises μ by the model of the objective with its curvature", () => {
  // f = ½ k x² where x = 1, from 0: ∇f·d = 0, ½ dᵀBd = k/2, the violation falls by 1: μ = 2 (0 + k/2)/1 where that is larger
  for (const [k, penalty] of [[1, 1], [3, 3], [0.05, 0.1], [-1, 0.1]]) {
    const problem = stated({
      dimension: 1,
      f: ([x]) => multiply(k / 2, square(x)),
      equality: ([x]) => [subtract(x, 1)],
    }) as TwiceEqualityConstrained;
    for (const state of iterate(problem, equalitySqp({ system: exactSystem(), penalty: 0.1 }), [0])) {
      if (state.iteration === 0) continue;
      assertAlmostEquals(state.penalty, penalty, 1e-12);
      break;
    }
  }
});
