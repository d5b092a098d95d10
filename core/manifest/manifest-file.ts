import { existsSync, rmSync } from "node:fs";
import { basename, isAbsolute } from "node:path";
import type { FileList } from "../../shared/contents/file-list.ts";
import type { PackedArchive } from "../../shared/library/image-archive.ts";
import type { BuildInput } from "../../shared/library/library.ts";
import { type Manifest, manifestSchema } from "../../shared/library/manifest.ts";
import {
  parseVersioned,
  readVersioned,
  type VersionedFormat,
  writeVersioned,
} from "../files/writing/versioned-json.ts";
import { digestFiles } from "./files-digest.ts";

/** The file of a manifest. */
export const manifestFormat: VersionedFormat<Manifest> = {
  what: "the manifest of an archive",
  schema: manifestSchema,
  migrations: [(manifest) => manifest],
};

/** All that a manifest says of an archive, but for the archive itself. */
export type ManifestFacts = Pick<Manifest, "kind" | "recipe" | "session" | "origin"> &
  Partial<Pick<Manifest, "inputs" | "tools">>;

/** The path of an archive's manifest. Its name has all of the archive's, so that `a.tar.lz4` and `a.tar.zst` have one each. */
export function manifestPath(archive: string): string {
  return `${archive}.manifest.json`;
}

/** The path of the signature on an archive's manifest, which is one of `ssh-keygen -Y sign`. */
export function signaturePath(archive: string): string {
  return `${manifestPath(archive)}.sig`;
}

/**
 * Writes the manifest of an archive that has just got its name, in place of that of an earlier archive. It is replaced as a whole, and
 * has the archive's SHA-256: one that is left from an earlier archive does not pass for this one's.
 *
 * @param list the files on its disk, if they are listed
 * @throws AppError as `writeVersioned`
 */
export function writeManifest(archive: PackedArchive, facts: ManifestFacts, list?: FileList): void {
  const { path, size, digest } = archive;
  const { kind, recipe, session, inputs = [], tools = {}, origin } = facts;
  // It is of the earlier manifest.
  rmSync(signaturePath(path), { force: true });
  // In the order in which a person reads it.
  writeVersioned(manifestPath(path), manifestFormat, {
    archive: { name: basename(path), size, sha256: digest },
    kind,
    made: new Date().toISOString(),
    ...(list && { files: { entries: list.entries.length, sha256: digestFiles(list) } }),
    ...(recipe && { recipe }),
    ...(session !== undefined && { session }),
    ...(origin && { origin }),
    inputs: portableInputs(inputs),
    tools,
  });
}

/** Inputs as a manifest names them: a file that is named by its whole path on this host has only its name. */
export function portableInputs(inputs: readonly BuildInput[]): BuildInput[] {
  return inputs.map((input) => ({
    ...input,
    name: isAbsolute(input.name) ? basename(input.name) : input.name,
  }));
}

/** The manifest beside an archive; undefined if there is none. @throws AppError as `readVersioned` */
export function readManifest(archive: string): Manifest | undefined {
  const path = manifestPath(archive);
  return existsSync(path) ? readVersioned(path, manifestFormat) : undefined;
}

/**
 * Reads a manifest that came as bytes, as `readManifest` does a file.
 *
 * @param name its path or address
 * @throws AppError `newer-version`, or `usage` when it is damaged
 */
export function parseManifest(bytes: Uint8Array, name: string): Manifest {
  return parseVersioned(Buffer.from(bytes).toString(), manifestFormat, name);
}

/** Removes the manifest of an archive that is gone, and its signature. */
export function removeManifest(archive: string): void {
  rmSync(manifestPath(archive), { force: true });
  rmSync(signaturePath(archive), { force: true });
}
