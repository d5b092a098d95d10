/** The look of a log's text, from the escape sequences of SGR ("Select Graphic Rendition"). */
export interface LogStyle {
  /** A number of the palette of 256, or `#rrggbb`. */
  readonly colour?: number | string | undefined;
  readonly background?: number | string | undefined;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly inverse?: boolean;
}

export const plainStyle: LogStyle = {};

const switches: Readonly<Record<number, LogStyle>> = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  39: { colour: undefined },
  49: { background: undefined },
};

/** The style after an SGR sequence with those parameters; unknown parameters change nothing. */
export function changeStyle(before: LogStyle, parameters: string): LogStyle {
  const codes = parameters.split(/[;:]/).map(Number);
  let style = before;
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index] ?? 0;
    if (code === 0) style = plainStyle;
    else if (code === 38 || code === 48) {
      const { colour, length } = extendedColour(codes.slice(index + 1));
      if (colour !== undefined) style = { ...style, [code === 38 ? "colour" : "background"]: colour };
      index += length;
    } else if (between(code, 30, 37)) style = { ...style, colour: code - 30 };
    else if (between(code, 90, 97)) style = { ...style, colour: code - 90 + 8 };
    else if (between(code, 40, 47)) style = { ...style, background: code - 40 };
    else if (between(code, 100, 107)) style = { ...style, background: code - 100 + 8 };
    else style = { ...style, ...switches[code] };
  }
  return style;
}

/** `5;NUMBER`, of the palette, or `2;RED;GREEN;BLUE`. */
function extendedColour([kind, ...values]: readonly number[]) {
  if (kind === 5) return { colour: values[0], length: 2 };
  if (kind !== 2) return { colour: undefined, length: 0 };
  const hex = values.slice(0, 3).map((value) =>
    Math.min(255, value || 0)
      .toString(16)
      .padStart(2, "0"),
  );
  return { colour: `#${hex.join("")}`, length: 4 };
}

function between(code: number, first: number, last: number): boolean {
  return code >= first && code <= last;
}

/** Steps of the cube of colours in the palette of 256, and where it and the greys behind it begin. */
const cube = { levels: [0, 95, 135, 175, 215, 255], first: 16, greys: 232 };

/** The colour of a number from 16 to 255; those below are the theme's. */
export function paletteColour(number: number): string {
  if (number >= cube.greys) {
    const grey = 8 + (number - cube.greys) * 10;
    return `rgb(${grey} ${grey} ${grey})`;
  }
  const rest = number - cube.first;
  const parts = [Math.floor(rest / 36), Math.floor(rest / 6) % 6, rest % 6];
  return `rgb(${parts.map((part) => cube.levels[part]).join(" ")})`;
}
