/**
 * What happens far out: does f fall without end, and where does it stop being finite?
 *
 * @module
 */
import { axpy, isFiniteVector, norm2, type Vector } from "../../core/mod.ts";
import { type Advised, coordinates, leading, rough, type Site } from "./finding.ts";

/**
 * The directions in which a run tends: down the gradient, away from the start, and along the variables that ran
 * furthest.
 */
function tendencies({ x, gradient, start }: Site): Vector[] {
  const down = gradient.map((g) => -g), away = x.map((xi, i) => xi - start[i]), far = leading(away);
  const alone = away.map((d, i) => far.includes(i) ? d : 0);
  return [down, away, alone].filter((d) => norm2(d) > 0 && isFiniteVector(d)).map((d) => {
    const r = norm2(d);
    return d.map((di) => di / r);
  });
}

/** Follows f outwards in the directions in which the run went. */
export function examineBounds(site: Site, status: string): Advised[] {
  for (const direction of tendencies(site)) {
    const found = follow(site, direction);
    if (found) return [found];
  }
  if (status !== "unbounded") return [];
  const list = leading(site.x.map((xi, i) => xi - site.start[i])),
    where = list.length > 0 ? ` along ${coordinates(list)}` : "";
  return [report(list, "error", `f falls without a bound${where}: ${rough(site.value)} at the end of the run`, {})];
}

/** Whether f falls all the way along a direction, each step four times the one before. */
export function follow({ f, x, value, noise, reach }: Site, direction: Vector): Advised | undefined {
  const trial = new Float64Array(x.length),
    falls: number[] = [],
    list = leading(direction);
  let before = value, t = reach;
  for (; t < 1e12 * reach; t *= 4) {
    trial.set(x);
    axpy(t, direction, trial);
    const here = f.value(trial);
    if (here === -Infinity) {
      return report(list, "error", `f falls to -Infinity along ${coordinates(list)}`, { step: t });
    }
    if (!(here <= before)) return undefined; // it rises, or is not finite
    falls.push(before - here);
    before = here;
  }
  const total = value - before, last = falls.slice(-5);
  if (!(total > 10 * noise && total > 1e-12 * Math.abs(value))) return undefined;
  const endless = last.every((fall, k) => fall > 0 && (k === 0 || fall >= 0.9 * last[k - 1]));
  return endless
    ? report(
      list,
      "error",
      `f falls without a bound along ${coordinates(list)}: ${rough(before)} at a distance of ${rough(t)}`,
      {
        step: t,
        value: before,
      },
    )
    : report(
      list,
      "warning",
      `f has no minimum along ${coordinates(list)}: it keeps falling towards ${rough(before)} far out`,
      {
        step: t,
        value: before,
      },
    );
}

function report(
  list: readonly number[],
  severity: "error" | "warning",
  text: string,
  data: Readonly<Record<string, number>>,
): Advised {
  return {
    topic: "unbounded",
    severity,
    text,
    data: { coordinates: list, ...data },
    advice: [
      "check the sign of f; if it is right, add constraints or a regularizer that keep the variables in a bounded set",
    ],
  };
}

/** Looks for the border of the region where f and its gradient are finite, and the variables that cross it. */
export function examineRegion(site: Site, status: string): Advised[] {
  const { f, x, value, reach } = site, n = x.length, g = new Float64Array(n);
  const finite = (y: Vector): boolean => Number.isFinite(f.gradient(y, g)) && isFiniteVector(g);
  if (!finite(x)) {
    const entries = [...g.keys()].filter((i) => !Number.isFinite(g[i]));
    return [border(
      Number.isFinite(value)
        ? `f is finite at the last point (${rough(value)}), its gradient is not: ${coordinates(entries)}`
        : `f is ${value} at the last point`,
      Number.isFinite(value) ? entries : [],
      0,
    )];
  }
  const trial = new Float64Array(n);
  for (const direction of tendencies(site)) {
    const at = (t: number): Vector => {
      trial.set(x);
      axpy(t, direction, trial);
      return trial;
    };
    let good = 0, bad = 1e-8 * reach;
    while (bad < 1e6 * reach && finite(at(bad))) {
      good = bad;
      bad *= 2;
    }
    if (finite(at(bad))) continue;
    const outside = at(bad).slice(), shown = f.value(outside);
    for (let k = 0; k < 40; k++) {
      const middle = (good + bad) / 2;
      if (finite(at(middle))) good = middle;
      else bad = middle;
    }
    const culprits = alone(x, outside, finite);
    const who = culprits.length > 0 ? culprits : leading(direction), edge = at(bad);
    const where = who.slice(0, 3).map((i) => `x[${i}] = ${rough(edge[i])}`).join(", ");
    return [border(
      `f is ${Number.isFinite(shown) ? "finite but its gradient is not" : shown} from a distance of ${rough(bad)} on ` +
        `(${where}); ${
          culprits.length > 0
            ? `it is ${coordinates(culprits)} that leaves the domain`
            : "no variable alone leaves the domain"
        }`,
      who,
      bad,
      status === "non-finite" ? "error" : "info",
    )];
  }
  if (status !== "non-finite") return [];
  return [border(
    "f and its gradient are finite all the way down from the last good point: what the run met lies aside, or is a single point",
    [],
    NaN,
  )];
}

/** The variables that leave the region when they alone move. */
function alone(x: Vector, outside: Vector, finite: (y: Vector) => boolean): number[] {
  const trial = x.slice();
  return [...x.keys()].slice(0, 1000).filter((i) => {
    trial[i] = outside[i];
    const bad = !finite(trial);
    trial[i] = x[i];
    return bad;
  });
}

function border(
  text: string,
  list: readonly number[],
  distance: number,
  severity: Advised["severity"] = "error",
): Advised {
  return {
    topic: "non-finite",
    severity,
    text,
    data: { coordinates: list, distance },
    advice: severity === "info" ? [] : [
      "start inside the domain and use a line search, which steps back from values that are not finite; or replace the variable, as x = exp(z) for x > 0; or smaller steps",
    ],
  };
}
