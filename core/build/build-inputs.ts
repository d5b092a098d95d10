import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { BuildInput, ImageKind } from "../../shared/library.ts";
import type { IsoSource } from "../../shared/recipe.ts";
import { digestTrees } from "../files/digest.ts";
import { installation } from "../installation.ts";
import type { ImageSet } from "./image-set.ts";

/** In place of a digest. */
const missing = "missing";

/** What Tinsmith's own guest tools are made from. */
const ownGuestTools = Object.values(installation.guestTools).join();

/**
 * What an image of a set would be built from now; what is missing is an input like no other. An archive is up to date
 * when it was built from the same.
 *
 * Large files, such as an ISO and the setup image, count by their size and time of change, and not by their bytes:
 * this is asked often.
 */
export function buildInputs(set: ImageSet, image: ImageKind): readonly BuildInput[] {
  return image === "setup" ? setupInputs(set) : workerInputs(set);
}

function setupInputs({ folder, recipe }: ImageSet): readonly BuildInput[] {
  const { size, install, internet } = recipe;
  return [
    { name: "recipe.yaml", digest: digestOf({ size, install, internet }) },
    { name: recipe.machine, digest: contentDigest(join(folder, recipe.machine)) },
    ...(recipe.iso ? [{ name: "install ISO", digest: isoDigest(folder, recipe.iso) }] : []),
  ];
}

function isoDigest(folder: string, source: IsoSource): string {
  if ("url" in source) return source.sha256;
  if ("path" in source) return stamp(resolve(folder, source.path));
  const inputs = source.inputs.map((input) => resolve(folder, input));
  return digestOf({ build: source.build, inputs: contentDigest(...inputs) });
}

function workerInputs({ folder, recipe, setupImage }: ImageSet): readonly BuildInput[] {
  const { done, internet, guestTools } = recipe;
  const tools = guestTools && (guestTools.build ? undefined : join(folder, guestTools.binary));
  return [
    { name: "recipe.yaml", digest: digestOf({ done, internet, guestTools, cd: recipe.cd }) },
    ...recipe.cd.map((path) => ({ name: basename(path), digest: contentDigest(join(folder, path)) })),
    // Of guest tools that the recipe builds by a command of its own, the sources are not known.
    ...(guestTools?.build ? [] : [{ name: "guest tools", digest: contentDigest(tools ?? ownGuestTools) }]),
    { name: "setup image", digest: stamp(setupImage) },
  ];
}

function contentDigest(...paths: readonly string[]): string {
  return paths.every((path) => existsSync(path)) ? digestTrees(paths) : missing;
}

function stamp(path: string): string {
  const status = statSync(path, { throwIfNoEntry: false });
  return status ? digestOf({ size: status.size, mtimeMs: status.mtimeMs }) : missing;
}

function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
