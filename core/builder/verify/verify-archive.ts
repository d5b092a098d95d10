import { statSync } from "node:fs";
import { basename, join } from "node:path";
import { compareLists, type FileChange } from "../../../shared/contents/compare-lists.ts";
import type { FileList } from "../../../shared/contents/file-list.ts";
import { toAppError } from "../../../shared/errors/errors.ts";
import type { Manifest } from "../../../shared/library/manifest.ts";
import type { Finding } from "../../../shared/library/verification.ts";
import { formatBytes, formatCount } from "../../../shared/text/format.ts";
import { digestFile } from "../../files/digest.ts";
import { createTemporaryFolder } from "../../files/writing/temporary-folder.ts";
import { openUnpacked } from "../../image/archive/open-image.ts";
import { digestFiles } from "../../manifest/files-digest.ts";
import { manifestPath, readManifest } from "../../manifest/manifest-file.ts";
import { recallFileList } from "../growth/file-lists.ts";
import { listDiskFiles } from "../growth/image-growth.ts";
import type { VerifyContext } from "./verify-context.ts";

const buildAgain = "Build the image again: Tinsmith then writes its manifest.";

/** Reads the manifest of an archive. @returns it, or the finding that there is none that can be used */
export function findManifest(archive: string): Manifest | Finding {
  try {
    const manifest = readManifest(archive);
    if (manifest) return manifest;
    const text = `${basename(archive)} has no manifest: there is no ${basename(manifestPath(archive))} beside it.`;
    return { subject: "manifest", ok: false, text, advice: buildAgain };
  } catch (error) {
    const { code, message } = toAppError(error);
    const advice =
      code === "newer-version" ? "A newer Tinsmith wrote it: verify the image with that one." : buildAgain;
    return { subject: "manifest", ok: false, text: `The manifest can't be used: ${message}.`, advice };
  }
}

/** Compares an archive, and the files in it, with its manifest. It reads all of it again. @throws AppError as `openUnpacked` */
export async function verifyArchive(
  archive: string,
  manifest: Manifest,
  context: VerifyContext,
): Promise<readonly Finding[]> {
  const size = statSync(archive).size;
  const digest = await digestFile(archive, { signal: context.signal });
  const isSame = size === manifest.archive.size && digest === manifest.archive.sha256;
  return [
    isSame ? sameArchive(archive, manifest) : otherArchive(archive, manifest, size, digest),
    await verifyFiles(archive, manifest, { ...context, digest, isSame }),
  ];
}

function sameArchive(archive: string, { archive: { size, sha256 } }: Manifest): Finding {
  const text = `${basename(archive)} is the archive of its manifest: ${formatBytes(size)}, sha256 ${sha256}.`;
  return { subject: "archive", ok: true, text };
}

function otherArchive(
  archive: string,
  { archive: recorded }: Manifest,
  size: number,
  digest: string,
): Finding {
  const is = `${formatBytes(size)}, sha256 ${digest}`;
  const was = `${formatBytes(recorded.size)}, sha256 ${recorded.sha256}`;
  return {
    ...{ subject: "archive", ok: false },
    text: `${basename(archive)} is not the archive of its manifest: it has ${is}, and the manifest is of one with ${was}.`,
    advice: "Restore the archive of the manifest, or build the image again.",
  };
}

type FilesContext = VerifyContext & { readonly digest: string; readonly isSame: boolean };

async function verifyFiles(archive: string, manifest: Manifest, context: FilesContext): Promise<Finding> {
  const subject = "files";
  const { files } = manifest;
  if (!files)
    return { subject, ok: true, text: "The manifest has no list of files: they were not compared." };
  const list = await listArchive(archive, context);
  if ("subject" in list) return list;
  const count = formatCount(list.entries.length, "file");
  if (list.entries.length === files.entries && digestFiles(list) === files.sha256)
    return { subject, ok: true, text: `The ${count} in it are those of the manifest.` };
  if (context.isSame)
    return {
      ...{ subject, ok: false },
      text: "The manifest has another list of files, although the archive is the same.",
      advice: "Another version of Tinsmith wrote the manifest, or it was edited. Build the image again.",
    };
  const changes = await changesSince(archive, manifest, list, context);
  const difference = changes ? `: ${formatCount(changes.length, "difference")}` : "";
  return {
    ...{ subject, ok: false, text: `The ${count} in it are not those of the manifest${difference}.` },
    advice: changes
      ? "Find out who has changed them."
      : "Compare it with the archive of the manifest: tinsmith diff.",
    ...(changes && { changes }),
  };
}

async function listArchive(
  archive: string,
  { paths, signal, onNote, digest }: FilesContext,
): Promise<FileList | Finding> {
  using folder = createTemporaryFolder("verify", "looking into an image");
  const ownFolder = join(folder.path, "image");
  try {
    using image = await openUnpacked(paths, { archive, ownFolder, signal, onNote }, digest);
    return await listDiskFiles({ layer: image.layer, backing: join(image.folder, "disk.img") }, signal);
  } catch (error) {
    const { code, message, advice } = toAppError(error);
    if (code !== "invalid-archive") throw error;
    return { subject: "files", ok: false, text: `The files in it can't be read: ${message}.`, advice };
  }
}

/** The files that differ from those of the manifest, if its archive was built here not long ago. */
async function changesSince(
  archive: string,
  manifest: Manifest,
  list: FileList,
  { paths }: VerifyContext,
): Promise<readonly FileChange[] | undefined> {
  const before = await recallFileList(paths, archive, manifest.archive.sha256);
  return before && compareLists(before, list, { ignored: ["modified"] }).changes;
}
