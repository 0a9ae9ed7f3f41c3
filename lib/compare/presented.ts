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

  [jupyterDisplay](): MimeBundle | Promise<MimeBundle> {
    return present(this);
  }
  [denoInspect](): string {
    return this.toString();
  }
  [nodeInspect](): string {
    return this.toString();
  }
}
