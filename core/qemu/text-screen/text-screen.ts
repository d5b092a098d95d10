import { randomUUID } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { ScreenText } from "../../../shared/screen/screen-text.ts";
import { type Picture, parsePpm } from "../../recording/ppm.ts";
import { type CellSize, divideIntoCells } from "./cells.ts";
import { type Font, findFonts, fontCell } from "./fonts.ts";
import { isEmpty, mayBeConsole, readFramebufferText } from "./framebuffer-text.ts";
import { findOrigin, readTextMemory, textMemory } from "./text-memory.ts";

/** Reads the text on a virtual machine's screen. */
export interface TextScreen {
  /** The text on the screen now. @throws AppError `qemu-failed` without a screen, or when QEMU has ended */
  read(): Promise<ScreenText>;
  /** To be called when the guest boots again: it may have another font. */
  forgetFonts(): void;
}

/** QEMU's control channel: see QmpClient. */
export interface QemuControl {
  execute(command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown>;
}

const memorySize = z.object({ "base-memory": z.number() });

/** The cells of the text modes of a VGA, whose screen is 720 pixels wide, or 640. */
const textModes: readonly CellSize[] = [
  { width: 9, height: 16 },
  { width: 8, height: 16 },
  { width: 9, height: 8 },
  { width: 8, height: 8 },
];
const textColumns = [80, 40];
/** The picture and the memory are not of the same moment: the guest may write in between. */
const attempts = 3;
/** The firmware of the VGA, with its font. */
const firmware = { address: 0xc0000, size: 64 * 1024 };
/** So much is read at once, in bytes, so that QEMU is never busy for long. */
const pieceSize = 16 * 1024 ** 2;
const firstMebibyte = 1024 ** 2;

/**
 * In a text mode, the characters are read from the guest's memory, exactly. In a framebuffer they are recognised by their shapes, in a
 * font that is found in the guest's memory: exactly, too, but only in one that the kernel or the firmware brings.
 *
 * @param working an existing folder for files of a moment
 */
export function createTextScreen(qmp: QemuControl, working: string): TextScreen {
  let origin: number | undefined;
  let fonts: readonly Font[] = [];
  /** The size of the picture for which fonts were searched: a kernel that switches to another one brings its font. */
  let searchedFor: string | undefined;

  const saved = async (command: string, args: Readonly<Record<string, unknown>> = {}) => {
    // Install steps, a recording and a person may read at once.
    const filename = join(working, `screen-text-${randomUUID()}`);
    await qmp.execute(command, { ...args, filename });
    try {
      return await readFile(filename);
    } finally {
      await rm(filename, { force: true });
    }
  };
  const readMemory = (address: number, size: number) => saved("pmemsave", { val: address, size });

  const findAllFonts = async ({ width, height }: Picture) => {
    const size = `${width} by ${height}`;
    if (searchedFor === size) return;
    const found = [...findFonts(await readMemory(firmware.address, firmware.size))];
    const { "base-memory": memory } = memorySize.parse(await qmp.execute("query-memory-size-summary"));
    for (let at = firstMebibyte; at < memory; at += pieceSize) {
      // One may lie across the end of a piece.
      const length = Math.min(pieceSize + 2 ** 12, memory - at);
      found.push(...findFonts(await readMemory(at, length).catch(() => Buffer.alloc(0))));
    }
    fonts = found;
    searchedFor = size;
  };

  const readFramebuffer = async (picture: Picture): Promise<ScreenText> => {
    const cells = divideIntoCells(picture, fontCell);
    if (!mayBeConsole(cells)) return { kind: "graphics" };
    if (isEmpty(cells)) return { kind: "text", lines: Array(cells.rows).fill(""), columns: cells.columns };
    await findAllFonts(picture);
    const lines = readFramebufferText(cells, fonts);
    return lines ? { kind: "text", lines: [...lines], columns: cells.columns } : { kind: "graphics" };
  };

  const readTextMode = (picture: Picture, text: Buffer): ScreenText | undefined => {
    for (const size of textModes) {
      const isMode = textColumns.some((columns) => columns * size.width === picture.width);
      if (!isMode || picture.height % size.height !== 0) continue;
      const cells = divideIntoCells(picture, size);
      origin = findOrigin(text, cells, origin);
      if (origin === undefined) continue;
      return { kind: "text", lines: [...readTextMemory(text, origin, cells)], columns: cells.columns };
    }
    return undefined;
  };

  return {
    read: async () => {
      let picture = await takePicture();
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        const text = await readMemory(textMemory.address, textMemory.size).catch(() => undefined);
        const read = text && readTextMode(picture, text);
        if (read) return read;
        if (!text) break;
        picture = await takePicture();
      }
      return await readFramebuffer(picture);
    },
    forgetFonts: () => {
      searchedFor = undefined;
      fonts = [];
    },
  };

  async function takePicture(): Promise<Picture> {
    return parsePpm(await saved("screendump"));
  }
}
