import { characterOf } from "./code-page.ts";

/** The characters by their shapes: see `Cells`. Each is 8 pixels wide and 16 high. */
export type Font = ReadonlyMap<string, string>;

export const fontCell = { width: 8, height: 16 } as const;

const glyphCount = 256;
const fontBytes = glyphCount * fontCell.height;
/** The second character of code page 437, a smiling face. The first one is empty. No other data is known to have that. */
const secondGlyph = Buffer.from("00007e81a58181bd9981817e00000000", "hex");

/**
 * Finds the fonts for consoles of 8 by 16 pixels, with the characters of code page 437 in their order. The firmware of a VGA and
 * the kernel of Linux have one each: they differ in some characters.
 *
 * @param memory a part of the guest's
 */
export function findFonts(memory: Buffer): readonly Font[] {
  const fonts: Font[] = [];
  for (let at = memory.indexOf(secondGlyph); at >= 0; at = memory.indexOf(secondGlyph, at + 1)) {
    const start = at - fontCell.height;
    const glyphs = memory.subarray(Math.max(0, start), start + fontBytes);
    const isFont =
      glyphs.length === fontBytes && glyphs.subarray(0, fontCell.height).every((byte) => byte === 0);
    if (isFont) fonts.push(fontOf(glyphs));
  }
  return fonts;
}

function fontOf(glyphs: Buffer): Font {
  const font = new Map<string, string>();
  for (let code = 0; code < glyphCount; code += 1) {
    const lines = [...glyphs.subarray(code * fontCell.height, (code + 1) * fontCell.height)];
    // A shape doesn't tell which of both colours is the character's.
    const isInverse = ((lines[0] ?? 0) & 0x80) !== 0;
    const shape = String.fromCharCode(...lines.map((line) => (isInverse ? line ^ 0xff : line)));
    if (!font.has(shape)) font.set(shape, characterOf(code));
  }
  return font;
}
