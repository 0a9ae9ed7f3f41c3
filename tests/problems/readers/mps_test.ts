import type { SparseLinearProgram, SparseQuadraticProgram } from "../../../lib/constrained/mod.ts";
import { ParseError } from "../../../lib/core/mod.ts";
import { toDense } from "../../../lib/linalg/mod.ts";
import { type MpsOptions, type MpsProgram, readMps } from "../../../lib/problems/mod.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { netlib } from "../../constrained/programs.ts";
import { bytes, everyForm, gzip } from "./sources.ts";

const read = (text: string, options: MpsOptions = {}): Promise<MpsProgram> =>
  readMps(bytes(text), { source: "p.mps", ...options });

const linear = ({ problem }: MpsProgram): SparseLinearProgram => problem as SparseLinearProgram;

/** Two columns x, y; rows as given; then further sections. */
const file = (rows: string, columns: string, rest = ""): string =>
  `NAME test\nROWS\n${rows}\nCOLUMNS\n${columns}\n${rest}${rest && "\n"}ENDATA\n`;

const FIXED = `* a comment
NAME          SAMPLE
ROWS
 N  COST
 L  LIM 1
 G  LIM 2
 E  MYEQN
 N  OTHER
COLUMNS
    X ONE     COST                1.   LIM 1               1.
    X ONE     LIM 2              1.0
    Y         COST              2.E0   LIM 1              1.0
    Y         MYEQN             -1.0   OTHER              5.0
    Z         COST             -.5D1   MYEQN             1.0
RHS
    RHS       COST             -12.5   LIM 1             4.0
    RHS       LIM 2              1.0   MYEQN              7.0
BOUNDS
 UP BND       X ONE              4.0
 LO BND       Y                 -1.0
 UP BND       Y                  1.0
ENDATA
`;

Deno.test("readMps() reads fixed columns with blanks in names, in every form of source", async () => {
  for (const content of [bytes(FIXED), await gzip(FIXED), bytes(FIXED.replaceAll("\n", "\r\n"))]) {
    for (const [form, open] of Object.entries(everyForm(content))) {
      const program = await readMps(open(), { format: "fixed" }), problem = linear(program);
      assertEquals([program.name, program.constant, program.maximize], ["SAMPLE", 12.5, false], form);
      assertEquals(program.rowNames, ["LIM 1", "LIM 2", "MYEQN"]);
      assertEquals(program.columnNames, ["X ONE", "Y", "Z"]);
      assertEquals([...problem.objective], [1, 2, -5]);
      assertEquals([...toDense(problem.matrix).data], [1, 1, 0, 1, 0, 0, 0, -1, 1]);
      assertEquals([...problem.rowLower], [-Infinity, 1, 7]);
      assertEquals([...problem.rowUpper], [4, Infinity, 7]);
      assertEquals([...problem.lower], [0, -1, 0]);
      assertEquals([...problem.upper], [4, 1, Infinity]);
    }
  }
  // without being told, from the first row with a blank in its name on
  const untold = await read(FIXED);
  assertEquals([untold.rowNames, untold.columnNames], [["LIM 1", "LIM 2", "MYEQN"], ["X ONE", "Y", "Z"]]);
  assertEquals([...toDense(linear(untold).matrix).data], [1, 1, 0, 1, 0, 0, 0, -1, 1]);
  // or where blanks between fields make no sense of a line
  const joined = await read(FIXED.replaceAll(/LIM (?=[12])/g, "LIM-"));
  assertEquals([joined.rowNames, joined.columnNames], [["LIM-1", "LIM-2", "MYEQN"], ["X ONE", "Y", "Z"]]);
});

// @must readMps: ranges, bounds of all types, negative right-hand sides of objectives, as the format has them
// @measured reached: 5 ranges, 9 types of bounds with the rule for negative upper ones, e226's constant 7.113
Deno.test("readMps() makes ranges and bounds as the format has them", async () => {
  const rows = " N cost\n L a\n G b\n E c\n E d\n E e";
  const entries = ["a", "b", "c", "d", "e"].map((row) => ` x ${row} 1`).join("\n");
  const ranges = linear(
    await read(file(rows, entries, "RHS\n a 4 b 4\n c 4 d 4\n e 4\nRANGES\n r a 3 b -3\n r c 3 d -3")),
  );
  assertEquals([...ranges.rowLower], [1, 4, 4, 1, 4]);
  assertEquals([...ranges.rowUpper], [4, 7, 7, 4, 4]);

  const names = ["lo", "up", "fx", "fr", "mi", "pl", "bv", "li", "ui", "neg", "both", "mineg"];
  const bounds = [
    " LO b lo -2",
    " UP b up 3",
    " FX b fx 5",
    " FR b fr",
    " MI b mi",
    " PL b pl",
    " BV b bv",
    " LI b li 2",
    " UI b ui 9",
    " UP b neg -1",
    " LO b both -4",
    " UP b both -1",
    " UP b mineg 6",
    " MI b mineg",
    " LO other lo 99", // another set than the first does not count
  ];
  const program = await read(
    file(" N cost", names.map((n) => ` ${n} cost 1`).join("\n"), `BOUNDS\n${bounds.join("\n")}`),
  );
  const I = Infinity, { lower, upper } = linear(program);
  assertEquals([...lower], [-2, 0, 5, -I, -I, 0, 0, 2, 0, -I, -4, -I]);
  assertEquals([...upper], [I, 3, 5, I, I, I, 1, I, 9, -1, -1, 6]);
  assertEquals(program.integers.map((j) => names[j]), ["bv", "li", "ui"]);

  const e226 = (await netlib("netlib_lp.mps.gz")).find(({ name }) => name === "E226")!;
  assertEquals(e226.constant, 7.113);
});

