import { PNG } from "pngjs";
import type { Picture } from "../../recording/ppm.ts";
import type { RegionPicture } from "./region-picture.ts";

type Colour = readonly [red: number, green: number, blue: number];

/** For tests: a screen with a grey background and a pattern of marks as text has them, different everywhere. */
export function testScreen(width: number, height: number): Picture {
  const isMark = (x: number, y: number) => {
    const mixed = Math.imul(x + 1, 0x9e3779b1) ^ Math.imul(y + 1, 0x85ebca6b);
    return (Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35) >>> 16) % 11 === 0;
  };
  return screenOf(width, height, (x, y) => (isMark(x, y) ? [0, 0, 0] : [192, 192, 192]));
}

/** For tests: a screen whose pixels have the given colours. */
export function screenOf(width: number, height: number, colourAt: (x: number, y: number) => Colour): Picture {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) pixels.set(colourAt(x, y), (y * width + x) * 3);
  return { width, height, pixels };
}

interface Cut {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** For tests: a part of a screen, of which so many pixels are changed. */
export function cutOut(screen: Picture, { x, y, width, height }: Cut, changed = 0): RegionPicture {
  const pixels = Buffer.alloc(width * height * 4, 255);
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1) {
      const from = ((y + row) * screen.width + x + column) * 3;
      pixels.set(screen.pixels.subarray(from, from + 3), (row * width + column) * 4);
    }
  for (let index = 0; index < changed; index += 1) {
    const at = Math.floor((index * width * height) / changed) * 4;
    pixels[at] = 255 - (pixels[at] ?? 0);
  }
  return { width, height, pixels };
}

/** For tests: a picture as a PNG file. */
export function toPng({ width, height, pixels }: RegionPicture): Buffer {
  const png = new PNG({ width, height });
  png.data = pixels;
  return PNG.sync.write(png);
}
