import { constants } from "node:fs";
import { access, realpath, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { stampOf } from "../files/tree-entries.ts";

/**
 * The file of a program, and whether it has changed: its path with its links followed, and its stamp.
 *
 * @param program a name to be found on the PATH, or a path
 * @returns the program as given when there is no such file
 */
export async function programFile(program: string): Promise<string> {
  const places = program.includes("/")
    ? [program]
    : (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, program));
  for (const place of places)
    try {
      await access(place, constants.X_OK);
      return `${await realpath(place)} ${stampOf(await stat(place, { bigint: true }))}`;
    } catch {
      // The next folder may have it.
    }
  return program;
}
