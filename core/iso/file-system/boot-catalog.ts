import type { IsoBoots } from "../../../shared/library/iso-facts.ts";
import { sectorBytes } from "../../file-systems/iso/directory-record.ts";
import type { Volume } from "../../file-systems/iso/volume.ts";
import type { IsoFile } from "./iso-file.ts";

/** Bytes of an entry of the boot catalog. */
const entryBytes = 32;
/** Platforms of boot entries: El Torito 1.0, 2.1; UEFI 2.10, 13.3.2.1 adds its own. */
const platforms = { x86: 0, uefi: 0xef } as const;

/**
 * Finds the ways in which an ISO boots: from its boot catalog (El Torito 1.0, section 2), and as a disk, from the
 * partition table in its first sectors, which `isohybrid` and xorriso write.
 */
export async function findBoots(file: IsoFile, { bootCatalog }: Volume): Promise<IsoBoots> {
  const found = bootCatalog === undefined ? [] : await readCatalog(file, bootCatalog);
  const start = await file.read(0, 1024);
  return {
    bios: found.includes(platforms.x86),
    uefi: found.includes(platforms.uefi),
    disk: hasBootCode(start),
  };
}

/** The platforms of the bootable entries. */
async function readCatalog(file: IsoFile, sector: number): Promise<readonly number[]> {
  // A sector has room for 64 entries. Real ISOs have up to three.
  const catalog = await file.read(sector * sectorBytes, sectorBytes);
  if (catalog.length < 2 * entryBytes || catalog[0] !== 1 || catalog.readUInt16LE(30) !== 0xaa55) return [];
  const bootable = 0x88;
  const found: number[] = [];
  const add = (at: number, platform: number) => {
    if (catalog[at] === bootable) found.push(platform);
  };
  add(entryBytes, catalog[1] ?? 0);
  for (let at = 2 * entryBytes; at + entryBytes <= catalog.length; ) {
    const kind = catalog[at];
    // 0x90 begins a section, 0x91 the last one.
    if (kind !== 0x90 && kind !== 0x91) break;
    const platform = catalog[at + 1] ?? 0;
    const entries = catalog.readUInt16LE(at + 2);
    at += entryBytes;
    for (let entry = 0; entry < entries && at + entryBytes <= catalog.length; at += entryBytes) {
      // 0x44 continues an entry.
      if (catalog[at] === 0x44) continue;
      add(at, platform);
      entry++;
    }
    if (kind === 0x91) break;
  }
  return found;
}

/** Whether the first sector has a boot record with code: an ISO without one begins with zeros. */
function hasBootCode(start: Buffer): boolean {
  if (start.length < 512 || start.readUInt16LE(510) !== 0xaa55) return false;
  return start.subarray(0, 440).some((byte) => byte !== 0);
}
