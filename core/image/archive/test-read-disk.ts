import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { openArchivedDisk } from "./archived-image.ts";

/** The order in which pieces are read: none is where the last one ended. */
const pieceSize = 70_001;

/**
 * Reads all of the disk in an archive without unpacking it, from its end to its beginning.
 *
 * @param folder an existing one, in which a new one is made
 * @returns undefined if the archive has to be unpacked. @throws as `openArchivedDisk`
 */
export async function readArchivedDisk(archive: string, folder: string): Promise<Buffer | undefined> {
  const image = mkdtempSync(join(folder, "image-"));
  await using disk = await openArchivedDisk({ archive, folder: image });
  if (!disk) return undefined;
  const bytes = Buffer.alloc(disk.size, 0xff);
  for (let end = disk.size; end > 0; ) {
    const start = Math.max(0, end - pieceSize);
    for (let at = start; at < end; ) at += (await disk.read(bytes, at, end - at, at)).bytesRead;
    end = start;
  }
  return bytes;
}
