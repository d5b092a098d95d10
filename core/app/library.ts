import { existsSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { toAppError } from "../../shared/errors.ts";
import type { ArchiveSummary, ImageKind, ImageSet, ImageSlot, Library } from "../../shared/library.ts";
import type { Settings } from "../../shared/settings.ts";
import { buildInputs } from "../build/build-inputs.ts";
import { recallBuild } from "../build/build-records.ts";
import { type ImageSet as Recipe, readImageSet } from "../build/image-set.ts";
import type { Paths } from "../paths.ts";
import { setFiles, setFolders } from "./set-files.ts";

/** Where the library looks: folders of image sets, and archives from elsewhere. */
export type LibraryPlaces = Pick<Settings, "workspaces" | "archives">;

/** Looks at all image sets and archives. What can't be read is there with its problem. */
export function readLibrary(
  paths: Paths,
  { workspaces, archives }: LibraryPlaces,
  buildingSession: (archive: string) => string | undefined,
): Library {
  return {
    sets: workspaces.flatMap(setFolders).map((folder) => describeSet(paths, folder, buildingSession)),
    archives: archives.map((path) => describeArchive(paths, path)),
  };
}

function describeSet(
  paths: Paths,
  folder: string,
  buildingSession: (archive: string) => string | undefined,
): ImageSet {
  const name = basename(folder);
  try {
    const set = readImageSet(folder);
    const slot = (image: ImageKind) => describeSlot(paths, set, image, buildingSession);
    return {
      name,
      folder,
      hasIso: set.recipe.iso !== undefined,
      files: [...setFiles(folder, set.recipe)],
      machineFile: join(folder, set.recipe.machine),
      diskSize: set.recipe.size,
      setup: slot("setup"),
      worker: slot("worker"),
    };
  } catch (thrown) {
    const slot = (image: ImageKind) => ({ path: join(folder, `${name}-${image}.tar.lz4`), stale: [] });
    const problem = toAppError(thrown).toJSON();
    const files = [...setFiles(folder)];
    const machineFile = join(folder, "machine.json");
    return {
      name,
      folder,
      problem,
      hasIso: false,
      files,
      machineFile,
      diskSize: 1,
      setup: slot("setup"),
      worker: slot("worker"),
    };
  }
}

function describeSlot(
  paths: Paths,
  set: Recipe,
  image: ImageKind,
  buildingSession: (archive: string) => string | undefined,
): ImageSlot {
  const path = image === "setup" ? set.setupImage : set.workerImage;
  const building = buildingSession(path);
  if (!existsSync(path)) return { path, stale: [], building };
  const archive = describeArchive(paths, path);
  return { path, archive, stale: changedInputs(set, image, archive), building };
}

/** Names what an archive was built from and would be built from otherwise now. */
function changedInputs(set: Recipe, image: ImageKind, { record }: ArchiveSummary): string[] {
  if (!record) return [];
  const before = new Map(record.inputs.map(({ name, digest }) => [name, digest]));
  const now = buildInputs(set, image);
  const gone = record.inputs.filter(({ name }) => !now.some((input) => input.name === name));
  const changed = now.filter(({ name, digest }) => before.get(name) !== digest);
  return [...changed, ...gone].map(({ name }) => name);
}

function describeArchive(paths: Paths, path: string): ArchiveSummary {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status)
    return {
      path,
      size: 0,
      modified: 0,
      problem: {
        code: "missing-file",
        message: `${path} does not exist`,
        advice: "Take it off the list, or put it back.",
      },
    };
  const known = recallBuild(paths, path);
  return { path, size: status.size, modified: status.mtimeMs, digest: known?.digest, record: known?.record };
}
