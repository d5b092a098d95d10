import { readPieces } from "../../files/read-pieces.ts";
import { openRegularFile } from "../../files/regular-file.ts";
import { ByteReader } from "../byte-reader.ts";
import { decompress } from "../compression/compression.ts";
import { explainFailure, invalidArchive } from "../image-errors.ts";
import { readArchiveEntries } from "./allowed-entries.ts";

/**
 * Bytes of an archive's disk.img that are not in holes: what extracting it takes. It is found quickly, by reading
 * only up to where the disk begins.
 *
 * @throws AppError `invalid-archive`, `missing-file`
 */
export async function archivedDiskData(archive: string): Promise<number> {
  try {
    await using file = await openRegularFile(archive);
    const { content } = await decompress(readPieces(file));
    const reader = new ByteReader(content);
    try {
      for await (const { name, dataSize } of readArchiveEntries(reader))
        if (name === "disk.img") return dataSize;
    } finally {
      await reader.close();
    }
    throw invalidArchive("disk.img: it is missing");
  } catch (thrown) {
    throw explainFailure(thrown, { doing: `reading ${archive}`, archive });
  }
}
