import { type PictureType, type Preview, pictureTypes } from "../../shared/contents/preview.ts";
import type { ByteSource } from "../file-systems/byte-source.ts";

/** Bytes of a text, of a dump, and of a picture that are shown. */
const limits = { text: 256 * 1024, bytes: 16 * 1024, picture: 8 * 1024 * 1024 } as const;

/** How files of these types begin: bytes in hexadecimal, where a dot stands for any digit. */
const magics: Readonly<Record<PictureType, RegExp>> = {
  "image/png": /^89504e470d0a1a0a/,
  "image/jpeg": /^ffd8ff/,
  "image/gif": /^4749463839|^4749463837/,
  "image/webp": /^52494646.{8}57454250/,
  "image/bmp": /^424d.{8}00000000/,
};

/** Reads the beginning of a file, as what it seems to be: a picture, a text, or bytes. */
export async function previewFile(source: ByteSource): Promise<Preview> {
  const { size } = source;
  const start = await source.read(0, Math.min(size, limits.text));
  const head = start.toString("hex", 0, 16);
  const picture = pictureTypes.find((type) => magics[type].test(head));
  if (picture && size <= limits.picture) {
    const bytes = size <= start.length ? start : await source.read(0, size);
    return { kind: "picture", size, type: picture, bytes: bytes.toString("base64") };
  }
  const isCut = size > start.length;
  const text = decodeText(start, isCut);
  if (text !== undefined) return { kind: "text", size, text, isCut };
  const shown = start.subarray(0, limits.bytes);
  return { kind: "bytes", size, bytes: shown.toString("base64"), isCut: size > shown.length };
}

/** The text that some bytes are in UTF-8; undefined if they are none. @param isCut whether a character may be cut at the end */
function decodeText(bytes: Buffer, isCut: boolean): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: isCut });
  } catch {
    return undefined;
  }
}
