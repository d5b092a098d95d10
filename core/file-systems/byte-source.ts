/** Bytes that can be read at any place: a disk, a partition in it, a file in a file system. */
export interface ByteSource {
  /** Bytes. */
  readonly size: number;
  /** Reads bytes; fewer where the source ends. @param offset bytes from the beginning */
  read(offset: number, length: number): Promise<Buffer>;
  /**
   * A place from an offset on: all bytes before it are zeros, and need not be read. The size if all others are. Sources that
   * don't know their holes have no such function.
   */
  nextData?(offset: number): Promise<number>;
}

/** A part of a source as a source of its own; it ends where the source ends, if it would be longer. */
export function sliceSource(source: ByteSource, offset: number, size: number): ByteSource {
  const available = Math.max(0, Math.min(size, source.size - offset));
  const { nextData } = source;
  return {
    size: available,
    read: (from, length) => source.read(offset + from, Math.max(0, Math.min(length, available - from))),
    ...(nextData && {
      nextData: async (from) => Math.min(available, (await nextData(offset + from)) - offset),
    }),
  };
}
