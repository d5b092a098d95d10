import { type Cells, isPlain } from "./cells.ts";
import { characterOf } from "./code-page.ts";

/** The place of the text of a VGA in the guest's memory, in bytes. Its first characters may be anywhere in it. */
export const textMemory = { address: 0xb8000, size: 32 * 1024 } as const;

/** A cell has a byte with the character's code, and one with its colours. */
const bytesPerCell = 2;
/** The cursor and blinking characters differ from what the memory has, in half of all pictures. */
const fewDifferences = 2;
/** Of the characters that are seen. */
const mostDifferences = 0.1;

/**
 * Finds where in the text memory the screen begins, from a picture of the same moment. A kernel moves the beginning when it
 * scrolls, and QEMU doesn't tell it. At the right place, all cells with one code have one shape, and the other way round.
 *
 * @param memory of `textMemory`
 * @param likely the place in an earlier picture, which wins if others are as good
 * @returns the offset in bytes; undefined when the picture shows something else
 */
export function findOrigin(memory: Buffer, cells: Cells, likely = 0): number | undefined {
  const row = cells.columns * bytesPerCell;
  const last = memory.length - row * cells.rows;
  const seen = cells.shapes.filter((shape) => !isPlain(shape)).length;
  let most = Math.max(fewDifferences, seen * mostDifferences);
  let best: number | undefined;
  for (const origin of [likely, ...Array.from({ length: Math.floor(last / row) + 1 }, (_, at) => at * row)]) {
    if (origin > last) continue;
    const differences = countDifferences(memory, origin, cells, most);
    if (differences === 0) return origin;
    if (differences > most || (best !== undefined && differences === most)) continue;
    best = origin;
    most = differences;
  }
  return best;
}

/** @returns how many cells contradict others, or more than `most` */
function countDifferences(memory: Buffer, origin: number, { shapes }: Cells, most: number): number {
  const shapeOf = new Map<string, string>();
  const characterWith = new Map<string, string>();
  let differences = 0;
  for (const [index, shape] of shapes.entries()) {
    if (shape === undefined) differences += 1;
    else {
      const character = visibleAt(memory, origin + index * bytesPerCell);
      const sameShape = shapeOf.get(character) ?? shape;
      const sameCharacter = characterWith.get(shape) ?? character;
      shapeOf.set(character, sameShape);
      characterWith.set(shape, sameCharacter);
      if (sameShape !== shape || sameCharacter !== character) differences += 1;
    }
    if (differences > most) break;
  }
  return differences;
}

/** The codes of cells that show one colour only. */
const emptyCodes = new Set([0, 32, 219, 255]);

/** The character in a cell, as it is seen: one in the colour of its background is a space. */
function visibleAt(memory: Buffer, offset: number): string {
  const code = memory.readUInt8(offset);
  const colors = memory.readUInt8(offset + 1);
  // The highest bit of the background makes the character blink, or is one of the colour.
  const isHidden = (colors & 0x0f) === colors >> 4 || (colors & 0x0f) === ((colors >> 4) & 7);
  return isHidden || emptyCodes.has(code) ? " " : characterOf(code);
}

/** The rows of text in the text memory from that place on. */
export function readTextMemory(
  memory: Buffer,
  origin: number,
  { columns, rows }: Pick<Cells, "columns" | "rows">,
): readonly string[] {
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) =>
      characterOf(memory.readUInt8(origin + (row * columns + column) * bytesPerCell)),
    )
      .join("")
      .trimEnd(),
  );
}
