/**
 * Text inside HTML, scripts and terminals. Whatever a problem or a solver is called, it shows as these letters and does
 * nothing.
 *
 * @module
 */

/** The text with control characters (terminal escapes, changes of direction, line breaks) written as `\uXXXX`. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** The text for use between tags or inside a quoted attribute. */
export function escapeHtml(text: string): string {
  return printable(text).replace(/[&<>"']/g, (letter) => entities[letter]);
}

/** The value as JSON for use inside a `script` element, where `</script` and `<!--` would be read as markup. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}
