/**
 * How objects show themselves in notebooks. The display layer fills the hook; without it they show their text.
 *
 * @module
 */

/** One output in several formats, by MIME type. */
export type MimeBundle = Record<string, unknown>;

/** An object with a text form that a front end may show better. */
export interface Presentable {
  /** The text form. */
  toString(): string;
}

/** Makes the richer forms of an object, or returns nothing for what it does not know. */
export type Presenter = (object: Presentable) => MimeBundle | Promise<MimeBundle> | undefined;

let presenter: Presenter | undefined;

/** Sets the function that `present` asks; the display layer calls this once. */
export function setPresenter(make: Presenter): void {
  presenter = make;
}

/** The bundle of an object: what the presenter makes of it, else its text. */
export function present(object: Presentable): MimeBundle | Promise<MimeBundle> {
  return presenter?.(object) ?? { "text/plain": String(object) };
}

/** The method under which the notebook asks an object for its bundle. */
export const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display") as never;
/** The method under which Deno's console asks an object for its text. */
export const denoInspect: unique symbol = Symbol.for("Deno.customInspect") as never;
/** The method under which Node's console asks an object for its text. */
export const nodeInspect: unique symbol = Symbol.for("nodejs.util.inspect.custom") as never;

/** The common part of everything that can be shown: its text, and the hook that the display layer fills. */
export abstract class Presented {
  /** The plain-text form. */
  abstract toString(): string;

  /** What a notebook shows. */
  [jupyterDisplay](): MimeBundle | Promise<MimeBundle> {
    return present(this);
  }
  /** What Deno's console shows. */
  [denoInspect](): string {
    return this.toString();
  }
  /** What Node's console shows. */
  [nodeInspect](): string {
    return this.toString();
  }
}
