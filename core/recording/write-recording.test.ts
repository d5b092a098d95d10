import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findPaths, type SessionPaths, sessionPaths } from "../storage/paths.ts";
import { writeRecording } from "./write-recording.ts";

const id = "20261124-050313-d739";
const start = 1_000_000;

/** A file with the signature of a PNG. */
const pngOf = (text: string) => Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.from(text)]);

/** A session that began at 1,000 seconds, with what it has shown. */
function leaveSession(serial: Buffer, times: string, changes: readonly (readonly [number, string])[] = []) {
  const home = mkdtempSync(join(tmpdir(), "tinsmith-recording-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const paths = findPaths({ TINSMITH_HOME: home });
  const files = sessionPaths(paths, id);
  mkdirSync(files.screens, { recursive: true });
  const events = [
    { version: 1, seq: 1, time: start, type: "run-started", title: "Run of worker" },
    ...changes.map(([time, picture], index) => ({
      seq: index + 2,
      time,
      type: "screen-changed",
      picture,
    })),
  ];
  writeFileSync(files.events, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  if (serial.length > 0) writeFileSync(files.serialLog, serial);
  if (times) writeFileSync(files.serialTimes, times);
  for (const picture of ["aa", "bb"]) writeFileSync(join(files.screens, `${picture}.png`), pngOf(picture));
  return { paths, folder: join(home, "recording") };
}

const noise = Buffer.from([0xff, 0xfe, 0x80, 0x0a, 0xc3, 0x28]);
const makeFolderOf = (file: string) => {
  rmSync(file);
  mkdirSync(file);
};

const { signal } = new AbortController();
const linesOf = (file: string) =>
  readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

test("a console's output comes at its times, whole characters only", async () => {
  const serial = Buffer.from("login: ü\r\n# ");
  // The second time is in the middle of a character.
  const { paths, folder } = leaveSession(serial, `${start + 500} 7\n${start + 520} 8\n${start + 2_250} 11\n`);
  const written = await writeRecording(paths, id, folder, signal);
  expect(linesOf(written.serial)).toEqual([
    { version: 2, width: 80, height: 24, timestamp: 1000, title: "Run of worker" },
    [0.5, "o", "login: "],
    [2.25, "o", "ü\r\n"],
    [2.25, "o", "# "],
  ]);
});

test("a console whose times are missing is written from its start, and one that printed nothing is empty", async () => {
  const old = leaveSession(Buffer.from("all at once"), "");
  const { serial } = await writeRecording(old.paths, id, old.folder, signal);
  expect(linesOf(serial).slice(1)).toEqual([[0, "o", "all at once"]]);
  const silent = leaveSession(Buffer.alloc(0), "");
  const written = await writeRecording(silent.paths, id, silent.folder, signal);
  expect(linesOf(written.serial)).toHaveLength(1);
});

test("each change of the screen is a file with its time, also of a picture that came before", async () => {
  const { paths, folder } = leaveSession(Buffer.alloc(0), "", [
    [start + 1_000, "aa"],
    [start + 1_500, "bb"],
    [start + 61_000, "aa"],
    [start + 62_000, "../../events.jsonl"],
    [start + 63_000, "cc"],
  ]);
  const { pictures, notes } = await writeRecording(paths, id, folder, signal);
  expect(pictures).toBe(3);
  expect(notes).toEqual(["1 picture of the screen is left out: the file is missing, empty or not a PNG."]);
  const names = readdirSync(join(folder, "screens"));
  expect(names).toEqual(["00001-1.000s.png", "00002-1.500s.png", "00003-61.000s.png"]);
  expect(names.map((name) => readFileSync(join(folder, "screens", name)))).toEqual(
    ["aa", "bb", "aa"].map(pngOf),
  );
});

test("a folder that exists is left as it is, and an interrupted recording leaves none", async () => {
  const { paths, folder } = leaveSession(Buffer.from("text"), "");
  mkdirSync(folder);
  await expect(writeRecording(paths, id, folder, signal)).rejects.toMatchObject({ code: "file-exists" });
  expect(readdirSync(folder)).toEqual([]);
  const other = `${folder}-2`;
  await expect(writeRecording(paths, id, other, AbortSignal.abort())).rejects.toThrow();
  expect(existsSync(other)).toBe(false);
});

test("an empty picture, which a killed session leaves, is left out, and the person is told", async () => {
  const { paths, folder } = leaveSession(Buffer.alloc(0), "", [
    [start + 1_000, "aa"],
    [start + 1_500, "bb"],
  ]);
  writeFileSync(join(sessionPaths(paths, id).screens, "bb.png"), "");
  const { pictures, notes } = await writeRecording(paths, id, folder, signal);
  expect(readdirSync(join(folder, "screens"))).toEqual(["00001-1.000s.png"]);
  expect([pictures, notes]).toEqual([
    1,
    ["1 picture of the screen is left out: the file is missing, empty or not a PNG."],
  ]);
});

test.each<[string, (files: SessionPaths) => unknown, RegExp[], number]>([
  [
    "whose picture is noise",
    ({ screens }) => writeFileSync(join(screens, "aa.png"), "noise"),
    [/^1 picture .* not a PNG/],
    0,
  ],
  [
    "without times",
    ({ serialTimes }) => rmSync(serialTimes),
    [/^The times of the serial console are missing/],
    1,
  ],
  [
    "with times of noise",
    ({ serialTimes }) => writeFileSync(serialTimes, noise),
    [/^The times of the .* can't be read/],
    1,
  ],
  [
    "with a folder of times",
    ({ serialTimes }) => makeFolderOf(serialTimes),
    [/^The times of the .* can't be read/],
    1,
  ],
  [
    "without a log",
    ({ serialLog }) => rmSync(serialLog),
    [/damaged: 4 bytes of the output of the serial/],
    1,
  ],
  [
    "with an empty log",
    ({ serialLog }) => writeFileSync(serialLog, ""),
    [/damaged: 4 bytes of the output/],
    1,
  ],
  [
    "with a folder of a log",
    ({ serialLog }) => makeFolderOf(serialLog),
    [/damaged: 4 bytes of the output/],
    1,
  ],
])("a record %s is written as far as it can be, with one note", async (_, damage, expected, shown) => {
  const { paths, folder } = leaveSession(Buffer.from("text"), `${start + 500} 4\n`, [[start + 600, "aa"]]);
  damage(sessionPaths(paths, id));
  const { pictures, notes } = await writeRecording(paths, id, folder, signal);
  expect(pictures).toBe(shown);
  expect(notes).toEqual(expected.map((one) => expect.stringMatching(one)));
});

test("times that are not in the session are left out, and the person is told", async () => {
  const times = `${start + 500} 3\n9007199254740991 5\n-1 6\n${start + 100} 6\n${start + 700} 7\n`;
  const { paths, folder } = leaveSession(Buffer.from("onetwo\n"), times, [
    [start + 600, "aa"],
    [9e13, "bb"],
    [start + 800, "bb"],
  ]);
  const { serial, pictures, notes } = await writeRecording(paths, id, folder, signal);
  expect(linesOf(serial).slice(1)).toEqual([
    [0.5, "o", "one"],
    [0.7, "o", "two\n"],
  ]);
  expect(pictures).toBe(2);
  expect(notes).toEqual([
    "The record of this session is damaged: 3 times of the serial console are not within the session, or not in order, and were left out.",
    "The record of this session is damaged: 1 time of the screen is not within the session, or not in order, and was left out.",
  ]);
});
