import { expect, test } from "vitest";
import { parseRecording } from "./recording.ts";
import { formatEvent } from "./recording-entry.ts";

const header = `${JSON.stringify({ version: 2, width: 80, height: 24, timestamp: 1_000 })}\n`;

test("inputs that were written later are where they were typed, and what a cut line had is left out", () => {
  const text = [
    header,
    formatEvent(1, { output: "login: " }),
    formatEvent(2.5, { output: "root" }),
    formatEvent(4, { own: { kind: "typed", at: 2, epoch: 1_002_000 } }),
    formatEvent(4, { input: "root\r" }),
    formatEvent(5, { output: "# " }).slice(0, -3),
  ].join("");
  expect(parseRecording(text, "install.cast").entries).toEqual([
    { kind: "output", time: 1, text: "login: " },
    { kind: "input", time: 2, epoch: 1_002_000, input: { console: "serial", text: "root\r" } },
    { kind: "output", time: 2.5, text: "root" },
  ]);
});

test("after the guest went back, all that came behind that moment has not happened", () => {
  const text = [
    header,
    formatEvent(1, { output: "one" }),
    formatEvent(2, { output: "two" }),
    formatEvent(3, { own: { kind: "back", to: 1.5 } }),
    formatEvent(4, { output: "three" }),
  ].join("");
  expect(parseRecording(text, "install.cast").entries).toMatchObject([{ text: "one" }, { text: "three" }]);
});

test("an asciicast of another program, with its input, is a recording", () => {
  const text = `${header}[0.5, "o", "$ "]\n[1.5, "i", "ls\\r"]\n[2, "m", "a marker"]\n`;
  expect(parseRecording(text, "demo.cast").entries).toEqual([
    { kind: "output", time: 0.5, text: "$ " },
    { kind: "input", time: 1.5, epoch: 1_001_500, input: { console: "serial", text: "ls\r" } },
  ]);
});

test("damaged lines are left out, and a note says which", () => {
  const text = (damaged: readonly string[]) =>
    [
      header,
      formatEvent(1, { output: "login: " }),
      '[1.2, "r", "100x30"]\n',
      ...damaged.map((line) => `${line}\n`),
      formatEvent(2, { input: "root\r" }),
      "\n",
    ].join("");
  const notes = (...damaged: string[]) => parseRecording(text(damaged), "a.cast").notes;
  expect(parseRecording(text(['[1.5, "o", "# ']), "a.cast").entries).toHaveLength(2);
  expect(notes()).toEqual([]);
  expect(notes('[1.5, "o", "# ')).toEqual([
    "Line 4 of a.cast is damaged, and left out. The steps are checked against the rest.",
  ]);
  const wrong = ["\0\0\0", "[1.5]", '["1", "o", ""]', '[1, "t", "{}"]', "null", "{}", "x"];
  expect(notes(...wrong)).toEqual([
    "7 lines of a.cast are damaged, and left out: 4, 5, 6, 7, 8, and 2 others. The steps are checked against the rest.",
  ]);
  expect(parseRecording(text([]).trimEnd().slice(0, -3), "a.cast").notes).toEqual([
    "a.cast ends in the middle of a line, which is left out: its writer was killed.",
    expect.stringContaining("a.cast has no input"),
  ]);
});

test("a mark before the first line, as some editors write it, and their line ends change nothing", () => {
  const text = `${header}${formatEvent(1, { input: "root\r" })}`;
  const plain = parseRecording(text, "a.cast");
  expect(plain.entries).toHaveLength(1);
  expect(parseRecording(`\ufeff${text.replaceAll("\n", "\r\n")}`, "a.cast")).toEqual(plain);
});

test("of a recording without input, such as that of a run, a note says what it can't show", () => {
  expect(parseRecording(`${header}${formatEvent(1, { output: "$ " })}`, "serial.cast").notes).toEqual([
    "serial.cast has no input: it can't show which waits match too early. asciinema records it with asciinema rec --stdin.",
  ]);
});

test.each([
  ["", "a.txt is empty, so it is not a recording"],
  ["\ufeff\n", "a.txt is empty, so it is not a recording"],
  ['{"version":1,"stdout":[]}', "a.txt is an asciicast of version 1, and Tinsmith reads version 2"],
  [
    '{\n  "version": 1,\n  "stdout": []\n}',
    "a.txt is an asciicast of version 1, and Tinsmith reads version 2",
  ],
  [
    '{"version":3,"term":{}}\n[0.1,"o",""]',
    "a.txt is an asciicast of version 3, and Tinsmith reads version 2",
  ],
  ["hello", "a.txt is not a recording of an installation"],
  ['{"version":"2"}', "a.txt is not a recording of an installation"],
  ['{"version":4}', "a.txt is not a recording of an installation"],
  ["null", "a.txt is not a recording of an installation"],
  ["[1,2]", "a.txt is not a recording of an installation"],
  ["install: []", "a.txt is not a recording of an installation"],
])("%j is refused", (text, message) => {
  expect(() => parseRecording(text, "a.txt")).toThrow(expect.objectContaining({ message }));
});
