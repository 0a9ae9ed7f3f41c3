/**
 * Weighted languages: a weight for every word, recognized by derivatives.
 *
 * ```
 * ν f = the weight of the empty word             δ_c f = the language w ↦ f(c w)
 * ν(f + g) = ν f + ν g                           δ_c(f + g) = δ_c f + δ_c g
 * ν(f * g) = ν f ν g                             δ_c(f * g) = δ_c f * g + ν f δ_c g
 * ν(star f) = star(ν f)                          δ_c(star f) = star(ν f) (δ_c f * star f)
 * f(c₁ … cₙ) = ν(δ_cₙ … δ_c₁ f)
 * ```
 *
 * A language is kept as a sum of atoms with weights: the empty word, letters, products of an atom with a language,
 * stars. Equal ones are one object, and each remembers its derivatives. A regular language then has finitely many atoms
 * as derivatives (Antimirov 1996), so that a word costs time in proportion to its length, whatever the semiring.
 * Languages that are defined by themselves grow as they are looked at.
 *
 * Source: Generalized Convolution and Efficient Language Recognition (2019), arXiv 1903.10677; Brzozowski, Derivatives
 * of regular expressions, Journal of the ACM 11 (1964) 481-494.
 *
 * @module
 */
import { DomainError } from "../core/mod.ts";
import type { Semiring } from "./semiring.ts";

type Shape<T> =
  | { readonly kind: "one" }
  | { readonly kind: "any" }
  | { readonly kind: "letter"; readonly letter: string }
  | { readonly kind: "product"; readonly left: Atom<T>; readonly right: Language<T> }
  | { readonly kind: "star"; readonly of: Language<T> }
  | { readonly kind: "rule"; readonly define: () => Language<T> };

/** What languages are sums of. */
interface Atom<T> {
  readonly id: number;
  readonly shape: Shape<T>;
  /** `ν`, once known. */
  constant?: T;
  /** `δ_c` by letter, as far as asked for. */
  readonly derivatives: Map<string, Language<T>>;
  /** Whether `ν` or `δ` is being computed: then asking again is a rule that begins with itself. */
  busy: boolean;
}

/** A weighted language, made by `languages`: a sum of atoms with weights. */
export interface Language<T> {
  /** Distinguishes the languages of one maker. */
  readonly id: number;
  /** The weight of each atom; none is zero. */
  readonly terms: ReadonlyMap<unknown, T>;
}

/** Makes languages over a semiring, and weighs words. */
export interface Languages<T> {
  /** No word. */
  readonly zero: Language<T>;
  /** The empty word. */
  readonly one: Language<T>;
  /** All words of one letter. */
  readonly any: Language<T>;
  /** One word. */
  readonly word: (text: string) => Language<T>;
  /** The same words, each weight times `a` from the left. */
  readonly scale: (a: T, f: Language<T>) => Language<T>;
  /** The sum of languages. */
  readonly sum: (...languages: readonly Language<T>[]) => Language<T>;
  /** The product (convolution) of languages: words put together. */
  readonly product: (...languages: readonly Language<T>[]) => Language<T>;
  /** Any number of words put together. */
  readonly star: (f: Language<T>) => Language<T>;
  /** A language that is defined when it is first looked at, so that it can contain itself (not at its beginning). */
  readonly rule: (define: () => Language<T>) => Language<T>;
  /** `ν f`. */
  readonly constant: (f: Language<T>) => T;
  /** `δ_c f`. */
  readonly derivative: (f: Language<T>, letter: string) => Language<T>;
  /** The weight of a word, taken letter by letter (Unicode code points). */
  readonly weight: (f: Language<T>, word: string) => T;
}

/**
 * Languages over a semiring.
 *
 * Asking for a weight throws a `DomainError` when a star does not exist (as of 1 among the naturals), or a rule begins
 * with itself.
 *
 * @example In how many ways a word of five letters is two words, and brackets that match
 * ```ts
 * import { booleans, languages, naturals } from "@gradus/gradus/exact";
 * import { assertEquals } from "@std/assert";
 *
 * const counted = languages(naturals), as = counted.star(counted.word("a"));
 * assertEquals(counted.weight(counted.product(as, as), "aaaaa"), 6n);
 *
 * const { one, product, rule, sum, weight, word } = languages(booleans);
 * const matching = rule(() => sum(one, product(word("("), matching, word(")"), matching)));
 * assertEquals(["(()())()", "(()"].map((w) => weight(matching, w)), [true, false]);
 * ```
 */
