import { invalidArchive, quoteName } from "../image-errors.ts";

/** A qcow2 file's header must lie in this many bytes: its extensions and the backing file's name too. */
export const qcow2HeaderLimit = 64 * 1024;

/** The fields of a qcow2 file's header that matter for opening it. */
export interface Qcow2Header {
  /** Bytes of the virtual disk. */
  readonly virtualSize: number;
  readonly backingFile: string | undefined;
  readonly backingFormat: string | undefined;
  readonly hasExternalData: boolean;
  readonly isEncrypted: boolean;
  readonly isDirty: boolean;
  readonly isCorrupt: boolean;
  readonly snapshots: number;
  /** Bits that no version of the format that we know defines, such as `incompatible 7`. */
  readonly unknownFeatures: readonly string[];
}

/**
 * Checks that a file is a layer that is safe to open on `disk.img`, and nothing more than that. QEMU is only let near
 * the file afterwards: it would open other files that the header names.
 *
 * @param start the file's first bytes, at most `qcow2HeaderLimit`
 * @param diskSize bytes of the virtual disk that the layer is for
 * @throws AppError `invalid-archive` that names the entry and the reason.
 */
export function checkLayer(start: Buffer, diskSize: number): void {
  const virtualSize = checkAnyLayer(start);
  if (virtualSize !== diskSize)
    throw refusal(`its virtual size is ${virtualSize} bytes, not the disk's ${diskSize}`);
}

/**
 * Checks a layer that Tinsmith has made for a guest as `checkLayer` does, but for its size: the disk may be larger than the one
 * below it.
 *
 * @param backingSize bytes of the disk below it
 * @returns bytes of the disk. @throws AppError `invalid-archive`
 */
export function checkGrownLayer(start: Buffer, backingSize: number): number {
  const virtualSize = checkAnyLayer(start);
  if (virtualSize >= backingSize) return virtualSize;
  throw refusal(
    `its virtual size is ${virtualSize} bytes, less than the ${backingSize} of the disk below it`,
  );
}

/**
 * Checks a layer that Tinsmith has made, and that a virtual machine may have open: only for a moment that QEMU has kept in it.
 *
 * @throws AppError `invalid-archive`
 */
export function checkLayerOfMoments(start: Buffer): void {
  checkAnyLayer(start, true);
}

/** @returns bytes of the virtual disk */
function checkAnyLayer(start: Buffer, mayBeInUse = false): number {
  const header = readQcow2Header(start);
  const { backingFile, backingFormat, unknownFeatures } = header;
  if (header.isDirty && !mayBeInUse) throw refusal("it was not closed properly (dirty)");
  if (header.isCorrupt) throw refusal("it is marked as corrupt");
  if (header.snapshots > 0 && !mayBeInUse) throw refusal("it has snapshots");
  if (header.isEncrypted) throw refusal("it is encrypted");
  if (header.hasExternalData) throw refusal("it has an external data file");
  if (unknownFeatures.length > 0) throw refusal(`it has unknown features: ${unknownFeatures.join(", ")}`);
  if (backingFile !== "disk.img")
    throw refusal(`its backing file is ${quoteOrMissing(backingFile)}, not disk.img`);
  if (backingFormat !== "raw")
    throw refusal(`its backing format is ${quoteOrMissing(backingFormat)}, not raw`);
  return header.virtualSize;
}

const magic = 0x514649fb;
const version2Length = 72;
const version3Length = 104;

/** The bits of each feature field, and those that the format defines. */
const dirtyBit = 0n;
const corruptBit = 1n;
const externalDataBit = 2n;
const featureFields = [
  { name: "incompatible", start: 72, known: 0b1_1111n },
  { name: "compatible", start: 80, known: 0b1n },
  { name: "autoclear", start: 88, known: 0b11n },
] as const;

const endOfExtensions = 0;
const backingFormatExtension = 0xe2792aca;
const externalDataExtension = 0x44415441;

