import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { iterations } from "../../lib/core/mod.ts";
import { bfgs, gradientDescent } from "../../lib/smooth/mod.ts";
import { explained, serious, smooth } from "./explained.ts";

Deno.test("explain() names badly scaled variables with their lengths, as the cause of slow gradient descent", () => {
  const unscaled = smooth(
    [1, 3, 1],
    (x) => (1e4 * x[0] - 1) ** 2 + (x[1] - 1) ** 2 + (0.01 * x[2] - 3) ** 2,
    (x, out) => {
      out[0] = 2e4 * (1e4 * x[0] - 1);
      out[1] = 2 * (x[1] - 1);
      out[2] = 0.02 * (0.01 * x[2] - 3);
    },
  );
  const explanation = explained(unscaled, gradientDescent()), [finding] = serious(explanation);
  assertEquals([finding.topic, finding.severity], ["scaling", "warning"]);
  assertEquals(finding.data.coordinates, [0, 1, 2]); // the stiffest first
  const lengths = finding.data.lengths as number[]; // 1/√(2·10⁸), 1/√2, 1/√(2·10⁻⁴)
  [1e-4, 1, 100].forEach((length, i) => assertAlmostEquals(lengths[i] * Math.SQRT2 / length, 1, 1e-3));
  assert(explanation.advice.some((text) => text.includes("units of its own size")));
  assertStringIncludes(explanation.about("progress")[0].text, "gradientNorm has stopped falling");
  assertEquals(serious(explained(unscaled, bfgs())), []); // no cause for a warning where a method does not mind
});

Deno.test("explain() sees that f has no lower bound, straight away or slowly", () => {
  const falls = [
    smooth([1, 1], (x) => x[0] ** 2 - x[1], (x, out) => out.set([2 * x[0], -1])),
    smooth([1, -1], (x) => x[0] ** 2 + x[1] ** 3, (x, out) => out.set([2 * x[0], 3 * x[1] ** 2])),
    smooth(
      [1, 1],
      (x) => x[0] ** 2 - Math.log(1 + x[1] ** 2),
      (x, out) => out.set([2 * x[0], -2 * x[1] / (1 + x[1] ** 2)]),
    ),
  ];
  for (const instance of falls) {
    const [finding] = explained(instance).about("unbounded");
    assertEquals([finding.severity, finding.data.coordinates], ["error", [1]]);
    assertStringIncludes(finding.text, "falls without a bound along x[1]");
  }
  const bottomless = explained(smooth([1, 1], (x) => x[0] ** 2 + Math.exp(-x[1]), (x, out) => {
    out.set([2 * x[0], -Math.exp(-x[1])]);
  }));
  const [finding] = bottomless.about("unbounded"); // converged, and yet there is no minimum
  assertEquals([finding.severity, finding.data.coordinates], ["warning", [1]]);
});

Deno.test("explain() sees saddle points, rotated and degenerate ones too", () => {
  const axis = smooth(
    [1, 0],
    (x) => x[0] ** 2 - x[1] ** 2 + x[1] ** 4,
    (x, out) => out.set([2 * x[0], -2 * x[1] + 4 * x[1] ** 3]),
  );
  const rotated = smooth([1, 1], (x) => (x[0] + x[1]) ** 2 - (x[0] - x[1]) ** 2 + (x[0] - x[1]) ** 4, (x, out) => {
    const a = 2 * (x[0] + x[1]), b = -2 * (x[0] - x[1]) + 4 * (x[0] - x[1]) ** 3;
    out.set([a + b, a - b]);
  });
  const cubic = smooth(
    [1, 0],
    (x) => x[0] ** 2 + x[1] ** 3 + x[1] ** 4,
    (x, out) => out.set([2 * x[0], 3 * x[1] ** 2 + 4 * x[1] ** 3]),
  );
  for (const [instance, list] of [[axis, [1]], [rotated, [0, 1]], [cubic, [1]]] as const) {
    const explanation = explained(instance), [finding] = serious(explanation);
    assertEquals([finding.topic, finding.severity], ["saddle", "error"]);
    assertEquals(new Set(finding.data.coordinates as number[]), new Set(list));
    assertStringIncludes(explanation.advice[0], "go on from x + t d");
  }
});

Deno.test("explain() finds the border of the domain and the variable that crosses it", () => {
  const log = smooth(
    [3, 1],
    (x) => 10 * x[0] - Math.log(x[0]) + x[1] ** 2 / 2,
    (x, out) => out.set([10 - 1 / x[0], x[1]]),
  );
  const [finding] = serious(explained(log, gradientDescent({ step: 1 })));
  assertEquals([finding.topic, finding.data.coordinates], ["non-finite", [0]]);
  assertStringIncludes(finding.text, "f is NaN from a distance of");
  assertStringIncludes(finding.text, "it is x[0] that leaves the domain");

  const [outside] = serious(explained({ ...log, start: Float64Array.of(-1, 1) }));
  assertEquals([outside.topic, outside.text], ["non-finite", "f is NaN at the last point"]);

  const root = smooth(
    [0, 1],
    (x) => Math.sqrt(x[0]) + x[1] ** 2,
    (x, out) => out.set([0.5 / Math.sqrt(x[0]), 2 * x[1]]),
  );
  assertStringIncludes(
    serious(explained(root))[0].text,
    "f is finite at the last point (1), its gradient is not: x[0]",
  );
});

Deno.test("explain() sees flat valleys, idle variables and plateaus", () => {
  const trough = smooth([3, 5], (x) => (x[0] + x[1] - 2) ** 2 + 1e-12 * (x[0] - x[1]) ** 2, (x, out) => {
    const a = 2 * (x[0] + x[1] - 2), b = 2e-12 * (x[0] - x[1]);
    out.set([a + b, a - b]);
  });
  const idle = smooth([3, 5], (x) => (x[0] - 2) ** 2, (x, out) => out.set([2 * (x[0] - 2), 0]));
  const bell = smooth([30, 30], (x) => 1 - Math.exp(-(x[0] ** 2) - x[1] ** 2), (x, out) => {
    const e = 2 * Math.exp(-(x[0] ** 2) - x[1] ** 2);
    out.set([e * x[0], e * x[1]]);
  });
  const found = [trough, idle, bell].map((instance) => serious(explained(instance))[0]);
  assertEquals(found.map(({ topic }) => topic), ["flatness", "flatness", "flatness"]);
  const [x, y] = found[0].data.direction as number[];
  assertAlmostEquals(x, -y, 1e-6);
  assertEquals(found[1].data.coordinates, [1]);
  assertStringIncludes(found[2].text, "a plateau");
});

Deno.test("explain() tells the condition of a narrow valley that no scaling mends", () => {
  const narrow = smooth([3, 5], (x) => (x[0] + x[1] - 2) ** 2 + 1e-7 * (x[0] - x[1]) ** 2, (x, out) => {
    const a = 2 * (x[0] + x[1] - 2), b = 2e-7 * (x[0] - x[1]);
    out.set([a + b, a - b]);
  });
  const [finding] = serious(explained(narrow, gradientDescent(), iterations(300)));
  assertEquals([finding.topic, finding.severity], ["conditioning", "warning"]);
  assertAlmostEquals(finding.data.condition as number, 1e7, 1e5);
});