export function languages<T>(semiring: Semiring<T>): Languages<T> {
  const { zero, one, add, multiply, equal } = semiring;
  const atoms = new Map<string, Atom<T>>(), sums = new Map<string, Language<T>[]>();
  let count = 0;

  const makeAtom = (shape: Shape<T>): Atom<T> => ({ id: count++, shape, derivatives: new Map(), busy: false });
  function atom(key: string, shape: Shape<T>): Language<T> {
    let found = atoms.get(key);
    if (!found) atoms.set(key, found = makeAtom(shape));
    return language(new Map([[found, one]]));
  }

  /** The one language with these weights. */
  function language(terms: ReadonlyMap<Atom<T>, T>): Language<T> {
    const ordered = [...terms].filter(([, a]) => !equal(a, zero)).sort(([a], [b]) => a.id - b.id);
    const key = ordered.map(([a]) => a.id).join(), bucket = sums.get(key) ?? [];
    const same = bucket.find((f) => ordered.every(([a, weight]) => equal(f.terms.get(a)!, weight)));
    if (same) return same;
    const made = { id: count++, terms: new Map(ordered) };
    sums.set(key, [...bucket, made]);
    return made;
  }

  const termsOf = (f: Language<T>): ReadonlyMap<Atom<T>, T> => f.terms as ReadonlyMap<Atom<T>, T>;

  /** `into ← into + a f`. */
  function accumulate(into: Map<Atom<T>, T>, a: T, f: Language<T>): Map<Atom<T>, T> {
    for (const [x, weight] of termsOf(f)) {
      const before = into.get(x), more = multiply(a, weight);
      into.set(x, before === undefined ? more : add(before, more));
    }
    return into;
  }

  const none = language(new Map()), empty = atom("one", { kind: "one" }), any = atom("any", { kind: "any" });

  function times(left: Atom<T>, right: Language<T>): Language<T> {
    const { shape } = left;
    if (shape.kind === "one") return right;
    if (shape.kind === "product") return times(shape.left, product(shape.right, right));
    if (right === none || right === empty) return right === none ? none : language(new Map([[left, one]]));
    return atom(`${left.id} ${right.id}`, { kind: "product", left, right });
  }

  function product(f: Language<T>, g: Language<T>): Language<T> {
    const sum = new Map<Atom<T>, T>();
    for (const [x, a] of termsOf(f)) accumulate(sum, a, times(x, g));
    return language(sum);
  }

  function star(f: Language<T>): Language<T> {
    return f === none ? empty : atom(`star ${f.id}`, { kind: "star", of: f });
  }

  /** Computes once, and notices a rule that asks for itself. */
  function guarded<R>(x: Atom<T>, compute: () => R): R {
    if (x.busy) throw new DomainError("Cannot weigh a word: expected rules that do not begin with themselves");
    x.busy = true;
    try {
      return compute();
    } finally {
      x.busy = false;
    }
  }

  function constantOf(x: Atom<T>): T {
    const { shape } = x;
    if (x.constant === undefined) {
      x.constant = guarded(x, () => {
        if (shape.kind === "one") return one;
        if (shape.kind === "rule") return constant(shape.define());
        if (shape.kind === "star") return semiring.star(constant(shape.of));
        if (shape.kind !== "product") return zero;
        const left = constantOf(shape.left);
        return equal(left, zero) ? zero : multiply(left, constant(shape.right));
      });
    }
    return x.constant;
  }

  function constant(f: Language<T>): T {
    let sum = zero;
    for (const [x, a] of termsOf(f)) sum = add(sum, multiply(a, constantOf(x)));
    return sum;
  }

  function derivativeOf(x: Atom<T>, letter: string): Language<T> {
    let known = x.derivatives.get(letter);
    if (!known) x.derivatives.set(letter, known = guarded(x, () => differentiate(x.shape, letter)));
    return known;
  }

  function differentiate(shape: Shape<T>, letter: string): Language<T> {
    if (shape.kind === "any") return empty;
    if (shape.kind === "letter") return shape.letter === letter ? empty : none;
    if (shape.kind === "rule") return derivative(shape.define(), letter);
    if (shape.kind === "star") {
      const inner = product(derivative(shape.of, letter), star(shape.of));
      return language(accumulate(new Map(), semiring.star(constant(shape.of)), inner));
    }
    if (shape.kind !== "product") return none;
    const first = new Map(termsOf(product(derivativeOf(shape.left, letter), shape.right)));
    const skipped = constantOf(shape.left); // when zero, what follows is not looked at: rules may contain themselves
    return language(equal(skipped, zero) ? first : accumulate(first, skipped, derivative(shape.right, letter)));
  }

  /** `δ_c` without looking for an equal language. */
  function step(terms: ReadonlyMap<Atom<T>, T>, letter: string): Map<Atom<T>, T> {
    const sum = new Map<Atom<T>, T>();
    for (const [x, a] of terms) accumulate(sum, a, derivativeOf(x, letter));
    return sum;
  }

  const derivative = (f: Language<T>, letter: string): Language<T> => language(step(termsOf(f), letter));

  return {
    zero: none,
    one: empty,
    any,
    word: (text) =>
      [...text].reduceRight((rest, letter) => product(atom(`"${letter}`, { kind: "letter", letter }), rest), empty),
    scale: (a, f) => language(accumulate(new Map(), a, f)),
    sum: (...all) => language(all.reduce((sum, f) => accumulate(sum, one, f), new Map<Atom<T>, T>())),
    product: (...all) => all.reduceRight((rest, f) => product(f, rest), empty),
    star,
    rule: (define) => language(new Map([[makeAtom({ kind: "rule", define }), one]])),
    constant,
    derivative,
    weight(f, word) {
      let terms = termsOf(f), sum = zero;
      for (const letter of word) terms = step(terms, letter);
      for (const [x, a] of terms) sum = add(sum, multiply(a, constantOf(x)));
      return sum;
    },
  };
}
