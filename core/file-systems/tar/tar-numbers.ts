import { parseTarNumber, type TarField } from "../../image/tar/tar-header.ts";

/** Reads a number of a header that may be missing or malformed without harm to the rest: an owner, a time. */
export function readOptionalNumber(block: Buffer, field: TarField): number | undefined {
  const { start, length } = field;
  // GNU tar's form of negative numbers, for times before 1970.
  if (block[start] === 0xff) {
    const value = Number(BigInt.asIntN(64, block.readBigUInt64BE(start + length - 8)));
    return Number.isSafeInteger(value) ? value : undefined;
  }
  try {
    return parseTarNumber(block, field, "");
  } catch {
    return undefined;
  }
}

/** Reads a decimal number of a PAX header, which may have a fraction. */
export function parsePaxNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,15}(\.\d*)?$/.test(text) ? Number(text) : undefined;
}
