import type { ByteSource } from "../byte-source.ts";
import { type DirectoryRecord, readLongTime, readShortTime, sectorBytes } from "./directory-record.ts";

/** Reads an ISO; fewer bytes where it ends. */
export type IsoBytes = Pick<ByteSource, "read">;

/** Areas that one record may continue in: real ones need a few, and a damaged ISO's may lead in a circle. */
const maxAreas = 16;

/** All that Rock Ridge says of a file; each part may be missing. */
export interface RockRidge {
  name?: Buffer;
  /** The mode as Unix has it, with the kind of the file. */
  mode?: number;
  links?: number;
  uid?: number;
  gid?: number;
  /** The number of the file, which hard links share. */
  serial?: number;
  modified?: number;
  target?: Buffer;
  device?: { readonly major: number; readonly minor: number };
  /** The sector of a folder that is too deep for ISO 9660 and is elsewhere. */
  movedTo?: number;
  /** Whether it is such a folder at its other place. */
  isMoved?: boolean;
  /** Whether its content is compressed by zisofs. */
  isCompressed?: boolean;
}

interface Entry {
  readonly signature: string;
  readonly bytes: Buffer;
}

/**
 * Reads the Rock Ridge entries of a record, from SUSP 1.12 (CE) and RRIP 1.12.
 *
 * @param skip bytes before the first entry, as the SP entry of the root says
 */
export async function readRockRidge(
  source: IsoBytes,
  record: DirectoryRecord,
  skip: number,
): Promise<RockRidge> {
  const found: RockRidge = {};
  const names: Buffer[] = [];
  const links: Buffer[] = [];
  let area: Buffer | undefined = record.systemUse.subarray(skip);
  for (let areas = 0; area && areas < maxAreas; areas++) {
    let next: Buffer | undefined;
    for (const entry of entries(area)) {
      if (entry.signature === "CE" && entry.bytes.length >= 28)
        next = await continuation(source, entry.bytes);
      else if (entry.signature === "NM" && entry.bytes.length > 5) names.push(entry.bytes.subarray(5));
      else if (entry.signature === "SL" && entry.bytes.length >= 5) links.push(entry.bytes.subarray(5));
      else takeEntry(found, entry);
    }
    area = next;
  }
  if (names.length > 0) found.name = Buffer.concat(names);
  if (links.length > 0) found.target = readTarget(links);
  return found;
}

/** The bytes to skip, from the SP entry of the root's first record; undefined if the ISO has no Rock Ridge. */
export function rockRidgeSkip(record: DirectoryRecord): number | undefined {
  for (const { signature, bytes } of entries(record.systemUse))
    if (signature === "SP" && bytes.length >= 7 && bytes[4] === 0xbe && bytes[5] === 0xef) return bytes[6];
  return undefined;
}

function takeEntry(found: RockRidge, { signature, bytes }: Entry): void {
  const number = (at: number) => bytes.readUInt32LE(at);
  if (signature === "PX" && bytes.length >= 36) {
    Object.assign(found, { mode: number(4), links: number(12), uid: number(20), gid: number(28) });
    // Version 1.10 has no serial number.
    if (bytes.length >= 44) found.serial = number(36);
  } else if (signature === "PN" && bytes.length >= 20) found.device = deviceOf(number(4), number(12));
  else if (signature === "TF" && bytes.length >= 5) {
    const modified = modifiedOf(bytes);
    if (modified !== undefined) found.modified = modified;
  } else if (signature === "CL" && bytes.length >= 12) found.movedTo = number(4);
  else if (signature === "RE") found.isMoved = true;
  else if (signature === "ZF") found.isCompressed = true;
}

/** The second of the times in a TF entry: each bit of its flags stands for a time that is there. */
function modifiedOf(bytes: Buffer): number | undefined {
  const flags = bytes[4] ?? 0;
  const [created, modified, long] = [1, 2, 0x80];
  if ((flags & modified) === 0) return undefined;
  const length = (flags & long) === 0 ? 7 : 17;
  const at = 5 + ((flags & created) === 0 ? 0 : length);
  const time = bytes.subarray(at, at + length);
  return (flags & long) === 0 ? readShortTime(time) : readLongTime(time);
}

/** Linux's device numbers fit into the lower half: writers put all of one there, or the parts into both halves. */
function deviceOf(high: number, low: number): { readonly major: number; readonly minor: number } {
  if (high !== 0 || low < 0x100) return { major: high, minor: low };
  return { major: (low >>> 8) & 0xfff, minor: (low & 0xff) | ((low >>> 12) & 0xf_ff00) };
}

/** The target of a symbolic link, from its components (RRIP 1.12, 4.1.3). */
function readTarget(parts: readonly Buffer[]): Buffer {
  const names: Buffer[] = [];
  let isContinued = false;
  for (const part of parts)
    for (let at = 0; at + 2 <= part.length; ) {
      const flags = part[at] ?? 0;
      const end = at + 2 + (part[at + 1] ?? 0);
      const name = componentOf(flags, part.subarray(at + 2, end));
      if (isContinued) names.push(Buffer.concat([names.pop() ?? Buffer.alloc(0), name]));
      else names.push(name);
      isContinued = (flags & 1) !== 0;
      at = end;
    }
  const [first] = names;
  // The root is a component without a name: the link's only one, or the one before the first slash.
  if (names.length === 1 && first?.length === 0) return Buffer.from("/");
  return Buffer.concat(names.flatMap((name, index) => (index === 0 ? [name] : [slash, name])));
}

const slash = Buffer.from("/");

function componentOf(flags: number, name: Buffer): Buffer {
  if ((flags & 2) !== 0) return Buffer.from(".");
  if ((flags & 4) !== 0) return Buffer.from("..");
  return (flags & 8) === 0 ? name : Buffer.alloc(0);
}

function* entries(area: Buffer): Generator<Entry> {
  for (let offset = 0; offset + 4 <= area.length; ) {
    const length = area[offset + 2] ?? 0;
    if (length < 4 || offset + length > area.length) return;
    const bytes = area.subarray(offset, offset + length);
    const signature = bytes.toString("latin1", 0, 2);
    if (signature === "ST") return;
    yield { signature, bytes };
    offset += length;
  }
}

async function continuation(source: IsoBytes, bytes: Buffer): Promise<Buffer> {
  const [sector, offset, length] = [4, 12, 20].map((at) => bytes.readUInt32LE(at));
  const place = (sector ?? 0) * sectorBytes + (offset ?? 0);
  return await source.read(place, Math.min(length ?? 0, sectorBytes));
}
