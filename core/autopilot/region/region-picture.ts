import { PNG } from "pngjs";
import { AppError } from "../../../shared/errors/errors.ts";
import { limits } from "../../../shared/limits.ts";
import { readSmallFile } from "../../files/text-file.ts";

/** A picture that is searched on a screen. */
export interface RegionPicture {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** Four bytes for each pixel, row by row from the top: red, green, blue, and how opaque it is. */
  readonly pixels: Buffer;
}

/** A picture of a whole screen takes less. Bytes. */
const maximumBytes = 16 * 1024 ** 2;
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** The place of the width and height in a PNG file: in its first chunk. */
const sizeOffset = 16;

/**
 * Reads a picture that a recipe names.
 *
 * @throws AppError `invalid-recipe` when it isn't a PNG file, is damaged, or is too large; as `openRegularFile` when it can't be read
 */
export function readRegionPicture(path: string): RegionPicture {
  const refusal = (reason: string, advice: string) =>
    new AppError({ code: "invalid-recipe", message: `${path} ${reason}`, advice });
  const bytes = readSmallFile(path, { maximumBytes, code: "invalid-recipe" });
  if (bytes.length < sizeOffset + 8 || !bytes.subarray(0, signature.length).equals(signature))
    throw refusal("is not a PNG file", "Save a part of the screen's picture as PNG.");
  const [width, height] = [bytes.readUInt32BE(sizeOffset), bytes.readUInt32BE(sizeOffset + 4)];
  if (Math.max(width, height) > limits.screenPixels)
    throw refusal(
      `has ${width} by ${height} pixels: more than any screen`,
      "Cut out a part of the screen's picture.",
    );
  const pixels = decode(bytes);
  if (!pixels) throw refusal("is a damaged PNG file", "Save it again.");
  const isOpaque = pixels.some((value, index) => index % 4 === 3 && value !== 0);
  if (!isOpaque) throw refusal("has only transparent pixels", "Cut out a part with a picture.");
  return { width, height, pixels };
}

function decode(png: Buffer): Buffer | undefined {
  try {
    return PNG.sync.read(png).data;
  } catch {
    return undefined;
  }
}
