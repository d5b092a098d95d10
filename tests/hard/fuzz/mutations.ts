import fc from "fast-check";
import createXxhash from "xxhash-wasm";
import { tarBlockSize, tarChecksum, tarFields } from "../../../core/image/tar/tar-header.ts";

/** Damages some bytes. */
export type Mutation = (bytes: Buffer) => Buffer;

const place = fc.nat(2 ** 31 - 1);

/** Changes, drops, doubles or moves some bytes, in multiples of `unit`. */
function spliceMutation(unit: number): fc.Arbitrary<Mutation> {
  const kinds = fc.constantFrom("drop", "double", "move", "truncate");
  return fc.tuple(kinds, place, place, fc.integer({ min: 1, max: 20 })).map(([kind, from, to, count]) => {
    return (bytes) => {
      const start = placeIn(bytes, from, unit);
      const end = start + count * unit;
      const taken = bytes.subarray(start, end);
      if (kind === "truncate") return bytes.subarray(0, start);
      if (kind === "double") return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)]);
      const rest = Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
      if (kind === "drop") return rest;
      const target = placeIn(rest, to, unit);
      return Buffer.concat([rest.subarray(0, target), taken, rest.subarray(target)]);
    };
  });
}

function placeIn(bytes: Buffer, place: number, unit: number): number {
  return (place % Math.max(1, Math.ceil(bytes.length / unit))) * unit;
}

/** Flips one bit, from the byte `first` on, in as many bytes as `reach` says. */
function flipMutation(first: number, reach: number): fc.Arbitrary<Mutation> {
  return fc.tuple(place, fc.nat(7)).map(([from, bit]) => (bytes) => {
    const copy = Buffer.from(bytes);
    const at = first + (from % Math.max(1, Math.min(reach, copy.length - first)));
    if (at < copy.length) copy.writeUInt8(copy.readUInt8(at) ^ (1 << bit), at);
    return copy;
  });
}

/** Numbers at the borders of what readers can take. */
const oddNumbers = [0, 1, 511, 512, 513, 4096, 2 ** 20, 2 ** 31, 2 ** 32 + 512, 2 ** 33 - 1] as const;
const octal = fc.constantFrom(...oddNumbers).map((value) => `${value.toString(8).padStart(11, "0")}\0`);
const binary = fc.constantFrom(...oddNumbers, 2 ** 50, 2 ** 60).map((value) => {
  const field = Buffer.alloc(12);
  field.writeUInt8(0x80);
  field.writeBigUInt64BE(BigInt(value), 4);
  return field.toString("latin1");
});
const fieldText = fc.oneof(
  octal,
  binary,
  fc.constantFrom(" 1234567 \0\0", "-1\0", "disk.img\0", "./disk.img\0", "../disk.img\0", "/disk.img\0"),
  fc.string({ unit: "binary-ascii", maxLength: 12 }),
);
/** Numbers of the sparse map in a header of old GNU format, what follows them, and the real size. */
const sparseFields = [386, 398, 410, 422, 434, 446, 458, 470, 482, 483].map((start) => ({ start }));
const headerField = fc.constantFrom(...Object.values(tarFields), ...sparseFields);

/** Writes something else into a field of one of the headers. */
const fieldMutation: fc.Arbitrary<Mutation> = fc
  .tuple(place, headerField, fieldText)
  .map(([which, { start }, value]) => (tar) => {
    const headers = headersOf(tar);
    const header = headers[which % headers.length] ?? 0;
    const copy = Buffer.from(tar);
    if (copy.length >= header + tarBlockSize) copy.write(value, header + start, "latin1");
    return copy;
  });

/** Types of entries, those that readers refuse among them. */
const typeMutation: fc.Arbitrary<Mutation> = fc
  .tuple(place, fc.constantFrom(..."\x000123456789SxgKLDMVNAX"))
  .map(([which, type]) => (tar) => {
    const headers = headersOf(tar);
    const header = headers[which % headers.length] ?? 0;
    const copy = Buffer.from(tar);
    if (copy.length >= header + tarBlockSize) copy.write(type, header + tarFields.type.start, "latin1");
    return copy;
  });

