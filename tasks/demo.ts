/**
 * `deno task demo`: the main job on real data. Compares solvers on two logistic regressions and two classical test
 * functions, prints the table, and writes report.html.
 *
 * @module
 */
import { compare, type Study } from "../lib/compare/mod.ts";
import { evaluations, gradientNorm, type Instance, type TwiceSmooth } from "../lib/core/mod.ts";
import { report, showProgress } from "../lib/display/mod.ts";
import { logisticRegression, readCsv, readLibsvm, rosenbrock2, standardize, wood } from "../lib/problems/mod.ts";
import { bfgs, gradientDescent, lbfgs, nesterov, newtonCg, nonlinearCg } from "../lib/smooth/mod.ts";

const data = new URL("../tests/data/", import.meta.url);

async function logisticProblems(): Promise<Instance<TwiceSmooth>[]> {
  const open = async (name: string) => (await Deno.open(new URL(name, data))).readable;
  const adult = await readLibsvm(await open("a9a.gz"), { source: "a9a" });
  // its first line says how many rows and columns there are
  const cancer = await readCsv(await open("breast_cancer.csv.gz"), {
    source: "breast-cancer",
    header: false,
    skipLines: 1,
  });
  return [logisticRegression(adult, { regularization: 1e-4 }), logisticRegression(standardize(cancer))];
}

/** The study of the demonstration; the README's picture shows a part of it. */
export async function demonstration(): Promise<Study> {
  return compare({
    problems: [...await logisticProblems(), rosenbrock2(), wood()],
    solvers: [lbfgs(), bfgs(), newtonCg(), nonlinearCg(), nesterov(), gradientDescent()],
    stop: [gradientNorm({ absolute: 1e-6 }), evaluations(1000)],
    onProgress: showProgress(),
  });
}

if (import.meta.main) {
  const study = await demonstration();
  console.log(String(study));
  await report(study, "report.html", { title: "Which solver wins?" });
  console.log("\nwritten: report.html");
}
