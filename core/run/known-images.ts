import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { ignoreFullDisk } from "../files/files.ts";
import type { Paths } from "../paths.ts";

/**
 * Remembers that this user has made the archive of that digest (SHA-256, hexadecimal). On a full disk it is forgotten:
 * better to be warned of one's own image than to lose it.
 */
export function rememberImage(paths: Paths, digest: string): void {
  try {
    mkdirSync(dirname(paths.knownImages), { recursive: true });
    appendFileSync(paths.knownImages, `${digest}\n`);
  } catch (error) {
    ignoreFullDisk(error);
  }
}

/**
 * What a person should know before an image runs: nothing about one of this user's own.
 *
 * @returns a warning about one from elsewhere.
 */
export function warnOfStranger(paths: Paths, archive: string, digest: string): string | undefined {
  if (readKnown(paths).includes(digest)) return undefined;
  return (
    `${archive} was not made here. Run it only if you trust who made it: an emulated guest that means harm may ` +
    "break out of QEMU, and then has all that this user has."
  );
}

function readKnown(paths: Paths): readonly string[] {
  try {
    return readFileSync(paths.knownImages, "utf8").split("\n");
  } catch {
    return [];
  }
}
