import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import type { IsoSource } from "../../shared/recipe/recipe.ts";
import { type Digests, digestText } from "../files/digest.ts";
import { commandDigests, type NamedDigest } from "../process/command-digests.ts";

type IsoBuild = Extract<IsoSource, { build: unknown }>;

/** The version of the way in which Tinsmith runs a build command: its environment, folder and last argument. */
const commandVersion = 2;

/**
 * Names the ISO that a recipe's command builds, by everything that it is built from: see `builtIsoParts`.
 *
 * @param folder the recipe's.
 * @returns a SHA-256 in hexadecimal.
 */
export async function builtIsoKey(folder: string, source: IsoBuild, digests: Digests): Promise<string> {
  return digestText(JSON.stringify(await builtIsoParts(folder, source, digests)));
}

/**
 * Takes the digests of all that an ISO is built from: the command, its program, the inputs, and the variables that the
 * recipe names. Without inputs, the folder counts too: nobody knows what the command reads there.
 */
export async function builtIsoParts(
  folder: string,
  { build, inputs, env }: IsoBuild,
  digests: Digests,
): Promise<readonly NamedDigest[]> {
  const parts: NamedDigest[] = [...(await commandDigests(folder, { build, env }, digests))];
  for (const path of inputs)
    parts.push({ kind: "file", name: path, digest: await digests.trees([resolve(folder, path)]) });
  const place = inputs.length === 0 ? await realpath(folder) : undefined;
  const command = digestText(JSON.stringify({ commandVersion, build, place }));
  return [{ kind: "file", name: "install ISO", digest: command }, ...parts];
}
