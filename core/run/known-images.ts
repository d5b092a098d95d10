import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { AppError, toAppError } from "../../shared/errors.ts";
import { ignoreFullDisk } from "../files/files.ts";
import { knownVersion } from "../files/versioned-json.ts";
import type { Paths } from "../paths.ts";

/** Of the list: a digest a line. Its first line tells the version; the first lists had none. */
const newestVersion = 1;
const versionLine = /^version (\d+)$/;

/**
 * Remembers that this user has made the archive of that digest (SHA-256, hexadecimal). On a full disk, or where a newer
 * Tinsmith has left a list of its own, it is forgotten: better to be warned of one's own image than to lose it.
 */
export function rememberImage(paths: Paths, digest: string): void {
  const known = readKnown(paths);
  if (known instanceof AppError) return;
  try {
    mkdirSync(dirname(paths.knownImages), { recursive: true });
    const beginning = existsSync(paths.knownImages) ? "" : `version ${newestVersion}\n`;
    appendFileSync(paths.knownImages, `${beginning}${digest}\n`);
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
  const known = readKnown(paths);
  const isUnknown = known instanceof AppError;
  if (!isUnknown && known.includes(digest)) return undefined;
  const finding = isUnknown
    ? `Nobody can tell whether ${archive} was made here: ${known.message}.`
    : `${archive} was not made here.`;
  return (
    `${finding} Run it only if you trust who made it: an emulated guest that means harm may break out of QEMU, and ` +
    "then has all that this user has."
  );
}

/** The digests, or why they are not known. */
function readKnown(paths: Paths): readonly string[] | AppError {
  if (!existsSync(paths.knownImages)) return [];
  try {
    const lines = readFileSync(paths.knownImages, "utf8").split("\n");
    const [, version = 0] = versionLine.exec(lines[0] ?? "") ?? [];
    knownVersion({ version: Number(version) }, newestVersion, "a list of known images", paths.knownImages);
    return lines;
  } catch (thrown) {
    return toAppError(thrown);
  }
}
