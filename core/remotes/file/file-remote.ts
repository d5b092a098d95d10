import { existsSync, rmSync } from "node:fs";
import { basename, resolve } from "node:path";
import { type FileAddress, formatAddress } from "../../../shared/remotes/address.ts";
import { digestFile } from "../../files/digest.ts";
import { explainDiskError } from "../../files/disk-errors.ts";
import { openRegularFile, requireRegularFile } from "../../files/regular-file.ts";
import { PartialFile } from "../../files/writing/partial-file.ts";
import { digestArchive } from "../../image/archive/archive-digest.ts";
import { formatForName } from "../../image/compression/compression.ts";
import { manifestPath, signaturePath } from "../../manifest/manifest-file.ts";
import type { RemoteFile } from "../../network/fetching/remote-file.ts";
import { readArchiveFacts } from "../../signature/archive-signature.ts";
import type { FileKind, LocalFile, PublishTarget, Remote, RemoteContext } from "../remote.ts";

/** Bytes that are copied at once. */
const pieceBytes = 1024 ** 2;

/** A file of this host, such as one on a shared disk: the archive, and its manifest and signature beside it. */
export function fileRemote(address: FileAddress, { paths, signal }: RemoteContext): Remote {
  const archive = resolve(address.path);
  const pinned = (sha256: string) => formatAddress({ kind: "file", path: archive, sha256 });
  const written: PartialFile[] = [];
  return {
    find: async () => {
      requireRegularFile(archive);
      const sha256 = address.sha256 ?? (await digestArchive(paths, archive, signal));
      const { manifest, signature } = readArchiveFacts(archive);
      return {
        ...{ archive: await localFile(archive), fileName: basename(archive), sha256 },
        ...{ manifest, signature, pinned: pinned(sha256) },
      };
    },
    target: fileTarget(archive, { pinned, written, signal }),
    [Symbol.asyncDispose]: () => discard(written),
  };
}

/** A file as a remote one, so that it is copied as others are fetched. */
async function localFile(path: string): Promise<RemoteFile> {
  await using opened = await openRegularFile(path);
  const { size } = await opened.stat();
  return {
    ...{ name: path, size },
    open: async ({ from, to = size }) => ({
      ...{ isRange: true, length: to - from },
      body: readRange(path, from, to),
    }),
  };
}

async function* readRange(path: string, from: number, to: number): AsyncGenerator<Uint8Array> {
  await using file = await openRegularFile(path);
  for (let position = from; position < to; ) {
    const bytes = Buffer.allocUnsafe(Math.min(pieceBytes, to - position));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, position);
    if (bytesRead === 0) return;
    yield bytes.subarray(0, bytesRead);
    position += bytesRead;
  }
}

interface TargetOptions {
  readonly pinned: (sha256: string) => string;
  /** The files that have no name yet. */
  readonly written: PartialFile[];
  readonly signal: AbortSignal;
}

function fileTarget(archive: string, { pinned, written, signal }: TargetOptions): PublishTarget {
  const places: Partial<Record<FileKind, string>> = {
    archive,
    manifest: manifestPath(archive),
    signature: signaturePath(archive),
  };
  const placeOf = ({ kind }: Pick<LocalFile, "kind">) => places[kind] ?? archive;
  return {
    has: async (file) => {
      formatForName(archive);
      const place = placeOf(file);
      return existsSync(place) && (await digestFile(place, { signal })) === file.sha256;
    },
    put: async (file, onProgress) => {
      const place = placeOf(file);
      try {
        const partial = await PartialFile.create(place);
        written.push(partial);
        for (let position = 0; position < file.size; ) {
          signal.throwIfAborted();
          const bytes = await file.read(position, Math.min(pieceBytes, file.size - position));
          await partial.write(bytes, position);
          position += bytes.length;
          onProgress(position);
        }
        await partial.sync();
      } catch (error) {
        throw explainDiskError(place, error);
      }
    },
    publish: async (files) => {
      // The archive has its name first: a manifest of another one does not count.
      for (const partial of written) await partial.commit();
      const wasThere = written.length === 0;
      await discard(written);
      const kinds = files.map(({ kind }) => kind);
      for (const kind of ["manifest", "signature"] as const)
        if (!kinds.includes(kind)) rmSync(placeOf({ kind }), { force: true });
      return { pinned: pinned(files.find(({ kind }) => kind === "archive")?.sha256 ?? ""), wasThere };
    },
  };
}

/** Removes the files that have no name yet. */
async function discard(files: PartialFile[]): Promise<void> {
  for (const file of files.splice(0)) await file[Symbol.asyncDispose]();
}
