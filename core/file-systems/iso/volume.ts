import { stripControls } from "../../../shared/text/strip-controls.ts";
import { type DirectoryRecord, readRecord, sectorBytes } from "./directory-record.ts";
import type { IsoBytes } from "./rock-ridge.ts";

/** The volume of an ISO, as its descriptors say. */
export interface Volume {
  readonly label: string;
  readonly systemId: string;
  readonly applicationId: string;
  /** Bytes of the whole volume. */
  readonly size: number;
  readonly root: DirectoryRecord;
  /** The root of the same files with Joliet's long names. */
  readonly joliet: DirectoryRecord | undefined;
  /** The sector of El Torito's boot catalog. */
  readonly bootCatalog: number | undefined;
}

/** The first sector of the volume descriptors, and the number of those that are read: real ISOs have up to five. */
const firstDescriptor = 16;
const maxDescriptors = 32;
/** Types of volume descriptors (ECMA-119, 8.1.1). */
const descriptor = { boot: 0, primary: 1, supplementary: 2, end: 255 } as const;

const magic = "CD001";

/** The name of the file system of a CD, for people. */
export const isoFormat = "ISO 9660";

/** Whether a source begins with the volume of an ISO. */
export async function hasIsoVolume(source: IsoBytes): Promise<boolean> {
  const start = await source.read(firstDescriptor * sectorBytes, 1 + magic.length);
  return start.toString("latin1", 1) === magic;
}

/**
 * Reads the volume descriptors: ECMA-119 (ISO 9660), 8.4; Joliet's escape sequences from its specification of 1995; the
 * boot record from El Torito 1.0, figure 7.
 *
 * @returns undefined if it is not an ISO
 */
export async function readVolume(source: IsoBytes): Promise<Volume | undefined> {
  let primary: Buffer | undefined;
  let joliet: DirectoryRecord | undefined;
  let bootCatalog: number | undefined;
  for (let index = 0; index < maxDescriptors; index++) {
    const sector = await source.read((firstDescriptor + index) * sectorBytes, sectorBytes);
    if (sector.length < sectorBytes || sector.toString("latin1", 1, 6) !== magic) break;
    const type = sector[0];
    if (type === descriptor.end) break;
    if (type === descriptor.primary) primary ??= sector;
    if (type === descriptor.supplementary && /^%\/[@CE]/.test(sector.toString("latin1", 88, 91)))
      joliet ??= readRecord(sector.subarray(156));
    if (type === descriptor.boot && sector.toString("latin1", 7, 30) === "EL TORITO SPECIFICATION")
      bootCatalog ??= sector.readUInt32LE(0x47);
  }
  const root = primary && readRecord(primary.subarray(156));
  if (!primary || !root || primary.readUInt16LE(128) !== sectorBytes) return undefined;
  return {
    label: text(primary, 40, 72),
    systemId: text(primary, 8, 40),
    applicationId: text(primary, 574, 702),
    size: primary.readUInt32LE(80) * sectorBytes,
    ...{ root, joliet, bootCatalog },
  };
}

/** A field that is filled with spaces; some programs fill it with zeros. */
function text(sector: Buffer, from: number, to: number): string {
  return stripControls(sector.toString("utf8", from, to)).trim();
}
