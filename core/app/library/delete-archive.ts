import { rmSync, statSync } from "node:fs";
import { AppError } from "../../../shared/errors/errors.ts";
import type { Library } from "../../../shared/library/library.ts";
import { forgetBuild } from "../../builder/freshness/build-records.ts";
import { requireRegularFile } from "../../files/regular-file.ts";
import { removeManifest } from "../../manifest/manifest-file.ts";
import type { Paths } from "../../storage/paths.ts";

/** Deletes the file of an archive that the library shows, and its manifest, and no other file. @throws AppError `usage`, `missing-file` */
export function deleteArchive(
  paths: Paths,
  path: string,
  { sets }: Library,
): { readonly freedBytes: number } {
  if (!sets.some(({ setup, worker }) => setup.path === path || worker.path === path)) throw unknown(path);
  const freedBytes = statSync(requireRegularFile(path, { advice: "Somebody has already deleted it." })).size;
  rmSync(path);
  removeManifest(path);
  forgetBuild(paths, path);
  return { freedBytes };
}

function unknown(path: string): AppError {
  return new AppError({
    code: "usage",
    message: `${path} is not an archive of an image set in the library`,
    advice: "Delete it in a file manager, or remove it from the library.",
  });
}
