/**
 * Newton's method under equality constraints with sketched systems beside its rivals: operations on linear systems, sketch steps
 * and seconds to a residual of 1e-4.
 *
 * The augmented Lagrangian method has no systems; for it the operations of the recursion of L-BFGS are counted, 8 n for each of 10
 * pairs in a step. Derivatives are in no figure.
 *
 * Run: `deno run --allow-read --allow-env bench/adasketch.ts`
 *
 * @module
 */
import {
  fillNormal,
  fillUniform,
  type Instance,
  iterations,
  measureBelow,
  type Result,
  rng,
  solve,
  type Solver,
  type Vector,
} from "../lib/core/mod.ts";
import { matvec, qr, transpose } from "../lib/linalg/mod.ts";
import {
  adaSketchNewton,
  augmentedLagrangian,
  equalitySqp,
  exactSystem,
  lbfgsb,
  sketchedSystem,
  type SketchRule,
  type TwiceEqualityConstrained,
} from "../lib/constrained/mod.ts";
import {
  constrainedLogisticRegression,
  hockSchittkowskiEqualities,
  poissonControl,
  readCsv,
  readLibsvm,
  standardize,
} from "../lib/problems/mod.ts";
import { smallLogistic } from "../tests/constrained/problems.ts";
import { openData } from "../tests/problems/readers/sources.ts";

const sketches: readonly SketchRule[] = ["block-rows", "row-by-norm", "uniform-row", "gaussian", "block-gaussian"];
const solvers: readonly Solver<TwiceEqualityConstrained>[] = [
  adaSketchNewton({ system: exactSystem() }),
  ...sketches.map((sketch) => adaSketchNewton({ system: sketchedSystem({ sketch }) })),
  equalitySqp(),
  augmentedLagrangian({ inner: lbfgsb() }),
];

const flopsOf = ({ trace, iterations, x }: Result): number =>
  trace.columns.includes("flops") ? trace.column("flops")[trace.length - 1] : iterations * 80 * x.length;
const stepsOf = ({ trace }: Result): number =>
  trace.columns.includes("innerSteps") ? trace.column("innerSteps")[trace.length - 1] : 0;

function run({ problem, start }: Instance<TwiceEqualityConstrained>, solver: Solver<TwiceEqualityConstrained>): Result {
  return solve(problem, solver, { start, stop: [measureBelow("kktResidual", { absolute: 1e-4 }), iterations(2000)] });
}

/** One line for each solver. */
function table(what: string, instances: readonly Instance<TwiceEqualityConstrained>[]): void {
  console.log(`\n${what}`);
  for (const solver of solvers) {
    const results = instances.map((instance) => run(instance, solver)),
      solved = results.filter((r) => r.status === "converged");
    const total = (figure: (r: Result) => number): number => solved.reduce((sum, r) => sum + figure(r), 0);
    console.log(
      `  ${solver.name.padEnd(34)} ${solved.length}/${results.length} solved, ${total((r) => r.iterations)} steps, ` +
        `${total(stepsOf)} inner, ${total(flopsOf).toExponential(2)} flops, ${total((r) => r.seconds).toFixed(2)} s`,
    );
  }
}

// @must adasketch-newton: KKT residual against operations for Kaczmarz, Gaussian, block sketches, SQP with GMRES and the augmented Lagrangian method, on Hock and Schittkowski's problems, logistic regression and control: sketches need the fewest
// @measured not reached: LDLᵀ, GMRES and L-BFGS need fewest everywhere. In the order LDLᵀ, GMRES, augmented Lagrangian, blocks of rows, rows by norm, Gaussian: 2.8e4, 1.7e5, 3.3e5, 8.5e4 (up to N = 8 factored), 1.3e8, 3.0e8 on 21 problems of the set; 9e6, 8e6, 1.4e6, 8.7e7, 4.5e8, 1.3e10 on mushrooms; 2.4e6, 1.9e7, 5.1e6, 6.0e8, 2.0e8, 1.1e10 on control with m = 64. Of the sketches, rows of K and blocks of them need the fewest
table(
  "Hock and Schittkowski, equalities, without HS61",
  hockSchittkowskiEqualities().filter(({ name }) => name !== "HS61"),
);
table("logistic regression, n = 20, m = 4", [smallLogistic()]);
const cancer = await readCsv(await openData("breast_cancer.csv.gz"), { header: false, skipLines: 1 });
table("logistic regression, breast cancer, n = 30, m = 11", [constrainedLogisticRegression(standardize(cancer))]);
const mushrooms = await readLibsvm(await openData("mushrooms_agaricus.train.gz"));
table("logistic regression, mushrooms, n = 126, m = 11", [constrainedLogisticRegression(mushrooms)]);
const adult = await readLibsvm(await openData("a9a.gz"));
table("logistic regression, a9a, n = 122, m = 11", [constrainedLogisticRegression(adult)]);

/** `½ Σ dᵢ xᵢ² - Σ xᵢ` with d in [1, 2], under m equations with orthonormal rows: K is well conditioned. */
function orthonormalRows(n: number, m: number): Instance<TwiceEqualityConstrained> {
  const random = rng(1), d = fillUniform(random, new Float64Array(n)).map((u) => 1 + u);
  const A = transpose(qr({ rows: n, columns: m, data: fillNormal(random, new Float64Array(n * m)) }).Q),
    At = transpose(A);
  const value = (x: Vector): number => x.reduce((sum, xi, i) => sum + (d[i] * xi / 2 - 1) * xi, 0);
  return {
    name: "orthonormal rows",
    problem: {
      kind: "constrained",
      objective: {
        kind: "smooth",
        dimension: n,
        value,
        gradient: (x, out) => {
          for (let i = 0; i < n; i++) out[i] = d[i] * x[i] - 1;
          return value(x);
        },
        hessianVector: (_x, v, out) => {
          for (let i = 0; i < n; i++) out[i] = d[i] * v[i];
        },
      },
      constraints: {
        equality: {
          components: m,
          value: (x, out) => void matvec(A, x, out),
          jacobianVector: (_x, v, out) => void matvec(A, v, out),
          jacobianTransposeVector: (_x, w, out) => void matvec(At, w, out),
          jacobian: (_x, out) => out.data.set(A.data),
          hessianVector: (_x, _w, _v, out) => void out.fill(0),
        },
      },
    },
    start: new Float64Array(n).fill(1),
    minima: [],
  };
}

table("a well-conditioned quadratic, n = 400, m = 40", [orthonormalRows(400, 40)]);
for (const N of [3, 8]) table(`control of a Poisson equation, n = ${2 * N * N}, m = ${N * N}`, [poissonControl(N)]);
