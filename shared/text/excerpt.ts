import { escapeName } from "./escape-name.ts";

/** A text that a person wrote, for a message that repeats it: escaped as a name is, and shortened. */
export function excerpt(text: string, maximumLength = 60): string {
  if (text.length <= maximumLength) return escapeName(text);
  // A pair of surrogates is not cut in two.
  return `${escapeName(text.slice(0, maximumLength).replace(/[\ud800-\udbff]$/, ""))}...`;
}
