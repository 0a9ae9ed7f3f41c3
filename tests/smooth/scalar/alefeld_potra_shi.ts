// The 154 root problems of Alefeld, Potra and Shi, Algorithm 748: Enclosing zeros of continuous functions (1995), table
// I.

/** A function with its derivative and an interval where it changes sign. */
export interface RootProblem {
  readonly name: string;
  readonly f: (x: number) => number;
  readonly derivative: (x: number) => number;
  readonly interval: readonly [number, number];
}

/** All of them. */
export function rootProblems(): RootProblem[] {
  const out: RootProblem[] = [];
  const add = (
    name: string,
    interval: readonly [number, number],
    f: (x: number) => number,
    derivative: (x: number) => number,
  ) => out.push({ name, f, derivative, interval });
  const { sin, cos, exp, PI, E } = Math;
  add("1", [PI / 2, PI], (x) => sin(x) - x / 2, (x) => cos(x) - 1 / 2);
  const poles = (x: number, power: number, factor: number): number => {
    let s = 0;
    for (let i = 1; i <= 20; i++) s += factor * (2 * i - 5) ** 2 / (x - i * i) ** power;
    return s;
  };
  for (let n = 1; n <= 10; n++) {
    add(`2:${n}`, [n * n + 1e-9, (n + 1) ** 2 - 1e-9], (x) => poles(x, 3, -2), (x) => poles(x, 4, 6));
  }
  for (const [a, b] of [[-40, -1], [-100, -2], [-200, -3]]) {
    add(`3:${a}`, [-9, 31], (x) => a * x * exp(b * x), (x) => a * (1 + b * x) * exp(b * x));
  }
  const power = (n: number, a: number, interval: readonly [number, number]) =>
    add(`4:${n},${a}`, interval, (x) => x ** n - a, (x) => n * x ** (n - 1));
  for (const a of [0.2, 1]) for (const n of [4, 6, 8, 10, 12]) power(n, a, [0, 5]);
  for (const n of [8, 10, 12, 14]) power(n, 1, [-0.95, 4.05]);
  add("5", [0, 1.5], (x) => sin(x) - 0.5, cos);
  for (const n of [1, 2, 3, 4, 5, 20, 40, 60, 80, 100]) {
    add(`6:${n}`, [0, 1], (x) => 2 * x * exp(-n) - 2 * exp(-n * x) + 1, (x) => 2 * exp(-n) + 2 * n * exp(-n * x));
  }
  for (const n of [5, 10, 20]) {
    add(
      `7:${n}`,
      [0, 1],
      (x) => (1 + (1 - n) ** 2) * x - (1 - n * x) ** 2,
      (x) => 1 + (1 - n) ** 2 + 2 * n * (1 - n * x),
    );
  }
  for (const n of [2, 5, 10, 15, 20]) {
    add(`8:${n}`, [0, 1], (x) => x * x - (1 - x) ** n, (x) => 2 * x + n * (1 - x) ** (n - 1));
  }
  for (const n of [1, 2, 4, 5, 8, 15, 20]) {
    const c = 1 + (1 - n) ** 4;
    add(`9:${n}`, [0, 1], (x) => c * x - (1 - n * x) ** 4, (x) => c + 4 * n * (1 - n * x) ** 3);
  }
  for (const n of [1, 5, 10, 15, 20]) {
    add(
      `10:${n}`,
      [0, 1],
      (x) => exp(-n * x) * (x - 1) + x ** n,
      (x) => exp(-n * x) * (1 - n * (x - 1)) + n * x ** (n - 1),
    );
  }
  for (const n of [2, 5, 15, 20]) {
    add(`11:${n}`, [0.01, 1], (x) => (n * x - 1) / ((n - 1) * x), (x) => 1 / ((n - 1) * x * x));
  }
  for (const n of [2, 3, 4, 5, 6, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31, 33]) {
    add(`12:${n}`, [1, 100], (x) => x ** (1 / n) - n ** (1 / n), (x) => x ** (1 / n - 1) / n);
  }
  add(
    "13",
    [-1, 4],
    (x) => x === 0 ? 0 : x * exp(-1 / (x * x)),
    (x) => x === 0 ? 0 : (1 + 2 / (x * x)) * exp(-1 / (x * x)),
  );
  for (let n = 1; n <= 40; n++) {
    add(
      `14:${n}`,
      [-1e4, PI / 2],
      (x) => x >= 0 ? n / 20 * (x / 1.5 + sin(x) - 1) : -n / 20,
      (x) => x >= 0 ? n / 20 * (1 / 1.5 + cos(x)) : 0,
    );
  }
  for (
    const n of [...Array.from({ length: 21 }, (_, i) => 20 + i), 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]
  ) {
    const c = 500 * (n + 1), inside = (x: number) => x >= 0 && x <= 2e-3 / (1 + n);
    add(
      `15:${n}`,
      [-1e4, 1e-4],
      (x) => inside(x) ? exp(c * x) - 1.859 : x > 0 ? E - 1.859 : -0.859,
      (x) => inside(x) ? c * exp(c * x) : 0,
    );
  }
  return out;
}
