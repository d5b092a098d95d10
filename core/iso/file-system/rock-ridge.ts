import type { DirectoryRecord } from "./directory-record.ts";
import { type IsoFile, sectorBytes } from "./iso-file.ts";

/** Areas that one record may continue in: real ones need one or two, and a damaged ISO's may lead in a circle. */
const maxAreas = 4;

/**
 * Finds the Rock Ridge name of a record, which several NM entries may spell; undefined without one. The entries are from
 * SUSP 1.12 (CE) and RRIP 1.12 (NM).
 *
 * @param skip bytes before the first entry, as the SP entry of the root says
 */
export async function rockRidgeName(
  file: IsoFile,
  record: DirectoryRecord,
  skip: number,
): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let area: Buffer | undefined = record.systemUse.subarray(skip);
  for (let areas = 0; area && areas < maxAreas; areas++) {
    let next: Buffer | undefined;
    for (const { signature, bytes } of entries(area)) {
      if (signature === "NM" && bytes.length > 5) parts.push(bytes.subarray(5));
      if (signature === "CE" && bytes.length >= 28) next = await continuation(file, bytes);
    }
    area = next;
  }
  return parts.length === 0 ? undefined : Buffer.concat(parts).toString("utf8");
}

/** The bytes to skip, from the SP entry of the root's first record; undefined if the ISO has no Rock Ridge. */
export function rockRidgeSkip(record: DirectoryRecord): number | undefined {
  for (const { signature, bytes } of entries(record.systemUse))
    if (signature === "SP" && bytes.length >= 7 && bytes[4] === 0xbe && bytes[5] === 0xef) return bytes[6];
  return undefined;
}

function* entries(area: Buffer): Generator<{ readonly signature: string; readonly bytes: Buffer }> {
  for (let offset = 0; offset + 4 <= area.length; ) {
    const length = area[offset + 2] ?? 0;
    if (length < 4 || offset + length > area.length) return;
    const bytes = area.subarray(offset, offset + length);
    yield { signature: bytes.toString("latin1", 0, 2), bytes };
    offset += length;
  }
}

async function continuation(file: IsoFile, bytes: Buffer): Promise<Buffer> {
  const [sector, offset, length] = [4, 12, 20].map((at) => bytes.readUInt32LE(at));
  const place = (sector ?? 0) * sectorBytes + (offset ?? 0);
  return await file.read(place, Math.min(length ?? 0, sectorBytes));
}
