/** Bytes that can be read at any place: a disk, a partition in it, a file in a file system. */
export interface ByteSource {
  /** Bytes. */
  readonly size: number;
  /** Reads bytes; fewer where the source ends. @param offset bytes from the beginning */
  read(offset: number, length: number): Promise<Buffer>;
  /**
   * The first place from an offset on that may have other bytes than zeros: what is before it needs not be read. The size if there
   * is none. Sources that don't know their holes have no such function.
   */
  nextData?(offset: number): number;
}

/** A part of a source as a source of its own; it ends where the source ends, if it would be longer. */
export function sliceSource(source: ByteSource, offset: number, size: number): ByteSource {
  const available = Math.max(0, Math.min(size, source.size - offset));
  const { nextData } = source;
  return {
    size: available,
    read: (from, length) => source.read(offset + from, Math.max(0, Math.min(length, available - from))),
    ...(nextData && { nextData: (from) => Math.min(available, nextData(offset + from) - offset) }),
  };
}
