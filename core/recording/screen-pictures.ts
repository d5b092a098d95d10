import { createHash } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { PNG } from "pngjs";
import { formatBytes } from "../../shared/text/format.ts";
import { createSpaceReserve, diskReserve } from "../files/free-space.ts";
import { parsePpm } from "./ppm.ts";

/** How much is kept of a session's screen. */
export interface ScreenLimits {
  /** Bytes of all pictures. */
  readonly pictures: number;
  /** How often the screen may change, each time with a line in the events. */
  readonly changes: number;
  /** Bytes that stay free on the disk. */
  readonly reserve: number;
}

export const defaultScreenLimits: ScreenLimits = {
  // Some 10,000 screens of text, or a few 100 of a desktop.
  pictures: 64 * 1024 ** 2,
  // A blinking cursor for 5 hours, and 2 MB of events.
  changes: 20_000,
  reserve: diskReserve,
};

/** Keeps the pictures of a session's screen. */
export interface ScreenPictures {
  /**
   * Takes what the screen shows, as a PPM file (P6). A picture that was there before is kept once.
   *
   * @returns `new` for a picture that was not there before, `full` when no more are kept
   */
  take(ppm: Buffer): Promise<"new" | "known" | "full">;
}

interface ScreenPicturesOptions {
  /** Called when the screen has changed, after the picture was written. */
  readonly onChange: (picture: string) => void;
  /** Called once, with a note for the person, when no more are kept. */
  readonly onNote: (text: string) => void;
  readonly limits?: ScreenLimits;
}

/** @param folder for the pictures, which is made with the first one */
export function createScreenPictures(
  folder: string,
  { onChange, onNote, limits = defaultScreenLimits }: ScreenPicturesOptions,
): ScreenPictures {
  const known = new Set<string>();
  const space = createSpaceReserve(join(folder, ".."), limits.reserve);
  let shown: string | undefined;
  let changes = 0;
  let bytes = 0;
  const end = (why: string): "full" => {
    onNote(`From here on, Tinsmith keeps no pictures of the screen: ${why}.`);
    return "full";
  };

  return {
    take: async (ppm) => {
      const picture = createHash("sha256").update(ppm).digest("hex").slice(0, 16);
      if (picture === shown) return "known";
      if (changes >= limits.changes)
        return end(`it has changed ${limits.changes.toLocaleString("en")} times`);
      const isNew = !known.has(picture);
      if (isNew) {
        const png = await toPng(ppm);
        bytes += png.length;
        if (bytes > limits.pictures) return end(`they take more than ${formatBytes(limits.pictures)}`);
        if (!(await space.take(png.length)))
          return end(`their disk has less than ${formatBytes(limits.reserve)} free`);
        if (known.size === 0 && !existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
        await writeFile(join(folder, `${picture}.png`), png, { mode: 0o600 });
        known.add(picture);
      }
      changes += 1;
      shown = picture;
      onChange(picture);
      return isNew ? "new" : "known";
    },
  };
}

/** Converts a PPM file of QEMU's to PNG. */
async function toPng(ppm: Buffer): Promise<Buffer> {
  const { width, height, pixels } = parsePpm(ppm);
  const png = new PNG({
    width,
    height,
    inputColorType: 2,
    inputHasAlpha: false,
    colorType: 2,
    // Text and desktops are small without any.
    filterType: 0,
  });
  png.data = pixels;
  // It is a stream of an old kind.
  return Buffer.concat(await png.pack().pipe(new PassThrough()).toArray());
}
