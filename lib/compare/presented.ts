/**
 * Objects that a notebook shows by the presenter's forms, and a console by their text.
 *
 * @module
 */
import { denoInspect, jupyterDisplay, type MimeBundle, nodeInspect, present } from "../core/mod.ts";

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
