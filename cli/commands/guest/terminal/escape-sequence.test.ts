import { expect, test } from "vitest";
import { createEscapeFilter } from "./escape-sequence.ts";

/** The text that the guest gets of some pieces of input, and whether the person left. */
function type(...pieces: string[]): { text: string; leaves: boolean } {
  const filter = createEscapeFilter();
  const typed = pieces.map((piece) => filter(new TextEncoder().encode(piece)));
  return {
    text: typed.map(({ bytes }) => new TextDecoder().decode(bytes)).join(""),
    leaves: typed.some(({ leaves }) => leaves),
  };
}

test.each([
  ["at the very beginning", ["~."], ""],
  ["after a line", ["ls\r~."], "ls\r"],
  ["in two pieces", ["ls\r~", "."], "ls\r"],
])("~. leaves %s", (_where, pieces, text) => {
  expect(type(...pieces)).toEqual({ text, leaves: true });
});

test.each([
  ["a path with a tilde", ["cd ~/a~.b\r"], "cd ~/a~.b\r"],
  ["a tilde that begins a line", ["~/bin/x\r"], "~/bin/x\r"],
  ["two tildes, for one", ["~~.\r"], "~.\r"],
  ["a tilde before an empty line", ["~\r"], "~\r"],
])("%s goes to the guest", (_what, pieces, text) => {
  expect(type(...pieces)).toEqual({ text, leaves: false });
});

test("bytes of every value pass", () => {
  const all = Uint8Array.from({ length: 256 }, (_, index) => index);
  expect(createEscapeFilter()(all)).toEqual({ bytes: all, leaves: false });
});
