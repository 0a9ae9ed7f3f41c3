/**
 * Throws caught by plans that are made again every 20 ms, by the steps of SQP that a plan may take, from the plan before or from the
 * problem's own start; and by a policy learned from 20000 trials; with drag that neither knows.
 *
 * Run: `deno run --allow-read --allow-env bench/catching.ts`
 *
 * @module
 */
import { learn, policy } from "../tests/problems/catching_policy.ts";
import { catches, type Effort, planner } from "../tests/problems/catching_simulation.ts";

const nothing = (): Effort => ({ plans: 0, steps: 0, coldSteps: 0, violation: 0 });
const DRAGS = [0, 0.02, 0.05, 0.1, 0.15];

for (const most of [1, 2, 3, 5, 100]) {
  for (const isWarm of [true, false]) {
    const effort = nothing(), started = performance.now();
    const caught = catches(200, 0, () => planner({ most, isWarm }, effort));
    const each = (performance.now() - started) / effort.plans;
    console.log(
      `${most} steps ${isWarm ? "from the plan before" : "from the same start"}: ${caught} of 200, ` +
        `${(effort.steps / effort.plans).toFixed(2)} steps and ${each.toFixed(2)} ms a plan`,
    );
  }
}
const weights = learn(20_000, (done, weights) => {
  if (done % 2000 === 0) console.log(`${done} trials: ${catches(200, 0, () => policy(weights))} of 200`);
});
for (const drag of DRAGS) {
  const plans = catches(200, drag, () => planner({ most: 3 }, nothing()));
  console.log(`drag ${drag}/m: plans ${plans}, policy ${catches(200, drag, () => policy(weights))} of 200`);
}
