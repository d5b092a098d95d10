/** Bytes of an entry with UTF-16 of a long name. */
const textParts = [
  [1, 11],
  [14, 26],
  [28, 32],
] as const;

/** Collects long names from the entries before that of a file. */
export interface LongNames {
  /** Takes an entry with a part of a long name; the last part of the name comes first. */
  add(entry: Buffer): void;
  /** Forgets the parts that were taken: a deleted entry follows. */
  clear(): void;
  /**
   * The long name of a file whose entry has been reached; undefined if the parts before it are missing, incomplete or
   * belong to another file, which an old program has deleted or renamed without them.
   */
  take(entry: Buffer): string | undefined;
}

/** Collects long names, as Microsoft's specification of 2000 lays them out. */
export function createLongNames(): LongNames {
  let parts: Buffer[] = [];
  let missing = 0;
  let checksum: number | undefined;
  const clear = () => {
    parts = [];
    checksum = undefined;
  };
  return {
    clear,
    add: (entry) => {
      const order = entry.readUInt8(0);
      const position = order & 0x3f;
      if ((order & 0x40) !== 0) {
        parts = [];
        checksum = entry.readUInt8(13);
      } else if (position !== missing || entry.readUInt8(13) !== checksum) return clear();
      if (position < 1 || position > 20) return clear();
      parts.unshift(...textParts.map(([from, to]) => entry.subarray(from, to)));
      // Parts of the same name are in front of those taken before.
      missing = position - 1;
    },
    take: (entry) => {
      const isComplete = parts.length > 0 && missing === 0 && checksum === checksumOf(entry);
      const name = isComplete ? decode(Buffer.concat(parts)) : undefined;
      clear();
      return name;
    },
  };
}

/** A name ends at NUL or with its last part. Half of a pair of surrogates becomes U+FFFD. */
function decode(bytes: Buffer): string {
  return (bytes.toString("utf16le").split("\0")[0] ?? "").toWellFormed();
}

/** The checksum of a short name, by which the parts of a long one belong to it. */
function checksumOf(entry: Buffer): number {
  let sum = 0;
  for (const byte of entry.subarray(0, 11)) sum = (((sum & 1) << 7) + (sum >> 1) + byte) & 0xff;
  return sum;
}