/** Changes a digit near a header: of its numbers, a PAX header's records or a sparse map. */
const digitMutation: fc.Arbitrary<Mutation> = fc
  .tuple(place, place, fc.constantFrom(..."0123456789,\n="))
  .map(([which, from, digit]) => (tar) => {
    const headers = headersOf(tar);
    const header = headers[which % headers.length] ?? 0;
    const digits: number[] = [];
    for (let at = header; at < Math.min(tar.length, header + 3 * tarBlockSize); at++) {
      if (/\d/.test(String.fromCharCode(tar.readUInt8(at)))) digits.push(at);
    }
    const copy = Buffer.from(tar);
    const at = digits[from % digits.length];
    if (at !== undefined) copy.write(digit, at, "latin1");
    return copy;
  });

/** Damages a tar archive; mostly the headers get checksums that fit, so that readers look further. */
export const tarMutation: fc.Arbitrary<Mutation> = fc
  .tuple(
    fc.array(
      fc.oneof(
        { weight: 3, arbitrary: digitMutation },
        { weight: 3, arbitrary: fieldMutation },
        { weight: 1, arbitrary: typeMutation },
        { weight: 2, arbitrary: spliceMutation(512) },
        { weight: 1, arbitrary: flipMutation(0, 2048) },
      ),
      { minLength: 1, maxLength: 3 },
    ),
    fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  )
  .map(([mutations, mend]) => (tar) => {
    const changed = applyAll(mutations, tar);
    return mend ? withChecksums(changed) : changed;
  });

/** Damages compressed data anywhere, and more often where the first frame's header is. */
export const frameMutation: fc.Arbitrary<Mutation> = fc
  .array(
    fc.oneof(
      { weight: 2, arbitrary: flipMutation(4, 20) },
      { weight: 4, arbitrary: flipMutation(0, Number.POSITIVE_INFINITY) },
      { weight: 1, arbitrary: spliceMutation(1) },
      { weight: 1, arbitrary: spliceMutation(1000) },
    ),
    { minLength: 1, maxLength: 2 },
  )
  .map((mutations) => (bytes) => withDescriptorChecksum(applyAll(mutations, bytes)));

function applyAll(mutations: readonly Mutation[], bytes: Buffer): Buffer {
  return mutations.reduce((changed, mutation) => mutation(changed), bytes);
}

/** The positions of headers, as far as their magic tells. */
function headersOf(tar: Buffer): number[] {
  const headers: number[] = [];
  for (let at = 0; at + tarBlockSize <= tar.length; at += tarBlockSize) {
    const magic = at + tarFields.magic.start;
    if (tar.toString("latin1", magic, magic + 5) === "ustar") headers.push(at);
  }
  return headers;
}

function withChecksums(tar: Buffer): Buffer {
  const copy = Buffer.from(tar);
  for (const at of headersOf(copy)) {
    const sum = tarChecksum(copy.subarray(at, at + tarBlockSize));
    copy.write(`${sum.toString(8).padStart(6, "0")}\0 `, at + tarFields.checksum.start);
  }
  return copy;
}

const xxhash = await createXxhash();

/** Gives the descriptor of a first LZ4 frame a checksum that fits; anything else stays as it is. */
function withDescriptorChecksum(bytes: Buffer): Buffer {
  if (bytes.length < 15 || bytes.readUInt32LE() !== 0x184d2204) return bytes;
  const end = (bytes.readUInt8(4) & 0b1000) === 0 ? 6 : 14;
  const copy = Buffer.from(bytes);
  copy.writeUInt8((xxhash.h32Raw(copy.subarray(4, end)) >>> 8) & 0xff, end);
  return copy;
}
