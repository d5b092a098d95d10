import { unknownCharacter } from "../../../shared/screen/screen-text.ts";
import { type Cells, isPlain } from "./cells.ts";
import type { Font } from "./fonts.ts";

/** A console may show a picture, such as the penguins of Linux: of this many characters, one may be unknown. */
const knownForUnknown = 4;
/** A picture with more cells of several colours than this part of all is none of a console. */
const mostColorful = 0.1;

/** Whether a picture may be one of a console: nearly all of its cells have one or two colours. */
export function mayBeConsole({ shapes }: Cells): boolean {
  return shapes.filter((shape) => shape === undefined).length <= shapes.length * mostColorful;
}

/** Whether a picture has one colour in each of its cells. */
export function isEmpty({ shapes }: Cells): boolean {
  return shapes.every(isPlain);
}

/**
 * The rows of text that a console in a framebuffer shows; undefined when the picture shows something else.
 *
 * @param fonts one of which the console has: that in which the fewest characters are unknown
 */
export function readFramebufferText(
  { columns, rows, shapes }: Cells,
  fonts: readonly Font[],
): readonly string[] | undefined {
  const readings = fonts.map((font) => shapes.map((shape) => shape && font.get(shape)));
  const [best] = readings.sort((one, other) => unknownIn(one) - unknownIn(other));
  if (!best) return undefined;
  const unknown = unknownIn(best);
  const known = best.filter((character) => character !== undefined && character !== " ").length;
  if (unknown > 1 && known < unknown * knownForUnknown) return undefined;
  return Array.from({ length: rows }, (_, row) =>
    best
      .slice(row * columns, (row + 1) * columns)
      .map((character) => character ?? unknownCharacter)
      .join("")
      .trimEnd(),
  );
}

function unknownIn(characters: readonly (string | undefined)[]): number {
  return characters.filter((character) => character === undefined).length;
}
