import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { explain } from "../../lib/compare/mod.ts";
import {
  evaluations,
  type Instance,
  normal,
  rng,
  type Smooth,
  solve,
  type TwiceSmooth,
  withDifferences,
} from "../../lib/core/mod.ts";
import { mgh, rosenbrock } from "../../lib/problems/mod.ts";
import { bfgs, lbfgs } from "../../lib/smooth/mod.ts";
import { chain, explained, serious, smooth, spoiled, standard, valley } from "./explained.ts";

Deno.test("explain() sees a gradient of the wrong sign", () => {
  const explanation = explained(spoiled(chain, (g) => g.forEach((v, i) => g[i] = -v)));
  const [finding] = serious(explanation);
  assertEquals([finding.topic, finding.severity], ["gradient", "error"]);
  assertStringIncludes(finding.text, "the gradient has the wrong sign: at the start, entry");
  assertEquals((finding.data.coordinates as number[]).length, 10);
  assertStringIncludes(explanation.advice[0], "correct the gradient");
});

Deno.test("explain() sees a missing factor", () => {
  const [finding] = serious(explained(spoiled(chain, (g) => g.forEach((v, i) => g[i] = v / 2))));
  assertStringIncludes(finding.text, "the gradient should be multiplied by 2:");
});

Deno.test("explain() names the one wrong coordinate, few variables or many", () => {
  const wrong: [Instance<Smooth>, number, (v: number) => number][] = [
    [valley, 1, (v) => -v],
    [chain, 7, (v) => 1.2 * v],
    [chain, 0, () => 0],
    [chain, 4, (v) => v + 0.01], // too little to see at the start
    [rosenbrock(1000), 777, (v) => 1.5 * v],
    [rosenbrock(5000), 4321, (v) => -v],
    [mgh().find(({ name }) => name === "BrownBadlyScaled")!, 1, (v) => 1.2 * v],
  ];
  for (const [instance, i, change] of wrong) {
    const explanation = explained(spoiled(instance, (g) => g[i] = change(g[i])), lbfgs(), evaluations(200));
    assertEquals(explanation.about("gradient")[0]?.data.coordinates, [i], `${instance.name} ${i}`);
    assertEquals(explanation.about("gradient")[0].severity, "error");
  }
});

Deno.test("explain() finds the wrong coordinate without knowing the start", () => {
  const instance = spoiled(chain, (g) => g[7] *= -1);
  const result = solve(instance.problem, bfgs(), { start: instance.start, stop: standard });
  assertEquals(explain(result, instance.problem).about("gradient")[0].data.coordinates, [7]);
});

Deno.test("explain() sees a gradient that returns another value than value does", () => {
  const { problem, start } = valley;
  const torn: Instance<Smooth> = {
    ...valley,
    problem: { ...problem, gradient: (x, out) => problem.gradient(x, out) + 1 },
    start,
  };
  assertStringIncludes(
    serious(explained(torn))[0].text,
    "gradient returns f = 25.200000 at the start, value returns 24.200000",
  );
});

Deno.test("explain() sees a wrong Hessian, and takes one made of differences as right", () => {
  const { problem } = chain as Instance<TwiceSmooth>;
  const wrong: TwiceSmooth = {
    ...problem,
    hessianVector: (x, v, out) => {
      problem.hessianVector(x, v, out);
      out[6] += 3 * v[5]; // of the order of 1000
    },
  };
  const [finding] = serious(explained({ ...chain, problem: wrong }));
  assertEquals([finding.topic, finding.data.coordinates], ["hessian", [6]]);
  const differences = withDifferences({ kind: "smooth", dimension: 10, value: problem.value });
  assertEquals(serious(explained({ ...chain, problem: differences }, bfgs(), evaluations(5000))), []);
});

Deno.test("explain() measures noise and the gradient that it allows", () => {
  for (const amplitude of [1e-6, 1e-3]) {
    const noisy = smooth(
      [-1.2, 1],
      (x) => valley.problem.value(x) + amplitude * Math.sin(1e9 * x[0] + 3e9 * x[1]),
      (x, out) => {
        valley.problem.gradient(x, out);
      },
    );
    const explanation = explained(noisy), [finding] = serious(explanation);
    assertEquals([finding.topic, serious(explanation).length], ["noise", 1]);
    const level = finding.data.noise as number, exact = amplitude / Math.SQRT2; // of a sine
    assert(level > exact / 3 && level < 3 * exact, `${level} for ${exact}`);
    const floor = explanation.about("noise").find(({ data }) => data.floor !== undefined)!;
    assertAlmostEquals(floor.data.floor as number, Math.sqrt(2 * level * 802), 0.02 * (floor.data.floor as number));
    assert(explanation.advice.some((text) => text.startsWith("accept the point, or ask for gradientNorm")));
  }
});

Deno.test("explain() sees single precision as noise of its size, not as a wrong gradient", () => {
  const rounded = smooth([...chain.start], (x) => Math.fround(1 + chain.problem.value(x)), (x, out) => {
    chain.problem.gradient(x, out);
  });
  const explanation = explained(rounded);
  assertEquals(serious(explanation).map(({ topic }) => topic), ["noise"]);
  const level = explanation.about("noise")[0].data.noise as number;
  assert(level > 1e-9 && level < 1e-7, String(level)); // the spacing near 1 is 1.2e-7
});

Deno.test("explain() sees a function that does not repeat itself", () => {
  const generator = rng(1);
  const random = smooth([-1.2, 1], (x) => valley.problem.value(x) + 1e-6 * normal(generator), (x, out) => {
    valley.problem.gradient(x, out);
  });
  const [finding] = serious(explained(random));
  assertEquals([finding.topic, finding.severity], ["noise", "error"]);
  assertStringIncludes(finding.text, "two calls at the same point give different values");
});

Deno.test("explain() blames noise where it spoils a gradient made of differences", () => {
  const problem = withDifferences({
    kind: "smooth",
    dimension: 2,
    value: (x) => valley.problem.value(x) + 1e-6 * Math.sin(1e9 * x[0] + 3e9 * x[1]),
  });
  const { advice } = explained({ ...valley, problem });
  assert(advice.some((text) => text.includes("if the gradient is made by differences, the noise explains it")));
});

Deno.test("explain() sees a kink instead of a wrong gradient", () => {
  const absolute = smooth([1.3, 1], (x) => Math.abs(x[0]) + x[1] ** 2, (x, out) => {
    out.set([x[0] >= 0 ? 1 : -1, 2 * x[1]]);
  });
  const [finding] = serious(explained(absolute));
  assertEquals([finding.topic, finding.data.coordinates], ["kink", [0]]);
  assertStringIncludes(finding.text, "its slope is -1 on one side, 1 on the other");
});
