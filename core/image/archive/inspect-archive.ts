import type { ImageArchive } from "../../../shared/library/image-archive.ts";
import type { LongWork } from "../../files/read-pieces.ts";
import { explainFailure } from "../image-errors.ts";
import type { ArchiveEntry } from "./allowed-entries.ts";
import { readArchive } from "./archive-reader.ts";

interface InspectOptions extends LongWork {
  readonly archive: string;
}

/**
 * Reads a whole archive and describes its content, without extracting it. Progress counts bytes of the archive.
 *
 * qemu-img is not asked, since it opens only files: that is the one check that only `extractArchive` makes.
 *
 * @throws AppError `invalid-archive` or `invalid-machine` when the archive is refused, `missing-file`, `interrupted`
 */
export async function inspectArchive({ archive, ...work }: InspectOptions): Promise<ImageArchive> {
  try {
    return await readArchive(archive, readOver, work);
  } catch (thrown) {
    throw explainFailure(thrown, { doing: `reading ${archive}`, archive, signal: work.signal });
  }
}

async function readOver({ data }: ArchiveEntry): Promise<void> {
  for await (const _piece of data);
}
