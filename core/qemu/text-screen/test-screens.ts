import { writeFileSync } from "node:fs";
import { characterOf } from "./code-page.ts";
import type { QemuControl } from "./text-screen.ts";

/** For tests: a font of 256 characters that differ from each other, as a kernel has one in its memory. */
export const testFont: Buffer = makeFont();

function makeFont(): Buffer {
  const font = Buffer.alloc(256 * 16);
  for (let code = 2; code < 256; code += 1) {
    // The code itself in a few lines, so that no two are alike, and the first pixel is of the background.
    for (const [line, byte] of [code >> 1, code & 0x55, code & 0x2a, 0x3c].entries())
      font[code * 16 + 2 + line] = byte;
  }
  font.fill(0, 32 * 16, 33 * 16);
  font.fill(0, 255 * 16);
  Buffer.from("00007e81a58181bd9981817e00000000", "hex").copy(font, 16);
  return font;
}

const width = 640;
const height = 480;

function ppmOf(pixelAt: (x: number, y: number) => readonly number[]): Buffer {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) pixels.set(pixelAt(x, y), (y * width + x) * 3);
  return Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), pixels]);
}

export const colorfulPicture = (): Buffer => ppmOf((x, y) => [x & 255, y & 255, (x * y) & 255]);

const codes = new Map(Array.from({ length: 256 }, (_, code) => [characterOf(code), code]));

/** A screen of 640 by 480 pixels with rows of text in the font of the tests. */
function consolePicture(lines: readonly string[]): Buffer {
  return ppmOf((x, y) => {
    const code = codes.get([...(lines[y >> 4] ?? "")][x >> 3] ?? " ") ?? 32;
    const isSet = ((testFont[code * 16 + (y & 15)] ?? 0) & (0x80 >> (x & 7))) !== 0;
    return isSet ? [170, 170, 170] : [0, 0, 0];
  });
}

interface ScriptedScreen {
  readonly qmp: QemuControl;
  /** How often the guest's memory was read. */
  readonly reads: number;
  show(lines: readonly string[]): void;
  showPicture(ppm: Buffer): void;
}

/** A QEMU with that screen, and the given parts of its guest's memory. The rest is full of zeros. */
export function scriptedScreen(guest: {
  readonly memory: number;
  readonly parts: readonly (readonly [address: number, bytes: Buffer])[];
}): ScriptedScreen {
  const memory = Buffer.alloc(guest.memory);
  for (const [address, bytes] of guest.parts) bytes.copy(memory, address);
  // A text mode has left some there.
  memory.write("left", 0xb8000);
  let picture = consolePicture([]);
  let reads = 0;
  const execute: QemuControl["execute"] = async (command, { filename, val, size } = {}) => {
    if (command === "query-memory-size-summary") return { "base-memory": memory.length };
    if (command === "pmemsave") reads += 1;
    const bytes = command === "pmemsave" ? memory.subarray(Number(val), Number(val) + Number(size)) : picture;
    writeFileSync(`${filename}`, bytes);
    return {};
  };
  return {
    qmp: { execute },
    get reads() {
      return reads;
    },
    show: (lines) => {
      picture = consolePicture(lines);
    },
    showPicture: (ppm) => {
      picture = ppm;
    },
  };
}
