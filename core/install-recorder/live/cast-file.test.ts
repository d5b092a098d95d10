import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRecording } from "../cast/read-recording.ts";
import { createCastFile } from "./cast-file.ts";

const newPath = () => join(mkdtempSync(join(tmpdir(), "tinsmith-cast-")), "install.cast");

test("above its quota the recording has only the output just before each input", () => {
  const path = newPath();
  const notes: string[] = [];
  using file = createCastFile(path, { title: "test", onNote: (text) => notes.push(text), quota: 10_000 });
  for (let second = 0; second < 100; second += 1) file.write(second, { output: "x".repeat(1000) });
  file.write(100, { output: "login: " });
  file.write(101, { input: "root\r" });
  const { entries } = readRecording(path);
  const outputs = entries.flatMap((entry) => (entry.kind === "output" ? [entry.text] : []));
  expect(outputs.join("").length).toBeLessThan(30_000);
  expect(outputs.at(-1)).toMatch(/xlogin: $/);
  expect(entries.at(-1)).toMatchObject({ kind: "input" });
  expect(notes).toEqual([expect.stringContaining("only the output just before each input")]);
});

test("a disk that is nearly full ends the recording with a note, and harms nothing else", () => {
  const path = newPath();
  const notes: string[] = [];
  using file = createCastFile(path, {
    ...{ title: "test", onNote: (text) => notes.push(text), reserve: Number.POSITIVE_INFINITY },
  });
  file.write(1, { output: "login: " });
  file.write(2, { input: "root\r" });
  expect(notes).toEqual(["From here on this installation is not recorded: its disk is nearly full."]);
});

test("times never go back in the file, so that players can play it", () => {
  const path = newPath();
  using file = createCastFile(path, { title: "test", onNote: () => {} });
  file.write(2, { output: "b" });
  file.write(1, { output: "a" });
  expect(readRecording(path).entries.map(({ time }) => time)).toEqual([2, 2]);
});
