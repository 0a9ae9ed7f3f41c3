/**
 * Names of data from names of files.
 *
 * @module
 */

/** The file's name without folders, `.gz` and one more extension: `a9a` for `data/a9a.gz`. */
export function dataName(source: string): string {
  const file = source.split(/[/\\]/).pop()!;
  return file.replace(/\.gz$/, "").replace(/(?<=.)\.(csv|txt|libsvm|svm|mtx)$/, "") || source;
}
