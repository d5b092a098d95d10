import { isZero } from "../../image/disk/zeros.ts";
import { type PaxHeader, parsePaxHeader } from "../../image/tar/pax-header.ts";
import {
  gnuMagic,
  parseTarNumber,
  type TarField,
  tarBlockSize,
  tarChecksum,
  tarFields,
  tarPadding,
} from "../../image/tar/tar-header.ts";
import type { ByteSource } from "../byte-source.ts";
import { damaged } from "../damaged.ts";
import { readExactly } from "../read-exactly.ts";

/** An entry of a tar archive: its header, with the extended headers before it. */
export interface TarEntry {
  /** The place of its first header, in bytes from the beginning. */
  readonly start: number;
  readonly header: Buffer;
  /** A character for the kind of the entry. */
  readonly type: string;
  readonly path: Buffer;
  readonly linkTarget: Buffer;
  /** The values of its PAX headers, whose characters stand for bytes. */
  readonly pax: ReadonlyMap<string, string>;
  readonly sparseNumbers: PaxHeader["sparseNumbers"];
  /** The place after its header; a sparse map may come before the data. */
  readonly dataStart: number;
  /** Bytes from there to the end of its data. */
  readonly storedSize: number;
}

/** Headers that describe the entry after them. */
const extensions = { pax: "x", solarisPax: "X", globalPax: "g", longPath: "L", longTarget: "K" } as const;
/** An extended header over this many bytes is refused. */
const longestExtension = 4 * 1024 ** 2;

/** Whether a block is a header: it begins a tar archive, if it is its first block. */
export function isTarHeader(block: Buffer): boolean {
  if (block.length < tarBlockSize || isZero(block)) return false;
  try {
    return parseTarNumber(block, tarFields.checksum, "") === tarChecksum(block);
  } catch {
    return false;
  }
}

/**
 * Reads the headers of one entry.
 *
 * @param globals the values of PAX headers that count for all entries from there on, which are added to
 * @returns undefined at the end of the archive. @throws AppError `damaged-file-system`, `invalid-archive`
 */
export async function readTarEntry(
  source: ByteSource,
  start: number,
  globals: Map<string, string>,
): Promise<TarEntry | undefined> {
  let pax: PaxHeader | undefined;
  let longPath: Buffer | undefined;
  let longTarget: Buffer | undefined;
  for (let at = start; ; ) {
    const place = `the tar header at byte ${at}`;
    const header = Buffer.from(await readExactly(source, at, tarBlockSize, place));
    if (isZero(header)) return undefined;
    if (!isTarHeader(header)) throw damaged(`${place} is damaged`);
    const type = header.toString("latin1", tarFields.type.start, tarFields.type.start + 1);
    const headerSize = parseTarNumber(header, tarFields.size, place);
    const dataStart = at + tarBlockSize;
    if (!isExtension(type)) {
      const values = new Map([...globals, ...(pax?.values ?? [])]);
      const value = (key: string) => bytesOf(values.get(key));
      return {
        start,
        header,
        type,
        path: value("GNU.sparse.name") ?? value("path") ?? longPath ?? shortPath(header),
        linkTarget: value("linkpath") ?? longTarget ?? text(header, tarFields.linkTarget),
        pax: values,
        sparseNumbers: pax?.sparseNumbers,
        dataStart,
        storedSize: storedSize(type, headerSize, values.get("size"), place),
      };
    }
    if (headerSize > longestExtension)
      throw damaged(`${place} describes the next one with ${headerSize} bytes`);
    const data = await readExactly(source, dataStart, headerSize, place);
    if (type === extensions.longPath) longPath = untilZero(data);
    else if (type === extensions.longTarget) longTarget = untilZero(data);
    else if (type === extensions.globalPax) mergeInto(globals, parsePaxHeader(data, "latin1").values);
    else pax = parsePaxHeader(data, "latin1");
    at = dataStart + headerSize + tarPadding(headerSize);
  }
}

/** Values of all entries over this many are refused. */
const mostGlobals = 1000;

function mergeInto(globals: Map<string, string>, values: ReadonlyMap<string, string>): void {
  for (const [key, value] of values) globals.set(key, value);
  if (globals.size > mostGlobals) throw damaged(`the archive has more than ${mostGlobals} global PAX values`);
}

function isExtension(type: string): boolean {
  return Object.values<string>(extensions).includes(type);
}

/** Bytes after the header. Links and devices have none, although some programs write the size of a link's target. */
function storedSize(type: string, headerSize: number, paxSize: string | undefined, place: string): number {
  if (/[1-6]/.test(type)) return 0;
  if (paxSize === undefined) return headerSize;
  if (!/^\d{1,15}$/.test(paxSize)) throw damaged(`${place} has a malformed size`);
  return Number(paxSize);
}

function shortPath(header: Buffer): Buffer {
  const name = text(header, tarFields.name);
  // GNU tar has other things in the place of the prefix, and the oldest format has nothing.
  const { start, length } = tarFields.magic;
  const magic = header.toString("latin1", start, start + length);
  const prefix =
    magic !== gnuMagic && magic.startsWith("ustar\0") ? text(header, tarFields.namePrefix) : Buffer.alloc(0);
  return prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from("/"), name]);
}

function text(block: Buffer, { start, length }: TarField): Buffer {
  return untilZero(block.subarray(start, start + length));
}

function untilZero(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

function bytesOf(value: string | undefined): Buffer | undefined {
  return value === undefined ? undefined : Buffer.from(value, "latin1");
}
