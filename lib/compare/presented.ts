/**
 * Objects that a notebook shows by the presenter's forms, and a console by their text.
 *
 * @module
 */
export { Presented } from "../core/mod.ts";
