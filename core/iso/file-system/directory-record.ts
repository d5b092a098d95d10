/** A file or folder in an ISO. */
export interface DirectoryRecord {
  /** Its first sector. */
  readonly sector: number;
  /** Bytes. */
  readonly size: number;
  readonly isFolder: boolean;
  /** The name as bytes, which are in UCS-2 for Joliet. */
  readonly name: Buffer;
  /** The bytes for extensions such as Rock Ridge. */
  readonly systemUse: Buffer;
}

/** Bytes of a record before its name (ECMA-119, 9.1). */
const headBytes = 33;

/** Reads the record at the beginning of some bytes; undefined if there is none. Its layout is from ECMA-119, 9.1. */
export function readRecord(bytes: Buffer): DirectoryRecord | undefined {
  const length = bytes[0] ?? 0;
  const nameLength = bytes[32] ?? 0;
  if (length < headBytes + nameLength || length > bytes.length) return undefined;
  const nameEnd = headBytes + nameLength;
  return {
    // The extended attributes are before the content.
    sector: bytes.readUInt32LE(2) + (bytes[1] ?? 0),
    size: bytes.readUInt32LE(10),
    isFolder: ((bytes[25] ?? 0) & 2) !== 0,
    name: bytes.subarray(headBytes, nameEnd),
    // A name of even length has a byte behind it.
    systemUse: bytes.subarray(Math.min(length, nameEnd + (nameLength % 2 === 0 ? 1 : 0)), length),
  };
}

/** Reads all records of a folder. A record never crosses the border of a sector. */
export function readRecords(content: Buffer, sectorBytes: number): readonly DirectoryRecord[] {
  const records: DirectoryRecord[] = [];
  for (let sector = 0; sector < content.length; sector += sectorBytes) {
    const end = Math.min(content.length, sector + sectorBytes);
    for (let offset = sector; offset < end; ) {
      const record = readRecord(content.subarray(offset, end));
      if (!record) break;
      records.push(record);
      offset += content[offset] ?? end;
    }
  }
  return records;
}

/** The name of a record in the primary volume without Rock Ridge: without its version and an empty extension. */
export function plainName({ name }: DirectoryRecord): string {
  return name.toString("latin1").replace(/;\d*$/, "").replace(/\.$/, "");
}

/** The name of a record of Joliet's, in big-endian UCS-2. */
export function jolietName({ name }: DirectoryRecord): string {
  const bytes = Buffer.from(name.subarray(0, name.length & ~1));
  return bytes.swap16().toString("utf16le").replace(/;\d*$/, "");
}
