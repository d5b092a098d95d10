import type { Picture } from "../../recording/ppm.ts";

/** The size of a character on a screen, in pixels. */
export interface CellSize {
  readonly width: number;
  readonly height: number;
}

/** A picture that is divided into cells, row by row from the top. */
export interface Cells {
  readonly columns: number;
  readonly rows: number;
  /**
   * The shape in each cell, apart from its colours: cells with the same shape have the same string. It has a bit for
   * each pixel, and a character for each row of pixels. The first pixel is always 0. Undefined for a cell with more
   * than two colours, which no character of a text mode has.
   */
  readonly shapes: readonly (string | undefined)[];
}

/** Whether a cell shows one colour only: a space, as far as one can see. */
export function isPlain(shape: string | undefined): boolean {
  return shape !== undefined && !/[^\0]/.test(shape);
}

/** Divides a picture into cells of that size. Pixels beyond the last whole cell are ignored. */
export function divideIntoCells(picture: Picture, size: CellSize): Cells {
  const columns = Math.floor(picture.width / size.width);
  const rows = Math.floor(picture.height / size.height);
  const shapes: (string | undefined)[] = [];
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1)
      shapes.push(shapeAt(picture, size, { x: column * size.width, y: row * size.height }));
  return { columns, rows, shapes };
}

function shapeAt(
  { width, pixels }: Picture,
  size: CellSize,
  { x, y }: { readonly x: number; readonly y: number },
): string | undefined {
  const colorAt = (offset: number) => pixels.readUIntBE(offset, 3);
  const first = colorAt((y * width + x) * 3);
  let second: number | undefined;
  let shape = "";
  for (let line = 0; line < size.height; line += 1) {
    let bits = 0;
    let offset = ((y + line) * width + x) * 3;
    for (let column = 0; column < size.width; column += 1, offset += 3) {
      const color = colorAt(offset);
      if (color !== first) {
        second ??= color;
        if (color !== second) return undefined;
      }
      bits = bits * 2 + (color === first ? 0 : 1);
    }
    shape += String.fromCharCode(bits);
  }
  return shape;
}
