import type { ByteSource } from "../byte-source.ts";
import { damaged } from "../damaged.ts";

/** Bytes that one read of metadata fetches: a few hundred inodes, which are often next to each other. */
const pageBytes = 32 * 1024;
/** Pages that are kept: 4 MiB. */
const maxPages = 128;

/** The inode tables, descriptors and maps of a file system. */
export interface Metadata {
  /**
   * Reads bytes, all of which must be there.
   *
   * @param place names them in an error, such as "the inode 12"
   * @throws AppError `damaged-file-system` if the disk ends before
   */
  read(offset: number, length: number, place: string): Promise<Buffer>;
}

/** Reads metadata in pages, of which the latest ones are kept in memory. */
export function createMetadata(source: ByteSource): Metadata {
  // In the order in which they were last used.
  const pages = new Map<number, Promise<Buffer>>();
  const pageAt = (number: number) => {
    const page = pages.get(number) ?? fetchPage(number);
    pages.delete(number);
    pages.set(number, page);
    const [oldest] = pages.keys();
    if (pages.size > maxPages && oldest !== undefined) pages.delete(oldest);
    return page;
  };
  const fetchPage = async (number: number) => {
    try {
      return await source.read(number * pageBytes, pageBytes);
    } catch (error) {
      // A later read tries again.
      pages.delete(number);
      throw error;
    }
  };
  const read = async (offset: number, length: number, place: string) => {
    const parts: Buffer[] = [];
    for (let at = offset; at < offset + length; ) {
      const start = at % pageBytes;
      const end = Math.min(pageBytes, start + offset + length - at);
      const part = (await pageAt((at - start) / pageBytes)).subarray(start, end);
      if (part.length < end - start) throw damaged(`the disk or partition ends before the end of ${place}`);
      parts.push(part);
      at += part.length;
    }
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  };
  return { read };
}
