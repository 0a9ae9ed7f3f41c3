// The command line as a user meets it: what it prints, writes and refuses.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { main } from "../../lib/cli/main.ts";
import { Study } from "../../lib/compare/mod.ts";
import { version } from "../../lib/core/mod.ts";
import { readRooms } from "../../tasks/catalogue.ts";

interface Session {
  readonly code: number;
  readonly out: string;
  readonly complaints: string;
}

async function gradus(...args: string[]): Promise<Session> {
  const out: string[] = [], complaints: string[] = [];
  const code = await main(args, { print: (line) => out.push(line), complain: (line) => complaints.push(line) });
  return { code, out: out.join("\n"), complaints: complaints.join("\n") };
}

const svm = "+1 1:1 2:0.5\n-1 1:-1\n+1 2:1\n-1 1:0.5 2:-1\n+1 1:0.2 2:-0.1\n-1 2:0.3\n";
const csv = "a,kind,b\n1,x,2\n3,y,1\n2,x,5\n4,z,0\n0,z,1\n";

/** A folder with data files, for as long as `use` takes. */
async function withData(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(join(folder, "small.svm"), svm);
    await Deno.writeTextFile(join(folder, "small.csv"), csv);
    await Deno.writeTextFile(join(folder, "bare.csv"), csv.split("\n").slice(1).join("\n"));
    await Deno.writeTextFile(join(folder, "broken.svm"), "+1 1:1\n-1 1:one\n");
    const gzip = new Blob([svm]).stream().pipeThrough(new CompressionStream("gzip"));
    await Deno.writeFile(join(folder, "small.gz"), gzip);
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("gradus without arguments, --help and --version answer", async () => {
  for (const args of [[], ["--help"], ["-h"], ["help"]]) {
    const { code, out } = await gradus(...args);
    assertEquals(code, 0);
    assertStringIncludes(out, "gradus compare");
    assertStringIncludes(out, "gradus solvers");
  }
  assertEquals(await gradus("--version"), { code: 0, out: `gradus ${version}`, complaints: "" });
  const { out } = await gradus("compare", "--help");
  for (
    const flag of [
      "--problem NAME",
      "logistic|softmax|least-squares",
      "--data FILE",
      "--format libsvm|csv",
      "--out FILE",
    ]
  ) {
    assertStringIncludes(out, flag);
  }
});

Deno.test("gradus solvers lists every registered solver", async () => {
  const { out } = await gradus("solvers");
  const registered = (await readRooms()).flatMap((room) => room.solvers.map(({ id }) => id));
  const listed = out.split("\n").map((line) => line.split(" ")[0]);
  assertEquals([...listed].sort(), [...registered].sort());
  assertStringIncludes(out, "Liu, Nocedal, On the limited memory BFGS method for large scale optimization (1989)");
});

Deno.test("gradus compare prints the table and writes a report", async () => {
  await withData(async (folder) => {
    const report = join(folder, "report.html");
    const { code, out, complaints } = await gradus(
      ...["compare", "--problem", "logistic", "--data", join(folder, "small.svm")],
      ...["--solvers", "lbfgs, newton-cg,nesterov", "--regularization", "0.1", "--out", report],
    );
    assertEquals([code, complaints], [0, ""]);
    for (const word of ["logistic small", "regularization 0.1", "L-BFGS", "Newton-CG", "Nesterov", "converged"]) {
      assertStringIncludes(out, word);
    }
    const html = await Deno.readTextFile(report);
    assert(html.startsWith("<!doctype html>"));
    assertStringIncludes(html, "Newton-CG");
  });
});

Deno.test("gradus compare writes the study as JSON, and the flags reach the runs", async () => {
  await withData(async (folder) => {
    const file = join(folder, "study.json");
    const run = async (...flags: string[]): Promise<Study> => {
      const { code, complaints } = await gradus("compare", ...flags, "--out", file);
      assertEquals([code, complaints], [0, ""]);
      return Study.fromJSON(await Deno.readTextFile(file));
    };
    const gzipped = await run("--problem", "logistic", "--data", join(folder, "small.gz"), "--seed", "5");
    assertEquals(gzipped.rows.map((row) => row.seed), [5, 5, 5, 5]);
    assertEquals(gzipped.rows.map((row) => row.status), ["converged", "converged", "converged", "converged"]);

    const data = ["--data", join(folder, "small.csv"), "--target", "kind", "--solvers", "lbfgs"];
    const softmax = await run("--problem", "softmax", ...data, "--intercept", "--evaluations", "3");
    assertEquals(softmax.rows[0].dimension, 3 * 3);
    assertEquals(softmax.rows[0].status, "evaluation-limit");
    assertEquals(softmax.rows[0].evaluations, 3);

    const bare = ["--data", join(folder, "bare.csv"), "--target", "1", "--no-header", "--solvers", "lbfgs"];
    const same = await run("--problem", "least-squares", ...bare, "--tolerance", "1e-3", "--standardize");
    assertEquals(same.rows[0].dimension, 2);
    assertEquals(same.rows[0].status, "converged");
    const stop = JSON.stringify(same.rows[0].stop);
    assertStringIncludes(stop, "0.001");
  });
});

Deno.test("gradus refuses what does not exist, and says what does", async () => {
  await withData(async (folder) => {
    const data = ["--problem", "logistic", "--data", join(folder, "small.svm")];
    const cases: [args: string[], code: number, message: string][] = [
      [["compete"], 2, 'Cannot run "compete": expected one of compare, solvers'],
      [["compare", ...data, "now"], 2, 'Cannot use "now": expected options'],
      [
        ["compare", "--data", "x"],
        2,
        "Cannot compare: expected --problem with logistic|softmax|least-squares, program",
      ],
      [["compare", "--problem", "logistic"], 2, "Cannot compare: expected --data with a file"],
      [["compare", "--problem", "lasso", "--data", "x"], 2, 'the problem "lasso": expected one of logistic, softmax'],
      [
        ["compare", ...data, "--solvers", "lbfgs,newton"],
        2,
        'Cannot use the solver "newton": expected one that gradus solvers',
      ],
      [["compare", ...data, "--solvers", ""], 2, 'Cannot use the solver ""'],
      [["compare", ...data, "--format", "json"], 2, 'Cannot use the format "json": expected one of libsvm, csv'],
      [["compare", ...data, "--target", "2"], 2, "Cannot use --target with libsvm data"],
      [["compare", ...data, "--evaluations", "many"], 2, "Cannot use --evaluations many: expected a number > 0"],
      [["compare", ...data, "--out", "report.pdf"], 2, "Cannot write report.pdf: expected a name in .html or .json"],
      [["compare", ...data, "--out", join(folder, "no", "r.html")], 1, "r.html: "],
      [["compare", ...data, "--solvers", "lbfgs,lbfgs"], 1, "Cannot compare: expected different solvers"],
    ];
    for (const [args, code, message] of cases) {
      const session = await gradus(...args);
      assertStringIncludes(session.complaints, message);
      assertEquals(session.code, code, session.complaints);
    }
    const { complaints } = await gradus("compare", ...data, "--solvers", "trust");
    assertStringIncludes(complaints, "lists, as trust-region");
  });
});

Deno.test("gradus problems lists what gradus compare takes: test problems, each by solvers of its kind", async () => {
  const { out } = await gradus("problems"), lines = out.split("\n");
  assertEquals(lines.length, 35 + 106);
  assert(lines.some((line) => /^hs71 +constrained +n = 4 +minimum 1\.70e\+1$/.test(line)), out);
  const { code, out: table } = await gradus("compare", "--problem", "hs71, Beale", "--evaluations", "500");
  assertEquals(code, 0);
  for (
    const words of [/^HS71 +4 +SQP +converged/m, /^HS71 .*interior point +converged/m, /^Beale +2 +L-BFGS +converged/m]
  ) {
    assertMatch(table, words);
  }
  const { out: unfit } = await gradus("compare", "--problem", "hs71", "--solvers", "lbfgs,sqp");
  assertStringIncludes(unfit, "not applicable: L-BFGS on HS71: Cannot run L-BFGS on a constrained problem");
});

Deno.test("gradus compare runs solvers on a program in MPS format", async () => {
  await withData(async (folder) => {
    const path = join(folder, "least.mps"),
      text = "NAME least\nROWS\n N cost\n G sum\nCOLUMNS\n x cost 1 sum 1\n y cost 2 sum 1";
    await Deno.writeTextFile(path, `${text}\nRHS\n rhs sum 2\nENDATA\n`);
    const { code, out } = await gradus("compare", "--problem", "program", "--data", path, "--tolerance", "1e-8");
    assertEquals(code, 0);
    assertMatch(out, /^least +2 +interior point +converged +yes +2/m);
    assertMatch(out, /^least +2 +homogeneous interior point +converged/m);
    const { complaints } = await gradus("compare", "--problem", "program", "--data", path, "--intercept");
    assertStringIncludes(complaints, "Cannot use --intercept with a program");
  });
});

Deno.test("gradus compare names the file that it cannot read, and the line", async () => {
  await withData(async (folder) => {
    const refusal = async (name: string): Promise<string> => {
      const { code, complaints } = await gradus("compare", "--problem", "logistic", "--data", join(folder, name));
      assertEquals(code, 1);
      return complaints;
    };
    assertEquals(await refusal("none.svm"), `Cannot read ${join(folder, "none.svm")}: there is no such file`);
    assertEquals(await refusal("."), `Cannot read ${folder}: it is no file`);
    assertStringIncludes(await refusal("broken.svm"), `${join(folder, "broken.svm")}:2: `);
    assertStringIncludes(await refusal("small.csv"), "Cannot ");
  });
});

Deno.test("main.ts runs as a program and sets the exit code", async () => {
  const script = new URL("../../lib/cli/main.ts", import.meta.url).pathname;
  const run = (...args: string[]) => new Deno.Command(Deno.execPath(), { args: ["run", script, ...args] }).output();
  const { code, stdout } = await run("--version");
  assertEquals([code, new TextDecoder().decode(stdout)], [0, `gradus ${version}\n`]);
  const refused = await run("compete");
  assertEquals([refused.code, refused.stdout.length], [2, 0]);
  assertStringIncludes(new TextDecoder().decode(refused.stderr), "gradus --help");
});
