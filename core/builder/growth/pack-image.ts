import { join } from "node:path";
import type { FileList } from "../../../shared/contents/file-list.ts";
import type { ImageGrowth } from "../../../shared/contents/growth.ts";
import { toAppError } from "../../../shared/errors/errors.ts";
import type { PackedArchive } from "../../../shared/library/image-archive.ts";
import { type PackOptions, packArchive } from "../../image/archive/pack-archive.ts";
import { type ManifestFacts, writeManifest } from "../../manifest/manifest-file.ts";
import { toolVersions } from "../../manifest/tool-versions.ts";
import { askQemu } from "../../qemu/hardware/capabilities.ts";
import { ownVersion } from "../../storage/own-version.ts";
import type { Paths } from "../../storage/paths.ts";
import { beginFiles } from "./image-growth.ts";

interface PackImageOptions extends PackOptions {
  readonly paths: Paths;
  readonly signal: AbortSignal;
  readonly onNote: (text: string) => void;
  /** For the manifest; the versions of the programs that are inputs are added. */
  readonly facts: ManifestFacts;
}

/** An archive, and how its files differ from those of the archive that it replaces. */
export interface PackedImage {
  readonly archive: PackedArchive;
  readonly growth?: ImageGrowth | undefined;
}

/**
 * Packs a disk as `packArchive` does, meanwhile lists its files, and writes the archive's manifest beside it.
 *
 * @throws AppError as `packArchive`
 */
export async function packImage({ paths, facts, ...options }: PackImageOptions): Promise<PackedImage> {
  const { folder, backing, target, signal, onNote, onNamed } = options;
  const disk = backing ? { layer: join(folder, "layer.qcow2"), backing } : { path: join(folder, "disk.img") };
  const findFiles = await beginFiles(disk, { target, paths, signal, onNote });
  const tools = await toolsOf(facts, signal);
  const write = (archive: PackedArchive, list?: FileList): readonly string[] => {
    try {
      writeManifest(archive, { ...facts, tools }, list);
      return [];
    } catch (error) {
      // The archive is there without it.
      return [`The manifest of the image is not written: ${toAppError(error).message}.`];
    }
  };
  const archive = await packArchive({
    ...options,
    onNamed: (packed) => {
      onNamed?.(packed);
      // The listing may take a while, and the process may be killed in it.
      write(packed);
    },
  });
  const found = await findFiles(archive);
  for (const note of write(archive, found?.list)) onNote(note);
  return { archive, growth: found?.growth };
}

/**
 * The versions of the programs that make an image: those that are inputs, QEMU if a session has run it, and qemu-img, which packs each.
 *
 * @throws the signal's reason
 */
async function toolsOf(
  { inputs = [], tools, session }: ManifestFacts,
  signal: AbortSignal,
): Promise<ManifestFacts["tools"]> {
  const used = inputs.filter(({ kind }) => kind === "tool").map(({ name }) => name);
  const qemu = session === undefined ? undefined : await askQemu().catch(() => undefined);
  return {
    Tinsmith: ownVersion.tinsmith,
    ...(qemu && { QEMU: qemu.version }),
    ...(await toolVersions(["qemu-img", ...used], signal)),
    ...tools,
  };
}
