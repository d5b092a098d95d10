import { beforeEach, expect, test, vi } from "vitest";
import { openSessionLog } from "./session-log.ts";
import { defaultQuota } from "./session-log-quota.ts";
import { readSessionLog } from "./session-log-reader.ts";
import {
  all,
  eventsOf,
  flatten,
  newPath,
  numbers,
  record,
  recordExchange,
  texts,
} from "./test-session-log.ts";

/** How many more bytes the disk takes, and how many in one write. */
const disk = vi.hoisted(() => ({ room: Number.POSITIVE_INFINITY, piece: Number.POSITIVE_INFINITY }));

vi.mock("node:fs", async (importOriginal) => {
  const fs = await importOriginal<typeof import("node:fs")>();
  const writeSync = (file: number, bytes: Uint8Array, offset: number, length: number, position: number) => {
    const fitting = Math.min(length, disk.room, disk.piece);
    if (fitting === 0) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    disk.room -= fitting;
    return fs.writeSync(file, bytes, offset, fitting, position);
  };
  return { ...fs, writeSync };
});

beforeEach(() => {
  disk.room = Number.POSITIVE_INFINITY;
  disk.piece = Number.POSITIVE_INFINITY;
});

/** Each type once, if it occurs several times in a row. */
const runs = (types: readonly string[]) => types.filter((type, index) => type !== types[index - 1]);

test.each([0, 1, 30])(
  "a disk that is full after %i bytes costs events, which is said when there is space",
  async (room) => {
    const path = newPath();
    const log = openSessionLog(path);
    record(log, 1, 1);
    disk.room = room;
    record(log, 2, 4);
    disk.room = Number.POSITIVE_INFINITY;
    record(log, 5, 6);
    log[Symbol.dispose]();
    const events = await all(eventsOf(log));
    expect(texts(events)).toEqual([
      "1",
      "The disk was full: before this line, 3 entries are missing.",
      "5",
      "6",
    ]);
    expect(numbers(events)).toEqual([1, 2, 3, 4]);
    expect(await all(flatten(readSessionLog(path)))).toEqual(events);
  },
);

test("a disk that takes a line in pieces has all of it", async () => {
  const path = newPath();
  using log = openSessionLog(path);
  disk.piece = 7;
  record(log, 1, 3);
  expect(texts(await all(flatten(readSessionLog(path))))).toEqual(["1", "2", "3"]);
});

test("past its size the log leaves out exchanges, then the guest's lines, and says so once each", async () => {
  const log = openSessionLog(newPath(), { ...defaultQuota, exchanges: 2000, guestLog: 4000 });
  for (let exchange = 1; exchange <= 50; exchange++) recordExchange(log, exchange);
  for (let line = 1; line <= 100; line++) log.record({ type: "guest-log", text: `line ${line}` });
  recordExchange(log, 51);
  log.record({ type: "task-result", result: "success" });
  log[Symbol.dispose]();

  const events = await all(eventsOf(log));
  expect(runs(events.map(({ type }) => type))).toEqual([
    "exchange-started",
    "note",
    "guest-log",
    "note",
    "task-result",
  ]);
  const notes = texts(events.filter(({ type }) => type === "note"));
  expect(notes[0]).toMatch(
    /^From here on .* the guest's requests and their replies: it has grown to 2\.\d kB\.$/,
  );
  expect(notes[1]).toMatch(/^From here on .* the lines of the guest's log, .*: it has grown to 4\.\d kB\.$/);
});

test("on a disk with little space left a guest's doings are left out, and that is said", async () => {
  const log = openSessionLog(newPath(), { ...defaultQuota, freeSpace: Number.MAX_SAFE_INTEGER });
  recordExchange(log, 1);
  recordExchange(log, 2);
  log.record({ type: "guest-log", text: "line" });
  log.record({ type: "task-result", result: "success" });
  log[Symbol.dispose]();
  const events = await all(eventsOf(log));
  expect(events.map(({ type }) => type)).toEqual(["note", "note", "task-result"]);
  expect(texts(events)[0]).toMatch(/requests and their replies: less than .* of its disk are free\.$/);
});
