import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, onTestFinished, test, vi } from "vitest";
import type { SessionEvent } from "../../shared/session/session-event.ts";
import { openSessionLog, type SessionLog } from "./session-log.ts";
import { defaultQuota } from "./session-log-quota.ts";
import { readSessionLog } from "./session-log-reader.ts";

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

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), "session-log-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
    disk.room = Number.POSITIVE_INFINITY;
    disk.piece = Number.POSITIVE_INFINITY;
  });
  return join(folder, "events.jsonl");
}

function record(log: SessionLog, from: number, to: number): void {
  for (let number = from; number <= to; number++) log.record({ type: "note", text: `${number}` });
}

/** One request of the guest's, of about 100 bytes in the log. */
function recordExchange(log: SessionLog, exchange: number): void {
  log.record({ type: "exchange-started", exchange, method: "GET", target: "/", headers: [] });
}

/** Events one by one, that come several together. */
async function* flatten(
  batches: AsyncIterable<readonly SessionEvent[]>,
): AsyncGenerator<SessionEvent, void, void> {
  for await (const events of batches) yield* events;
}

function eventsOf(log: SessionLog, options?: Parameters<SessionLog["subscribe"]>[0]) {
  return flatten(log.subscribe(options));
}

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** Bytes in use, without what only waits to be collected. */
function usedMemory(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function take(events: AsyncIterator<SessionEvent>, count: number): Promise<readonly SessionEvent[]> {
  const taken: SessionEvent[] = [];
  while (taken.length < count) {
    const { done, value } = await events.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}

const all = (events: AsyncIterator<SessionEvent>) => take(events, Number.POSITIVE_INFINITY);
const numbers = (events: readonly SessionEvent[]) => events.map(({ seq }) => seq);
const texts = (events: readonly SessionEvent[]) =>
  events.map((event) => ("text" in event ? event.text : event.type));
/** Each type once, if it occurs several times in a row. */
const runs = (types: readonly string[]) => types.filter((type, index) => type !== types[index - 1]);
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

test("events are numbered from 1 and have a time, their own if they bring one", async () => {
  const path = newPath();
  using log = openSessionLog(path);
  log.record({ type: "task-result", result: "success" });
  log.record({ time: 12.345, type: "note", text: "Zoë" });
  expect(await all(flatten(readSessionLog(path)))).toEqual([
    { seq: 1, time: expect.any(Number), type: "task-result", result: "success" },
    { seq: 2, time: 12.345, type: "note", text: "Zoë" },
  ]);
});

test("the file is its user's alone, and never somebody else's", () => {
  const path = newPath();
  using _log = openSessionLog(path);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(() => openSessionLog(path)).toThrow("EEXIST");
});

test("a subscriber has what was, then what comes, and ends with the log", async () => {
  const log = openSessionLog(newPath());
  record(log, 1, 3);
  const events = eventsOf(log);
  expect(numbers(await take(events, 3))).toEqual([1, 2, 3]);
  const next = events.next();
  record(log, 4, 5);
  expect(await next).toMatchObject({ value: { seq: 4, text: "4" } });
  log[Symbol.dispose]();
  expect(numbers(await all(events))).toEqual([5]);
});

test("a subscriber that has slept, for however long, is woken by an event and by the end", async () => {
  for (let turns = 0; turns < 100; turns++) {
    const log = openSessionLog(newPath());
    const events = eventsOf(log);
    const first = events.next();
    for (let turn = 0; turn < turns; turn++) await setImmediate();
    record(log, 1, 1);
    expect(await first).toMatchObject({ value: { seq: 1 } });
    const end = events.next();
    for (let turn = 0; turn < turns; turn++) await setImmediate();
    log[Symbol.dispose]();
    expect(await end).toEqual({ done: true, value: undefined });
  }
});

test("a subscriber that comes after the end has all of it", async () => {
  const log = openSessionLog(newPath());
  record(log, 1, 3);
  log[Symbol.dispose]();
  record(log, 4, 4);
  expect(numbers(await all(eventsOf(log, { after: 1 })))).toEqual([2, 3]);
});

test.each([0, 1, 1023, 1024, 1025, 2047, 2048, 2500, 3000, 9999])(
  "a subscriber that has seen event %i goes on behind it",
  async (after) => {
    const log = openSessionLog(newPath());
    record(log, 1, 3000);
    const events = eventsOf(log, { after });
    const first = events.next();
    record(log, 3001, 10_001);
    expect(await first).toMatchObject({ value: { seq: after + 1, text: `${after + 1}` } });
    log[Symbol.dispose]();
    expect(numbers(await all(events))).toEqual(upTo(10_001).slice(after + 1));
  },
);

test("subscribers at every moment of a busy log miss nothing and have nothing twice", async () => {
  const log = openSessionLog(newPath());
  const readers: Promise<readonly SessionEvent[]>[] = [];
  for (let round = 0; round < 50; round++) {
    readers.push(all(eventsOf(log, { after: round * 20 })));
    for (let number = 1; number <= 40; number++) {
      record(log, round * 40 + number, round * 40 + number);
      // Some in the midst of a burst, some while the readers read, some while they sleep.
      if (number % 7 === 0) await null;
      if (number % 10 === 0) await setImmediate();
    }
  }
  log[Symbol.dispose]();
  for (const [round, events] of (await Promise.all(readers)).entries())
    expect(numbers(events)).toEqual(upTo(2000).slice(round * 20));
});

test("a signal ends a subscription that waits, one that is taken, and one that has not begun", async () => {
  using log = openSessionLog(newPath());
  record(log, 1, 10);
  const abort = new AbortController();
  const { signal } = abort;
  const [waiting, taken, unbegun] = [
    log.subscribe({ signal }),
    log.subscribe({ signal }),
    log.subscribe({ signal }),
  ];
  expect((await waiting.next()).value).toHaveLength(10);
  const next = waiting.next();
  expect((await taken.next()).value).toHaveLength(10);
  abort.abort();
  for (const result of [next, taken.next(), unbegun.next()])
    expect(await result).toEqual({ done: true, value: undefined });
});

test("a subscriber that stands still holds nothing in memory", async () => {
  const path = newPath();
  using log = openSessionLog(path);
  const text = "x".repeat(1000);
  const write = (count: number) => {
    for (let number = 0; number < count; number++) log.record({ type: "note", text });
  };
  write(100);
  await using events = eventsOf(log);
  await take(events, 1);
  const before = usedMemory();
  write(60_000);
  await setImmediate();
  expect(statSync(path).size).toBeGreaterThan(60e6);
  // It would be 60 MB.
  expect(usedMemory() - before).toBeLessThan(20e6);
  expect((await take(events, 60_099)).at(-1)?.seq).toBe(60_100);
});

test("an event of any length is read whole", async () => {
  const path = newPath();
  using log = openSessionLog(path);
  const lengths = [65_400, 65_500, 65_536, 200_000, 1_000_000, 3];
  for (const length of lengths) log.record({ type: "note", text: "é".repeat(length) });
  const read = await all(flatten(readSessionLog(path)));
  expect(texts(read).map((text) => text.length)).toEqual(lengths);
  await using live = eventsOf(log);
  expect(await take(live, lengths.length)).toEqual(read);
});

test("a line that its killed process did not end is left out, and so is what is no event", async () => {
  const path = newPath();
  {
    using log = openSessionLog(path);
    record(log, 1, 2);
  }
  const whole = readFileSync(path, "utf8");
  appendFileSync(path, 'no JSON\n{"type":"note"}\nnull\n\0\0\n{"seq":3,"time":1,"type":"no');
  expect(numbers(await all(flatten(readSessionLog(path))))).toEqual([1, 2]);
  writeFileSync(path, whole.slice(0, -1));
  expect(numbers(await all(flatten(readSessionLog(path))))).toEqual([1]);
  writeFileSync(path, "");
  expect(await all(flatten(readSessionLog(path)))).toEqual([]);
});

test("a log that somebody cut ends its subscriptions with an error", async () => {
  const path = newPath();
  using log = openSessionLog(path);
  record(log, 1, 10);
  truncateSync(path, 100);
  await expect(all(eventsOf(log))).rejects.toThrow("is shorter than what was written");
});

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

test("a session whose folder was deleted goes on", () => {
  const path = newPath();
  using log = openSessionLog(path);
  rmSync(dirname(path), { recursive: true });
  mkdirSync(dirname(path));
  recordExchange(log, 1);
  record(log, 1, 2);
});
