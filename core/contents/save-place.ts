import { explainDiskError } from "../files/disk-errors.ts";
import { PartialFile } from "../files/writing/partial-file.ts";
import { tarOfFolder } from "./folder-tar.ts";
import { readAll } from "./read-all.ts";
import type { Contents, Place } from "./tree/contents.ts";

/** The bytes of a file, or of a tar archive of a folder. @throws AppError `usage` for anything else */
export async function* bytesOf(contents: Contents, place: Place): AsyncGenerator<Uint8Array> {
  if (place.entry.kind === "folder") yield* tarOfFolder(contents, place);
  else yield* readAll(await contents.open(place));
}

interface SaveOptions {
  /** A new file. */
  readonly target: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (progress: { readonly bytes: number }) => void;
}

/**
 * Writes a file, or a folder as a tar archive, to a new file on this host, which is there when it is whole.
 *
 * @throws AppError `file-exists`, `no-space`, `no-permission`; the signal's reason
 */
export async function savePlace(
  contents: Contents,
  place: Place,
  { target, signal, onProgress }: SaveOptions,
): Promise<{ readonly bytes: number }> {
  try {
    await using file = await PartialFile.create(target);
    let bytes = 0;
    for await (const piece of bytesOf(contents, place)) {
      signal?.throwIfAborted();
      await file.write(piece, bytes);
      bytes += piece.length;
      onProgress({ bytes });
    }
    await file.sync();
    await file.commitAsNew();
    return { bytes };
  } catch (error) {
    throw explainDiskError(target, error);
  }
}
