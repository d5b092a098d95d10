import { AppError } from "../../shared/errors/errors.ts";

/** A picture of a screen. */
export interface Picture {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** Three bytes for each pixel, row by row from the top: red, green, blue. */
  readonly pixels: Buffer;
}

/** QEMU's files have no comments. */
const head = /^P6\s(\d+)\s(\d+)\s255\s/;

/** Parses a PPM file (P6) of QEMU's. @throws AppError `qemu-failed` when it isn't one */
export function parsePpm(ppm: Buffer): Picture {
  const [match = "", width, height] = head.exec(ppm.toString("latin1", 0, 64)) ?? [];
  const pixels = ppm.subarray(match.length);
  if (match === "" || pixels.length !== Number(width) * Number(height) * 3)
    throw new AppError({ code: "qemu-failed", message: "QEMU's picture of the screen is not a PPM file" });
  return { width: Number(width), height: Number(height), pixels };
}