Deno.test("readMps() counts rows, columns and entries of Netlib's files", async () => {
  const sizes = (await netlib("netlib_lp.mps.gz")).map(({ name, problem: { matrix }, mps }) => {
    assertEquals([mps.rowNames.length, mps.columnNames.length], [matrix.rows, matrix.columns]);
    return [name, matrix.rows + 1, matrix.columns];
  });
  assertEquals(sizes.slice(0, 4), [["ADLITTLE", 57, 97], ["BOEING2", 167, 143], ["BORE3D", 234, 315], [
    "E226",
    224,
    282,
  ]]);
});

Deno.test("readMps() reads Hessians, senses and whole variables", async () => {
  const rows = " N cost\n L a", columns = " x cost 1 a 1\n y cost 2 a 1";
  const quadObj = await read(file(rows, columns, "QUADOBJ\n x x 4\n x y -1\n y y 2"));
  const matrix = await read(file(rows, columns, "QMATRIX\n x x 4\n x y -1\n y x -1\n y y 2"));
  for (const { problem } of [quadObj, matrix]) {
    assertEquals([...toDense((problem as SparseQuadraticProgram).hessian).data], [4, -1, -1, 2]);
    assertEquals([...(problem as SparseQuadraticProgram).linear.objective], [1, 2]);
  }
  const most = await read("OBJSENSE\n MAX\n" + file(rows, columns, "RHS\n r cost -3 a 1\nQUADOBJ\n x x -4"));
  assertEquals([most.maximize, most.constant], [true, -3]);
  assertEquals([...(most.problem as SparseQuadraticProgram).linear.objective], [-1, -2]);
  assertEquals((most.problem as SparseQuadraticProgram).hessian.values, Float64Array.of(4));
  const whole = " M1 'MARKER' 'INTORG'\n x cost 1\n M2 'MARKER' 'INTEND'\n y cost 1\n";
  assertEquals((await read(file(" N cost", whole))).integers, [0]);
});

// @must readMps: bad input names file, line and column
// @measured reached: 20 kinds of damage
Deno.test("readMps() names source, line and column of bad input", async () => {
  const rows = " N cost\n L a", columns = " x cost 1 a 1";
  const cases: [string, string][] = [
    ["", "p.mps: expected a line ENDATA, got the end of the data"],
    ["NAME t\nROWS\n N cost\n", "p.mps:3: expected a line ENDATA, got the end of the data"],
    [" N cost\n", "p.mps:1: column 1: expected a section before the first entry"],
    ["NAME t\nROWZ\n", "p.mps:2: column 1: expected a section (NAME, OBJSENSE, ROWS, COLUMNS"],
    [file(" X cost", columns), 'p.mps:3: column 2: expected a row of type N, E, L or G, got "X"'],
    [file(" N cost\n L cost", columns), 'p.mps:4: column 4: expected each row once, got "cost" again'],
    [file(" N", columns), 'p.mps:3: column 1: expected a type and a name, got " N"'],
    [file(rows, " x b 1"), 'p.mps:6: column 4: expected a known row, got "b"'],
    [file(rows, " x a 1x"), 'p.mps:6: column 6: expected a finite number, got "1x"'],
    [file(rows, " x a inf"), 'p.mps:6: column 6: expected a finite number, got "inf"'],
    [file(rows, " x a 0x10"), 'p.mps:6: column 6: expected a finite number, got "0x10"'],
    [file(rows, " x a 1 a 2"), 'p.mps:6: column 8: expected each entry of row once, got "a" again'],
    [file(rows, " x a 1\n y a 1\n x cost 1"), 'p.mps:8: column 2: expected each column once, got "x" again'],
    [file(rows, " x a"), "p.mps:6: column 1: expected a name and one or two pairs of a name and a number"],
    [file(rows, " M 'MARKER' 'ORG'"), "p.mps:6: column 13: expected 'INTORG' or 'INTEND'"],
    [file(rows, columns, "RHS\n r b 1"), 'p.mps:8: column 4: expected a known row, got "b"'],
    [file(rows, columns, "BOUNDS\n XX b x 1"), "p.mps:8: column 2: expected a bound of type LO, UP, FX"],
    [file(rows, columns, "BOUNDS\n UP b z 1"), 'p.mps:8: column 7: expected a known column, got "z"'],
    [file(rows, columns, "QUADOBJ\n x z 1"), 'p.mps:8: column 4: expected a known column, got "z"'],
    [file(rows, ""), "expected at least one column, got none"],
  ];
  for (const [text, message] of cases) await assertRejects(() => read(text), ParseError, message);
});
