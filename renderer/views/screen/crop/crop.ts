/** A part of a picture, in its pixels. */
export interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The part between two corners, whichever is the upper left one, inside of a picture of that size. */
export function partBetween(one: Point, other: Point, { width, height }: Size): Part {
  const inside = ({ x, y }: Point) => ({ x: clamp(x, width), y: clamp(y, height) });
  const [a, b] = [inside(one), inside(other)];
  return {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  };
}

/** Why a part can't be cut out of a picture of that size. */
export function partIssue({ x, y, width, height }: Part, size: Size): string | undefined {
  if (width < 1 || height < 1) return "Mark a part of the picture";
  if (x + width > size.width || y + height > size.height) return "The part is not inside the picture";
  return undefined;
}

function clamp(value: number, most: number): number {
  return Math.round(Math.min(most, Math.max(0, value)));
}
