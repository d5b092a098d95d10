import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { toAppError } from "../../../shared/errors/errors.ts";
import {
  type ArchiveSummary,
  defaultArchiveName,
  type ImageKind,
  type ImageSet,
  type ImageSlot,
  imageKinds,
} from "../../../shared/library/library.ts";
import { readBuildRecord, recallBuild, recallByContent } from "../../builder/freshness/build-records.ts";
import { judgeImage } from "../../builder/freshness/judge-image.ts";
import type { Digests } from "../../files/digest.ts";
import { type DigestCache, hasJustChanged } from "../../files/digest-cache.ts";
import { requireRegularFile, statusOf } from "../../files/regular-file.ts";
import { type ImageSet as Recipe, readImageSet } from "../../image-set/image-set.ts";
import { scenarioFiles, scenarioFolder, setFiles, stepsFiles } from "../../image-set/set-files.ts";
import { readStepsFile } from "../../image-set/steps-file.ts";
import type { Paths } from "../../storage/paths.ts";
import type { Described } from "./described-entries.ts";

/** A steps file with its note; without one if it can't be read, which its use says. */
function describeSteps(path: string): ImageSet["stepsFiles"][number] {
  try {
    const { note } = readStepsFile(path);
    return { path, ...(note !== undefined && { note }) };
  } catch {
    return { path };
  }
}

/** Describes the image set in a folder; one that can't be read is described with its problem. */
export function describeSet(paths: Paths, folder: string, digests: DigestCache): Described<ImageSet> {
  const folders = new Set([folder, join(folder, scenarioFolder), paths.builds]);
  try {
    const set = readImageSet(folder);
    const { iso, bootEntry, machine, size, cd } = set.recipe;
    const { steps = [] } = set.recipe;
    for (const path of [machine, ...cd, ...(iso && "path" in iso ? [iso.path] : [])].concat(steps))
      folders.add(dirname(resolve(folder, path)));
    const value: ImageSet = {
      name: set.name,
      folder,
      hasIso: iso !== undefined,
      hasSteps: set.recipe.install.length > 0,
      ...(!iso && bootEntry !== undefined && { bootEntry }),
      files: [...setFiles(folder, set.recipe)],
      scenarios: [...scenarioFiles(folder)],
      stepsFiles: stepsFiles(folder).map(describeSteps),
      machineFile: join(folder, machine),
      diskSize: size,
      setup: describeSlot(paths, set.setupImage),
      worker: describeSlot(paths, set.workerImage),
    };
    const watched = digestWithin(paths, folders, digests);
    const more = async () => ({ value: await withStaleInputs(paths, set, value, watched), folders });
    const isJudged = imageKinds.every((image) => value[image].stale);
    return { value, folders, ...(!isJudged && { more }) };
  } catch (thrown) {
    return { value: describeBrokenSet(folder, thrown), folders };
  }
}

function describeBrokenSet(folder: string, thrown: unknown): ImageSet {
  const name = basename(folder);
  const slot = (image: ImageKind) => ({ path: join(folder, defaultArchiveName(name, image)), stale: [] });
  return {
    name,
    folder,
    problem: toAppError(thrown).toJSON(),
    hasIso: false,
    hasSteps: false,
    files: [...setFiles(folder)],
    scenarios: [...scenarioFiles(folder)],
    stepsFiles: [],
    machineFile: join(folder, "machine.json"),
    diskSize: 1,
    setup: slot("setup"),
    worker: slot("worker"),
  };
}

/** An archive without a record was not built here, and is not out of date. Of others, all that they were built from has to be read first. */
function describeSlot(paths: Paths, path: string): ImageSlot {
  if (!existsSync(path)) return { path, stale: [] };
  const archive = summarizeArchive(paths, path);
  return { path, archive, stale: readBuildRecord(paths, path).known ? undefined : [] };
}

async function withStaleInputs(
  paths: Paths,
  set: Recipe,
  described: ImageSet,
  digests: Digests,
): Promise<ImageSet> {
  const judge = async (image: ImageKind): Promise<ImageSlot> => {
    const slot = described[image];
    if (slot.stale || !slot.archive) return slot;
    const { known, changed } = await judgeImage(paths, set, image, { digests });
    // An archive that was only touched is still the one that was built.
    const { digest, record } = known ?? slot.archive;
    return { ...slot, archive: { ...slot.archive, digest, record }, stale: [...changed] };
  };
  return { ...described, setup: await judge("setup"), worker: await judge("worker") };
}

/** Takes digests, and adds the folders to watch for changes of them. */
function digestWithin(paths: Paths, folders: Set<string>, digests: DigestCache): Digests {
  const take = async (files: readonly string[], kind: "trees" | "file") => {
    for (const path of files) folders.add(dirname(path));
    const known = await digests.digest(files, kind);
    for (const folder of known.folders) folders.add(folder);
    return known.digest;
  };
  return {
    trees: (files) => take(files, "trees"),
    file: async (path) => {
      // Nobody waits for the reading of an archive that was built just now: it is read later.
      const built = recallBuild(paths, path);
      if (!built || !hasJustChanged(statusOf(path)?.ctimeMs ?? 0)) return await take([path], "file");
      folders.add(dirname(path));
      return built.digest;
    },
  };
}

/** Describes an archive; one that can't be read is described with its problem. */
export function describeArchive(paths: Paths, path: string, digests: DigestCache): Described<ArchiveSummary> {
  const folders = new Set([dirname(path), paths.builds]);
  const value = summarizeArchive(paths, path);
  if (value.problem || value.record || !readBuildRecord(paths, path).known) return { value, folders };
  // It may only have been touched, which its content shows.
  const more = async () => {
    const { digest, record } =
      (await recallByContent(paths, path, digestWithin(paths, folders, digests))) ?? {};
    return { value: { ...value, digest, record }, folders };
  };
  return { value, folders, more };
}

function summarizeArchive(paths: Paths, path: string): ArchiveSummary {
  try {
    requireRegularFile(path, { advice: "Remove it from the library, or restore it." });
  } catch (thrown) {
    return { path, size: 0, modified: 0, problem: toAppError(thrown).toJSON() };
  }
  const { size = 0, mtimeMs: modified = 0 } = statusOf(path) ?? {};
  const known = recallBuild(paths, path);
  return { path, size, modified, digest: known?.digest, record: known?.record };
}
