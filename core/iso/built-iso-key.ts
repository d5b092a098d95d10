import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import type { IsoSource } from "../../shared/recipe/recipe.ts";
import { digestText } from "../files/digest.ts";

/** Takes the SHA-256 of files and folders, in hexadecimal; see `digestTrees`. */
export type TreeDigest = (paths: readonly string[]) => Promise<string>;

/** The version of the way in which Tinsmith runs a build command: its environment, folder and last argument. */
const commandVersion = 1;

/**
 * Names the ISO that a recipe's command builds, by everything that it is built from: the command, the program if it is
 * a file of its own, and the inputs. Without inputs, the folder counts too: nobody knows what the command reads there.
 *
 * @param folder the recipe's.
 * @returns a SHA-256 in hexadecimal.
 */
export async function builtIsoKey(
  folder: string,
  { build, inputs }: Extract<IsoSource, { build: unknown }>,
  digest: TreeDigest,
): Promise<string> {
  const [program] = build;
  const read: [path: string, digest: string][] = [];
  for (const path of [...(program.includes("/") ? [program] : []), ...inputs])
    read.push([path, await digest([resolve(folder, path)])]);
  const place = inputs.length === 0 ? await realpath(folder) : undefined;
  return digestText(JSON.stringify({ commandVersion, build, read, place }));
}
