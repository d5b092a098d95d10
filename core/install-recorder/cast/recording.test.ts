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

test.each(["", "hello", '{"version":1}', "[1,2]"])("%j is refused", (text) => {
  expect(() => parseRecording(text, "a.txt")).toThrow("a.txt is not a recording of an installation");
});
