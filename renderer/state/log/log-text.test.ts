import { expect, test } from "vitest";
import { changeStyle, paletteColour, plainStyle } from "./log-style.ts";
import { createLogText } from "./log-text.ts";

function read(...pieces: readonly string[]) {
  const log = createLogText();
  for (const piece of pieces) log.write(new TextEncoder().encode(piece));
  return log.rows;
}

const texts = (...pieces: readonly string[]) => read(...pieces).map(({ text }) => text);

test("lines end with a line feed, with or without a return before it", () => {
  expect(texts("a\r\nb\nc")).toEqual(["a", "b", "c"]);
});

test("what comes after a return takes the place of what was there", () => {
  expect(texts("10 %\r100 %\r\n")).toEqual(["100 %", ""]);
  expect(texts("long line\rshort\x1b[K\n")).toEqual(["short", ""]);
  expect(texts("abc\b\bX")).toEqual(["aXc"]);
});

test("colours are parts of their rows, also when they go on over lines", () => {
  expect(read("\x1b[1;31mred\nstill\x1b[0m plain")).toEqual([
    { text: "red", parts: [{ start: 0, end: 3, style: { bold: true, colour: 1 } }], isContinued: false },
    {
      text: "still plain",
      parts: [{ start: 0, end: 5, style: { bold: true, colour: 1 } }],
      isContinued: false,
    },
  ]);
});

test("a sequence, or a character, that comes in pieces is taken for one", () => {
  expect(texts("a\x1b", "[3", "1mb\x1b]0;ti", "tle\x07c")).toEqual(["abc"]);
  const log = createLogText();
  for (const byte of new TextEncoder().encode("ü€")) log.write(Uint8Array.of(byte));
  expect(log.rows[0]?.text).toBe("ü€");
});

test("what would move the cursor, beep, or rename a window is left out", () => {
  expect(texts("\x1b[2J\x1b[H\x07a\x1b[5Ab\x1b(Bc\x1b]8;;http://x\x1b\\link\x9b")).toEqual(["abclink"]);
});

test("an escape that never ends does not hold back what follows", () => {
  const [row] = texts(`\x1b]${"x".repeat(5_000)}`);
  expect(row).toContain("xxx");
});

test("a line of 10 MB becomes rows of a size that can be shown, quickly", () => {
  const log = createLogText();
  const block = new TextEncoder().encode("0123456789".repeat(1_600));
  const begin = performance.now();
  for (let bytes = 0; bytes < 10_000_000; bytes += block.length) log.write(block);
  expect(log.rows).toHaveLength(10_000);
  expect(Math.max(...log.rows.map(({ text }) => text.length))).toBe(1_000);
  expect(log.rows.slice(1).every(({ isContinued }) => isContinued)).toBe(true);
  // A tenth of a second, or so; what grows with the square of the length would be hours.
  expect(performance.now() - begin).toBeLessThan(10_000);
});

test("a log that is too long for a window loses its beginning, and says how much", () => {
  const log = createLogText({ rows: 100, dropped: 10 });
  log.write(new TextEncoder().encode(Array.from({ length: 150 }, (_, line) => `${line}\n`).join("")));
  expect(log.dropped()).toBe(60);
  expect(log.rows[0]?.text).toBe("60");
});

test("styles add up, and go away together or one by one", () => {
  const style = changeStyle(plainStyle, "1;4;38;5;208;48;2;1;2;300");
  expect(style).toEqual({ bold: true, underline: true, colour: 208, background: "#0102ff" });
  expect(changeStyle(style, "22;39;49;24")).toEqual({
    bold: false,
    dim: false,
    underline: false,
    colour: undefined,
    background: undefined,
  });
  expect(changeStyle(style, "")).toBe(plainStyle);
});

test("the palette is xterm's", () => {
  expect(paletteColour(16)).toBe("rgb(0 0 0)");
  expect(paletteColour(208)).toBe("rgb(255 135 0)");
  expect(paletteColour(255)).toBe("rgb(238 238 238)");
});
