// Catching: derivatives of a plan, what plans do, catches by planning again and again and by a policy learned from trials.
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { nonlinearInteriorPoint, sqp } from "../../lib/constrained/mod.ts";
import { DomainError, fillNormal, rng, ShapeError, solve } from "../../lib/core/mod.ts";
import { catching, flown, GRAVITY, handOf, type Mover, reachableWindow, turned } from "../../lib/problems/mod.ts";
import { learn, policy } from "./catching_policy.ts";
import { ARM, catches, type Effort, parabola, planner, REST } from "./catching_simulation.ts";
import { checkLagrangian } from "./constrained_checks.ts";

const arm = { lengths: [0.4, 0.4, 0.2], maxVelocity: 8, maxAcceleration: 40 };
const posture = { angles: [2, -1, -1], rates: [0.3, 0, -0.5] };
const ball: Mover = { position: [3, 0.5], velocity: [-3, 3.5] };

Deno.test("catching() has the derivatives of its plan", () => {
  const { problem, start } = catching({ arm, posture, ball, weight: 0.3 }), random = rng(3);
  checkLagrangian(problem, start, random);
  for (let k = 0; k < 3; k++) {
    const x = fillNormal(random, new Float64Array(5)).map((v, j) => j < 3 ? 0.3 * v : start[j] * (1 + 0.1 * v));
    checkLagrangian(problem, x, random);
  }
});

Deno.test("catching() has the hand and the ball meet, with limits kept", () => {
  const slow = { ...arm, maxVelocity: 1.2 };
  const { problem, start, window } = catching({ arm: slow, posture, ball });
  const { status, x, measures } = solve(problem, sqp(), { start });
  assertEquals(status, "converged");
  assert(measures.primalFeasibility <= 1e-6, `${measures.primalFeasibility}`);
  const [s, T] = x.subarray(3), joints = turned(posture, x.subarray(0, 3).map((a) => 40 * a), s, T);
  const hand = handOf(slow, joints), there = flown(ball, T);
  for (const k of [0, 1]) assertAlmostEquals(hand.position[k], there.position[k], 1e-6);
  assertAlmostEquals(Math.max(...joints.rates.map(Math.abs)), 1.2, 1e-6); // as fast as allowed
  assert(window[0] <= T && T <= window[1] && 0 <= s && s <= T);
});

Deno.test("catching() pushes for two thirds of the time where nothing else is asked", () => {
  // |α|² s at a fixed displacement A α s (T - s/2) is least at s = 2T/3
  const { problem, start } = catching({ arm: { ...arm, maxVelocity: 100 }, posture, ball, weight: 0 });
  const { x, status } = solve(problem, sqp(), { start });
  assertEquals(status, "converged");
  assertAlmostEquals(x[3] / x[4], 2 / 3, 1e-5);
});

Deno.test("catching() what the limits of the joints forbid is infeasible for SQP and the interior point alike", () => {
  const fast: Mover = { position: [2.681, 0.1656], velocity: [-3.985, 1.507] }; // the one that is missed below
  const { problem, start } = catching({ arm: ARM, posture: REST, ball: fast });
  const ends = [sqp(), nonlinearInteriorPoint()].map((solver) => solve(problem, solver, { start }));
  assertEquals(ends.map(({ status }) => status), ["infeasible", "infeasible"]);
  ends[0].x.forEach((v, j) => assertAlmostEquals(v, ends[1].x[j], 1e-6));
});

Deno.test("reachableWindow() of a ball that falls on the base", () => {
  const [first, last] = reachableWindow(arm, { position: [0, 3], velocity: [0, 0] });
  assertAlmostEquals(first, Math.sqrt(2 * 2 / GRAVITY), 1e-7);
  assertAlmostEquals(last, Math.sqrt(2 * 4 / GRAVITY), 1e-7);
  assertEquals(reachableWindow(arm, { position: [0.5, 0], velocity: [0, 0] })[0], 0);
});

// @must catching: a throw that never enters the workspace is refused
// @measured reached: by the roots of the quartic that says when it is within reach; the message names the workspace
Deno.test("catching() refuses throws out of reach, and what is no arm", () => {
  const passing: Mover = { position: [3, 0.5], velocity: [3, 3.5] };
  assertThrows(() => catching({ arm, posture, ball: passing }), DomainError, "never enters the workspace");
  assertThrows(() => catching({ arm, posture, ball: { position: [NaN, 0], velocity: [0, 0] } }), DomainError, "finite");
  assertThrows(() => catching({ arm: { ...arm, lengths: [1] }, posture, ball }), ShapeError, "for each link");
  assertThrows(() => catching({ arm: { ...arm, maxVelocity: 0 }, posture, ball }), DomainError, "positive");
  assertThrows(() => catching({ arm, posture, ball, weight: -1 }), DomainError, "weight >= 0");
});

const nothing = (): Effort => ({ plans: 0, steps: 0, coldSteps: 0, violation: 0 });

// @must catching: 200 random throws with errors of 5 mm: at least 90 % caught by plans of 1 to 3 steps of SQP every 20 ms
// @measured reached: 199 with at most three steps, and with one (123 with one from the problem's own start)
Deno.test("catching() planned again and again catches what is thrown", () => {
  const caught = catches(200, 0, () => planner({ most: 3 }, nothing()));
  assert(caught >= 180, `${caught}`);
  const single = [true, false].map((isWarm) => catches(50, 0, () => planner({ most: 1, isWarm }, nothing())));
  assert(single[0] >= 45 && single[1] < 40, `one step needs the plan before: ${single}`);
});

// @must catching: a start from the plan before halves the steps of SQP; the violation is at most 1e-6 when converged
// @measured reached: 2.5 steps for 5.1; 7e-7
Deno.test("catching() is solved in half the steps from the plan before", () => {
  const effort = nothing();
  catches(50, 0, () => planner({ most: 100, compares: true }, effort));
  assert(effort.plans > 1000 && effort.coldSteps >= 2 * effort.steps, JSON.stringify(effort));
  assert(effort.violation <= 1e-6, JSON.stringify(effort));
});

// @must catching: a network that learns from 20000 trials catches at least 60 %, and loses less by drag that it does not know than plans do
// @measured reached: 133 of 200 after 8000 trials, 179 after 20000; of these with a drag of 0.1 and 0.15/m 113 and 87, where plans catch 102 and 22, but with 0.05/m 150 and plans 194
Deno.test("a policy learns to catch from trials alone, and stands strong drag better than plans", () => {
  const weights = learn(8000), clear = catches(200, 0, () => policy(weights));
  assert(clear >= 120, `${clear}`);
  const strong = catches(100, 0.15, () => policy(weights));
  const plans = [0, 0.15].map((drag) => catches(50, drag, () => planner({ most: 3 }, nothing())));
  assert(strong / 100 / (clear / 200) > 2 * plans[1] / plans[0], `${strong} of 100, plans ${plans}`);
});

Deno.test("parabola() finds a ball from exact positions", () => {
  const fixes = Array.from({ length: 6 }, (_, k) => [k / 100, ...flown(ball, k / 100).position] as const);
  const now = parabola(fixes, 0.2), true_ = flown(ball, 0.2);
  for (const k of [0, 1]) {
    assertAlmostEquals(now.position[k], true_.position[k], 1e-12);
    assertAlmostEquals(now.velocity[k], true_.velocity[k], 1e-11);
  }
});
