import { formatCount } from "../text/format.ts";
import { quoteForShell } from "../text/quote-for-shell.ts";

/** The character that a guest's tools put in the place of bytes that are not UTF-8: which bytes these are is lost. */
const replacement = "\ufffd";

/** Whether a name in the guest has bytes that are not UTF-8, so that it can't be requested by the known name. */
export function isUnknownName(path: string): boolean {
  return path.includes(replacement);
}

/** Advice on how to get such a file all the same. */
export function howToFetchUnknown(path: string): string {
  const pattern = path
    .split(/\ufffd+/)
    .map(quoteUnlessEmpty)
    .join("*");
  return `Open a shell in the guest and copy the file to a plain name, with * for the unknown bytes: cp ${pattern} /tmp/copy. Then fetch the copy.`;
}

/** An explanation of such names in a list of files; undefined when there are none. */
export function describeUnknownNames(files: readonly string[]): string | undefined {
  const unknown = files.filter(isUnknownName);
  const [first] = unknown;
  if (first === undefined) return undefined;
  const what = formatCount(unknown.length, "name is", "names are");
  return `${what} not UTF-8, so ${replacement} stands for bytes that are not known, and files can't be fetched by such a name. ${howToFetchUnknown(first)}`;
}

function quoteUnlessEmpty(text: string): string {
  return text && quoteForShell(text);
}
