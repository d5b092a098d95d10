import { recallBuild } from "../build/build-records.ts";
import { digestFile } from "../files/digest.ts";
import { requireFile } from "../files/files.ts";
import type { Paths } from "../paths.ts";
import { warnOfStranger } from "../run/known-images.ts";

/**
 * What a person should know before an archive is run, as `warnOfStranger` says it. One that was built here, and has not
 * changed, need not be read for that.
 *
 * @throws AppError `missing-file`
 */
export async function warnOfArchive(paths: Paths, path: string): Promise<string | undefined> {
  const archive = requireFile(path, "It is the image to run: choose another one.");
  return warnOfStranger(paths, archive, recallBuild(paths, archive)?.digest ?? (await digestFile(archive)));
}