/** Makes the error about a header that can't be read. @param reason such as `its version 4 is not known` */
type Refuse = (reason: string) => Error;

/**
 * Reads the header and its extensions, as QEMU's docs/interop/qcow2.txt defines them, versions 2 and 3.
 *
 * @param refuse makes the error: by default, one about a layer in an archive
 */
export function readQcow2Header(start: Buffer, refuse: Refuse = refusal): Qcow2Header {
  if (start.length < version2Length || start.readUInt32BE(0) !== magic)
    throw refuse("it is not a qcow2 file");
  const version = start.readUInt32BE(4);
  if (version !== 2 && version !== 3) throw refuse(`its version ${version} is not known`);
  const length = version === 2 ? version2Length : headerLength(start, refuse);
  const features =
    version === 2 ? [0n, 0n, 0n] : featureFields.map((field) => start.readBigUInt64BE(field.start));
  const [incompatible = 0n, , autoclear = 0n] = features;
  const extensions = readExtensions(start, length, refuse);
  const virtualSize = start.readBigUInt64BE(24);
  if (virtualSize > Number.MAX_SAFE_INTEGER) throw refuse("its virtual size is not plausible");
  return {
    virtualSize: Number(virtualSize),
    backingFile: readBackingFile(start, refuse),
    backingFormat: extensions.get(backingFormatExtension)?.toString("latin1"),
    hasExternalData:
      hasBit(incompatible, externalDataBit) || hasBit(autoclear, 1n) || extensions.has(externalDataExtension),
    isEncrypted: start.readUInt32BE(32) !== 0,
    isDirty: hasBit(incompatible, dirtyBit),
    isCorrupt: hasBit(incompatible, corruptBit),
    snapshots: start.readUInt32BE(60),
    unknownFeatures: featureFields.flatMap(({ name, known }, index) =>
      unknownBits(name, features[index] ?? 0n, known),
    ),
  };
}

function headerLength(start: Buffer, refuse: Refuse): number {
  const length = start.length < version3Length ? 0 : start.readUInt32BE(100);
  if (length >= version3Length && length % 8 === 0 && length <= start.length) return length;
  throw refuse("its header has an impossible length");
}

function readBackingFile(start: Buffer, refuse: Refuse): string | undefined {
  const at = start.readBigUInt64BE(8);
  if (at === 0n) return undefined;
  const length = start.readUInt32BE(16);
  if (at > start.length || Number(at) + length > start.length)
    throw refuse("its backing file's name is outside of its header");
  return start.toString("latin1", Number(at), Number(at) + length);
}

/** Extensions are a type, a length, and data padded to 8 bytes; the type 0 ends them. */
function readExtensions(start: Buffer, from: number, refuse: Refuse): Map<number, Buffer> {
  const extensions = new Map<number, Buffer>();
  for (let at = from; ; ) {
    if (at + 8 > start.length) throw refuse("its header extensions do not end");
    const type = start.readUInt32BE(at);
    const length = start.readUInt32BE(at + 4);
    if (type === endOfExtensions) return extensions;
    if (at + 8 + length > start.length) throw refuse("a header extension is too long");
    if (extensions.has(type)) throw refuse("a header extension occurs twice");
    extensions.set(type, start.subarray(at + 8, at + 8 + length));
    at += 8 + Math.ceil(length / 8) * 8;
  }
}

function hasBit(field: bigint, bit: bigint): boolean {
  return ((field >> bit) & 1n) === 1n;
}

function unknownBits(name: string, field: bigint, known: bigint): string[] {
  return Array.from({ length: 64 }, (_, bit) => bit)
    .filter((bit) => hasBit(field & ~known, BigInt(bit)))
    .map((bit) => `${name} ${bit}`);
}

function quoteOrMissing(text: string | undefined): string {
  return text === undefined ? "missing" : quoteName(text);
}

function refusal(reason: string): Error {
  return invalidArchive(`layer.qcow2: ${reason}`);
}
