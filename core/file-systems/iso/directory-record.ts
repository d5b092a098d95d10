/** Bytes of a sector of a CD, in which ISO 9660 counts (ECMA-119, 6.1.2). */
export const sectorBytes = 2048;

/** A file or folder in an ISO. */
export interface DirectoryRecord {
  /** Its first sector. */
  readonly sector: number;
  /** Bytes. */
  readonly size: number;
  readonly isFolder: boolean;
  /** Whether the next record has another part of the same file: a part has at most 4 GiB. */
  readonly isContinued: boolean;
  /** Milliseconds since 1970. */
  readonly recorded: number | undefined;
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
  const flags = bytes[25] ?? 0;
  return {
    // The extended attributes are before the content.
    sector: bytes.readUInt32LE(2) + (bytes[1] ?? 0),
    size: bytes.readUInt32LE(10),
    isFolder: (flags & 2) !== 0,
    isContinued: (flags & 0x80) !== 0,
    recorded: readShortTime(bytes.subarray(18, 25)),
    name: bytes.subarray(headBytes, nameEnd),
    // A name of even length has a byte behind it.
    systemUse: bytes.subarray(Math.min(length, nameEnd + (nameLength % 2 === 0 ? 1 : 0)), length),
  };
}

/** A record of a folder, and its place from the beginning of the folder, in bytes. */
export interface PlacedRecord {
  readonly record: DirectoryRecord;
  readonly place: number;
}

/** Reads all records in a part of a folder, in whole sectors. A record never crosses the border of a sector. */
export function* readRecords(content: Buffer): Generator<PlacedRecord> {
  for (let sector = 0; sector < content.length; sector += sectorBytes) {
    const end = Math.min(content.length, sector + sectorBytes);
    for (let place = sector; place < end; ) {
      const record = readRecord(content.subarray(place, end));
      if (!record) break;
      yield { record, place };
      place += content[place] ?? end;
    }
  }
}

/** A time of 7 bytes (ECMA-119, 9.1.5), in milliseconds since 1970; undefined without one. */
export function readShortTime(bytes: Buffer): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = bytes;
  if (bytes.length < 7 || month < 1 || month > 12 || day < 1) return undefined;
  return Date.UTC(1900 + year, month - 1, day, hour, minute, second) - zoneTime(bytes.readInt8(6));
}

/** A time of 17 bytes (ECMA-119, 8.4.26.1), as `readShortTime`. */
export function readLongTime(bytes: Buffer): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(bytes.toString("latin1", 0, 16));
  if (!match || bytes.length < 17) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, hundredths = 0] = match
    .slice(1)
    .map(Number);
  if (month < 1 || month > 12 || day < 1) return undefined;
  const time = Date.UTC(year, month - 1, day, hour, minute, second, hundredths * 10);
  return time - zoneTime(bytes.readInt8(16));
}

/** Time zones are in quarters of an hour. */
function zoneTime(zone: number): number {
  return zone * 15 * 60_000;
}

/** The name of a record in the primary volume without Rock Ridge: without its version and an empty extension. */
export function plainName({ name }: DirectoryRecord): string {
  return name.toString("latin1").replace(/;\d*$/, "").replace(/\.$/, "");
}

/** The name of a record of Joliet's, in big-endian UCS-2. */
export function jolietName({ name }: DirectoryRecord): string {
  const bytes = Buffer.from(name.subarray(0, name.length & ~1));
  return bytes.swap16().toString("utf16le").toWellFormed().replace(/;\d*$/, "");
}
