/** The kinds of FAT, by the bits of an entry of the file allocation table. */
export type FatKind = "FAT12" | "FAT16" | "FAT32";

/** How a FAT file system is laid out, as its boot sector says. Places and sizes are in bytes. */
export interface FatLayout {
  readonly kind: FatKind;
  readonly sectorBytes: number;
  readonly clusterBytes: number;
  /** The file allocation table that is in use. */
  readonly fat: number;
  readonly fatBytes: number;
  /** The root folder of FAT12 and FAT16, which has a place of its own. */
  readonly root: { readonly start: number; readonly size: number };
  /** The first cluster of FAT32's root folder. */
  readonly rootCluster: number;
  /** The content of cluster 2, the first one. */
  readonly data: number;
  /** One more than the last cluster. */
  readonly clusterEnd: number;
  readonly size: number;
  /** The sector with the number of free clusters, which only FAT32 has. */
  readonly info: number | undefined;
  readonly label: Buffer;
  readonly isDirty: boolean;
}

/** Bytes of the beginning that `readBootSector` looks at. */
export const bootSectorBytes = 512;
/** FAT12 has fewer clusters than that; FAT16 fewer than the second. */
const [fat16Clusters, fat32Clusters] = [4085, 65_525];
/** The clusters that 28 bits can name, without the last ones, which are marks. */
const mostClusters = 0x0fff_ffef;

/**
 * Reads the boot sector of a FAT file system, as Microsoft's specification of 2000 and Linux understand it; undefined if
 * it is none. Its fields are compared with each other, because partition tables and other file systems have the same
 * signature at its end.
 */
export function readBootSector(sector: Buffer): FatLayout | undefined {
  if (sector.length < bootSectorBytes || sector.readUInt16LE(510) !== 0xaa55) return undefined;
  if (sector[0] !== 0xeb && sector[0] !== 0xe9) return undefined;
  const sectorBytes = sector.readUInt16LE(11);
  const sectorsPerCluster = sector.readUInt8(13);
  const reserved = sector.readUInt16LE(14);
  const fats = sector.readUInt8(16);
  const rootEntries = sector.readUInt16LE(17);
  const media = sector.readUInt8(21);
  const shortFatSectors = sector.readUInt16LE(22);
  if (![512, 1024, 2048, 4096].includes(sectorBytes) || !isPowerOfTwo(sectorsPerCluster)) return undefined;
  if (reserved === 0 || fats === 0 || fats > 4 || (media !== 0xf0 && media < 0xf8)) return undefined;
  const isFat32 = shortFatSectors === 0;
  const fatSectors = shortFatSectors || sector.readUInt32LE(36);
  const sectors = sector.readUInt16LE(19) || sector.readUInt32LE(32);
  const rootSectors = Math.ceil((rootEntries * 32) / sectorBytes);
  const dataSector = reserved + fats * fatSectors + rootSectors;
  if (fatSectors === 0 || dataSector >= sectors || isFat32 !== (rootEntries === 0)) return undefined;
  const clusters = Math.floor((sectors - dataSector) / sectorsPerCluster);
  const kind = isFat32 ? "FAT32" : clusters < fat16Clusters ? "FAT12" : "FAT16";
  if (kind === "FAT16" && clusters >= fat32Clusters) return undefined;
  const fatBytes = fatSectors * sectorBytes;
  const entries = Math.floor((fatBytes * 8) / { FAT12: 12, FAT16: 16, FAT32: 32 }[kind]);
  const extended = isFat32 ? 64 : 36;
  const info = isFat32 ? sector.readUInt16LE(48) : 0;
  return {
    ...{ kind, sectorBytes, fatBytes },
    clusterBytes: sectorsPerCluster * sectorBytes,
    fat: (reserved + activeFat(sector, isFat32, fats) * fatSectors) * sectorBytes,
    root: { start: (dataSector - rootSectors) * sectorBytes, size: rootEntries * 32 },
    rootCluster: isFat32 ? sector.readUInt32LE(44) : 0,
    data: dataSector * sectorBytes,
    clusterEnd: Math.min(clusters + 2, entries, mostClusters),
    size: sectors * sectorBytes,
    info: info === 0 || info >= reserved ? undefined : info * sectorBytes,
    // 0x29 says that there is a label.
    label: sector[extended + 2] === 0x29 ? sector.subarray(extended + 7, extended + 18) : Buffer.alloc(0),
    isDirty: ((sector[extended + 1] ?? 0) & 1) !== 0,
  };
}

/** The one that is in use; FAT32 may keep the others unchanged. */
function activeFat(sector: Buffer, isFat32: boolean, fats: number): number {
  const flags = isFat32 ? sector.readUInt16LE(40) : 0;
  const active = flags & 0xf;
  return (flags & 0x80) !== 0 && active < fats ? active : 0;
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && (value & (value - 1)) === 0;
}
