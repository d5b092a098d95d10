import type { ByteSource } from "./byte-source.ts";
import { damaged } from "./damaged.ts";

/**
 * Reads bytes all of which must be there.
 *
 * @param place as an error names it: "the folder of inode 12"
 * @throws AppError `damaged-file-system`
 */
export async function readExactly(
  source: ByteSource,
  offset: number,
  length: number,
  place: string,
): Promise<Buffer> {
  // Before memory is taken for a length that only a damaged file system names.
  if (offset + length > source.size) throw ends(place);
  const bytes = await source.read(offset, length);
  if (bytes.length < length) throw ends(place);
  return bytes;
}

function ends(place: string): Error {
  return damaged(`the disk or partition ends before the end of ${place}`);
}
