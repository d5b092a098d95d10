import { existsSync } from "node:fs";
import { AppError, toAppError } from "../../shared/errors/errors.ts";
import { readTextFile } from "../files/text-file.ts";
import { replaceFile } from "../files/writing/replace-file.ts";
import { knownVersion } from "../files/writing/versioned-json.ts";
import type { Paths } from "./paths.ts";

/** The version of the list: a digest a line. Its first line has the version; the first lists had none. */
const newestVersion = 1;
const versionLine = /^version (\d+)$/;
/** A quarter of a million builds. */
const mostBytes = 16 * 1024 ** 2;

/**
 * Remembers that this user has made the archive of that digest (SHA-256, hexadecimal). On a full disk, or where a newer
 * Tinsmith has left a list of its own, it is forgotten: better to be warned of one's own image than to lose it.
 */
export function rememberImage(paths: Paths, digest: string): void {
  try {
    replaceFile(paths.knownImages, () => {
      const known = readKnown(paths);
      if (known instanceof AppError) throw known;
      const lines = known.length > 0 ? known.filter(Boolean) : [`version ${newestVersion}`];
      return `${[...lines, digest].join("\n")}\n`;
    });
  } catch (error) {
    if (!forgivable.includes(toAppError(error).code)) throw error;
  }
}

/**
 * Warns before an image is booted that is not one of this user's own.
 *
 * @returns a warning about an imported archive; undefined for the user's own.
 */
export function warnOfStranger(paths: Paths, archive: string, digest: string): string | undefined {
  const known = readKnown(paths);
  const isUnknown = known instanceof AppError;
  if (!isUnknown && known.includes(digest)) return undefined;
  const finding = isUnknown
    ? `Tinsmith can't tell whether ${archive} was made here: ${known.message}.`
    : `${archive} was not made here.`;
  return (
    `${finding} Boot it only if you trust its author: a malicious guest may break out of QEMU, and ` +
    "then has all of this user's rights."
  );
}

/** A list that a person has damaged counts as none. */
const forgivable: readonly string[] = ["no-space", "newer-version", "usage"];

/** The digests, or why they are not known. */
function readKnown(paths: Paths): readonly string[] | AppError {
  if (!existsSync(paths.knownImages)) return [];
  try {
    const lines = readTextFile(paths.knownImages, { maximumBytes: mostBytes, code: "usage" }).split("\n");
    const [, version = 0] = versionLine.exec(lines[0] ?? "") ?? [];
    knownVersion({ version: Number(version) }, newestVersion, "a list of known images", paths.knownImages);
    return lines;
  } catch (thrown) {
    return toAppError(thrown);
  }
}
