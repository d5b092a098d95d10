import type { ByteSource } from "./byte-source.ts";

/** Enough for the headers of many small files, and little to read in vain where a large one follows. */
const windowBytes = 64 * 1024;

/** The same bytes, of which a window is read at once: for many short reads that mostly go forward. */
export function readAhead(source: ByteSource): ByteSource {
  let start = 0;
  let window: Buffer = Buffer.alloc(0);
  return {
    size: source.size,
    read: async (offset, length) => {
      if (length > windowBytes) return await source.read(offset, length);
      if (offset < start || offset + length > start + window.length) {
        window = await source.read(offset, windowBytes);
        start = offset;
      }
      return window.subarray(offset - start, offset - start + length);
    },
  };
}
