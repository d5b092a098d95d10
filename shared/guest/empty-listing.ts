import { escapeName } from "../text/escape-name.ts";

/** Says that a listing of a guest's folder is empty, and what to try if the path is a link; undefined if it has files. */
export function describeEmptyListing(path: string, files: readonly string[]): string | undefined {
  if (files.length > 0) return undefined;
  const name = escapeName(path);
  const empty = `The guest has no plain files in ${name} or below.`;
  return path.endsWith("/")
    ? empty
    : `${empty} If ${name} is a link to a folder, list ${name}/ instead: guest tools follow a link only with a slash at its end.`;
}
